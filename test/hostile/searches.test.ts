// Searches and content that would run for ever or fill the memory: refused by name, and the other detections go on.

import { afterAll, describe, expect, test } from 'vitest'
import { maxContentBytes, parseYamlFile } from '../../src/content/yaml-file.ts'
import { isStackOverflow } from '../../src/diagnostics/diagnostic.ts'
import { defaultLimits } from '../../src/spl/run/context.ts'
import { removeFolders, scan, search } from './evidence.ts'

afterAll(removeFolders)

const repeat = (count: number, part: (n: number) => string, between = ''): string =>
  Array.from({ length: count }, (_, n) => part(n)).join(between)
const fails = (spl: string): Promise<string> =>
  search(spl, {}).then(
    () => 'ran',
    (error: Error) => error.message,
  )

describe('more values than fit', () => {
  const limits = { ...defaultLimits, maxRows: 20_000 }
  const files = { 'a.json': `${repeat(30_000, (n) => `{"k":"${n}","ok":"${n === 5 ? 1 : 0}"}`, '\n')}\n` }

  test('end the detection that needs them, and the others go on', async () => {
    const searches = {
      groups: '* | stats count by k',
      distinct: '* | stats dc(k) as n',
      values: '* | stats values(k) as k by index',
      rows: '* | eventstats count',
      sorted: '* | sort 0 k',
      fires: 'ok=1',
    }
    const { findings, outcomeOf } = await scan(searches, files, { limits })
    expect(findings).toEqual(['fires'])
    expect(outcomeOf('groups').reason).toBe(
      'The BY fields "k" make more than 20000 groups. Group by fewer fields, put times into bins, or raise limits.max_rows.',
    )
    for (const name of ['groups', 'distinct', 'values', 'rows', 'sorted']) {
      expect(outcomeOf(name)).toMatchObject({
        status: 'error',
        reason: expect.stringContaining('limits.max_rows'),
      })
    }
  })
})

test('a search that would hold more than the memory ends, and the others go on', async () => {
  // Each of the 2,000 rows has 20 kB of its own: 40 MB, and searches may hold 32 MiB together.
  const long = 'x'.repeat(20_000)
  const files = { 'a.json': repeat(2000, (n) => `{"k":"${n}${long}","ok":"${n % 1000 === 5 ? 1 : 0}"}\n`) }
  const searches = {
    groups: '* | stats count by k',
    values: '* | stats values(k) as k by index',
    lists: '* | stats list(k) as k by ok',
    kept: '* | eventstats count by k',
    sorted: '* | sort 0 k',
    fires: 'ok=1 | stats values(k) as k by index',
  }
  const limits = { ...defaultLimits, maxMemory: 1, listMaxsize: 0 }
  const { findings, outcomeOf } = await scan(searches, files, { limits })
  expect(findings).toEqual(['fires'])
  for (const name of ['groups', 'values', 'lists', 'kept', 'sorted']) {
    expect(outcomeOf(name)).toMatchObject({
      status: 'error',
      reason: expect.stringContaining('more than any other, when all searches together held 32 MiB'),
    })
  }
})

describe('a regular expression that explodes on an event', () => {
  const files = { 'a.json': `${JSON.stringify({ a: `${'a'.repeat(50_000)}!` })}\n{"a":"aaa"}\n` }
  for (const [name, spl] of [
    ['rex', '* | rex field=a "^(?<x>(a+)+)$" | where isnotnull(x) | table x'],
    ['match()', '* | where match(a, "^(a|aa)+$") | table a'],
    ['regex, with a reference back', '* | regex a="^(a+)+\\\\1b?$" | table a'],
  ] as const) {
    test(`in ${name} ends, and the event after it is found`, async () => {
      const { rows } = await search(spl, files)
      expect(rows).toHaveLength(1)
    })
  }

  test('wildcards do not explode', async () => {
    const { rows } = await search('a="*a*a*a*a*a*a*a*a*a*a*b" | table a', files)
    expect(rows).toEqual([])
  })
})

describe('searches of any length', () => {
  test('an IN list of 100,000 values runs', async () => {
    const list = repeat(100_000, (n) => `"v${n}"`, ',')
    const files = { 'a.json': '{"a":"v5"}\n{"a":"w"}\n' }
    expect((await search(`a IN (${list}) | table a`, files)).rows).toEqual([{ a: 'v5' }])
    expect((await search(`* | where a IN (${list}) | table a`, files)).rows).toEqual([{ a: 'v5' }])
  })

  test.each([
    ['brackets', `a=1 | eval x=${'('.repeat(1e5)}1`, 'nested more than 200 deep'],
    ['search brackets', `${'('.repeat(1e5)}a=1`, 'nested more than 200 deep'],
    ['operators', `| makeresults | eval x=${'1+'.repeat(1e5)}1`, 'more than 1500 operators'],
    ['comparisons', `| makeresults | eval x=if(${'a='.repeat(1e5)}1,1,2)`, 'more than 1500 operators'],
    [
      'brackets of operators',
      `| makeresults | eval x=${'('.repeat(50)}1${`${'+1'.repeat(100)})`.repeat(50)}`,
      'more than 1500 operators',
    ],
    ['commands', `| makeresults ${'| eval x=1 '.repeat(1e4)}`, 'more than 500 commands'],
    ['subsearches', `${'[ search '.repeat(1e4)}a=1${']'.repeat(1e4)}`, 'nested more than 30 deep'],
  ])('%s without end are refused', async (_name, spl, message) => {
    expect(await fails(spl)).toContain(message)
  })

  test('the longest that are allowed run', async () => {
    expect(await fails(`| makeresults | eval x=${'1+'.repeat(1500)}1 ${'| eval x=1 '.repeat(498)}`)).toBe(
      'ran',
    )
    expect(await fails(`| makeresults | where ${'a="x" OR '.repeat(749)}a=1`)).toBe('ran')
  })

  test('a mixture that ends the stack is told from a mistake of ours', () => {
    const endless = (): number => endless() + 1
    let caught: unknown
    try {
      endless()
    } catch (error) {
      caught = error
    }
    expect(isStackOverflow(caught)).toBe(true)
    expect(isStackOverflow(new RangeError('Invalid array length'))).toBe(false)
  })
})

describe('macros', () => {
  const macro = (name: string, definition: string) => ({
    name,
    args: [],
    definition,
    isEval: false,
    origin: 'test',
  })
  const run = (macros: readonly ReturnType<typeof macro>[]) =>
    search('`m0`', {}, { macros }).then(
      () => 'ran',
      (error: Error) => error.message,
    )

  test('that nest 100,000 deep, or call themselves, are refused', async () => {
    expect(await run([macro('m0', 'x=1 `m0`')])).toMatch(/m0/)
    const chain = Array.from({ length: 100_000 }, (_, n) => macro(`m${n}`, `\`m${n + 1}\``))
    expect(await run(chain)).toMatch(/deep|nest|within/i)
  })

  test('that double at each level are refused before they fill the memory', async () => {
    const laughs = Array.from({ length: 40 }, (_, n) =>
      macro(`m${n}`, n === 39 ? 'x=1 ' : `\`m${n + 1}\` \`m${n + 1}\``),
    )
    expect(await run(laughs)).toContain('calls more than 10000 macros')
  })
})

describe('YAML of content', () => {
  const messages = (text: string) => parseYamlFile('x.yml', text).diagnostics.map(({ message }) => message)

  test('aliases that unfold without end are refused', () => {
    const laughs = repeat(
      12,
      (n) => `a${n}: &a${n} [${n === 0 ? 'x' : repeat(9, () => `*a${n - 1}`, ',')}]\n`,
    )
    expect(messages(laughs)[0]).toContain('cannot be unfolded')
    expect(messages('a: &a [*a]')[0]).toContain('holds itself')
  })

  test('nesting without end is refused', () => {
    for (const text of [
      '['.repeat(1e5),
      '{a: '.repeat(1e5),
      '- '.repeat(1e5),
      repeat(600, (n) => `${' '.repeat(n)}a:\n`),
    ])
      expect(messages(text)[0]).toContain('nested too deeply')
  })

  test('a huge file is not content, and the rest is loaded', async () => {
    const { findings } = await scan(
      { fires: `ok=1${' '.repeat(10)}`, huge: `ok=1 ${'x'.repeat(maxContentBytes)}` },
      { 'a.json': '{"ok":"1"}' },
    )
    expect(findings).toEqual(['fires'])
  })

  test('keys that mean something to JavaScript are keys', () => {
    const { file } = parseYamlFile('x.yml', '__proto__:\n  polluted: yes\nname: x\n')
    expect((file!.value as { readonly name: string }).name).toBe('x')
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})
