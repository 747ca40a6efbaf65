import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { runVerb } from '../../../test/support/run-verb.ts'
import { ConfigError } from '../../config/load.ts'
import { findingWriter } from '../../output/findings.ts'
import { scan } from './scan.ts'
import { search } from './search.ts'

const project = fileURLToPath(new URL('../../..', import.meta.url))
const log = join(project, 'samples/powershell-operational.xml')
const folder = mkdtempSync(join(tmpdir(), 'karst-scan-verb-'))
afterAll(() => rmSync(folder, { recursive: true }))

function write(name: string, text: string): string {
  const file = join(folder, name)
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, text)
  return file
}

interface Line {
  readonly row: Record<string, string>
  readonly severity: string
  readonly risk: { readonly objects: readonly { readonly object: string; readonly score: number }[] }
  readonly allowed?: { readonly reason: string }
}
const findingsOf = (out: string): Line[] =>
  out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line)

describe('allow-lists', () => {
  test('what is allowed is left out or lowered, and the summary names every entry that did something', async () => {
    const allow = write(
      'allow.csv',
      `detection,field,value,until,reason,multiply
Remote Process*,Computer,ADM-WS*,2099-12-31,Software rollout,
,Computer,HR-*,,Laboratory,0.25
,Computer,HR-*,2020-01-31,Migration,
Nobody,,,,Gone,
`,
    )
    const leftOut = join(folder, 'left-out.ndjson')
    const { code, out, said } = await runVerb(
      scan,
      log,
      '--allow',
      allow,
      '--left-out',
      leftOut,
      '--fail-on',
      'high',
    )
    const found = findingsOf(out)
    expect(new Set(found.map(({ row }) => row['Computer']))).toEqual(new Set(['HR-WS07.corp.example']))
    expect(found[0]).toMatchObject({
      severity: 'informational',
      risk: { objects: [{ score: 15.75, base_score: 63 }] },
      allowed: { reason: 'Laboratory', multiply: 0.25 },
    })
    // Nothing above --fail-on is left.
    expect(code).toBe(0)
    expect(findingsOf(readFileSync(leftOut, 'utf8')).map(({ allowed }) => allowed?.reason)).toEqual([
      'Software rollout',
      'Software rollout',
    ])
    const summary = said.join('\n').replaceAll(allow, 'allow.csv')
    expect(summary).toContain('allowed:    2 findings left out, 3 with another score, by 2 of 4 entries')
    expect(summary).toContain('2 × Software rollout (allow.csv, row 1, until 2099-12-31)')
    expect(summary).toContain('3 × score × 0.25: Laboratory (allow.csv, row 2)')
    expect(summary).toContain('no detection that ran is called Nobody: Gone')
    expect(summary).toContain(
      'expired, no effect on 3 findings: Migration (allow.csv, row 3, until 2020-01-31)',
    )
  })

  test('a list that is wrong stops the scan', async () => {
    const allow = write('wrong.csv', 'detection,reason,untill\nx,y,z\n')
    await expect(runVerb(scan, log, '--allow', allow)).rejects.toThrow(ConfigError)
  })
})

test('lists of assets change scores, and every search can look into them', async () => {
  const assets = write('assets.csv', 'nt_host,priority,category,owner\nADM-WS01,critical,admin|server,ann\n')
  const factors = write('factors.yml', 'factors:\n- {name: Servers, when: {category: server}, add: 5}\n')
  const { out } = await runVerb(scan, log, '--assets', assets, '--risk-factors', factors)
  const scores = new Set(
    findingsOf(out).flatMap(({ risk }) => risk.objects.map(({ object, score }) => `${object} ${score}`)),
  )
  expect(scores).toEqual(new Set(['ADM-WS01.corp.example 99.5', 'HR-WS07.corp.example 63']))
  const rows = await runVerb(
    search,
    '| inputlookup asset_lookup_by_str | table asset category',
    '--assets',
    assets,
  )
  expect(JSON.parse(rows.out)).toEqual({ asset: 'ADM-WS01', category: ['admin', 'server'] })
})

describe('files that are written', () => {
  test('evidence is never overwritten, and what is written is no evidence', async () => {
    const evidence = join(folder, 'evidence')
    const copy = write('evidence/a.xml', readFileSync(log, 'utf8'))
    await expect(runVerb(scan, copy, '-o', `ndjson=${copy}`)).rejects.toThrow(
      'is evidence, which is never overwritten',
    )
    await expect(runVerb(scan, evidence, '--report', copy)).rejects.toThrow('lies among the evidence')
    await expect(runVerb(search, '*', evidence, '-o', `csv=${copy}`)).rejects.toThrow(
      'lies among the evidence',
    )
    expect(readFileSync(copy, 'utf8')).toBe(readFileSync(log, 'utf8'))
    const { said } = await runVerb(scan, evidence, '-o', `ndjson=${join(evidence, 'out.ndjson')}`)
    expect(said[0]).toMatch(/^evidence: {3}1 file, 32 events/)
    expect(readdirSync(evidence).sort()).toEqual(['a.xml', 'out.ndjson'])
  })

  test('a place that cannot be written to is named before anything is read', async () => {
    await expect(runVerb(scan, log, '--report', join(folder, 'gone', 'r.ndjson'))).rejects.toThrow(
      'cannot be written: its folder does not exist.',
    )
    await expect(runVerb(scan, log, '-o', `html=${folder}`)).rejects.toThrow(
      'cannot be written: it is a folder.',
    )
  })
})

test('content that cannot be read is no quiet success', async () => {
  await expect(runVerb(scan, log, '--content', join(folder, 'nowhere'))).rejects.toThrow(
    'There is no detection to run',
  )
  const content = join(folder, 'content')
  write('content/good.yml', 'name: Good\nid: g\ntype: Hunting\nsearch: index=main EventCode=4104\n')
  write('content/bad.yml', 'name: [\n')
  const { code, out } = await runVerb(scan, log, '--content', content)
  expect(code).toBe(2)
  expect(findingsOf(out).length).toBeGreaterThan(0)
})

describe('the table', async () => {
  const { out } = await runVerb(scan, log)
  const draw = (columns: number): string[] => {
    let text = ''
    const writer = findingWriter('table', (part) => (text += part), { columns, hasColor: false })
    for (const line of out.split('\n').filter(Boolean)) writer.finding(JSON.parse(line))
    writer.end([])
    return text.split('\n')
  }

  test('fits its terminal, and shows equal findings once with their count', () => {
    for (const columns of [80, 100, 160]) {
      const lines = draw(columns)
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns)
      expect(lines.join('\n')).toMatch(/HR-WS07\.corp\.example/)
      expect(lines.some((line) => /^high +63 +3 +2021-11-15/.test(line))).toBe(true)
    }
  })

  test('on a wide terminal has the message, on a narrow one lets the objects go on in further lines', () => {
    expect(draw(260).join('\n')).toContain('by abusing WMI using PowerShell.exe')
    expect(draw(80).join('\n')).not.toContain('message')
    expect(draw(80).some((line) => /^ {30,}\S*HR-WS07/.test(line))).toBe(true)
  })
})
