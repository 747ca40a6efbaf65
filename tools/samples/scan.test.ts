// The bundled detection over the samples: every expected row, and no other.

import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Finding } from '../../src/detect/finding.ts'
import { openKarst } from '../../src/engine/engine.ts'
import { expectedOfVersion1, expectedOfVersion3 } from './expected.ts'

const samples = fileURLToPath(new URL('../../samples', import.meta.url))

type Row = Readonly<Record<string, unknown>>

/** Rows as text, in an order that depends on nothing but the rows. */
const sorted = (rows: readonly Row[]): string[] =>
  rows
    .map((row) =>
      JSON.stringify(
        Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)),
        null,
        1,
      ),
    )
    .sort()

/** The rows of a version's findings by the file that their events stand in. */
function found(findings: readonly Finding[], version: number): Record<string, string[]> {
  const ofVersion = findings.filter(({ detection }) => detection.version === version)
  const fileOf = ({ events }: Finding): string => basename(events[0]!.file)
  const files = [...new Set(ofVersion.map(fileOf))]
  const rowsOf = (file: string): Row[] =>
    ofVersion.filter((finding) => fileOf(finding) === file).map(({ row }) => row)
  return Object.fromEntries(files.map((file) => [file, sorted(rowsOf(file))]))
}

const expected = (files: readonly { readonly file: string; readonly rows: readonly object[] }[]) =>
  Object.fromEntries(files.map(({ file, rows }) => [file, sorted(rows as readonly Row[])]))

test('both versions find the expected rows of every file and nothing else', async () => {
  const findings: Finding[] = []
  const karst = await openKarst()
  const { outcomes } = await karst.scan([samples], {}, { onFinding: (finding) => findings.push(finding) })
  expect(found(findings, 1)).toEqual(expected(expectedOfVersion1))
  expect(found(findings, 3)).toEqual(expected(expectedOfVersion3))

  expect(outcomes.map(({ status }) => status)).toEqual(['ran', 'ran'])
  for (const { detection, risk, severity, row } of findings) {
    expect(severity).toBe('high')
    const computer = detection.version === 3 ? row['Computer'] : row['ComputerName']
    expect(risk.objects.map(({ object, type, score }) => [object, type, score])).toEqual([
      [computer, 'system', 63],
    ])
    // Version 1 was published without the dollar that would close its token.
    const named = detection.version === 3 ? computer : '$ComputerName'
    expect(risk.message).toBe(
      `A process was started on a remote endpoint from ${named} by abusing WMI using PowerShell.exe`,
    )
  }
})
