// The lines of Splunk's .conf format: stanza headings and settings, with their places in the text.
// Merging files and what settings mean is left to the readers of each kind of file.

/** A part of a .conf file. */
export type ConfItem =
  | { readonly kind: 'stanza'; readonly name: string; readonly start: number }
  /** `start` is where the value begins in the file. */
  | { readonly kind: 'setting'; readonly key: string; readonly value: string; readonly start: number }
  /** Neither a stanza, a setting nor a comment. */
  | { readonly kind: 'unreadable'; readonly line: string; readonly start: number }

/**
 * The stanzas and settings of a .conf text in order; a line that ends in a backslash goes on in the next one.
 * @see Admin Manual: Configuration file structure
 */
export function* confItems(text: string): Generator<ConfItem, void, undefined> {
  for (const { line, start } of logicalLines(text)) {
    const trimmed = line.trim()
    if (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith(';')) continue
    if (trimmed.startsWith('[') && trimmed.endsWith(']')) {
      yield { kind: 'stanza', name: trimmed.slice(1, -1), start: start + line.indexOf('[') }
      continue
    }
    const equals = line.indexOf('=')
    const key = equals < 0 ? '' : line.slice(0, equals).trim()
    if (key === '') {
      yield { kind: 'unreadable', line, start }
      continue
    }
    const after = line.slice(equals + 1)
    const offset = equals + 1 + after.length - after.trimStart().length
    yield { kind: 'setting', key, value: after.trim(), start: confPosition(text, start, offset) }
  }
}

/**
 * Where a character of a value is in the file: continued lines lost their backslashes when they were joined.
 * @param start   where the value begins in the file
 * @param offset  of the character in the value
 */
export function confPosition(text: string, start: number, offset: number): number {
  let position = start
  for (let passed = 0; ; passed++) {
    if (text[position] === '\\') {
      const next = text.startsWith('\r\n', position + 1) ? position + 2 : position + 1
      if (text[next] === '\n') position = next
    }
    if (passed === offset) return position
    position++
  }
}

/** Reads a Splunk truth value; undefined for anything else. */
export function confBoolean(value: string | undefined): boolean | undefined {
  switch (value?.toLowerCase()) {
    case '1':
    case 'true':
    case 't':
    case 'yes':
    case 'y':
    case 'enabled':
      return true
    case '0':
    case 'false':
    case 'f':
    case 'no':
    case 'n':
    case 'disabled':
      return false
    default:
      return undefined
  }
}

/** Lines with their continuations joined by line breaks, and where each begins. */
function* logicalLines(text: string): Generator<{ line: string; start: number }> {
  let position = text.charCodeAt(0) === 0xfeff ? 1 : 0
  while (position < text.length) {
    const start = position
    let line = ''
    for (;;) {
      const end = text.indexOf('\n', position)
      const piece = text.slice(position, end < 0 ? text.length : end).replace(/\r$/, '')
      position = end < 0 ? text.length : end + 1
      if (!piece.endsWith('\\') || /^\s*#/.test(line + piece)) {
        line += piece
        break
      }
      line += `${piece.slice(0, -1)}\n`
      if (position >= text.length) break
    }
    yield { line, start }
  }
}
