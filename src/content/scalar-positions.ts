// Where in a YAML file the characters of a text stand, so that a caret can point into a folded or quoted search.
// Parsing YAML is left to yaml-file.

export type ScalarStyle = 'PLAIN' | 'QUOTE_SINGLE' | 'QUOTE_DOUBLE' | 'BLOCK_LITERAL' | 'BLOCK_FOLDED'

const isBlank = (unit: string): boolean => unit === ' ' || unit === '\t' || unit === '\n' || unit === '\r'

/**
 * Maps offsets of a scalar's value to offsets of the file's text. In every style folding and indenting touch only
 * white space, so the n-th other character of the value is the n-th one of the source, whatever the indentation.
 *
 * @param text   the file
 * @param start  where the scalar begins: its quote, its block header (`|`, `>-`), or its first character
 * @param end    just after it
 * @returns positions of each UTF-16 unit of `value`, and one more for its end; undefined when value and source differ
 */
export function scalarPositions(
  text: string,
  start: number,
  end: number,
  style: ScalarStyle,
  value: string,
): Uint32Array | undefined {
  const positions = new Uint32Array(value.length + 1)
  let at = 0
  let next = start
  for (const [unit, position] of sourceUnits(text, start, end, style)) {
    if (isBlank(unit)) continue
    while (at < value.length && isBlank(value[at]!)) positions[at++] = next++
    if (value[at] !== unit) return undefined
    positions[at++] = position
    next = position + 1
  }
  while (at < value.length && isBlank(value[at]!)) positions[at++] = next++
  if (at !== value.length) return undefined
  positions[at] = next
  return positions
}

/** The units that a scalar's source stands for, each with the offset at which it is written. */
function* sourceUnits(
  text: string,
  start: number,
  end: number,
  style: ScalarStyle,
): Iterable<readonly [unit: string, position: number]> {
  switch (style) {
    case 'PLAIN':
      for (let i = start; i < end; i++) yield [text[i]!, i]
      return
    case 'BLOCK_LITERAL':
    case 'BLOCK_FOLDED': {
      const headerEnd = text.indexOf('\n', start)
      if (headerEnd === -1) return
      for (let i = headerEnd + 1; i < end; i++) yield [text[i]!, i]
      return
    }
    case 'QUOTE_SINGLE':
      for (let i = start + 1; i < end - 1; i++) {
        yield [text[i]!, i]
        if (text[i] === "'") i++
      }
      return
    case 'QUOTE_DOUBLE':
      for (let i = start + 1; i < end - 1; i++) {
        if (text[i] !== '\\') {
          yield [text[i]!, i]
          continue
        }
        const { value, length } = readEscape(text, i + 1)
        for (let unit = 0; unit < value.length; unit++) yield [value[unit]!, i]
        i += length
      }
  }
}

const plainEscapes: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  '/': '/',
  '\\': '\\',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
  '\n': '',
  '\r': '',
}

/** What an escape in double quotes stands for, and how long it is after its backslash. (YAML 1.2, 5.7) */
function readEscape(text: string, at: number): { value: string; length: number } {
  const letter = text[at] ?? ''
  const digits = { x: 2, u: 4, U: 8 }[letter]
  if (digits === undefined) return { value: plainEscapes[letter] ?? letter, length: 1 }
  const code = Number.parseInt(text.slice(at + 1, at + 1 + digits), 16)
  return { value: code <= 0x10ffff ? String.fromCodePoint(code) : '', length: 1 + digits }
}
