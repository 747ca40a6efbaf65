// The documents of a scan: report, Markdown, Navigator layer, Timesketch lines. Values are hostile.

import { expect, test } from 'vitest'
import type { Detection } from '../content/detection.ts'
import { readDetection } from '../content/escu-yaml.ts'
import { parseYamlFile } from '../content/yaml-file.ts'
import type { Finding } from '../detect/finding.ts'
import { assessor } from '../risk/assess.ts'
import type { Value } from '../value/value.ts'
import { renderReport } from './html/report.ts'
import type { ReportData } from './html/report-data.ts'
import { activityPeriods } from './html/timeline.ts'
import { cellText } from './markdown.ts'
import { navigatorLayer } from './navigator.ts'
import { scanJunit, scanSarif } from './scan-ci.ts'
import { scanMarkdown } from './scan-markdown.ts'
import { scanFormats, scanWriter } from './scan-writer.ts'
import { timesketchLines } from './timesketch.ts'

function detection(name: string, type: string): Detection {
  const text = `name: ${JSON.stringify(name)}
id: ${JSON.stringify(`id of ${name}`)}
type: ${type}
description: About <b>this</b>
search: index=main | stats count by dest
references: ["javascript:alert(1)", "https://example.org/a"]
rba: {message: "seen on $dest$", risk_objects: [{field: dest, type: system, score: 70}]}
tags: {mitre_attack_id: [T1021.003, T1059], analytic_story: [Story]}`
  const read = readDetection(parseYamlFile('d.yml', text).file!, 'd.yml')
  if (!read.ok) throw new Error(read.diagnostics.map(({ message }) => message).join('\n'))
  return read.item
}

const hostile = `</script><script>alert(1)</script><img src=x onerror=alert(1)>\u202Egnp.exe"'`
const assess = assessor({ now: 0, timeZone: 'UTC' })
const ttp = detection('Bad <script>alert(1)</script>', 'TTP')
const correlation = detection('Sum', 'Correlation')
const finding = (of: Detection, values: Record<string, Value>): Finding =>
  assess({
    detection: of,
    row: new Map(Object.entries(values)),
    events: [{ file: `logs/${hostile}.evtx`, record: 'record 7' }],
  })
const findings = [
  finding(ttp, { _time: 1_600_000_000, dest: hostile, __proto__: 'x', datetime: 'mine', message: 'row' }),
  finding(ttp, { _time: 1_600_400_000.25, dest: ['pc1', 'pc2'], note: 'x'.repeat(20_000) }),
  finding(ttp, { dest: 'pc1', firstTime: '2020-09-13T12:00:00', lastTime: '2020-09-13T13:00:00' }),
  finding(correlation, { risk_object: 'pc1', risk_object_type: 'system', risk_score: 140 }),
]
const data: ReportData = {
  made: Date.parse('2024-05-12T08:00:00Z'),
  program: 'karst 0.0.0',
  evidencePaths: [hostile],
  contentPaths: [],
  seconds: 1.25,
  isInterrupted: false,
  findings,
  incidents: [],
  allowed: [],
  runs: [
    { detection: ttp, status: 'ran', matchedEvents: 3, rows: 3 },
    { detection: correlation, status: 'unsupported', reason: `no ${hostile}`, matchedEvents: 0, rows: 0 },
  ],
  files: [
    {
      name: hostile,
      status: 'incomplete',
      reason: hostile,
      events: 3,
      bytes: 2048,
      damageCount: 1,
      damages: [{ position: 'chunk 3', reason: 'checksum is wrong' }],
      lostEvents: 2,
    },
  ],
  digests: [{ file: hostile, bytes: 2048, sha256: 'ab12' }],
  events: 3,
  bytes: 2048,
  throttled: 2,
  rawEvents: new Map([[`logs/${hostile}.evtx\nrecord 7`, `<Event>${hostile}</Event>`]]),
}

/** Every tag of a page with the names of its attributes. */
const tags = (page: string): string[] =>
  [...page.matchAll(/<[a-z][^>]*>/gi)].map(([tag]) => tag.replace(/"[^"]*"/g, '""'))

test('whatever logs and content say, a report holds only its own elements', () => {
  const page = renderReport(data)
  expect(tags(page).filter((tag) => /^<(script|img|iframe|object|link)/i.test(tag))).toEqual(['<script>'])
  expect(tags(page).filter((tag) => /\son\w+=|javascript:/i.test(tag))).toEqual([])
  expect(page).toContain('⟨U+202E⟩gnp.exe')
  expect(page).not.toContain('\u202e')
  // What was cut says so.
  expect(page).toContain('14,000 more characters')
  // The raw event is there, as text.
  expect(page).toContain('&lt;Event&gt;&lt;/script&gt;')
})

test('a report says what was found, what was read and what could not run', () => {
  const page = renderReport(data)
  expect(page).toContain('2 detections gave 4 findings between 2020-09-13 and 2020-09-18, on 3 entities.')
  expect(page).toContain('<b>1 file could not be read in full</b>')
  expect(page).toContain('2 events lost')
  expect(page).toContain('<b>1 detection did not run.</b>')
  expect(page).toContain('Throttling silenced 2 repeated findings.')
  expect(renderReport({ ...data, findings: [], isInterrupted: true })).toContain('The scan was interrupted')
})

test('every link inside a report leads somewhere', () => {
  const page = renderReport(data)
  const ids = new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))
  const targets = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id!)
  expect(targets.length).toBeGreaterThan(8)
  expect(targets.filter((target) => !ids.has(target))).toEqual([])
})

test('a day without findings separates periods of activity', () => {
  expect(activityPeriods(findings)).toEqual([
    { first: 1_600_000_000, last: 1_600_002_000, findings: 2 },
    { first: 1_600_400_000.25, last: 1_600_400_000.25, findings: 1 },
  ])
  expect(activityPeriods([])).toEqual([])
})

test('Markdown shows values as text: no cell, link, image or HTML comes of them', () => {
  const page = scanMarkdown(data)
  expect(page).toContain('4 findings (4 high) in 3 events of 1 file; 1 of 2 detections ran.')
  expect(page).not.toMatch(/(^|[^\\])<img/)
  expect(cellText('a|b\n[x](http://y)`c` @you')).toBe('a\\|b, \\[x\\](http://y)\\`c\\` \\@you')
  for (const line of page.split('\n').filter((text) => text.startsWith('| ')))
    expect(line.endsWith(' |')).toBe(true)
})

test('a Navigator layer unfolds techniques whose sub-techniques have a score', () => {
  const layer = JSON.parse(
    navigatorLayer({
      name: 'n',
      description: 'd',
      techniques: [
        { id: 'T1059', score: 2, comment: 'c' },
        { id: 'T1021.003', score: 9, comment: '' },
      ],
    }),
  )
  expect(layer).toMatchObject({
    domain: 'enterprise-attack',
    versions: { layer: '4.5', attack: '16' },
    gradient: { minValue: 1, maxValue: 9 },
  })
  expect(
    layer.techniques.map((technique: Record<string, unknown>) => [
      technique['techniqueID'],
      technique['score'],
      technique['showSubtechniques'],
    ]),
  ).toEqual([
    ['T1021.003', 9, false],
    ['T1059', 2, false],
    ['T1021', undefined, true],
  ])
})

test('Timesketch gets a line for the first event and one for the last; what it relies on cannot be replaced', () => {
  const lines = findings.map((of) =>
    timesketchLines(of)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line)),
  )
  expect(lines.map(({ length }) => length)).toEqual([1, 1, 2, 0])
  expect(lines[0]![0]).toMatchObject({
    datetime: '2020-09-13T12:26:40.000+00:00',
    timestamp_desc: 'Finding',
    row_datetime: 'mine',
    row_message: 'row',
    risk_score: 70,
    dest: hostile,
  })
  expect(lines[2]!.map((line) => [line.datetime, line.timestamp_desc])).toEqual([
    ['2020-09-13T12:00:00.000+00:00', 'Finding, first event'],
    ['2020-09-13T13:00:00.000+00:00', 'Finding, last event'],
  ])
})

test('every format of scan writes something for every finding', () => {
  for (const format of scanFormats) {
    let written = ''
    const writer = scanWriter(format, (text) => (written += text), { columns: 120, hasColor: false })
    for (const of of findings)
      writer.finding({ finding: of, detection: of.detection.name === 'Sum' ? correlation : ttp })
    writer.end(data)
    expect(written.length, format).toBeGreaterThan(500)
  }
})

test('SARIF has a rule for each detection and names the records; JUnit fails what has findings', () => {
  const log = JSON.parse(scanSarif(data))
  const [run] = log.runs
  expect(run.tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual([
    ...new Set(findings.map(({ detection: { id } }) => id)),
  ])
  expect(run.results).toHaveLength(findings.length)
  expect(run.results[0]).toMatchObject({
    ruleId: ttp.id,
    level: 'error',
    message: { text: expect.stringContaining('seen on') },
  })
  expect(run.results[0].locations[0].logicalLocations[0].name).toBe(findings[0]!.events[0]!.record)
  const xml = scanJunit(data)
  expect(xml).not.toContain('<script>')
  const hasFindings = new Set(findings.map(({ detection }) => detection.id))
  const failed = data.runs.filter(({ status, detection: { id } }) => status === 'ran' && hasFindings.has(id))
  expect(xml.match(/<failure /g)).toHaveLength(failed.length)
  expect(xml.match(/<skipped /g)?.length ?? 0).toBe(data.runs.filter(({ status }) => status !== 'ran').length)
})
