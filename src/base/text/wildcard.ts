// Splunk's `*` wildcard: any run of characters, also none; nothing else is special and nothing escapes it.
// Matching takes linear time (segments found left to right with indexOf), as patterns and texts are hostile.
// like() with % and _ is not here; it belongs to eval.

/** Says whether a text contains the wildcard `*`. */
export function hasWildcard(pattern: string): boolean {
  return pattern.includes('*')
}

/**
 * Compiles a pattern into a test of whole texts; `*` stands for any run of characters, line breaks included.
 *
 * Ignoring case compares lower-cased text; the text is lower-cased once, and not at all when it has no upper case
 * to speak of (the engine returns the same string).
 *
 * @see Search Reference: search, rename; `\*` does not escape the star
 */
export function compileWildcard(
  pattern: string,
  options: { readonly ignoreCase: boolean },
): (text: string) => boolean {
  const { ignoreCase } = options
  const folded = ignoreCase ? pattern.toLowerCase() : pattern
  const parts = folded.split('*')
  const first = parts[0]!
  const last = parts.at(-1)!
  const inner = parts.slice(1, -1).filter((part) => part !== '')

  if (parts.length === 1) {
    return ignoreCase
      ? (text) => text === pattern || text.toLowerCase() === folded
      : (text) => text === folded
  }
  if (inner.length === 0) {
    if (first === '' && last === '') return () => true
    if (last === '') {
      return ignoreCase ? (text) => text.toLowerCase().startsWith(first) : (text) => text.startsWith(first)
    }
    if (first === '') {
      return ignoreCase ? (text) => text.toLowerCase().endsWith(last) : (text) => text.endsWith(last)
    }
  }
  if (inner.length === 1 && first === '' && last === '') {
    const needle = inner[0]!
    return ignoreCase ? (text) => text.toLowerCase().includes(needle) : (text) => text.includes(needle)
  }
  const matches = (text: string): boolean => {
    const end = text.length - last.length
    if (end < first.length || !text.startsWith(first) || !text.endsWith(last)) return false
    let position = first.length
    for (const part of inner) {
      const found = text.indexOf(part, position)
      if (found < 0) return false
      position = found + part.length
      if (position > end) return false
    }
    return true
  }
  return ignoreCase ? (text) => matches(text.toLowerCase()) : matches
}

/**
 * Returns what each `*` of the pattern matched in the text, or undefined when the text does not match.
 * Every star takes as little as it can, except the last, which takes the rest. Case matters, as in field names.
 */
export function wildcardCapture(pattern: string, text: string): string[] | undefined {
  const parts = pattern.split('*')
  if (parts.length === 1) return pattern === text ? [] : undefined
  const first = parts[0]!
  const last = parts.at(-1)!
  const end = text.length - last.length
  if (end < first.length || !text.startsWith(first) || !text.endsWith(last)) return undefined
  const pieces: string[] = []
  let position = first.length
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, position)
    if (found < 0 || found + part.length > end) return undefined
    pieces.push(text.slice(position, found))
    position = found + part.length
  }
  pieces.push(text.slice(position, end))
  return pieces
}

/**
 * Fills the stars of a template with captured pieces, in order: `t_*` and `['x']` give `t_x`.
 * The caller checks that the counts agree (`rename` refuses otherwise); a star without a piece becomes empty.
 */
export function substituteWildcards(template: string, pieces: readonly string[]): string {
  let index = 0
  return template.replaceAll('*', () => pieces[index++] ?? '')
}
