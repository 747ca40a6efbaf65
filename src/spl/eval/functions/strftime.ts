// strftime()

import { strftime as formatTime } from '../../../base/time/strftime.ts'
import { numberOf } from '../../../value/value.ts'
import { text } from '../arguments.ts'
import { defineFunction } from '../function.ts'

export const strftime = defineFunction({
  name: 'strftime',
  category: 'date and time',
  parameters: [
    { name: 'time', type: 'number' },
    { name: 'format', type: 'string' },
  ],
  returns: 'string',
  summary: 'A time in epoch seconds as text, in a format such as %Y-%m-%d.',
  examples: [
    { expression: 'strftime(1700000000, "%Y-%m-%d %H:%M:%S")', result: '2023-11-14 22:13:20' },
    { expression: 'strftime("tomorrow", "%Y")', result: null },
  ],
  call: ([time, format], context) => {
    const epoch = numberOf(time)
    return epoch === undefined ? undefined : formatTime(epoch, text(format), context.timeZone)
  },
})
