// The fields of XML text as automatic extraction names them (KV_MODE = xml): paths of elements, as spath writes them.

import { decodeXmlReferences } from '../../base/text/xml-references.ts'
import type { FieldVisitor } from './json.ts'

/** Deeper elements are read past: no honest log goes as deep. */
const deepest = 100

/** A tag, or the beginning of something that is skipped. Ends are looked for apart, so that no text is read twice. */
const token =
  /<(?:!--|!\[CDATA\[|\?|!|(\/?)([A-Za-z_][\w.:-]*)((?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>)/g
const attribute = /([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g

const ends = new Map([
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
  ['<!', '>'],
])

/**
 * Visits elements without elements inside as `a.b.c` and attributes as `a.b{@name}`, in document order. Entities are
 * decoded; empty elements give nothing. Text before the first element is read past; damaged XML gives what comes before
 * the damage.
 */
export function eachXmlField(text: string, visit: FieldVisitor): void {
  const path: string[] = []
  let content = ''
  let isLeaf = false
  let position = 0
  const tags = new RegExp(token)
  for (let match = tags.exec(text); match !== null; match = tags.exec(text)) {
    const [whole, closing, name, attributes, selfClosing] = match
    if (path.length > 0) content += decodeXmlReferences(text.slice(position, match.index))
    position = match.index + whole.length
    const end = ends.get(whole)
    if (end !== undefined) {
      const close = text.indexOf(end, position)
      if (close < 0) return
      if (whole === '<![CDATA[') content += text.slice(position, close)
      position = close + end.length
      tags.lastIndex = position
      continue
    }
    if (closing === '/') {
      if (path.at(-1) !== name) return
      const value = content.trim()
      if (isLeaf && value !== '' && path.length <= deepest) visit(path.join('.'), value)
      path.pop()
    } else {
      path.push(name!)
      if (path.length <= deepest && attributes) visitAttributes(path.join('.'), attributes, visit)
      if (selfClosing === '/') path.pop()
    }
    content = ''
    isLeaf = closing !== '/' && selfClosing !== '/'
  }
}

function visitAttributes(path: string, attributes: string, visit: FieldVisitor): void {
  for (const [, name = '', double, single] of attributes.matchAll(attribute)) {
    const value = decodeXmlReferences(double ?? single ?? '')
    if (value !== '') visit(`${path}{@${name}}`, value)
  }
}
