// The fields of XML text as automatic extraction names them (KV_MODE = xml): paths of elements, as spath writes them.

import type { FieldVisitor } from './json.ts'

/** Deeper elements are read past: no honest log goes as deep. */
const deepest = 100

const token =
  /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\?[^>]*>|<(\/?)([A-Za-z_][\w.:-]*)((?:\s+[\w.:-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>/g
const attribute = /([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g

/**
 * Visits elements without elements inside as `a.b.c` and attributes as `a.b{@name}`, in document order. Text is
 * unescaped; empty elements give nothing. Text before the first element is read past; damaged XML gives what comes
 * before the damage.
 */
export function eachXmlField(text: string, visit: FieldVisitor): void {
  const path: string[] = []
  let content = ''
  let isLeaf = false
  let end = 0
  for (const match of text.matchAll(token)) {
    const [whole, cdata, closing, name, attributes, selfClosing] = match
    if (path.length > 0) content += decodeEntities(text.slice(end, match.index))
    end = match.index + whole.length
    if (cdata !== undefined) content += cdata
    if (name === undefined) continue
    if (closing === '/') {
      if (path.at(-1) !== name) return
      const value = content.trim()
      if (isLeaf && value !== '' && path.length <= deepest) visit(path.join('.'), value)
      path.pop()
      content = ''
      isLeaf = false
      continue
    }
    path.push(name)
    if (path.length <= deepest && attributes) {
      const here = path.join('.')
      for (const [, key = '', double, single] of attributes.matchAll(attribute)) {
        const value = decodeEntities(double ?? single ?? '')
        if (value !== '') visit(`${here}{@${key}}`, value)
      }
    }
    if (selfClosing === '/') path.pop()
    content = ''
    isLeaf = selfClosing !== '/'
  }
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(
    /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(lt|gt|amp|quot|apos));/gi,
    (whole, decimal, hex, name) => {
      if (name !== undefined) return named[name.toLowerCase()]!
      const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole
    },
  )
}
