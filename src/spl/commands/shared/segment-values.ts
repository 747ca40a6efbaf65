// PREFIX(kbps=): what follows a text in the raw event, up to the end of the segment, as if it were a field.
// Search Reference: tstats, "Use PREFIX() to aggregate or group by raw tokens"

import type { Batch } from '../../../value/batch.ts'
import { type Column, mapColumn } from '../../../value/column.ts'
import { multivalue, textOf } from '../../../value/value.ts'

/** What ends a segment. segmenters.conf: MAJOR */
const majorBreakers = '\\s\\[\\]<>(){}|!;,\'"*&?+'
const minorBreakers = '/:=@.\\-$#%\\\\_'

/** The name between the parentheses of `PREFIX(…)`; undefined for any other field. */
export function prefixOf(field: string): string | undefined {
  return /^PREFIX\((.+)\)$/i.exec(field)?.[1]
}

/** Makes the columns that a tstats search asks for by PREFIX(). Segments are in lower case, as in an index. */
export function withSegments(batch: Batch, fields: readonly string[]): Batch {
  const columns = fields.flatMap((field): readonly (readonly [string, Column | undefined])[] => {
    const prefix = prefixOf(field)
    const raw = batch.column('_raw')
    return prefix === undefined ? [] : [[field, raw && mapColumn(raw, segmentValues(prefix))]]
  })
  return columns.length === 0 ? batch : batch.with(columns)
}

function segmentValues(prefix: string): Parameters<typeof mapColumn>[1] {
  const escaped = prefix.toLowerCase().replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
  const pattern = new RegExp(`(?:^|[${majorBreakers}${minorBreakers}])${escaped}([^${majorBreakers}]+)`, 'g')
  return (value) => {
    const text = textOf(value)
    if (text === undefined) return undefined
    return multivalue([...new Set(Array.from(text.toLowerCase().matchAll(pattern), (match) => match[1]!))])
  }
}
