// Turns rows into search text: `( ( a="1" AND b="2" ) OR ( a="3" ) )`. The format command and subsearches share it.

import type { Batch } from '../../../value/batch.ts'
import { textsOf, type Value } from '../../../value/value.ts'

/** The pieces that join rows and fields, in the order in which the format command takes them. */
export interface FormatPieces {
  readonly rowPrefix: string
  readonly columnPrefix: string
  readonly columnSeparator: string
  readonly columnEnd: string
  readonly rowSeparator: string
  readonly rowEnd: string
}

/** Search Reference: format, default arguments */
export const defaultPieces: FormatPieces = {
  rowPrefix: '(',
  columnPrefix: '(',
  columnSeparator: 'AND',
  columnEnd: ')',
  rowSeparator: 'OR',
  rowEnd: ')',
}

/** What no rows turn into: a search that matches nothing. */
export const emptySearch = 'NOT ( )'

/** One row as the conditions it states; fields in alphabetical order, internal ones left out. */
function rowConditions(row: ReadonlyMap<string, Value>, mvSeparator: string): string[] {
  const names = [...row.keys()].filter((name) => !name.startsWith('_')).sort()
  return names.flatMap((name) => {
    const texts = textsOf(row.get(name))
    if (texts.length === 0) return []
    // Fields of these names bring ready text. Search Reference: format; Search Manual: About subsearches
    const conditions =
      name === 'search' || name === 'query'
        ? texts
        : texts.map((text) => `${fieldName(name)}="${escaped(text)}"`)
    return conditions.length === 1 ? conditions : [`( ${conditions.join(` ${mvSeparator} `)} )`]
  })
}

const fieldName = (name: string): string => (/[\s"()=]/.test(name) ? `"${escaped(name)}"` : name)
const escaped = (text: string): string => text.replace(/[\\"]/g, '\\$&')

/**
 * Formats all rows; undefined when no row states a condition.
 * @param mvSeparator joins the values of a multivalue field
 */
export function formatRows(
  batches: readonly Batch[],
  pieces: FormatPieces = defaultPieces,
  mvSeparator = 'OR',
  maxRows = Number.POSITIVE_INFINITY,
): string | undefined {
  const rows: string[] = []
  for (const batch of batches) {
    for (let row = 0; row < batch.length && rows.length < maxRows; row++) {
      const conditions = rowConditions(batch.row(row), mvSeparator)
      if (conditions.length === 0) continue
      rows.push(
        `${pieces.columnPrefix} ${conditions.join(` ${pieces.columnSeparator} `)} ${pieces.columnEnd}`,
      )
    }
  }
  if (rows.length === 0) return undefined
  return `${pieces.rowPrefix} ${rows.join(` ${pieces.rowSeparator} `)} ${pieces.rowEnd}`
}
