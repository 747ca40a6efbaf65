// relative_time()

import { applyRelativeTime, parseRelativeTime } from '../../../base/time/relative.ts'
import { searchError } from '../../../diagnostics/diagnostic.ts'
import { numberOf } from '../../../value/value.ts'
import { text } from '../arguments.ts'
import { bounded } from '../bounded-cache.ts'
import { defineFunction } from '../function.ts'

const specifiersFromData = bounded((specifier) => ({ relative: parseRelativeTime(specifier) }))

export const relativeTime = defineFunction({
  name: 'relative_time',
  category: 'date and time',
  parameters: [
    { name: 'time', type: 'number' },
    { name: 'specifier', type: 'string' },
  ],
  returns: 'number',
  summary: 'A time moved by a relative time such as -1d@d.',
  examples: [
    { expression: 'relative_time(1700000000, "-1h")', result: '1699996400' },
    { expression: 'relative_time(1700000000, "-1d@d")', result: '1699833600' },
  ],
  call: ([time, specifier], context) => {
    const epoch = numberOf(time)
    const { relative } = specifiersFromData(text(specifier))
    if (epoch === undefined || relative === undefined) return undefined
    return applyRelativeTime(relative, epoch, context.timeZone)
  },
  prepare: ([, specifier], context) => {
    if (specifier === undefined || specifier.value === undefined) return undefined
    const relative = parseRelativeTime(text(specifier.value))
    if (relative === undefined) {
      throw searchError(
        'bad-argument',
        `"${text(specifier.value)}" is not a relative time.`,
        'Write an offset and a unit to snap to, as in -1d@d or +2h.',
      )
    }
    return ([time]) => {
      const epoch = numberOf(time)
      return epoch === undefined ? undefined : applyRelativeTime(relative, epoch, context.timeZone)
    }
  },
})
