// Puts values into the text of a search that is then parsed: the tokens of map (`$user$`) and foreach (`<<FIELD>>`).
// Values and field names come from logs, so they must not be able to change what the search does: inside quotation
// marks they are escaped, outside they are put into quotation marks unless they are plain words.

/** What a token stands for. */
export interface TokenValue {
  readonly text: string
  /** How it is written outside of quotation marks: as a string, a field name, or text that is trusted as it is. */
  readonly kind: 'string' | 'field' | 'verbatim'
}

/** A word that nothing in a search takes for more than a word. */
const plainWord = /^[\w.:@/\\+-]+$/
const plainField = /^[\w.:@{}$#-]+$/

/**
 * Fills in a template.
 * @param token   finds tokens; global
 * @param value   what a token stands for; undefined leaves it as it is
 */
export function fillTemplate(
  template: string,
  token: RegExp,
  value: (match: RegExpExecArray) => TokenValue | undefined,
): string {
  let filled = ''
  let from = 0
  let quote = ''
  for (const match of template.matchAll(token)) {
    const before = template.slice(from, match.index)
    quote = quoteAfter(before, quote)
    const found = value(match)
    filled += before + (found === undefined ? match[0] : written(found, quote))
    from = match.index + match[0].length
  }
  return filled + template.slice(from)
}

/** The quotation mark that is open after a text, or ''. */
function quoteAfter(text: string, open: string): string {
  let quote = open
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!
    if (quote !== '' && character === '\\') at++
    else if (quote !== '') quote = character === quote ? '' : quote
    else if (character === '"' || character === "'") quote = character
  }
  return quote
}

function written({ text, kind }: TokenValue, quote: string): string {
  if (kind === 'verbatim') return text
  if (quote !== '') return escaped(text, quote)
  if (kind === 'field') return plainField.test(text) ? text : `'${escaped(text, "'")}'`
  return plainWord.test(text) ? text : `"${escaped(text, '"')}"`
}

const escaped = (text: string, quote: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`)
