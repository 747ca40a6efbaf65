import { expect, test } from 'vitest'
import { workflowCommand } from './github.ts'
import { junitXml } from './junit.ts'
import { section } from './markdown.ts'
import { type ProblemReport, renderProblems, type ShownProblem } from './problems.ts'
import { sarifLog } from './sarif.ts'
import { renderTests, type ShownTest } from './test-results.ts'

test('JUnit: counts, and texts that XML can hold', () => {
  const xml = junitXml('run', [
    {
      name: 'a "suite"',
      cases: [
        { name: 'fine', classname: 'a.yml', seconds: 1.5, result: { kind: 'passed' }, output: 'note\u0000' },
        {
          name: 'bad',
          classname: 'a.yml',
          result: { kind: 'failed', message: 'x<y\n"z"', details: 'a ]]> & b' },
        },
        { name: 'later', classname: 'a.yml', result: { kind: 'skipped', message: 'no data' } },
      ],
    },
  ])
  expect(xml).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="run" tests="3" failures="1" errors="0" skipped="1" time="1.500">
  <testsuite name="a &quot;suite&quot;" tests="3" failures="1" errors="0" skipped="1" time="1.500">
    <testcase name="fine" classname="a.yml" time="1.500">
      <system-out>note\ufffd</system-out>
    </testcase>
    <testcase name="bad" classname="a.yml" time="0.000">
      <failure message="x&lt;y&#10;&quot;z&quot;">a ]]&gt; &amp; b</failure>
    </testcase>
    <testcase name="later" classname="a.yml" time="0.000">
      <skipped message="no data"/>
    </testcase>
  </testsuite>
</testsuites>
`)
})

test('GitHub: what would end a property or the line is encoded', () => {
  expect(
    workflowCommand({
      level: 'error',
      title: 'a: b, c',
      message: '50%\n::set-env',
      file: 'x.yml',
      line: 3,
      column: 7,
    }),
  ).toBe('::error file=x.yml,line=3,col=7,title=a%3A b%2C c::50%25%0A::set-env\n')
})

test('Markdown: cells cannot become anything else', () => {
  expect(section('T', ['a'], [['x | y\n<b>[l](u)']])).toEqual([
    '## T',
    '| a |\n| --- |\n| x \\| y, \\<b\\>\\[l\\](u) |',
  ])
  expect(section('T', ['a'], [])).toEqual([])
})

const problem: ShownProblem = {
  code: 'field-gone',
  severity: 'warning',
  message: 'Field "x" is gone.',
  help: 'Keep it.',
  place: { file: 'detections/a b.yml', line: 3, column: 5, endLine: 3, endColumn: 9 },
  detection: { id: '1', name: 'A', path: 'detections/a b.yml' },
}
const report: ProblemReport = {
  problems: [
    problem,
    { ...problem, code: 'unused-macro', severity: 'note' },
    { code: 'syntax', severity: 'error', message: 'No.' },
  ],
  detections: [
    { id: '1', name: 'A', path: 'detections/a b.yml', status: 'ran', ms: 20 },
    { id: '2', name: 'B', path: 'detections/b.yml', status: 'unsupported', ms: 1 },
  ],
  program: 'karst 1.2.3',
  rules: [{ id: 'field-gone', summary: 'A field is gone' }],
}
const options = { columns: 80, hasColor: false, showsNotes: false, isStrict: false }

test('SARIF: rules that were broken, places as URIs, fingerprints that lines do not change', () => {
  const log = JSON.parse(renderProblems('sarif', report, options))
  const [run] = log.runs
  expect(log.version).toBe('2.1.0')
  expect(run.tool.driver).toMatchObject({ name: 'karst', version: '1.2.3', rules: [{ id: 'field-gone' }] })
  expect(run.results[0]).toMatchObject({
    ruleId: 'field-gone',
    ruleIndex: 0,
    level: 'warning',
    message: { text: 'Field "x" is gone. Keep it.' },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: 'detections/a%20b.yml' },
          region: { startLine: 3, startColumn: 5, endLine: 3, endColumn: 9 },
        },
      },
    ],
  })
  expect(run.results[2].locations).toEqual([])
  const moved = { ...problem, place: { ...problem.place!, line: 9 } }
  const print = (one: ShownProblem): unknown =>
    JSON.parse(renderProblems('sarif', { ...report, problems: [one] }, options)).runs[0].results[0]
      .partialFingerprints
  expect(print(moved)).toEqual(print(problem))
  expect(sarifLog('karst 1', [], [])).toContain('"results": []')
})

test('problems for people: by file, notes only when asked for', () => {
  expect(renderProblems('table', report, options)).toBe(`detections/a b.yml
       3:5  warning  field-gone  Field "x" is gone. Keep it.

(no file)
            error    syntax      No.

`)
  expect(renderProblems('table', report, { ...options, showsNotes: true })).toContain('unused-macro')
  expect(renderProblems('table', { ...report, problems: [] }, options)).toBe('No problems.\n')
})

test('problems for CI: a case per detection, annotations, lines of JSON', () => {
  const xml = renderProblems('junit', report, options)
  expect(xml).toContain('tests="3" failures="1"')
  expect(renderProblems('junit', report, { ...options, isStrict: true })).toContain('tests="3" failures="2"')
  expect(renderProblems('github', report, options).split('\n').slice(0, 2)).toEqual([
    '::warning file=detections/a b.yml,line=3,endLine=3,col=5,title=field-gone%3A A::Field "x" is gone.%0AKeep it.',
    '::notice file=detections/a b.yml,line=3,endLine=3,col=5,title=unused-macro%3A A::Field "x" is gone.%0AKeep it.',
  ])
  const [line] = renderProblems('ndjson', report, options).split('\n')
  expect(JSON.parse(line!)).toMatchObject({
    code: 'field-gone',
    file: 'detections/a b.yml',
    line: 3,
    end_column: 9,
  })
  expect(JSON.parse(renderProblems('json', report, options))).toHaveLength(3)
  expect(renderProblems('csv', report, options).split('\n')[1]).toBe(
    'warning,field-gone,detections/a b.yml,3,5,A,1,"Field ""x"" is gone.",Keep it.',
  )
  expect(renderProblems('markdown', report, options)).toContain(
    '2 detections, of which 1 cannot run here; 1 error, 1 warning, 1 note.',
  )
})

const shown = (status: ShownTest['status'], reason?: string): ShownTest => ({
  detection: { id: '1', name: 'A', version: 2, path: 'a.yml', search: 'index=a ', file: 'c/a.yml' },
  test: `t ${status}`,
  status,
  ...(reason === undefined ? {} : { reason }),
  details: status === 'failed' ? ['3 → 0 x=1'] : [],
  events: 3,
  matchedEvents: 0,
  rows: 0,
  ms: 12.34,
})
const tests = [shown('failed', 'It finds nothing.'), shown('passed'), shown('skipped', 'no data')]
const drawing = { hasColor: false, showsPassed: false, isStrict: false, program: 'karst 1' }

test('test results: failures last for people, the search in the JUnit failure', () => {
  expect(renderTests('table', tests, drawing)).toBe(`skipped A v2: t skipped
        no data
FAILED  A v2: t failed
        It finds nothing.
          3 → 0 x=1
        c/a.yml

tests: 3: 1 passed, 1 skipped, 1 failed
`)
  expect(renderTests('table', tests, { ...drawing, showsPassed: true })).toMatch(/^ok {6}A v2: t passed/)
  const xml = renderTests('junit', tests, drawing)
  expect(xml).toContain('<testsuite name="A v2" tests="3" failures="1" errors="0" skipped="1"')
  expect(xml).toContain('It finds nothing.\n3 → 0 x=1\n\nindex=a</failure>')
  expect(renderTests('junit', tests, { ...drawing, isStrict: true })).toContain('failures="2"')
})

test('test results for programs', () => {
  const [line] = renderTests('ndjson', tests, drawing).split('\n')
  expect(JSON.parse(line!)).toEqual({
    detection: { id: '1', name: 'A', version: 2, path: 'a.yml' },
    test: 't failed',
    status: 'failed',
    reason: 'It finds nothing.',
    details: ['3 → 0 x=1'],
    events: 3,
    matched_events: 0,
    rows: 0,
    ms: 12.3,
  })
  expect(renderTests('github', tests, drawing)).toBe(
    '::error file=c/a.yml,line=1,title=A%3A t failed::It finds nothing.%0A3 → 0 x=1\n',
  )
  expect(renderTests('markdown', tests, drawing)).toContain('3 tests: 1 passed, 1 skipped, 1 failed.')
  expect(renderTests('csv', tests, drawing).split('\n')).toHaveLength(5)
  expect(JSON.parse(renderTests('json', tests, drawing))).toHaveLength(3)
})
