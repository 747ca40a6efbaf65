// Time formats of strftime and strptime, read once into a list: literal text and variables, composites spelled out.
// What a variable prints or accepts is in strftime.ts and strptime.ts.

/** A piece of a time format. */
export type FormatItem =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'variable'
      /** The letter after `%`, or `Ez` for Splunk's zone in minutes. */
      readonly name: string
      /** The number in `%3N`, the count of colons in `%::z`; undefined when there is none. */
      readonly width?: number
    }

/** English weekday names from Sunday on; their first three letters are the short names. */
export const weekdayNames = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
] as const

/** English month names; their first three letters are the short names. */
export const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const

/**
 * Variables that stand for several. `%c`, `%+` and `%X` are those of the C locale, as the manual shows them;
 * `%x` has the four-digit year of its example.
 */
const composites: ReadonlyMap<string, string> = new Map([
  ['c', '%a %b %e %H:%M:%S %Y'],
  ['+', '%a %b %e %H:%M:%S %Z %Y'],
  ['D', '%m/%d/%y'],
  ['F', '%Y-%m-%d'],
  ['R', '%H:%M'],
  ['r', '%I:%M:%S %p'],
  ['T', '%H:%M:%S'],
  ['X', '%H:%M:%S'],
  ['x', '%m/%d/%Y'],
])

const simpleVariables = new Set('aAbBCdefgGhHIjklmMNpPQsSuUVwWyYzZ')
const fixedText: ReadonlyMap<string, string> = new Map([
  ['%', '%'],
  ['n', '\n'],
  ['t', '\t'],
])

/**
 * Splits a time format into text and variables. A `%` that starts no known variable is text, as it stands.
 *
 * @see Search Reference: Date and time format variables
 */
export function parseTimeFormat(format: string): readonly FormatItem[] {
  const known = parsed.get(format)
  if (known !== undefined) return known
  const items: FormatItem[] = []
  splitFormat(format, items)
  // Formats can come from data, so the cache must not grow with them.
  if (parsed.size >= 512) parsed.clear()
  parsed.set(format, items)
  return items
}

const parsed = new Map<string, readonly FormatItem[]>()

function splitFormat(format: string, items: FormatItem[]): void {
  const variable = /%(?:(\d)([NQ])|(:{1,3})z|(Ez)|([\s\S]))/g
  let textStart = 0
  const addText = (text: string): void => {
    const last = items.at(-1)
    if (text === '') return
    if (last?.kind === 'text') items[items.length - 1] = { kind: 'text', text: last.text + text }
    else items.push({ kind: 'text', text })
  }
  for (let match = variable.exec(format); match !== null; match = variable.exec(format)) {
    const [whole, digits, subseconds, colons, zoneMinutes, letter = ''] = match
    const composite = composites.get(letter)
    const text = fixedText.get(letter)
    addText(format.slice(textStart, match.index))
    textStart = match.index + whole.length
    if (subseconds !== undefined) items.push({ kind: 'variable', name: subseconds, width: Number(digits) })
    else if (colons !== undefined) items.push({ kind: 'variable', name: 'z', width: colons.length })
    else if (zoneMinutes !== undefined) items.push({ kind: 'variable', name: zoneMinutes })
    else if (composite !== undefined) splitFormat(composite, items)
    else if (text !== undefined) addText(text)
    else if (simpleVariables.has(letter)) items.push({ kind: 'variable', name: letter })
    else addText(whole)
  }
  addText(format.slice(textStart))
}
