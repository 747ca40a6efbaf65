// The bundled detection over the samples: every expected row, and no other.

import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Finding } from '../../src/detect/finding.ts'
import { openKarst } from '../../src/engine/engine.ts'
import { expectedOfVersion1, expectedOfVersion3 } from './expected.ts'

const samples = fileURLToPath(new URL('../../samples', import.meta.url))

/** The rows of a version's findings by the file that their events stand in, in no order. */
function rowsByFile(findings: readonly Finding[], version: number) {
  const rows: Record<string, unknown[]> = {}
  for (const { detection, row, events } of findings) {
    if (detection.version !== version) continue
    const file = basename(events[0]!.file)
    rows[file] ??= []
    rows[file].push({ ...row })
  }
  return rows
}

/** What is expected, with each file's rows in no order. */
const inAnyOrder = (expected: readonly { file: string; rows: readonly unknown[] }[]) =>
  Object.fromEntries(expected.map(({ file, rows }) => [file, expect.toSatisfy((found: unknown[]) => sameRows(found, rows))]))

function sameRows(found: readonly unknown[], rows: readonly unknown[]): boolean {
  const sorted = (all: readonly unknown[]): string[] =>
    all.map((row) => JSON.stringify(Object.entries(row as object).sort(([a], [b]) => (a < b ? -1 : 1)))).sort()
  expect(sorted(found)).toEqual(sorted(rows))
  return true
}

test('both versions find the expected rows of every file and nothing else', async () => {
  const findings: Finding[] = []
  const karst = await openKarst()
  const { evidence, outcomes } = await karst.scan([samples], {}, { onFinding: (finding) => findings.push(finding) })
  expect(rowsByFile(findings, 1)).toEqual(inAnyOrder(expectedOfVersion1))
  expect(rowsByFile(findings, 3)).toEqual(inAnyOrder(expectedOfVersion3))

  expect(outcomes.map(({ status }) => status)).toEqual(['ran', 'ran'])
  expect(evidence).toBeDefined()
  for (const { detection, risk, severity, row } of findings) {
    expect(severity).toBe('high')
    const computer = detection.version === 3 ? row['Computer'] : row['ComputerName']
    expect(risk.objects.map(({ object, type, score }) => [object, type, score])).toEqual([[computer, 'system', 63]])
    // Version 1 was published without the dollar that would close its token.
    const named = detection.version === 3 ? computer : '$ComputerName'
    expect(risk.message).toBe(
      `A process was started on a remote endpoint from ${named} by abusing WMI using PowerShell.exe`,
    )
  }
})
