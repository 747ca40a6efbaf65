import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { Detection } from '../detection.ts'
import { readDetection } from '../escu-yaml.ts'
import { type Content, loadContent } from '../load.ts'
import { parseYamlFile } from '../yaml-file.ts'
import type { AttackContext } from './attack.ts'
import { checkAttack } from './attack.ts'
import { checkCodes, contentChecks, isCheckCode, levelOf } from './codes.ts'
import type { SearchFacts } from './facts.ts'
import { mechanisms } from './mechanisms.ts'
import { checkMetadata } from './metadata.ts'
import { checkOutputFields, tokensOf } from './output-fields.ts'
import { mainLabel, type Problem } from './problem.ts'
import { checkSources } from './sources.ts'
import { checkTests } from './tests.ts'
import { checkUnused } from './unused.ts'

const folder = mkdtempSync(join(tmpdir(), 'karst-checks-'))
afterAll(() => rmSync(folder, { recursive: true }))

const head = `name: Test Detection
id: 00000000-0000-4000-8000-000000000001
version: 2
date: '2024-05-12'
type: TTP
description: d
how_to_implement: h
known_false_positives: k
`

function detection(more: string, search = 'search: index=main | `test_detection_filter`\n'): Detection {
  const read = readDetection(
    parseYamlFile('test_detection.yml', head + search + more).file!,
    'test_detection.yml',
  )
  if (!read.ok) throw new Error(read.diagnostics.map(({ message }) => message).join('\n'))
  return read.item
}

const facts = (one: Detection, more: Partial<SearchFacts> = {}): SearchFacts => ({
  detection: one,
  expanded: one.search.text,
  macros: ['test_detection_filter'],
  ...more,
})

/** Each problem as `code @ the text it points at`. */
const shown = (problems: Iterable<Problem>): string[] =>
  [...problems].map((one) => {
    const label = mainLabel(one)
    return `${one.code} @ ${label?.source.text.slice(label.span.start, label.span.end).trim()}`
  })

const rba = `rba:
  message: $process$ on $dest$ by $user
  risk_objects:
  - {field: dest, type: system, score: 40}
  - {field: user, type: user, score: 40}
  threat_objects:
  - {field: process, type: process}
`

test('the codes of content do not clash with those of searches, and each has a meaning', () => {
  expect(checkCodes.size).toBeGreaterThan(50)
  for (const code of Object.keys(contentChecks)) expect(isCheckCode(code)).toBe(true)
  expect(isCheckCode('nonsense')).toBe(false)
  expect([levelOf('unsupported', 'error'), levelOf('syntax', 'error'), levelOf('no-effect', 'note')]).toEqual(
    ['warning', 'error', 'note'],
  )
})

describe('metadata', () => {
  test('a complete detection has no problem', () => {
    expect(shown(checkMetadata(facts(detection(`references: ['https://example.org']\n${rba}`))))).toEqual([])
  })

  test('what is missing or malformed is named where it stands', () => {
    const bad = detection(
      'references: [www.example.org]\ntags:\n  cve: [CVE-21-1]\n  impact: 80\n  confidence: 50\n  risk_score: 30\n',
    )
    const problems = checkMetadata(
      facts(
        { ...bad, id: 'x', date: '12.5.2024', status: 'beta', description: '', path: 'other.yml' },
        { macros: [] },
      ),
    )
    expect(shown(problems)).toEqual([
      'bad-id @ 00000000-0000-4000-8000-000000000001',
      "bad-date @ '2024-05-12'",
      expect.stringMatching(/^unknown-status @ name:/),
      'missing-text @ d',
      'bad-reference @ www.example.org',
      'bad-cve @ CVE-21-1',
      'file-name @ Test Detection',
      'risk-score @ 30',
      expect.stringMatching(/^missing-risk @ name:/),
      expect.stringMatching(/^missing-filter @ index=main/),
    ])
  })

  test('a date that no calendar has is none', () => {
    expect(shown(checkMetadata(facts({ ...detection(rba), date: '2024-13-01' })))).toHaveLength(1)
  })
})

describe('ATT&CK', () => {
  const techniques = new Map([
    ['T1021', { name: 'Remote Services', tactics: ['Lateral Movement'] }],
    ['T1021.003', { name: 'DCOM', tactics: ['Lateral Movement'] }],
    ['T1047', { name: 'WMI', tactics: ['Execution'] }],
  ])
  const story = { name: 'Active Directory Lateral Movement' }
  const content = { stories: new Map([[story.name, story]]) } as unknown as Content
  const context: AttackContext = {
    content,
    attack: { version: '16.1', techniques },
    killChainOf: () => ['Exploitation'],
  }
  const problems = (more: string, search?: string) =>
    shown(checkAttack(facts(detection(more, search)), context))

  test('ids that ATT&CK does not have', () => {
    expect(problems('tags: {mitre_attack_id: [T1021, T9999, T21]}\n')).toEqual([
      'unknown-technique @ T9999',
      'unknown-technique @ T21',
    ])
    expect(problems('')).toEqual([expect.stringMatching(/^missing-technique/)])
  })

  test('stories and kill chain phases must fit the techniques', () => {
    const tags = (id: string, rest: string) => `tags: {mitre_attack_id: [${id}], ${rest}}\n`
    expect(problems(tags('T1021', `analytic_story: [${story.name}, Nobody]`))).toEqual([
      'unknown-story @ Nobody',
    ])
    expect(problems(tags('T1047', `analytic_story: [${story.name}]`))).toEqual([
      `story-tactic @ ${story.name}`,
    ])
    expect(problems(tags('T1047', 'kill_chain_phases: [Exploitation, Lateral Movement]'))).toEqual([
      'kill-chain-mismatch @ Lateral Movement',
    ])
  })

  test('a message that speaks of another means than search and techniques', () => {
    const dcom =
      'search: ScriptBlockText="*Document.ActiveView.ExecuteShellCommand*" | `test_detection_filter`\n'
    const tags = 'tags: {mitre_attack_id: [T1021.003]}\n'
    const message = (text: string) => `rba: {message: ${text}, risk_objects: []}\n`
    expect(problems(message('A process was started by abusing WMI') + tags, dcom)).toEqual([
      'mechanism-mismatch @ A process was started by abusing WMI',
    ])
    expect(problems(message('A process was started over DCOM') + tags, dcom)).toEqual([])
    // The search looks for it, so it may be spoken of.
    const wmi = 'search: process="*wmic*" Document.Application | `test_detection_filter`\n'
    expect(problems(message('wmic was used') + tags, wmi)).toEqual([])
    // In the older form the message stands in tags.
    expect(
      problems(
        'tags: {mitre_attack_id: [T1021.003], message: by abusing WMI, impact: 50, confidence: 50}\n',
        dcom,
      ),
    ).toEqual(['mechanism-mismatch @ by abusing WMI'])
  })

  test('test data under another technique', () => {
    const tests = (path: string) =>
      `tags: {mitre_attack_id: [T1021.003]}\ntests:\n- attack_data:\n  - data: ${path}\n`
    const url = 'https://example.org/attack_data/datasets/attack_techniques'
    expect(problems(tests(`${url}/T1059.001/x.log`))).toEqual([`data-technique @ ${url}/T1059.001/x.log`])
    expect(problems(tests(`${url}/T1021/x.log`))).toEqual([])
    // T1021 beside T1021.003 is its parent and does not stand for T1021.006.
    const both = (path: string): string => tests(path).replace('[T1021.003]', '[T1021, T1021.003]')
    expect(problems(both(`${url}/T1021.006/x.log`))).toEqual([`data-technique @ ${url}/T1021.006/x.log`])
    expect(problems(both(`${url}/T1021.003/x.log`))).toEqual([])
    expect(problems(both(`${url}/T1021/x.log`))).toEqual([])
    expect(problems(tests(`${url}/T1021.006/x.log`).replace('[T1021.003]', '[T1021]'))).toEqual([])
    expect(problems(tests('samples/x.log'))).toEqual([])
  })

  test('the words of mechanisms are found in their own names', () => {
    for (const { name, words } of mechanisms) expect(words.test(name)).toBe(true)
  })
})

describe('fields of the results', () => {
  const gives = (...names: string[]): Partial<SearchFacts> => ({
    mayGive: (field) => names.includes(field),
    given: names.map((name) => `"${name}"`).join(' and '),
  })

  test('risk objects, threat objects and tokens that the search does not give', () => {
    expect(shown(checkOutputFields(facts(detection(rba), gives('dest'))))).toEqual([
      'broken-token @ $process$ on $dest$ by $user',
      'risk-field-gone @ user',
      'risk-field-gone @ process',
      'token-gone @ $process$ on $dest$ by $user',
    ])
    const [, object, threat] = [...checkOutputFields(facts(detection(rba), gives('dest')))]
    expect([object?.severity, threat?.severity]).toEqual(['error', 'warning'])
    expect(object?.message).toBe(
      'The risk object "user" is a field that the search does not give. It gives "dest".',
    )
  })

  test('observables of the older form are found where they stand', () => {
    const tags = `tags:
  impact: 50
  confidence: 50
  message: on $host$
  observable:
  - {name: dest, type: Hostname, role: [Victim]}
  - {name: user, type: User, role: [Victim]}
`
    expect(shown(checkOutputFields(facts(detection(tags), gives('dest'))))).toEqual([
      'risk-field-gone @ user',
      'token-gone @ on $host$',
    ])
  })

  test('drilldowns and throttling', () => {
    const more = `drilldown_searches:
- name: View $dest$
  search: '%original_detection_search% | search dest=$dest$ user=$user$'
tags: {throttling: {fields: [dest, src], period: 1h}}
`
    expect(shown(checkOutputFields(facts(detection(more), gives('dest'))))).toEqual([
      "token-gone @ '%original_detection_search% | search dest=$dest$ user=$user$'",
      'throttling-field-gone @ [dest, src]',
    ])
  })

  test('nothing is said about a search whose fields are not known', () => {
    expect(shown(checkOutputFields(facts(detection(rba))))).toEqual([
      'broken-token @ $process$ on $dest$ by $user',
    ])
  })

  test('tokens may have dots, braces and blanks; a lone dollar is none', () => {
    expect(tokensOf('$a.b{}.c$ and $PSWA Host$ for $5 of $dest by $user$')).toEqual({
      closed: ['a.b{}.c', 'PSWA Host', 'user'],
      open: ['dest'],
    })
    expect(tokensOf('costs 5$')).toEqual({ closed: [], open: [] })
    expect(tokensOf('$dest.')).toEqual({ closed: [], open: ['dest'] })
  })
})

describe('tests, sources and what is unused', () => {
  test('a detection in production needs a test that must find something', () => {
    expect(shown(checkTests(facts(detection(''))))).toHaveLength(1)
    const with_ = (more: string) => shown(checkTests(facts(detection(more))))
    expect(with_('tests:\n- attack_data: [{data: x.log}]\n')).toEqual([])
    expect(with_('tests:\n- must_not_fire: true\n  attack_data: [{data: x.log}]\n')).toHaveLength(1)
    expect(with_('status: experimental\n')).toEqual([])
    expect(with_('tags: {manual_test: why}\n')).toEqual([])
  })

  test('data sources must be there and list what is read', () => {
    const source = { name: 'Sysmon 1', fields: ['Image', 'resources{}.type'] }
    const content = { dataSources: new Map([[source.name, source]]) } as unknown as Content
    const one = detection('data_source: [Sysmon 1]\ntags: {required_fields: [_time, Image, Nothing]}\n')
    const search = { expanded: 'Image=x', eventFields: ['Image', 'User', '_time', 'resources{0}.type'] }
    expect(shown(checkSources(facts(one, search), content))).toEqual([
      'field-not-in-source @ [Sysmon 1]',
      'required-field-unused @ [_time, Image, Nothing]',
    ])
    const [unknown] = checkSources(facts(detection('data_source: [Sysmon 2]\n')), content)
    expect(unknown).toMatchObject({ code: 'unknown-data-source', help: 'Did you mean "Sysmon 1"?' })
  })

  test('macros and lookups that nothing uses', async () => {
    mkdirSync(join(folder, 'detections'))
    mkdirSync(join(folder, 'macros'))
    mkdirSync(join(folder, 'lookups'))
    writeFileSync(
      join(folder, 'detections', 'a.yml'),
      `${head}search: '\`used\` | lookup hosts ip | \`test_detection_filter\`'\n`,
    )
    for (const [name, text] of [
      ['used', '`inner(1)`'],
      ['inner', 'index=a'],
      ['unused', 'index=b'],
    ])
      writeFileSync(
        join(folder, 'macros', `${name}.yml`),
        `description: d\nname: ${name}\ndefinition: '${text}'\n`,
      )
    for (const name of ['hosts', 'forgotten'])
      writeFileSync(join(folder, 'lookups', `${name}.yml`), `name: ${name}\nfilename: ${name}.csv\n`)
    const content = await loadContent([folder])
    const all = content.detections.map((one) => facts(one, { expanded: one.search.text }))
    expect(shown(checkUnused(all, content))).toEqual([
      'unused-macro @ name: unused',
      'unused-lookup @ name: forgotten',
    ])
  })
})
