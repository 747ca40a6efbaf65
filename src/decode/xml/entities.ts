// Character data of XML: decoding what a file holds, and writing it as Windows does.
// The five predefined entities and numeric references only: no DTD, so no entity can be defined.

const reference = /&(?:(amp|lt|gt|quot|apos)|#(\d{1,10})|#x([0-9a-fA-F]{1,8}));/g
const predefined: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Decodes the entities of an attribute value or of text without markup. Unknown references stay as they are. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(reference, (whole, name?: string, decimal?: string, hex?: string) => {
    if (name !== undefined) return predefined[name]!
    const code = decimal === undefined ? Number.parseInt(hex!, 16) : Number(decimal)
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}

/** Decodes the text between two tags: entities, CDATA sections taken literally, comments and instructions left out. */
export function decodeCharacterData(text: string): string {
  let mark = text.indexOf('<')
  if (mark < 0) return decodeEntities(text)
  let decoded = ''
  let from = 0
  for (; mark >= 0; mark = text.indexOf('<', mark)) {
    const markup = markupAt(text, mark, text.length)
    if (markup === undefined) {
      mark++
      continue
    }
    if (!markup.isClosed) break
    decoded += decodeEntities(text.slice(from, mark))
    if (markup.isText) decoded += text.slice(mark + 9, markup.end - 3)
    mark = from = markup.end
  }
  return decoded + decodeEntities(text.slice(from))
}

/** Markup that is no tag: a CDATA section (`isText`), comment, declaration or processing instruction. */
export interface Markup {
  readonly end: number
  readonly isText: boolean
  readonly isClosed: boolean
}

/** The markup other than a tag that begins at a `<`, if there is any. Where it is not closed, it reaches to `limit`. */
export function markupAt(text: string, at: number, limit: number): Markup | undefined {
  const second = text.charCodeAt(at + 1)
  if (second !== EXCLAMATION && second !== QUESTION) return undefined
  const isText = text.startsWith('<![CDATA[', at)
  const closing = isText ? ']]>' : text.startsWith('<!--', at) ? '-->' : second === QUESTION ? '?>' : '>'
  const close = text.indexOf(closing, at + 2)
  if (close < 0 || close + closing.length > limit) return { end: limit, isText, isClosed: false }
  return { end: close + closing.length, isText, isClosed: true }
}

const EXCLAMATION = 0x21
const QUESTION = 0x3f

/** Escapes text as Windows writes it between tags: quotes stay as they are. */
export function escapeText(text: string): string {
  return /[&<>]/.test(text)
    ? text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
    : text
}

/** Escapes the value of an attribute in single quotes, the quotes of event XML. */
export function escapeAttribute(text: string): string {
  return escapeText(text).replaceAll("'", '&apos;')
}
