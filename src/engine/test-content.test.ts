import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { Detection, ExpectedRow } from '../content/detection.ts'
import { openKarst } from './engine.ts'
import { type TestOptions, type TestResult, testDetections } from './test-content.ts'
import { changedDetections, GitError } from './test-content-changed.ts'
import { downloader, findTestData, parseLfsPointer, placesOf } from './test-content-data.ts'
import { crossFire } from './test-content-matrix.ts'
import { missingRiskFields, rowMismatch } from './test-content-verdict.ts'

const folder = mkdtempSync(join(tmpdir(), 'karst-test-content-'))
afterAll(() => rmSync(folder, { recursive: true }))
const content = join(folder, 'content')
mkdirSync(join(content, 'detections'), { recursive: true })
mkdirSync(join(content, 'data'))
mkdirSync(join(folder, 'filters'))

const event = (seconds: number, values: Record<string, string>): string =>
  `${JSON.stringify({ time: new Date(1.7e12 + seconds * 1000).toISOString(), ...values })}\n`
writeFileSync(
  join(content, 'data', 'logons.json'),
  event(0, { action: 'failure', user: 'eve', dest: 'pc1' }) +
    event(60, { action: 'failure', user: 'eve', dest: 'pc2' }) +
    event(120, { action: 'success', user: 'bob', dest: 'pc1' }),
)
writeFileSync(join(content, 'data', 'quiet.json'), event(0, { action: 'success', user: 'bob', dest: 'pc1' }))

interface Written {
  readonly name: string
  readonly search: string
  readonly tests: string
  readonly type?: string
}

function write({ name, search, tests, type = 'TTP' }: Written): void {
  writeFileSync(
    join(content, 'detections', `${name}.yml`),
    `name: ${name}
id: 00000000-0000-4000-8000-${Buffer.from(name).toString('hex').slice(0, 12).padStart(12, '0')}
type: ${type}
search: >-
  ${search} | \`${name}_filter\`
rba:
  message: ${'$user$'} failed
  risk_objects: [{field: user, type: user, score: 50}]
tests:
${tests}
`,
  )
}

const on = (file: string, more = ''): string =>
  `- attack_data: [{data: data/${file}.json, source: idp, sourcetype: idp:logon}]\n  ${more}`
const base = 'sourcetype=idp:logon source=idp action=failure'

write({ name: 'good', search: `${base} | stats count by user`, tests: on('logons') })
write({
  name: 'exact',
  search: `${base} | stats count values(dest) as dest by user`,
  tests: `${on('logons')}expected_rows: [{user: eve, count: 2, dest: [pc1, pc2], nothing: ''}]
${on('logons')}expected_rows: [{user: eve, count: 3}]
${on('quiet')}must_not_fire: true
${on('logons')}must_not_fire: true`,
})
write({ name: 'blind', search: `${base} verdict=bad | stats count by user`, tests: on('logons') })
write({ name: 'riskless', search: `${base} | stats count by dest`, tests: on('logons') })
write({ name: 'silenced', search: `${base} | stats count by user`, tests: on('logons') })
write({
  name: 'recent',
  search: `${base} | where _time > relative_time(now(), "-1h") | table user`,
  tests: on('logons'),
})
write({ name: 'wrong', search: `${base} | nonsense`, tests: on('logons') })
write({ name: 'absent', search: base, tests: on('nowhere') })
write({
  name: 'remote',
  search: `${base} | stats count by user`,
  tests:
    '- attack_data: [{data: "https://example.org/master/datasets//idp/logons.json", sourcetype: idp:logon, source: idp}]',
})
writeFileSync(join(folder, 'filters', 'silenced_filter.spl'), 'search NOT user=eve\n')

async function results(
  options: Partial<TestOptions> = {},
  filters?: string,
): Promise<Map<string, TestResult[]>> {
  const karst = await openKarst({ content: [content], ...(filters === undefined ? {} : { filters }) })
  const byName = new Map<string, TestResult[]>()
  await testDetections(karst, {
    ...options,
    ...(filters === undefined ? {} : { filters }),
    onResult: (result) =>
      byName.set(result.detection.name, [...(byName.get(result.detection.name) ?? []), result]),
  })
  return byName
}

const verdicts = (all: Map<string, TestResult[]>, name: string): string[] =>
  all.get(name)!.map(({ status, reason = '' }) => `${status}: ${reason}`)

describe('tests of detections', async () => {
  const all = await results()

  test('a row with what risk needs is enough', () => {
    expect(all.get('good')).toMatchObject([{ status: 'passed', events: 3, matchedEvents: 2, rows: 1 }])
  })

  test('declared rows must be these and no others; harmless data must give none', () => {
    expect(verdicts(all, 'exact')).toEqual([
      'passed: ',
      'failed: It gives 1 rows: 1 of 1 expected rows are missing, 1 rows are not expected.',
      'failed: It must find nothing in this data, and gives 1 row.',
      'passed: ',
    ])
    expect(all.get('exact')![1]!.details).toContain('          a row differs in count: "2"')
  })

  test('a test that finds nothing says which term removed the last event and what was never there', () => {
    expect(verdicts(all, 'blind')).toEqual([
      'failed: It finds nothing. `verdict="bad"` removed the 2 rows that were left. The field "verdict" is in none of them.',
    ])
    expect(all.get('blind')![0]!.details).toEqual([
      '3 events',
      '3 → 3  sourcetype="idp:logon"',
      '3 → 3  source="idp"',
      '3 → 2  action="failure"',
      '2 → 0  verdict="bad"',
    ])
  })

  test('rows without the fields of risk fail', () => {
    expect(verdicts(all, 'riskless')).toEqual(['failed: The field "user", which risk needs, is in no row.'])
  })

  test('time stands still at the end of a recording, unless it is told', async () => {
    expect(verdicts(all, 'recent')).toEqual(['passed: '])
    const later = await results({ now: 1.8e9 })
    expect(verdicts(later, 'recent')[0]).toMatch(/^failed: It finds nothing. `where _time > relative_time/)
  })

  test('a search that is wrong fails, and data that is missing is skipped with where it was looked for', () => {
    expect(verdicts(all, 'wrong')[0]).toMatch(
      /^skipped: Karst cannot run the search: Unknown command "nonsense"/,
    )
    expect(verdicts(all, 'absent')[0]).toMatch(/^skipped: its data is not here: looked for .*nowhere\.json/)
    expect(verdicts(all, 'remote')[0]).toMatch(
      /^skipped: its data is not here: looked for .*attack_data.*--data DIR/,
    )
  })

  test('a filter must not silence what a test must find', async () => {
    expect(verdicts(all, 'silenced')).toEqual(['passed: '])
    const filtered = await results({}, join(folder, 'filters'))
    expect(verdicts(filtered, 'silenced')[0]).toMatch(
      /^failed: The filter .*silenced_filter\.spl silences what this test must find: without it the detection gives 1 row\.$/,
    )
    expect(verdicts(filtered, 'good')).toEqual(['passed: '])
  })
})

test('the matrix: every detection over the data of all', async () => {
  const karst = await openKarst({ content: [content] })
  const detections = karst.content.detections.filter(({ name }) =>
    ['exact', 'good', 'absent', 'wrong'].includes(name),
  )
  const { datasets, detections: rows, skipped } = await crossFire(karst, { detections })
  expect(datasets.map(({ path, events }) => [path.split('/').at(-1), events])).toEqual([
    ['logons.json', 3],
    ['quiet.json', 1],
  ])
  expect(skipped).toBe(1)
  const shown = rows.map(({ detection, rows: own, declared, problem }) => [
    detection.name,
    Object.fromEntries(own),
    [...declared],
    problem?.slice(0, 15),
  ])
  // The declared data of "exact" in which it must not fire is not its own.
  expect(shown).toEqual([
    ['absent', { 0: 2 }, [], undefined],
    ['exact', { 0: 1 }, [0], undefined],
    ['good', { 0: 1 }, [0], undefined],
    ['wrong', {}, [0], 'Unknown command'],
  ])
})

describe('where test data is', () => {
  const detection = { file: '/c/detections/x.yml', path: 'detections/x.yml' } as Detection

  test('a URL is looked for behind datasets/, a path from the root of the content', () => {
    const url = 'https://media.example.org/attack_data/master/datasets/attack_techniques/T1/a%20b.log'
    expect(placesOf(detection, url, '/data')).toEqual([
      '/data/datasets/attack_techniques/T1/a b.log',
      '/data/attack_techniques/T1/a b.log',
    ])
    expect(placesOf(detection, url, undefined)[0]).toBe(
      '/c/attack_data/datasets/attack_techniques/T1/a b.log',
    )
    expect(placesOf(detection, 'https://', '/data')).toEqual([])
    expect(placesOf(detection, 'data/x.log', '/data')).toEqual(['/c/data/x.log', '/data/data/x.log'])
  })

  test('a URL cannot lead out of the folder', () => {
    expect(placesOf(detection, 'https://e.org/datasets/..%2f..%2fetc/passwd', '/data')).toEqual([])
    for (const path of placesOf(detection, 'https://e.org/datasets/%2e%2e/%2e%2e/etc/passwd', '/data'))
      expect(path.startsWith('/data/')).toBe(true)
  })

  test('a Git LFS pointer is told from data', async () => {
    const data = 'the data'
    const sha256 = createHash('sha256').update(data).digest('hex')
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${data.length}\n`
    expect(parseLfsPointer(pointer)).toEqual({ sha256, size: data.length })
    expect(parseLfsPointer('{"version": 1}')).toBeUndefined()

    const mirror = join(folder, 'mirror')
    mkdirSync(join(mirror, 'datasets'), { recursive: true })
    writeFileSync(join(mirror, 'datasets', 'x.log'), pointer)
    const server = createServer((request, response) => {
      if (request.url?.endsWith('/x.log')) response.end(data)
      else response.writeHead(404).end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = (name: string): string =>
      `http://127.0.0.1:${(server.address() as AddressInfo).port}/datasets/${name}`
    try {
      expect(await findTestData(detection, url('x.log'), { folder: mirror })).toMatchObject({
        kind: 'missing',
        reason: expect.stringContaining('is only a Git LFS pointer'),
        help: 'Fetch it in that repository: git lfs pull --include="datasets/x.log"',
      })
      const options = { folder: mirror, download: downloader({ backoffMs: 1 }) }
      const path = join(mirror, 'datasets', 'x.log')
      expect(await findTestData(detection, url('x.log'), options)).toEqual({ kind: 'found', path })
      expect(readFileSync(path, 'utf8')).toBe(data)
      expect(await findTestData(detection, url('y.log'), options)).toMatchObject({
        reason: expect.stringMatching(/the server answered 404/),
      })
      // What does not fit its pointer is not kept.
      writeFileSync(join(mirror, 'datasets', 'x.log'), pointer.replace(sha256, '0'.repeat(64)))
      expect(await findTestData(detection, url('x.log'), options)).toMatchObject({ kind: 'missing' })
    } finally {
      server.close()
    }
  })
})

test('rows and expectations fit one to one, the choosier first', () => {
  const expected = (...rows: Record<string, string>[]): ExpectedRow[] =>
    rows.map((row) => new Map(Object.entries(row).map(([name, value]) => [name, [value]])))
  const rows = [
    { a: '1', b: '1' },
    { a: '1', b: '2' },
  ]
  expect(rowMismatch(expected({ a: '1' }, { a: '1', b: '1' }), rows)).toBeUndefined()
  expect(rowMismatch(expected({ a: '1' }), rows)?.reason).toBe('It gives 2 rows: 1 rows are not expected.')
  expect(rowMismatch([], [])).toBeUndefined()
  expect(rowMismatch(expected({ __proto__x: '', a: '1' }), [rows[0]!])).toBeUndefined()
})

test('the text "null", which tstats fills in, is no value for risk', () => {
  const detection = {
    type: 'TTP',
    risk: { message: '$a$', objects: [{ field: 'b', type: 'user', score: 1 }], threatObjects: [] },
  } as unknown as Detection
  expect(
    missingRiskFields(detection, [
      new Map([
        ['a', 'x'],
        ['b', 'null'],
      ]),
    ]),
  ).toMatch(/"b", which risk needs/)
  expect(missingRiskFields(detection, [new Map([['a', 'x']]), new Map([['b', 'x']])])).toMatch(
    /No row has all/,
  )
  expect(missingRiskFields({ ...detection, type: 'Hunting' }, [new Map()])).toBeUndefined()
})

test('a branch touches detections, and those whose macros or data it changes', async () => {
  const git = (...args: string[]): void => {
    execFileSync('git', ['-C', content, '-c', 'user.name=k', '-c', 'user.email=k@example.org', ...args])
  }
  git('init', '-q')
  git('add', '.')
  git('commit', '-q', '-m', 'all')
  const names = async (): Promise<string[]> => {
    const karst = await openKarst({ content: [content] })
    return (await changedDetections(karst.content, karst.knowledge, 'HEAD')).map(({ name }) => name)
  }
  expect(await names()).toEqual([])
  writeFileSync(join(content, 'data', 'quiet.json'), '{}\n')
  expect(await names()).toEqual(['exact'])
  mkdirSync(join(content, 'macros'))
  writeFileSync(join(content, 'macros', 'f.yml'), 'name: blind_filter\ndefinition: search *\n')
  expect(await names()).toEqual(['blind', 'exact'])
  const karst = await openKarst({ content: [content] })
  await expect(changedDetections(karst.content, karst.knowledge, 'no-such-branch')).rejects.toThrow(GitError)
  await expect(changedDetections(karst.content, karst.knowledge, '--output=x')).rejects.toThrow(GitError)
})
