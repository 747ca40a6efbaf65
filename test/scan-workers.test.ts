// Several threads read for a scan: what it finds and says is the same for any number of them. The program is built and run
// as users run it: threads cannot be started from its source.

import { execFile, execFileSync } from 'node:child_process'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'karst-workers-'))
const evidence = join(folder, 'evidence')
const content = join(folder, 'content')

/** Reads its evidence twice: the time of the second reading is known only after the first. */
const twice =
  '`powershell` EventCode=4104 [search `powershell` EventCode=4104 ScriptBlockText="*ShellExecute*" | stats count by Computer | fields Computer] | stats count by Computer'

beforeAll(() => {
  execFileSync(process.execPath, ['--import', 'tsx', 'tools/bundle.ts', '--into', join(folder, 'dist')], {
    cwd: root,
  })
  copyFileSync(join(root, 'package.json'), join(folder, 'package.json'))
  symlinkSync(join(root, 'packs'), join(folder, 'packs'))
  mkdirSync(content)
  for (const copy of ['a', 'b', 'c']) {
    mkdirSync(join(evidence, copy), { recursive: true })
    for (const name of readdirSync(join(root, 'samples'))) {
      copyFileSync(join(root, 'samples', name), join(evidence, copy, name))
    }
  }
  writeFileSync(join(evidence, 'broken.evtx'), Buffer.from('ElfFile\0 and nothing else'))
  writeFileSync(join(evidence, 'empty.json'), '')
  for (const [name, search] of Object.entries({
    seed: '`powershell` EventCode=4104 ScriptBlockText="*Document.Application.ShellExecute*" | stats count by Computer ScriptBlockText',
    twice,
    everything: 'index=* | table _time EventCode Computer',
    none: 'sourcetype=nothing | stats count',
  })) {
    writeFileSync(
      join(content, `${name}.yml`),
      `name: ${name}\nid: ${name}\nversion: 1\ntype: TTP\nsearch: ${JSON.stringify(search)}\n`,
    )
  }
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true }))

interface ScanResult {
  readonly code: number
  readonly found: string
  readonly said: string
}

function scanWith(workers: number): Promise<ScanResult> {
  const args = [join(folder, 'dist/cli/main.js'), 'scan', evidence, '--content', content]
  const program = [...args, '--workers', String(workers), '--no-config', '--no-cache', '-o', 'ndjson']
  return new Promise((resolve) => {
    execFile(process.execPath, program, { cwd: root, maxBuffer: 1e9 }, (error, stdout, stderr) => {
      // How long it took differs.
      const said = stderr.replace(/ in [\d.]+ s \([\d,]+\/s\)/, '')
      resolve({ code: Number(error?.code ?? 0), found: stdout, said })
    })
  })
}

test('findings and summary are the same for any number of threads', { timeout: 60_000 }, async () => {
  const alone = await scanWith(0)
  // The broken file.
  expect(alone.code).toBe(4)
  expect(alone.found.split('\n').length).toBeGreaterThan(500)
  expect(alone.found).toContain('"twice"')
  expect(alone.said).toContain('broken.evtx')
  for (const workers of [1, 3]) expect(await scanWith(workers)).toEqual(alone)
})
