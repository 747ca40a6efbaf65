// Outliers by the range of the middle half: for outlier and anomalydetection method=iqr.
// Search Reference: outlier

import { formatNumber } from '../../../base/text/number.ts'
import { hasWildcard } from '../../../base/text/wildcard.ts'
import type { Batch } from '../../../value/batch.ts'
import { nullColumn } from '../../../value/column.ts'
import { allRows, andInto, not } from '../../../value/mask.ts'
import { numberOf, type Value } from '../../../value/value.ts'
import { mapOne, maskWhere } from '../../eval/columns.ts'
import type { WantedFields } from '../../host.ts'
import { union } from '../../plan/wanted-fields.ts'
import type { RunContext } from '../../run/context.ts'
import { forEachNumber } from '../../stats/each-value.ts'
import { interpolatedPercentile } from '../../stats/number-lists.ts'
import { keepBatches } from './keep-batches.ts'
import { summedFields } from './sum-fields.ts'

export interface OutlierTerms {
  readonly removes: boolean
  /** Whether values that are cut off begin with 000. */
  readonly marks: boolean
  /** How many times the range of the middle half a number may lie outside of it. */
  readonly factor: number
  readonly usesLower: boolean
  readonly patterns: readonly string[]
}

/** The bounds that numbers of a field must keep. */
interface Bounds {
  readonly lower: number
  readonly upper: number
}

/** Which fields outliers are looked for in, and what is wanted besides. */
export function outlierFields({ patterns }: OutlierTerms, wanted: WantedFields): WantedFields {
  return patterns.length === 0 || patterns.some(hasWildcard) ? 'all' : union(wanted, patterns)
}

/** Removes rows with outliers, or cuts the outliers off. */
export async function* withoutOutliers(
  terms: OutlierTerms,
  input: AsyncIterable<Batch>,
  context: RunContext,
  command: string,
): AsyncIterable<Batch> {
  const isChecked = summedFields(terms.patterns)
  const numbers = new Map<string, number[]>()
  const batches = await keepBatches(input, context, command, (batch) => {
    for (const name of batch.names()) {
      if (!isChecked(name)) continue
      const list = numbers.get(name) ?? []
      numbers.set(name, list)
      const column = batch.column(name)
      forEachNumber(
        { column, length: batch.length, groups: new Uint32Array(batch.length) },
        (_group, number) => {
          list.push(number)
        },
      )
    }
  })
  const bounds = [...numbers].flatMap(([name, list]) =>
    list.length === 0 ? [] : [[name, boundsOf(list, terms)] as const],
  )
  for (const batch of batches) {
    const result = terms.removes ? removed(batch, bounds) : transformed(batch, bounds, terms.marks)
    if (result.length > 0) yield result
  }
}

function boundsOf(numbers: readonly number[], { factor, usesLower }: OutlierTerms): Bounds {
  const sorted = Float64Array.from(numbers).sort()
  const low = interpolatedPercentile(sorted, 25)
  const high = interpolatedPercentile(sorted, 75)
  const reach = factor * (high - low)
  return { lower: usesLower ? low - reach : Number.NEGATIVE_INFINITY, upper: high + reach }
}

const isOutside = (value: Value, { lower, upper }: Bounds): boolean => {
  const number = numberOf(value)
  return number !== undefined && (number < lower || number > upper)
}

function removed(batch: Batch, bounds: readonly (readonly [string, Bounds])[]): Batch {
  const kept = allRows(batch.length)
  for (const [name, limits] of bounds) {
    const column = batch.column(name) ?? nullColumn
    andInto(kept, not(maskWhere(column, batch.length, (value) => isOutside(value, limits))))
  }
  return batch.filter(kept)
}

function transformed(batch: Batch, bounds: readonly (readonly [string, Bounds])[], marks: boolean): Batch {
  return batch.with(
    bounds.map(([name, limits]) => {
      const cut = (value: Value): Value => {
        if (!isOutside(value, limits)) return value
        const limit = Math.min(Math.max(numberOf(value)!, limits.lower), limits.upper)
        return marks ? `000${formatNumber(limit)}` : limit
      }
      return [name, mapOne(batch.column(name) ?? nullColumn, batch.length, cut)] as const
    }),
  )
}
