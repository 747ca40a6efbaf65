// The fields of a JSON or XML document, as spath names them when it is given no path.

import { isJsonArray, isJsonObject, type Json, parseContainer, printJson } from '../../eval/json.ts'
import { parseXml, type XmlElement } from '../../eval/xml.ts'
import type { FieldVisitor } from './extract-fields.ts'

/** Visits every leaf: `a.b`, `list{}`, `list{}.id` in JSON; `book.title`, `book{@year}` in XML. Other text has none. */
export function visitDocument(text: string, visit: FieldVisitor): void {
  const json = parseContainer(text, true)
  if (json !== undefined) visitJson(json, '', visit)
  else if (/^\s*</.test(text)) for (const element of parseXml(text)) visitXml(element, element.name, visit)
}

function visitJson(json: Json, path: string, visit: FieldVisitor): void {
  if (isJsonArray(json)) {
    for (const item of json) visitJson(item, `${path}{}`, visit)
  } else if (json !== null && isJsonObject(json)) {
    for (const [key, value] of json) visitJson(value, path === '' ? key : `${path}.${key}`, visit)
  } else {
    visit(path, typeof json === 'string' ? json : printJson(json))
  }
}

function visitXml(element: XmlElement, path: string, visit: FieldVisitor): void {
  for (const [name, value] of element.attributes) visit(`${path}{@${name}}`, value)
  const text = element.text.trim()
  if (text !== '') visit(path, text)
  for (const child of element.children) visitXml(child, `${path}.${child.name}`, visit)
}
