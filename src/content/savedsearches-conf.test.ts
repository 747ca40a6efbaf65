import { mkdtempSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { lineAndColumn } from '../diagnostics/source.ts'
import { loadContent } from './load.ts'
import { readSavedSearches } from './savedsearches-conf.ts'

const read = (text: string, local = '') =>
  readSavedSearches([
    { name: 'app/default/savedsearches.conf', path: 'default/savedsearches.conf', text },
    ...(local === ''
      ? []
      : [{ name: 'app/local/savedsearches.conf', path: 'local/savedsearches.conf', text: local }]),
  ])

const built = `
[ESCU - Odd Service - Rule]
action.escu = 0
action.escu.search_type = detection
action.escu.how_to_implement = Collect 7045.
action.escu.known_false_positives = None
action.escu.modification_date = 2024-05-12
action.escu.product = ["Splunk Enterprise"]
description = A service that is odd.
action.correlationsearch.enabled = 1
action.correlationsearch.label = ESCU - Deprecated - Odd Service - Rule
action.correlationsearch.annotations = {"analytic_story": ["Odd"], "mitre_attack": ["T1543.003"], "nist": ["DE.CM"], "confidence": 80, "type": "Anomaly"}
action.correlationsearch.metadata = {"detection_id": "6a4d", "detection_version": "4"}
action.risk = 1
action.risk.param._risk_message = $user$ made $ServiceName$ on $dest$
action.risk.param._risk = [{"risk_object_field": "dest", "risk_object_type": "system", "risk_score": 36}, {"threat_object_field": "ServiceName", "threat_object_type": "service"}]
action.notable.param.drilldown_searches = [{"name": "Look", "search": "index=main dest=$dest$", "earliest_offset": "$info_min_time$", "latest_offset": "$info_max_time$"}]
alert.suppress = 1
alert.suppress.fields = dest, user
alert.suppress.period = 2h
cron_schedule = 0 * * * *
dispatch.earliest_time = -70m@m
disabled = true
search = index=main EventCode=7045 \\
| stats count by dest \\
| \`odd_service_filter\`
`

test('a built detection has everything that its author stated', () => {
  const { detections, diagnostics } = read(built)
  expect(diagnostics).toEqual([])
  expect(detections).toMatchObject([
    {
      id: '6a4d',
      version: 4,
      name: 'Odd Service',
      status: 'deprecated',
      type: 'Anomaly',
      date: '2024-05-12',
      description: 'A service that is odd.',
      howToImplement: 'Collect 7045.',
      knownFalsePositives: '',
      risk: {
        message: '$user$ made $ServiceName$ on $dest$',
        objects: [{ field: 'dest', type: 'system', score: 36 }],
        threatObjects: [{ field: 'ServiceName', type: 'service' }],
      },
      throttling: { fields: ['dest', 'user'], seconds: 7200 },
      drilldowns: [{ name: 'Look', earliest: '$info_min_time$' }],
      tags: { analyticStories: ['Odd'], mitreAttackIds: ['T1543.003'], nist: ['DE.CM'], confidence: 80 },
    },
  ])
})

test('places in a search of several lines are those of the file', () => {
  const { search } = read(built).detections[0]!
  const at = search.text.indexOf('stats')
  const [label] = search.locate({ start: at, end: at + 5 })
  expect(label!.source.text.slice(label!.span.start, label!.span.end)).toBe('stats')
  expect(lineAndColumn(label!.source, label!.span.start).column).toBe(3)
})

test('what actions a search has tells its type', () => {
  const type = (actions: string, search = 'index=main x=1') =>
    read(`[s]\n${actions}\nsearch = ${search}\n`).detections[0]!.type
  const risk =
    'action.risk = 1\naction.risk.param._risk_object = dest\naction.risk.param._risk_object_type = system\naction.risk.param._risk_score = 20'
  expect(type('')).toBe('Hunting')
  expect(type(risk)).toBe('Anomaly')
  expect(type(`${risk}\naction.notable = 1`)).toBe('TTP')
  expect(type('action.notable = 1', '| tstats count from datamodel=Risk.All_Risk')).toBe('Correlation')
})

test('searches that fill lookups are baselines, and those for analysts are left out', () => {
  const { detections, baselines } = read(`
[ESCU - Seen Services - Initial]
action.escu.search_type = support
search = index=main | stats count by service | outputlookup append=t seen_services
[ESCU - Look Around - Response Task]
action.escu.search_type = investigative
search = index=main
[no search here]
disabled = 1
`)
  expect(detections).toEqual([])
  expect(baselines).toMatchObject([{ name: 'ESCU - Seen Services - Initial', lookups: ['seen_services'] }])
})

test('local settings win over default ones, and [default] holds for all', () => {
  const { detections } = read(
    '[default]\naction.notable = 1\n[a]\nsearch = index=main one\n',
    '[a]\nsearch = index=main two\n',
  )
  expect(detections).toHaveLength(1)
  expect(detections[0]).toMatchObject({ name: 'a', type: 'TTP', search: { text: 'index=main two' } })
})

test('JSON that is broken and scores that are none are named, and the rest is read', () => {
  const { detections, diagnostics } = read(
    '[a]\naction.risk = 1\naction.risk.param._risk = [{"risk_object_field": "dest", "risk_score": "high"}]\naction.correlationsearch.annotations = {oops\nsearch = index=main\n',
  )
  expect(detections).toHaveLength(1)
  expect(diagnostics.map(({ message }) => message)).toEqual([
    expect.stringContaining('[a]: "action.correlationsearch.annotations" is not valid JSON'),
    '[a]: the risk of "dest" has the score "high", which is not 0 to 100.',
  ])
})

test('keys of JSON that name the prototype change nothing', () => {
  const { detections } = read(
    '[a]\naction.correlationsearch.annotations = {"__proto__": {"mitre_attack": ["T1"]}}\nsearch = index=main\n',
  )
  expect(detections[0]!.tags.mitreAttackIds).toEqual([])
  expect(({} as Record<string, unknown>)['mitre_attack']).toBeUndefined()
})

const folders: string[] = []
afterEach(() => Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true }))))

test('an app loads by its folder or its file, and its own filter macro stays', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'karst-app-'))
  folders.push(folder)
  await mkdir(join(folder, 'default'))
  await writeFile(join(folder, 'default', 'savedsearches.conf'), built)
  for (const path of [folder, join(folder, 'default', 'savedsearches.conf')]) {
    const content = await loadContent([path])
    expect(content.apps).toEqual([folder])
    expect(content.detections.map(({ name }) => name)).toEqual(['Odd Service'])
    expect(content.macros.has('odd_service_filter')).toBe(true)
  }
  await writeFile(
    join(folder, 'default', 'macros.conf'),
    '[odd_service_filter]\ndefinition = search user!=x\n',
  )
  expect((await loadContent([folder])).macros.has('odd_service_filter')).toBe(false)
})
