// The format language of printf(): C's conversions with Splunk's aliases (%i, %z, %p).
// (Search Reference: Conversion functions, printf)

import { searchError } from '../../diagnostics/diagnostic.ts'
import { numberOf, textOf, type Value } from '../../value/value.ts'
import { digitsBeforePoint } from './precision.ts'

/** A literal text, or a conversion of an argument. */
export type FormatPart = string | Conversion

interface Conversion {
  readonly flags: string
  /** A number, or `*`: taken from the arguments. */
  readonly width: number | '*' | undefined
  readonly precision: number | '*' | undefined
  readonly specifier: string
}

/** The widest field: a width is attacker-sized text otherwise. */
const widest = 10_000

const conversionPattern =
  /%(?<flags>['\-0+ #]*)(?<width>\d+|\*)?(?:\.(?<precision>\d+|\*)?)?(?<specifier>[a-zA-Z%])/y
const supported = 'aAcdieEfFgGosxXpuz'

/**
 * Splits a format into texts and conversions.
 * @throws SearchError for a conversion that printf() does not have
 */
export function parseFormat(format: string): FormatPart[] {
  const parts: FormatPart[] = []
  let position = 0
  while (position < format.length) {
    const percent = format.indexOf('%', position)
    if (percent !== position) {
      parts.push(format.slice(position, percent < 0 ? format.length : percent))
      if (percent < 0) break
    }
    conversionPattern.lastIndex = percent
    const found = conversionPattern.exec(format)
    const groups = found?.groups
    const specifier = groups?.['specifier']
    if (found === null || groups === undefined || specifier === undefined) {
      throw searchError(
        'bad-argument',
        `printf: "${format.slice(percent, percent + 10)}" is not a conversion.`,
      )
    }
    if (specifier === '%') parts.push('%')
    else if (supported.includes(specifier)) {
      const hasPrecision = /\.(?:\d+|\*)?[a-zA-Z]$/.test(found[0])
      parts.push({
        flags: groups['flags'] ?? '',
        width: sizeOf(groups['width']),
        precision: hasPrecision ? (sizeOf(groups['precision']) ?? 0) : undefined,
        specifier,
      })
    } else throw searchError('bad-argument', `printf has no conversion "${found[0]}".`)
    position = percent + found[0].length
  }
  return parts
}

const sizeOf = (text: string | undefined): number | '*' | undefined =>
  text === undefined ? undefined : text === '*' ? '*' : Math.min(Number(text), widest)

/** Prints the arguments; one that is missing or null prints as nothing, as zero for a number. */
export function formatArguments(parts: readonly FormatPart[], args: readonly Value[]): string {
  let next = 0
  const size = (given: number | '*' | undefined): number | undefined =>
    given === '*' ? Math.max(-widest, Math.min(widest, Math.trunc(numberOf(args[next++]) ?? 0))) : given
  return parts
    .map((part) => {
      if (typeof part === 'string') return part
      let { flags } = part
      let width = size(part.width)
      const precision = size(part.precision)
      if (width !== undefined && width < 0) {
        flags += '-'
        width = -width
      }
      return convert(part.specifier, flags, width ?? 0, precision, args[next++])
    })
    .join('')
}

function convert(
  specifier: string,
  flags: string,
  width: number,
  precision: number | undefined,
  value: Value,
): string {
  const has = (flag: string): boolean => flags.includes(flag)
  if (specifier === 's' || specifier === 'z' || specifier === 'c') {
    const characters = [...(specifier === 'c' ? character(value) : (textOf(value) ?? ''))]
    const kept = precision === undefined || specifier === 'c' ? characters : characters.slice(0, precision)
    return pad(kept.join(''), width, has('-') ? 'right' : 'left')
  }
  const number = numberOf(value) ?? 0
  const isSigned = !'ouxXp'.includes(specifier)
  const prefix = isSigned
    ? number < 0 || Object.is(number, -0)
      ? '-'
      : has('+')
        ? '+'
        : has(' ')
          ? ' '
          : ''
    : ''
  const { body, base = '' } = digits(specifier, isSigned ? Math.abs(number) : number, precision, has)
  const grouped = has("'") && 'dieEfFgGu'.includes(specifier) ? group(body) : body
  const head = prefix + base
  if (has('-')) return pad(head + grouped, width, 'right')
  const zeroPads =
    has('0') && (precision === undefined || !'diouxXp'.includes(specifier)) && Number.isFinite(number)
  return zeroPads
    ? head + grouped.padStart(Math.max(0, width - head.length), '0')
    : pad(head + grouped, width, 'left')
}

const pad = (text: string, width: number, side: 'left' | 'right'): string => {
  const missing = ' '.repeat(Math.max(0, width - [...text].length))
  return side === 'left' ? missing + text : text + missing
}

/** `%c`: the character of a code point, or the first character of a text. */
function character(value: Value): string {
  const code = numberOf(value)
  if (code !== undefined) return code >= 0 && code <= 0x10ffff ? String.fromCodePoint(Math.trunc(code)) : ''
  return [...(textOf(value) ?? '')][0] ?? ''
}

/** The digits of a number and what stands before them (`0x`). */
function digits(
  specifier: string,
  number: number,
  precision: number | undefined,
  has: (flag: string) => boolean,
): { body: string; base?: string } {
  switch (specifier) {
    case 'd':
    case 'i':
    case 'u':
      return { body: wholeDigits(number, 10, precision) }
    case 'o': {
      const body = wholeDigits(number, 8, precision)
      return { body: has('#') && !body.startsWith('0') ? `0${body}` : body }
    }
    case 'x':
    case 'X':
    case 'p': {
      const body = wholeDigits(number, 16, precision)
      const base = has('#') && number !== 0 ? '0x' : ''
      return specifier === 'x' ? { body, base } : { body: body.toUpperCase(), base: base.toUpperCase() }
    }
    case 'f':
    case 'F':
      return {
        body: Number.isFinite(number)
          ? plainDigits(number, precision ?? 6, has('#'))
          : String(number).slice(0, 3),
      }
    case 'e':
    case 'E':
      return inCase(specifier, exponentDigits(number, precision ?? 6, has('#')))
    case 'g':
    case 'G':
      return inCase(specifier, generalDigits(number, precision ?? 6, has('#')))
    default: {
      const body = hexadecimalFloat(number, precision)
      return specifier === 'A' ? { body: body.toUpperCase(), base: '0X' } : { body, base: '0x' }
    }
  }
}

const inCase = (specifier: string, body: string): { body: string } => ({
  body: specifier === specifier.toUpperCase() ? body.toUpperCase() : body,
})

/** Unsigned conversions show a negative number as its 64-bit two's complement, as C does. */
function wholeDigits(number: number, radix: number, precision: number | undefined): string {
  const whole = Number.isFinite(number) ? BigInt.asUintN(64, BigInt(Math.trunc(number))) : 0n
  if (whole === 0n && precision === 0) return ''
  return whole.toString(radix).padStart(precision ?? 1, '0')
}

function plainDigits(number: number, decimals: number, keepPoint: boolean): string {
  const places = Math.min(decimals, 70)
  const text = number < 1e21 ? rounded(number, places) : BigInt(number).toString()
  return keepPoint && places === 0 ? `${text}.` : text
}

/** As C rounds: by the double's exact value, and a tie to the even digit, where toFixed() goes up. */
function rounded(number: number, places: number): string {
  const up = number.toFixed(places)
  const exact = number.toFixed(places + 30)
  const kept = exact.slice(0, exact.length - 30)
  const isTie = /50{29}$/.test(exact) && /[02468]\.?$/.test(kept)
  return isTie ? kept.replace(/\.$/, '') : up
}

function exponentDigits(number: number, decimals: number, keepPoint: boolean): string {
  const [mantissa = '', exponent = '+0'] = number.toExponential(Math.min(decimals, 100)).split('e')
  const point = keepPoint && decimals === 0 ? '.' : ''
  return `${mantissa}${point}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`
}

/** `%g`: so many significant digits, with an exponent when that is shorter; trailing zeros go unless `#`. */
function generalDigits(number: number, precision: number, keepZeros: boolean): string {
  const significant = Math.max(1, Math.min(precision, 100))
  const exponent = number === 0 ? 0 : Number(number.toExponential(significant - 1).split('e')[1])
  const isShort = exponent >= -4 && exponent < significant
  const body = isShort
    ? plainDigits(number, Math.max(0, significant - digitsBeforePoint(number)), keepZeros)
    : exponentDigits(number, significant - 1, keepZeros)
  return keepZeros ? body : body.replace(/(\.\d*?)0+(?=e|$)/, '$1').replace(/\.(?=e|$)/, '')
}

/** `%a`: the mantissa in hexadecimal, the exponent of two in decimal. */
function hexadecimalFloat(number: number, precision: number | undefined): string {
  if (number === 0) return `0${precision ? `.${'0'.repeat(precision)}` : ''}p+0`
  let exponent = Math.floor(Math.log2(number))
  let mantissa = number / 2 ** exponent
  if (precision !== undefined) mantissa = Math.round(mantissa * 16 ** precision) / 16 ** precision
  if (mantissa >= 2) {
    mantissa /= 2
    exponent++
  }
  const [whole = '1', fraction = ''] = mantissa.toString(16).split('.')
  const shown = precision === undefined ? fraction : fraction.padEnd(precision, '0')
  return `${whole}${shown === '' ? '' : `.${shown}`}p${exponent < 0 ? '-' : '+'}${Math.abs(exponent)}`
}

/** Commas between thousands: `12,345.5`. */
export function group(digitsOfNumber: string): string {
  const [whole = '', ...rest] = digitsOfNumber.split('.')
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ',')
  return [grouped, ...rest].join('.')
}
