// Numbers as text: what counts as a number in field values, and how eval prints a number.
// Bases other than ten, padding and significant figures belong to eval.

/**
 * Reads a field value as a number; undefined for anything that is not wholly a decimal number.
 *
 * Accepts a sign, digits with or without a point, and an exponent (`-3`, `.5`, `5.`, `1e3`). Blanks, hexadecimal,
 * separators, `Infinity` and numbers too big for a double are not numbers. Rejects most texts on their first
 * character.
 *
 * @see Search Reference: Conversion functions (tonumber); leading or trailing space is refused
 */
export function parseNumber(text: string): number | undefined {
  const length = text.length
  if (length === 0) return undefined
  let index = 0
  const first = text.charCodeAt(0)
  if (first === PLUS || first === MINUS) index = 1
  else if (first > NINE || (first < ZERO && first !== POINT)) return undefined

  let digits = 0
  let code = text.charCodeAt(index)
  while (code >= ZERO && code <= NINE) {
    digits++
    code = text.charCodeAt(++index)
  }
  if (index === length && digits > 0) return finite(text)
  if (code === POINT) {
    code = text.charCodeAt(++index)
    while (code >= ZERO && code <= NINE) {
      digits++
      code = text.charCodeAt(++index)
    }
  }
  if (digits === 0) return undefined
  if (code === LOWER_E || code === UPPER_E) {
    code = text.charCodeAt(++index)
    if (code === PLUS || code === MINUS) code = text.charCodeAt(++index)
    const exponentStart = index
    while (code >= ZERO && code <= NINE) code = text.charCodeAt(++index)
    if (index === exponentStart) return undefined
  }
  return index === length ? finite(text) : undefined
}

/**
 * Prints a number as eval shows it: whole numbers with all their digits, fractions with as many digits as tell the
 * double from its neighbours, never an exponent. `inf`, `-inf` and `nan` for what is not finite.
 *
 * @see Search Reference: eval example 10 (2^53 in full), stats (48.857142857142854)
 */
export function formatNumber(n: number): string {
  if (Number.isInteger(n)) return Number.isSafeInteger(n) ? String(n) : BigInt(n).toString()
  const text = String(n)
  if (!Number.isFinite(n)) return Number.isNaN(n) ? 'nan' : n > 0 ? 'inf' : '-inf'
  const exponent = text.indexOf('e')
  return exponent < 0 ? text : shiftPoint(text.slice(0, exponent), Number(text.slice(exponent + 1)))
}

const ZERO = 0x30
const NINE = 0x39
const PLUS = 0x2b
const MINUS = 0x2d
const POINT = 0x2e
const UPPER_E = 0x45
const LOWER_E = 0x65

function finite(text: string): number | undefined {
  const number = Number(text)
  return Number.isFinite(number) ? number : undefined
}

/** `1.5` and -7 give `0.00000015`: only fractions have an exponent here, and theirs is negative. */
function shiftPoint(mantissa: string, exponent: number): string {
  const sign = mantissa.startsWith('-') ? '-' : ''
  const digits = mantissa.replace('-', '').replace('.', '')
  return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
}
