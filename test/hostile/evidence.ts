// Writes hostile evidence into a folder of its own and runs searches and detections over it, as a user would.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type KarstOptions, openKarst } from '../../src/engine/engine.ts'
import type { FileReport } from '../../src/source/read-evidence.ts'
import { type ResultRow, resultRow } from '../../src/value/result-row.ts'

export type Files = Readonly<Record<string, string | Uint8Array>>

const folders: string[] = []

/** To be called after the tests of a file. */
export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
}

/** Writes files into a new folder. */
export function folderOf(files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), 'karst-hostile-'))
  folders.push(folder)
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  return folder
}

export interface Ran {
  readonly rows: readonly ResultRow[]
  readonly files: readonly FileReport[]
  readonly warnings: readonly string[]
}

/** Runs a search over files and gives its rows and what became of the files. */
export async function search(spl: string, files: Files, options: KarstOptions = {}): Promise<Ran> {
  const warnings: string[] = []
  const karst = await openKarst({
    incidents: false,
    report: ({ message }) => warnings.push(message),
    ...options,
  })
  const { rows, evidence } = karst.search(spl, Object.keys(files).length === 0 ? [] : [folderOf(files)])
  const found: ResultRow[] = []
  for await (const batch of rows)
    for (let row = 0; row < batch.length; row++) found.push(resultRow(batch.row(row)))
  return { rows: found, files: evidence()?.files ?? [], warnings }
}

/** Scans files with detections of these searches. */
export async function scan(
  searches: Readonly<Record<string, string>>,
  files: Files,
  options: KarstOptions = {},
) {
  const content = folderOf(
    Object.fromEntries(
      Object.entries(searches).map(([name, spl], index) => [
        `${name}.yml`,
        `name: ${name}\nid: 00000000-0000-4000-8000-00000000000${index}\nversion: 1\ntype: TTP\nsearch: ${JSON.stringify(spl)}\n`,
      ]),
    ),
  )
  const karst = await openKarst({ incidents: false, content: [content], ...options })
  const findings: string[] = []
  const { outcomes, evidence } = await karst.scan(
    [folderOf(files)],
    {},
    {
      onFinding: ({ detection }) => findings.push(detection.name),
    },
  )
  const outcomeOf = (name: string) => outcomes.find(({ detection }) => detection.name === name)!
  return { findings, outcomeOf, evidence }
}
