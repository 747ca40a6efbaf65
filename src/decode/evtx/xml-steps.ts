// Compiles nodes to the steps that write their XML, so that a template renders as: literal, value, literal, value, …
// and knows how XML is escaped. Running the steps for a record is left to render-xml.

import type { Attribute, Element, Node, Part, TemplateInstance } from './binxml.ts'

/** Literal XML, or what has to be looked at for each record. Neighbouring literals are one string. */
export type XmlStep =
  | string
  | { readonly kind: 'value'; readonly index: number }
  /** An element that holds one value and nothing else: an array repeats it. */
  | {
      readonly kind: 'element'
      readonly start: readonly XmlStep[]
      readonly index: number
      readonly end: string
    }
  | { readonly kind: 'attribute'; readonly name: string; readonly parts: readonly Part[] }
  | {
      readonly kind: 'optional'
      readonly dependencies: readonly number[]
      readonly steps: readonly XmlStep[]
    }
  | TemplateInstance

/** The steps that write these nodes, one behind the other. */
export function compileXml(nodes: readonly Node[]): readonly XmlStep[] {
  const steps: XmlStep[] = []
  addNodes(nodes, steps)
  return steps
}

function addNodes(nodes: readonly Node[], steps: XmlStep[]): void {
  for (const node of nodes) {
    switch (node.kind) {
      case 'element':
        if (node.dependency < 0) addElement(node, steps)
        else {
          const inner: XmlStep[] = []
          addElement(node, inner)
          steps.push({ kind: 'optional', dependencies: [node.dependency], steps: inner })
        }
        break
      case 'text':
        addLiteral(escapeText(node.text), steps)
        break
      case 'substitution':
        steps.push({ kind: 'value', index: node.index })
        break
      case 'instance':
        steps.push(node)
        break
      case 'instruction':
        addLiteral(`<?${node.target} ${node.data.replaceAll('?>', '? >')}?>`, steps)
    }
  }
}

function addElement(element: Element, steps: XmlStep[]): void {
  const { name, attributes, content } = element
  const [first] = content
  if (content.length === 1 && first?.kind === 'substitution') {
    const start: XmlStep[] = []
    addStart(name, attributes, start)
    addLiteral('>', start)
    steps.push({ kind: 'element', start, index: first.index, end: `</${name}>` })
    return
  }
  addStart(name, attributes, steps)
  if (element.isEmpty) {
    addLiteral('/>', steps)
    return
  }
  addLiteral('>', steps)
  addNodes(content, steps)
  addLiteral(`</${name}>`, steps)
}

function addStart(elementName: string, attributes: readonly Attribute[], steps: XmlStep[]): void {
  addLiteral(`<${elementName}`, steps)
  for (const { name, parts } of attributes) {
    const [first] = parts
    if (parts.length === 1 && first?.kind === 'text')
      addLiteral(` ${name}='${escapeAttribute(first.text)}'`, steps)
    else steps.push({ kind: 'attribute', name, parts })
  }
}

function addLiteral(xml: string, steps: XmlStep[]): void {
  const last = steps.length - 1
  const before = steps[last]
  if (typeof before === 'string') steps[last] = before + xml
  else steps.push(xml)
}

// Tab and line breaks may stand in XML as they are; the other control characters may not.
const SPECIAL_IN_TEXT = /[&<>\x00-\x08\x0b\x0c\x0e-\x1f]/
const SPECIALS_IN_TEXT = /[&<>\x00-\x08\x0b\x0c\x0e-\x1f]/g
const SPECIAL_IN_ATTRIBUTE = /[&<>'\x00-\x1f]/
const SPECIALS_IN_ATTRIBUTE = /[&<>'\x00-\x1f]/g

/** Text as the content of an element. */
export function escapeText(text: string): string {
  return SPECIAL_IN_TEXT.test(text) ? text.replace(SPECIALS_IN_TEXT, escapeCharacter) : text
}

/** Text as an attribute in single quotes. */
export function escapeAttribute(text: string): string {
  return SPECIAL_IN_ATTRIBUTE.test(text) ? text.replace(SPECIALS_IN_ATTRIBUTE, escapeCharacter) : text
}

function escapeCharacter(character: string): string {
  switch (character) {
    case '&':
      return '&amp;'
    case '<':
      return '&lt;'
    case '>':
      return '&gt;'
    case "'":
      return '&apos;'
    default:
      return `&#x${character.charCodeAt(0).toString(16).toUpperCase()};`
  }
}
