// A small reader of XML for spath(): elements, attributes, text, character data. It takes damaged markup as far as it
// goes, expands no entity but the five of XML and character references, and reads no external thing.
// Decoding XML evidence is in decode.

import { decodeXmlReferences } from '../../base/text/xml-references.ts'

export interface XmlElement {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly XmlElement[]
  /** The text in the element itself, references resolved. */
  readonly text: string
  /** Texts and elements in their order. */
  readonly content: readonly (string | XmlElement)[]
  /** The markup between the tags, as it was written. */
  readonly inner: string
}

interface OpenElement {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: XmlElement[]
  readonly content: (string | XmlElement)[]
  text: string
  readonly innerStart: number
}

/** Deeper markup is left out, so that a hostile document cannot exhaust the memory. */
const deepest = 500

const namePattern = /[^\s<>/="']+/y
const attributePattern = /\s*([^\s<>/="']+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y

/** The elements at the top of a document, in order; none for a text without markup. */
export function parseXml(source: string): readonly XmlElement[] {
  const root = opened('', new Map(), 0)
  const open: OpenElement[] = [root]
  const current = (): OpenElement => open.at(-1)!
  const close = (end: number): void => {
    const element = open.pop()!
    add({ ...element, inner: source.slice(element.innerStart, end) })
  }
  const add = (element: XmlElement): void => {
    current().children.push(element)
    current().content.push(element)
  }
  const addText = (text: string): void => {
    if (text === '') return
    const { content } = current()
    current().text += text
    const last = content.length - 1
    if (typeof content[last] === 'string') content[last] += text
    else content.push(text)
  }

  let position = 0
  while (position < source.length) {
    const tag = source.indexOf('<', position)
    addText(decodeXmlReferences(source.slice(position, tag < 0 ? source.length : tag)))
    if (tag < 0) break
    const skipped = skipMarkup(source, tag)
    if (skipped !== undefined) {
      addText(skipped.text)
      position = skipped.end
    } else if (source[tag + 1] === '/') {
      const end = source.indexOf('>', tag)
      const name = source.slice(tag + 2, end < 0 ? source.length : end).trim()
      // A closing tag closes everything opened since its element; one that closes nothing is passed over.
      if (open.some((element, depth) => depth > 0 && element.name === name)) {
        while (current().name !== name) close(tag)
        close(tag)
      }
      position = end < 0 ? source.length : end + 1
    } else {
      const start = readStartTag(source, tag)
      if (start === undefined) {
        addText('<')
        position = tag + 1
      } else {
        position = start.end
        const element = opened(start.name, start.attributes, start.end)
        if (start.isEmpty || open.length > deepest) add({ ...element, inner: '' })
        else open.push(element)
      }
    }
  }
  while (open.length > 1) close(source.length)
  return root.children
}

const opened = (name: string, attributes: ReadonlyMap<string, string>, innerStart: number): OpenElement => ({
  name,
  attributes,
  children: [],
  content: [],
  text: '',
  innerStart,
})

/** Comments, declarations and processing instructions, which are nothing, and character data, which is text. */
function skipMarkup(source: string, tag: number): { end: number; text: string } | undefined {
  const until = (mark: string, from: number): number => {
    const end = source.indexOf(mark, from)
    return end < 0 ? source.length : end
  }
  if (source.startsWith('<!--', tag)) return { end: until('-->', tag) + 3, text: '' }
  if (source.startsWith('<![CDATA[', tag)) {
    const end = until(']]>', tag)
    return { end: end + 3, text: source.slice(tag + 9, end) }
  }
  if (source[tag + 1] === '?' || source[tag + 1] === '!') return { end: until('>', tag) + 1, text: '' }
  return undefined
}

function readStartTag(
  source: string,
  tag: number,
): { name: string; attributes: Map<string, string>; isEmpty: boolean; end: number } | undefined {
  namePattern.lastIndex = tag + 1
  const name = namePattern.exec(source)?.[0]
  if (name === undefined) return undefined
  const attributes = new Map<string, string>()
  let position = namePattern.lastIndex
  for (;;) {
    attributePattern.lastIndex = position
    const found = attributePattern.exec(source)
    if (found === null) break
    attributes.set(found[1]!, decodeXmlReferences(found[2] ?? found[3] ?? ''))
    position = attributePattern.lastIndex
  }
  const end = source.indexOf('>', position)
  if (end < 0) return undefined
  return { name, attributes, isEmpty: source[end - 1] === '/', end: end + 1 }
}
