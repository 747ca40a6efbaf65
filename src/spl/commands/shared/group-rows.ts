// Turns the groups of an aggregation into result rows: one row per group, the BY fields first.

import { Batch, batchRows, type Origins } from '../../../value/batch.ts'
import { plain } from '../../../value/column.ts'
import { numberOf, textOf } from '../../../value/value.ts'
import type { AggregateResult, Aggregation } from '../../stats/aggregation.ts'
import { compareText } from '../../stats/text-order.ts'

/** The groups in the order in which stats shows them: by the text of their BY fields, `_time` as a number. */
export function sortedGroups({ grouping }: Aggregation, by: readonly string[]): Uint32Array {
  const groups = Uint32Array.from({ length: grouping.count }, (_, group) => group)
  if (by.length === 0) return groups
  const orders = by.map((name, field) => {
    if (name === '_time') {
      const times = Float64Array.from(groups, (group) => numberOf(grouping.keyOf(group, field)) ?? 0)
      return (a: number, b: number) => times[a]! - times[b]!
    }
    const texts = Array.from(groups, (group) => textOf(grouping.keyOf(group, field)) ?? '')
    return (a: number, b: number) => compareText(texts[a]!, texts[b]!)
  })
  return groups.sort((a, b) => {
    for (const order of orders) {
      const difference = order(a, b)
      if (difference !== 0) return difference
    }
    return a - b
  })
}

/** One row for each of the groups, in their order. */
export function* groupRows(
  aggregation: Aggregation,
  by: readonly string[],
  groups: Uint32Array,
  results: readonly AggregateResult[] = aggregation.results(),
): Iterable<Batch> {
  for (let start = 0; start < groups.length; start += batchRows) {
    const part = groups.subarray(start, start + batchRows)
    const keys = by.map(
      (name, field) =>
        [name, plain(Array.from(part, (group) => aggregation.grouping.keyOf(group, field)))] as const,
    )
    const values = results.map(
      ({ name, value }) => [name, plain(Array.from(part, (group) => value(group)))] as const,
    )
    yield new Batch(part.length, [...keys, ...values], undefined, originsOf(aggregation, part))
  }
}

/** The events of rows that stand for groups, where they are known. */
export function originsOf(aggregation: Aggregation, groups: Uint32Array): Origins | undefined {
  return aggregation.hasOrigins ? (row) => aggregation.originsOf(groups[row]!) : undefined
}
