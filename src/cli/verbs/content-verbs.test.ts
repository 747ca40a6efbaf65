import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { runVerb } from '../../../test/support/run-verb.ts'
import { UsageError } from '../options.ts'
import { diff } from './diff.ts'
import { test as testVerb } from './test.ts'
import { validate } from './validate.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const pack = join(root, 'packs/content')
const samples = join(root, 'samples')
const folder = mkdtempSync(join(tmpdir(), 'karst-content-verbs-'))
afterAll(() => rmSync(folder, { recursive: true }))

const lines = (text: string): Record<string, unknown>[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))

describe('karst validate', () => {
  test('the bundled pack: warnings, and code 0', async () => {
    const report = join(folder, 'report.ndjson')
    const { code, out, said } = await runVerb(validate, '--report', report)
    expect(code).toBe(0)
    expect(
      lines(out)
        .filter(({ severity }) => severity === 'warning')
        .map(({ code: check }) => check),
    ).toEqual(['mechanism-mismatch', 'broken-token', 'mechanism-mismatch'])
    expect(said[0]).toMatch(/^detections: 2: 2 can run/)
    expect(lines(readFileSync(report, 'utf8'))).toMatchObject([
      { status: 'ran', matched_events: 0, rows: 0, findings: 0, problems: 1 },
      { status: 'ran' },
    ])
  })

  test('warnings fail with --strict, and any check can be made an error or switched off', async () => {
    expect((await runVerb(validate, '--strict')).code).toBe(2)
    expect((await runVerb(validate, '--severity', 'broken-token=error')).code).toBe(2)
    const off = ['--severity', 'broken-token=off', '--severity', 'mechanism-mismatch=note']
    const { code, out } = await runVerb(validate, pack, '--strict', ...off, '-o', 'table')
    expect(code).toBe(0)
    expect(out).toBe('No problems.\n')
  })

  test('a check that does not exist is named with what may have been meant', async () => {
    await expect(runVerb(validate, '--severity', 'broken-tokn=off')).rejects.toThrow(
      'There is no check "broken-tokn". Did you mean "broken-token"?',
    )
    await expect(runVerb(validate, '--severity', 'broken-token=loud')).rejects.toThrow(UsageError)
  })

  test('several outputs at once', async () => {
    const sarif = join(folder, 'out.sarif')
    const { out } = await runVerb(validate, '-o', 'github', '-o', `sarif=${sarif}`)
    expect(out).toMatch(/^::warning file=packs\/content\/detections\//)
    expect(JSON.parse(readFileSync(sarif, 'utf8')).runs[0].results.length).toBeGreaterThan(3)
  })
})

describe('karst test', () => {
  test('the bundled detection passes its true-positive, false-positive and near-miss tests in both forms', async () => {
    const junit = join(folder, 'junit.xml')
    const { code, out, said } = await runVerb(testVerb, '--junit', junit)
    expect(code).toBe(0)
    expect(lines(out).map(({ status }) => status)).toEqual(Array(8).fill('passed'))
    expect(said.at(-1)).toMatch(/^tests: {6}8 of 2 detections: 8 passed, 0 skipped, 0 failed/)
    expect(readFileSync(junit, 'utf8')).toContain('tests="8" failures="0"')
  })

  test('elsewhere the samples are not there: skipped with the reason, a failure only with --strict', async () => {
    const elsewhere = join(folder, 'a', 'b', 'content')
    cpSync(pack, elsewhere, { recursive: true })
    const { code, out } = await runVerb(testVerb, elsewhere, '-o', 'table')
    expect(code).toBe(0)
    expect(out).toContain('its data is not here: looked for')
    expect(out).toContain('tests: 8: 0 passed, 8 skipped, 0 failed')
    expect((await runVerb(testVerb, elsewhere, '--strict')).code).toBe(1)
  })

  test('a filter that silences the true positives fails the tests', async () => {
    const filters = join(folder, 'filters')
    cpSync(samples, filters, { recursive: true })
    const name = 'remote_process_instantiation_via_dcom_and_powershell_script_block_filter'
    writeFileSync(join(filters, `${name}.spl`), 'search NOT Computer=*')
    const { code, out } = await runVerb(testVerb, '--filters', filters)
    expect(code).toBe(1)
    const failed = lines(out).filter(({ status }) => status === 'failed')
    expect(failed).toHaveLength(3)
    expect(failed[0]?.['reason']).toMatch(
      /^The filter .* silences what this test must find: without it .* 5 rows\.$/,
    )
  })

  test('--download needs a folder, --changed a repository', async () => {
    await expect(runVerb(testVerb, '--download')).rejects.toThrow('--download needs a folder')
    const lone = join(folder, 'lone')
    cpSync(pack, lone, { recursive: true })
    await expect(runVerb(testVerb, lone, '--changed', 'main')).rejects.toThrow(UsageError)
  })
})

describe('karst diff', () => {
  const changed = join(folder, 'changed')
  cpSync(pack, changed, { recursive: true })
  const name = 'remote_process_instantiation_via_dcom_and_powershell_script_block'
  const file = join(changed, 'detections/endpoint', `${name}.yml`)
  writeFileSync(
    file,
    readFileSync(file, 'utf8')
      .replace('ExecuteShellCommand*")', 'Nothing*")')
      .replace('score: 63', 'score: 20'),
  )
  rmSync(join(changed, 'detections/endpoint', `${name}_v1.yml`))
  const evidence = join(samples, 'powershell-operational.xml')

  test('the same content finds the same: 0', async () => {
    const { code, out } = await runVerb(diff, pack, pack, evidence)
    expect([code, out]).toEqual([0, ''])
  })

  test('gained, lost and changed findings: 1', async () => {
    const { code, out } = await runVerb(diff, pack, changed, evidence)
    expect(code).toBe(1)
    const found = lines(out).map(({ kind, change }) => `${kind} ${change}`)
    expect(found.sort()).toEqual([
      'detection changed',
      'detection removed',
      'finding changed',
      'finding changed',
      'finding lost',
      'finding lost',
      'finding lost',
    ])
    const markdown = (await runVerb(diff, changed, pack, evidence, '-o', 'markdown')).out
    expect(markdown).toContain('3 findings gained, 0 lost, 2 changed, 0 the same. 2 detections differ.')
    expect(markdown).toContain(
      'risk objects: "system HR-WS07.corp.example: 20" → "system HR-WS07.corp.example: 63"',
    )
  })

  test('it needs evidence that can be read twice', async () => {
    await expect(runVerb(diff, pack, pack)).rejects.toThrow('karst diff needs two contents and evidence')
    await expect(runVerb(diff, pack, pack, '-')).rejects.toThrow('reads the evidence twice')
  })
})
