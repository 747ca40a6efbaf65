// Character data of XML: reading what stands between tags, and writing it as Windows does.

import { decodeXmlReferences, escapeXmlText } from '../../base/text/xml-references.ts'

/** Decodes the text between two tags: entities, CDATA sections taken literally, comments and instructions left out. */
export function decodeCharacterData(text: string): string {
  let mark = text.indexOf('<')
  if (mark < 0) return decodeXmlReferences(text)
  let decoded = ''
  let from = 0
  for (; mark >= 0; mark = text.indexOf('<', mark)) {
    const markup = markupAt(text, mark, text.length)
    if (markup === undefined) {
      mark++
      continue
    }
    if (!markup.isClosed) break
    decoded += decodeXmlReferences(text.slice(from, mark))
    if (markup.isText) decoded += text.slice(mark + 9, markup.end - 3)
    mark = from = markup.end
  }
  return decoded + decodeXmlReferences(text.slice(from))
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

/** Escapes the value of an attribute in single quotes, the quotes of event XML. */
export function escapeAttribute(text: string): string {
  return escapeXmlText(text).replaceAll("'", '&apos;')
}
