// strptime()

import { strptime as parseTime } from '../../../base/time/strptime.ts'
import { isMultivalue } from '../../../value/value.ts'
import { text } from '../arguments.ts'
import { defineFunction } from '../function.ts'
import { fixed } from '../precision.ts'

export const strptime = defineFunction({
  name: 'strptime',
  category: 'date and time',
  parameters: [
    { name: 'str', type: 'string' },
    { name: 'format', type: 'string' },
  ],
  returns: 'number',
  summary: 'The epoch seconds, with six decimals, of a time written in a format; null when it does not fit.',
  examples: [
    { expression: 'strptime("2023-11-14 22:13:20", "%Y-%m-%d %H:%M:%S")', result: '1700000000.000000' },
    { expression: 'strptime("2023-11", "%Y-%m")', result: null },
  ],
  call: ([time, format], context) => {
    if (isMultivalue(time)) return undefined
    const epoch = parseTime(text(time), text(format), context.timeZone, context.now)
    return epoch === undefined ? undefined : fixed(epoch, 6)
  },
})
