// Rates per time unit for timechart: the sum of a bin over its length.

import { assert } from '../../diagnostics/diagnostic.ts'
import type { Accumulator, AggregateOptions } from './aggregate.ts'
import { Sums } from './sums.ts'

/**
 * Adds up a field and scales each bin's sum to a unit of time: a bin of 30 minutes counts twice per hour.
 * @param unitSeconds how long the unit is
 */
export function perTime(unitSeconds: number, { secondsOf }: AggregateOptions): Accumulator {
  assert(secondsOf !== undefined, 'a rate per time unit was calculated without time bins')
  return new Sums((sum, _count, group) => (sum * unitSeconds) / secondsOf(group))
}
