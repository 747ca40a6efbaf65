// tostring()

import { formatNumber } from '../../../base/text/number.ts'
import { searchError } from '../../../diagnostics/diagnostic.ts'
import { isMultivalue, numberOf, scalarText, type Value } from '../../../value/value.ts'
import { text } from '../arguments.ts'
import { defineFunction } from '../function.ts'
import { roundTo } from '../precision.ts'
import { group } from '../printf.ts'

/** How a number, also given as shown, is written in each format; undefined where the format does not fit it. */
const formats: Readonly<Record<string, (number: number, shown: string) => string | undefined>> = {
  binary: (number) => (number >= 0 && Number.isSafeInteger(number) ? number.toString(2) : undefined),
  hex: (number) => `${number < 0 ? '-' : ''}0x${Math.trunc(Math.abs(number)).toString(16).toUpperCase()}`,
  commas: (number) => {
    const digits = Number.isInteger(number)
      ? formatNumber(Math.abs(number))
      : roundTo(Math.abs(number), 2).toFixed(2)
    return `${number < 0 ? '-' : ''}${group(digits)}`
  },
  duration,
}

export const tostring = defineFunction({
  name: 'tostring',
  category: 'conversion',
  parameters: [
    { name: 'value', type: 'any' },
    { name: 'format', type: 'string', optional: true },
  ],
  returns: 'string',
  summary: 'A value as text; a number also as "hex", "binary", "commas" or "duration".',
  examples: [
    { expression: 'tostring(1==1)', result: 'True' },
    { expression: 'tostring(255, "hex")', result: '0xFF' },
    { expression: 'tostring(9, "binary")', result: '1001' },
    { expression: 'tostring(12345.6789, "commas")', result: '12,345.68' },
    { expression: 'tostring(615, "duration")', result: '00:10:15' },
    { expression: 'tostring(90061, "duration")', result: '1+01:01:01' },
  ],
  call: ([value, format]): Value => {
    if (isMultivalue(value)) return value
    const shown = scalarText(value!)
    const number = typeof value === 'boolean' ? undefined : numberOf(value)
    if (format === undefined || number === undefined || !Number.isFinite(number)) return shown
    const write = Object.hasOwn(formats, text(format)) ? formats[text(format)] : undefined
    return write === undefined ? shown : write(number, shown)
  },
  prepare: ([, format]) => {
    const name = format?.value
    if (name === undefined || Object.hasOwn(formats, text(name))) return undefined
    throw searchError(
      'bad-argument',
      `tostring() has no format "${text(name)}".`,
      `It has ${Object.keys(formats).join(', ')}.`,
    )
  },
})

/**
 * Seconds as HH:MM:SS, with D+ before it from one day on, and microseconds behind it when the number has decimals, also
 * when these are zeros: the difference of two strptime() is 00:10:15.000000.
 */
function duration(seconds: number, shown: string): string {
  const [whole = '0', fraction = ''] = roundTo(Math.abs(seconds), 6).toFixed(6).split('.')
  const total = Number(whole)
  const days = Math.floor(total / 86_400)
  const clock = [Math.floor(total / 3600) % 24, Math.floor(total / 60) % 60, total % 60]
    .map((part) => String(part).padStart(2, '0'))
    .join(':')
  return `${seconds < 0 ? '-' : ''}${days > 0 ? `${days}+` : ''}${clock}${shown.includes('.') ? `.${fraction}` : ''}`
}
