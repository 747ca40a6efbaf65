import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openKarst } from './engine.ts'
import { positionOf, validateContent } from './validate.ts'

const folder = mkdtempSync(join(tmpdir(), 'karst-validate-'))
afterAll(() => rmSync(folder, { recursive: true }))
mkdirSync(join(folder, 'detections'))

function write(name: string, search: string, more = ''): void {
  const macro = name.replaceAll(' ', '_').toLowerCase()
  writeFileSync(
    join(folder, 'detections', `${macro}.yml`),
    `name: ${name}
id: 00000000-0000-4000-8000-${Buffer.from(name).toString('hex').slice(0, 12).padStart(12, '0')}
version: 1
date: '2024-05-12'
type: Hunting
status: experimental
description: d
how_to_implement: h
known_false_positives: k
search: >-
  ${search.replace('index=a', `index=${macro}`)} | \`${macro}_filter\`
${more}tags: {mitre_attack_id: [T1059]}
`,
  )
}

write('Fine', 'index=a | stats count by dest')
write('Broken', 'index=a | stats count by')
write('No macro', '`nobody` index=a')
write('Lookup less', 'index=a | lookup nothing_here dest')
write('Cannot run', 'index=a | rest /services')
write('Where in the world', 'index=a | iplocation src')
write('Suspicious', 'index=a | stats count by host | where dest="*x*"')
write(
  'Drill down',
  'index=a | stats count by dest',
  `drilldown_searches:
- {name: good, search: '%original_detection_search% | search dest=$dest$'}
- {name: bad, search: '%original_detection_search% | nonsense dest=$dest$'}
`,
)

const karst = await openKarst({ content: [folder] })

test('each detection gets a verdict, and each problem a place in its file', async () => {
  const { verdicts, problems } = await validateContent(karst.content, karst.knowledge)
  expect(Object.fromEntries(verdicts.map(({ detection, status }) => [detection.name, status]))).toEqual({
    Broken: 'error',
    'Cannot run': 'unsupported',
    'Drill down': 'ran',
    Fine: 'ran',
    'Lookup less': 'unsupported',
    'No macro': 'unsupported',
    Suspicious: 'ran',
    'Where in the world': 'unsupported',
  })
  const shown = problems.map((one) => {
    const position = positionOf(one)
    return [one.detection?.name, one.severity, one.code, position?.line]
  })
  expect(shown).toEqual([
    ['Broken', 'error', 'missing-argument', 11],
    ['Cannot run', 'warning', 'unsupported', 11],
    ['Drill down', 'warning', 'bad-drilldown', 14],
    ['Lookup less', 'error', 'missing-lookup', 11],
    ['No macro', 'error', 'unknown-macro', 11],
    ['Suspicious', 'warning', 'field-gone', 11],
    ['Suspicious', 'warning', 'wrong-wildcard', 11],
    ['Where in the world', 'warning', 'unsupported', 11],
  ])
  expect(verdicts.find(({ detection }) => detection.name === 'Suspicious')?.problems).toBe(2)
})

test('levels can be changed and checks switched off', async () => {
  const { problems } = await validateContent(karst.content, karst.knowledge, {
    levels: new Map([
      ['wrong-wildcard', 'error'],
      ['field-gone', 'off'],
    ]),
    detections: karst.content.detections.filter(({ name }) => name === 'Suspicious'),
  })
  expect(problems.map(({ code, severity }) => `${severity} ${code}`)).toEqual(['error wrong-wildcard'])
})

test('with a location database iplocation can run', async () => {
  const detections = karst.content.detections.filter(({ name }) => name === 'Where in the world')
  const { verdicts } = await validateContent(karst.content, karst.knowledge, {
    detections,
    hasLocations: true,
  })
  expect(verdicts.map(({ status }) => status)).toEqual(['ran'])
})

test('the bundled detection: its message speaks of WMI, and a token is never closed', async () => {
  const bundled = await openKarst()
  const { problems, verdicts } = await validateContent(bundled.content, bundled.knowledge)
  expect(verdicts.map(({ status }) => status)).toEqual(['ran', 'ran'])
  expect(problems.filter(({ severity }) => severity !== 'note').map(({ code }) => code)).toEqual([
    'mechanism-mismatch',
    'broken-token',
    'mechanism-mismatch',
  ])
})
