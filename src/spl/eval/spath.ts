// Values at a path in JSON or XML text, as spath reads them: `a.b`, `items{0}.id`, `items{}.id`, `tag{@attribute}`.
// Arrays count from 0 in JSON, repeated elements from 1 in XML. (Search Reference: spath)

import { scalarText } from '../../value/value.ts'
import { parseContainer, parsePath, partsAt, valueOfJson } from './json.ts'
import { parseXml, type XmlElement } from './xml.ts'

/** The texts that a path leads to, in document order; none when the text is neither JSON nor XML. */
export function spathValues(document: string, path: string): string[] {
  const json = parseContainer(document, true)
  if (json === undefined) return /^\s*</.test(document) ? xmlValues(parseXml(document), path) : []
  return partsAt(json, parsePath(path)).flatMap((part) => {
    if (part === null) return ['null']
    const value = valueOfJson(part)
    return typeof value === 'string' || typeof value === 'number' ? [scalarText(value)] : []
  })
}

const locationPattern = /^([^{}]+)(?:\{(\d*|@[^{}]+)\})?(?:\{(@[^{}]+)\})?$/

function xmlValues(top: readonly XmlElement[], path: string): string[] {
  let elements = top
  const locations = splitLocations(path)
  for (const [depth, location] of locations.entries()) {
    const [, name, first = '', second] = locationPattern.exec(location) ?? []
    if (name === undefined) return []
    const named = (depth === 0 ? elements : elements.flatMap(({ children }) => children)).filter(
      (element) => element.name === name,
    )
    const attribute = first.startsWith('@') ? first : second
    const index = first === '' || first.startsWith('@') ? undefined : Number(first)
    elements = index === undefined ? named : named.slice(Math.max(0, index - 1), index)
    if (attribute !== undefined) {
      return elements.flatMap(({ attributes }) => attributes.get(attribute.slice(1)) ?? [])
    }
  }
  return elements.map((element) =>
    element.children.length === 0 ? element.text.trim() : element.inner.trim(),
  )
}

/** Splits at the points outside braces, as attribute names may hold points. */
const splitLocations = (path: string): string[] => path.split(/\.(?![^{]*\})/)
