// Evidence as a text in tests, read as a scan reads files: decoded by its content or by a stated layout, identified, and
// given as one batch.

import type { Damage } from '../../src/decode/reader.ts'
import type { DefaultMetadata } from '../../src/knowledge/identify.ts'
import type { Knowledge } from '../../src/knowledge/knowledge.ts'
import { readEvidence } from '../../src/source/read-evidence.ts'
import { blocksOf } from '../../src/source/scan.ts'
import type { Batch } from '../../src/value/batch.ts'
import type { Value } from '../../src/value/value.ts'

export interface TextReading {
  readonly defaults?: DefaultMetadata
  readonly timeZone?: string
  onDamage?(damage: Damage): void
}

/** The events of a text as one batch. */
export async function batchOfText(
  text: string | Uint8Array,
  knowledge: Knowledge,
  { defaults = {}, timeZone, onDamage }: TextReading = {},
): Promise<Batch> {
  async function* stdin() {
    yield Buffer.from(text)
  }
  const { groups, report } = readEvidence(['-'], {
    stdin: stdin(),
    layoutOf: (file) => knowledge.fileLayout(file, defaults),
    ...(timeZone === undefined ? {} : { timeZone }),
    onFile: () => {},
  })
  const batches: Batch[] = []
  for await (const batch of blocksOf(groups, knowledge, defaults)) batches.push(batch)
  for (const file of report.files) {
    for (const damage of file.damages) onDamage?.(damage)
    if (file.reason !== undefined) throw new Error(file.reason)
  }
  if (batches.length !== 1) throw new Error(`${batches.length} batches`)
  return batches[0]!
}

/** The values of some fields, row by row. */
export const rowsOf = (batch: Batch, ...names: string[]): Value[][] =>
  Array.from({ length: batch.length }, (_, row) => names.map((name) => batch.value(name, row)))
