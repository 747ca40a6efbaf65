// printf()

import { text } from '../arguments.ts'
import { bounded } from '../bounded-cache.ts'
import { defineFunction } from '../function.ts'
import { formatArguments, parseFormat } from '../printf.ts'

const formats = bounded(parseFormat)

export const printf = defineFunction({
  name: 'printf',
  category: 'conversion',
  parameters: [
    { name: 'format', type: 'string' },
    { name: 'arguments', type: 'number', optional: true, repeated: true },
  ],
  returns: 'string',
  summary: "A text built from a format and values, as C's sprintf does.",
  examples: [
    { expression: 'printf("%04d|%-4d|%+d", 1, 1, 1)', result: '0001|1   |+1' },
    { expression: 'printf("%.2f %s", 3.14159, "pi")', result: '3.14 pi' },
    { expression: 'printf("%.3A", pi())', result: '0X1.922P+1' },
    { expression: `printf("%'d", 12345)`, result: '12,345' },
  ],
  acceptsNull: true,
  call: ([format, ...args]) =>
    format === undefined ? undefined : formatArguments(formats(text(format)), args),
  prepare: ([format]) => {
    if (format === undefined || format.value === undefined) return undefined
    const parts = parseFormat(text(format.value))
    return ([, ...args]) => formatArguments(parts, args)
  },
})
