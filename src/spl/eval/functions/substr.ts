// substr()

import { numberOf, type Value } from '../../../value/value.ts'
import { eachText } from '../arguments.ts'
import { defineFunction } from '../function.ts'

export const substr = defineFunction({
  name: 'substr',
  category: 'text',
  parameters: [
    { name: 'str', type: 'string' },
    { name: 'start', type: 'number' },
    { name: 'length', type: 'number', optional: true },
  ],
  returns: 'string',
  summary:
    'A part of a text from a place, counted from 1, or from -1 at the end, and of a length, or to the end.',
  examples: [
    { expression: 'substr("hello", 2, 2)', result: 'el' },
    { expression: 'substr("hello", -3)', result: 'llo' },
    { expression: 'substr("hello", -3, 2)', result: 'll' },
  ],
  call: ([value, start, length]): Value => {
    const from = numberOf(start)
    const count = length === undefined ? Number.POSITIVE_INFINITY : numberOf(length)
    if (from === undefined || count === undefined) return undefined
    return eachText(value, (item) => part(item, Math.trunc(from), Math.trunc(count)))
  },
})

/** As SQLite's substr(): places before the first count against the length, a negative length takes what precedes. */
function part(item: string, start: number, length: number): string {
  const characters = [...item]
  let first = start > 0 ? start - 1 : start < 0 ? characters.length + start : -1
  let last = first + length
  if (length < 0) [first, last] = [first + length, first]
  return characters.slice(Math.max(0, first), Math.max(0, last)).join('')
}
