// mvrange()

import { formatNumber } from '../../../base/text/number.ts'
import { applyRelativeTime, parseTimeSpan, type TimeSpan } from '../../../base/time/relative.ts'
import { multivalue, numberOf, type Value } from '../../../value/value.ts'
import { text } from '../arguments.ts'
import { defineFunction } from '../function.ts'

/** More values than this are a mistake, and one that fills the memory. */
export const mostValues = 1_000_000

export const mvrange = defineFunction({
  name: 'mvrange',
  category: 'multivalue',
  parameters: [
    { name: 'start', type: 'number' },
    { name: 'end', type: 'number' },
    { name: 'step', type: 'number', optional: true },
  ],
  returns: 'multivalue',
  summary:
    'The numbers from a start up to, not including, an end, in steps of 1, another number, or a time span such as 7d.',
  examples: [
    { expression: 'mvrange(1, 11, 2)', result: ['1', '3', '5', '7', '9'] },
    { expression: 'mvrange(1514834731, 1516000000, "7d")', result: ['1514834731', '1515439531'] },
  ],
  call: ([start, end, step], { timeZone, warn }): Value => {
    const first = numberOf(start)
    const limit = numberOf(end)
    const by = step === undefined ? 1 : (numberOf(step) ?? parseTimeSpan(text(step)))
    if (first === undefined || limit === undefined || by === undefined || by === 0) return undefined
    const values: string[] = []
    for (let number = first; isBefore(number, limit, by); number = next(first, values.length, by, timeZone)) {
      if (values.push(formatNumber(number)) >= mostValues) {
        // Numbers come from events, too: one that is too large must not end the search.
        warn({
          code: 'limit-reached',
          severity: 'warning',
          message: `mvrange() would make more than ${mostValues} values; such a result is null.`,
          labels: [],
        })
        return undefined
      }
    }
    return multivalue(values)
  },
})

const isBefore = (number: number, limit: number, by: number | TimeSpan): boolean =>
  typeof by === 'number' && by < 0 ? number > limit : number < limit

/** Counted from the first number, so that fractions do not add up their errors. */
function next(first: number, steps: number, by: number | TimeSpan, timeZone: string): number {
  return typeof by === 'number'
    ? first + steps * by
    : applyRelativeTime(
        { steps: [{ kind: 'offset', amount: steps * by.amount, unit: by.unit }] },
        first,
        timeZone,
      )
}
