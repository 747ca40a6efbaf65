import { expect, test } from 'vitest'
import { type Diagnostic, SearchError } from '../../diagnostics/diagnostic.ts'
import { renderDiagnostic } from '../../diagnostics/render.ts'
import { locatedText } from '../../diagnostics/source.ts'
import { Batch } from '../../value/batch.ts'
import { constant, dictOf, plain } from '../../value/column.ts'
import type { Value } from '../../value/value.ts'
import type { RunContext } from '../run/context.ts'
import { ArgumentReader } from '../syntax/argument-reader.ts'
import type { AnyCommand } from './command.ts'
import { regex } from './regex.ts'
import { rex } from './rex.ts'

type Row = Readonly<Record<string, Value>>

function parse(command: AnyCommand, text: string): unknown {
  const source = locatedText({ name: 'search', text })
  const reader = new ArgumentReader(command.name, source, 0, text.length, () => {
    throw new Error('no subsearch is expected')
  })
  const args: unknown = command.parse(reader)
  reader.finish()
  return args
}

async function run(
  command: AnyCommand,
  text: string,
  batch: Batch,
  warnings: Diagnostic[] = [],
): Promise<Row[]> {
  const context = { warn: (diagnostic: Diagnostic) => warnings.push(diagnostic) } as unknown as RunContext
  async function* input() {
    yield batch
  }
  const rows: Row[] = []
  for await (const result of command.run(parse(command, text), input(), context)) {
    rows.push(...result.rows().map((row) => Object.fromEntries(row)))
  }
  return rows
}

const runRex = (text: string, rows: readonly Row[], warnings?: Diagnostic[]) =>
  run(rex, text, Batch.fromRows(rows), warnings)

function refusal(command: AnyCommand, text: string): string {
  try {
    parse(command, text)
  } catch (error) {
    if (error instanceof SearchError) return error.diagnostics.map(renderDiagnostic).join('\n')
    throw error
  }
  throw new Error(`${text} was not refused`)
}

test('each named group becomes a field, from _raw by default', async () => {
  expect(await runRex('"(?<a>\\d+)-(?<b>\\w+)"', [{ _raw: 'x 12-ab' }])).toEqual([
    { _raw: 'x 12-ab', a: '12', b: 'ab' },
  ])
})

test('where nothing matches, and for a group that is not set, a field stays', async () => {
  const rows = [{ x: 'a1', d: 'old' }, { x: 'a', d: 'old' }, { d: 'old' }, { x: 'b', d: 'old' }]
  expect((await runRex('field=x "(?<d>\\d)|b(?<e>c)?"', rows)).map(({ d }) => d)).toEqual([
    '1',
    'old',
    'old',
    'old',
  ])
})

test('a field may overwrite itself', async () => {
  expect(await runRex('field=x "(?<x>[A-Z]{2})" max_match=0', [{ x: 'OICI' }])).toEqual([{ x: ['OI', 'CI'] }])
})

test('max_match says how many matches make a multivalue', async () => {
  const row = { x: 'a1b2c3' }
  expect((await runRex('field=x "(?<d>\\d)"', [row]))[0]!['d']).toBe('1')
  expect((await runRex('max_match=2 field=x "(?<d>\\d)"', [row]))[0]!['d']).toEqual(['1', '2'])
  expect((await runRex('field=x max_match=0 "(?<d>\\d)"', [row]))[0]!['d']).toEqual(['1', '2', '3'])
})

test('every value of a multivalue field is looked at', async () => {
  const rows = [{ mail: ['a@x.example', 'b@y.example'] }]
  expect((await runRex('field=mail "@(?<domain>.+)"', rows))[0]!['domain']).toEqual([
    'x.example',
    'y.example',
  ])
})

test('offset_field tells where the groups are', async () => {
  expect(
    (await runRex('field=x "(?<user>\\w+)@(?<host>\\w+)" offset_field=at', [{ x: 'to bob@dc1' }]))[0]!['at'],
  ).toBe('user=3-5&host=7-9')
  expect(
    (await runRex('field=x max_match=0 offset_field=at "-\\K(?<d>\\d)"', [{ x: '-1-2' }]))[0]!['at'],
  ).toEqual(['d=1-1', 'd=3-3'])
})

test('mode=sed changes the field, each value of it', async () => {
  expect(await runRex('field=x mode=sed "s/\\d/#/g"', [{ x: ['a1', '2'] }, { y: '1' }])).toEqual([
    { x: ['a#', '#'] },
    { y: '1' },
  ])
})

test('the kind of column makes no difference', async () => {
  const values = ['k=1', 'x', 'k=1', undefined]
  const old = plain(['o', 'o', undefined, 'o'])
  for (const column of [plain(values), dictOf(values)]) {
    for (const more of [[], [['k', old]] as const]) {
      const rows = await run(rex, 'field=f "k=(?<k>\\d)"', new Batch(4, [['f', column], ...more]))
      expect(rows.map(({ k }) => k)).toEqual(
        more.length === 0 ? ['1', undefined, '1', undefined] : ['1', 'o', '1', 'o'],
      )
    }
  }
  const rows = await run(rex, 'field=f "k=(?<k>\\d)"', new Batch(2, [['f', constant('k=1')]]))
  expect(rows.map(({ k }) => k)).toEqual(['1', '1'])
})

test('a text that is too hard warns and stays', async () => {
  const warnings: Diagnostic[] = []
  const x = 'a'.repeat(100)
  expect(await runRex('field=x "(?<g>(a*)*\\2b)"', [{ x }], warnings)).toEqual([{ x }])
  expect(warnings).toMatchObject([{ code: 'limit-reached' }])
})

test('mistakes are shown in the search', () => {
  expect(refusal(rex, 'field=x "a(?<b>c"')).toBe(
    [
      'error[bad-regex]: The regular expression is not valid: missing closing parenthesis.',
      ' --> search:1:11',
      '1 | field=x "a(?<b>c"',
      '  |           ^',
    ].join('\n'),
  )
  expect(refusal(rex, 'field=x mode=sed "s/(/b/"')).toContain('  |                     ^')
})

test('where backslashes are doubled the pattern is shown, and then the search', () => {
  expect(refusal(rex, '"\\\\d\\\\(?<b>[z-a])"')).toBe(
    [
      'error[bad-regex]: The regular expression is not valid: range out of order in character class.',
      ' --> regular expression:1:10',
      '1 | \\d\\(?<b>[z-a])',
      '  |          ^^^',
      '  in search:1:1',
    ].join('\n'),
  )
})

test.each([
  ['field=x "(\\d+)"', 'rex needs a named group for each field'],
  ['field=x', 'rex needs a regular expression in quotation marks'],
  ['"(?<a>x)" max_match=-1', '"max_match" must not be negative'],
  ['mode=awk "x"', '"mode" must be one of sed'],
  ['"(?<a>x)" "y"', 'rex does not know what to do with'],
  ['"(?<a>x)\\X"', 'Karst does not support \\X'],
])('rex %s is refused', (text, message) => expect(refusal(rex, text)).toContain(message))

const runRegex = async (text: string, rows: readonly Row[]) =>
  (await run(regex, text, Batch.fromRows(rows))).map(({ n }) => n)

test('regex keeps the rows that match, from _raw by default', async () => {
  const rows = [
    { n: '1', _raw: 'error', x: 'abc' },
    { n: '2', _raw: 'err42', x: ['z', 'b'] },
    { n: '3', _raw: '' },
  ]
  expect(await runRegex('"err\\d+"', rows)).toEqual(['2'])
  expect(await runRegex('x="b"', rows)).toEqual(['1', '2'])
  expect(await runRegex('x =  "^b$"', rows)).toEqual(['2'])
  expect(await runRegex('x!="^b$"', rows)).toEqual(['1', '3'])
  expect(await runRegex('x != "^b$"', rows)).toEqual(['1', '3'])
  expect(await runRegex('nothere="."', rows)).toEqual([])
})

test.each([
  ['', 'regex needs a regular expression in quotation marks'],
  ['x=', 'regex needs a regular expression in quotation marks'],
  ['x="("', 'missing closing parenthesis'],
  ['x="a" y="b"', 'regex does not know what to do with'],
])('regex %s is refused', (text, message) => expect(refusal(regex, text)).toContain(message))
