// A part of XPath 1.0: paths of names, `*`, `//`, `@attribute` and `text()`, with conditions on position, attributes,
// child elements and local-name(). Anything else is refused by name.

import type { XmlElement } from '../../eval/xml.ts'

/** Finds the texts that a path leads to, in document order. */
export type XPath = (documents: readonly XmlElement[]) => string[]

type Condition = (element: XmlElement, position: number, count: number) => boolean

interface Step {
  /** Any depth below, instead of children alone. */
  readonly anywhere: boolean
  readonly matches: (element: XmlElement) => boolean
  readonly conditions: readonly Condition[]
}

type Result =
  | { readonly kind: 'element' }
  | { readonly kind: 'text' }
  | { readonly kind: 'attribute'; readonly name: string }

/** Deeper documents are cut by the reader of XML; longer paths are no honest ones. */
const mostSteps = 50

const nodePattern = /^(?:text\(\)|@?[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?(?![\w.:-]*\()|\*)/
const conditionPattern = /^\[((?:[^\]"']|"[^"]*"|'[^']*')*)\]/

/**
 * Reads a path.
 * @returns the path, or what of it is not supported
 */
export function compileXPath(path: string): XPath | { readonly unsupported: string } {
  const steps: Step[] = []
  let result: Result = { kind: 'element' }
  let rest = path.trim()
  if (!/^[/@\w*]/.test(rest)) return { unsupported: path }
  while (rest !== '') {
    if (result.kind !== 'element' || steps.length >= mostSteps) return { unsupported: rest }
    const separator = /^\/{1,2}/.exec(rest)?.[0] ?? ''
    if (separator === '' && steps.length > 0) return { unsupported: rest }
    rest = rest.slice(separator.length)
    // A path that does not begin at the root finds its first element anywhere.
    const anywhere = separator === '//' || (separator === '' && steps.length === 0)
    const [node = ''] = nodePattern.exec(rest) ?? []
    if (node === '') return { unsupported: rest }
    rest = rest.slice(node.length)
    if (node === 'text()') {
      result = { kind: 'text' }
      if (anywhere) steps.push({ anywhere, matches: () => true, conditions: [] })
    } else if (node.startsWith('@')) {
      result = { kind: 'attribute', name: node.slice(1) }
      if (anywhere) steps.push({ anywhere, matches: () => true, conditions: [] })
    } else {
      const conditions: Condition[] = []
      for (let found = conditionPattern.exec(rest); found !== null; found = conditionPattern.exec(rest)) {
        const condition = compileCondition(found[1]!.trim())
        if (condition === undefined) return { unsupported: found[0] }
        conditions.push(condition)
        rest = rest.slice(found[0].length)
      }
      steps.push({ anywhere, matches: node === '*' ? () => true : ({ name }) => name === node, conditions })
    }
  }
  const end = result
  return (documents) => {
    let elements: readonly XmlElement[] = [
      { name: '', attributes: new Map(), children: documents, text: '', inner: '' },
    ]
    for (const step of steps) elements = [...new Set(elements.flatMap((element) => followed(element, step)))]
    return elements.flatMap((element) => textsOf(element, end))
  }
}

function followed(element: XmlElement, { anywhere, matches, conditions }: Step): XmlElement[] {
  if (anywhere) {
    const here = followed(element, { anywhere: false, matches, conditions })
    return [
      ...here,
      ...element.children.flatMap((child) => followed(child, { anywhere, matches, conditions })),
    ]
  }
  return conditions.reduce(
    (found, condition) => found.filter((child, index) => condition(child, index + 1, found.length)),
    element.children.filter(matches),
  )
}

function textsOf(element: XmlElement, result: Result): string[] {
  switch (result.kind) {
    case 'attribute':
      return [...(element.attributes.has(result.name) ? [element.attributes.get(result.name)!] : [])]
    case 'text':
      return element.text.trim() === '' ? [] : [element.text.trim()]
    case 'element':
      return [element.children.length === 0 ? element.text.trim() : element.inner.trim()]
  }
}

function compileCondition(text: string): Condition | undefined {
  const parts = text.split(/\s+and\s+(?=(?:[^"']|"[^"]*"|'[^']*')*$)/)
  const conditions = parts.map(compileComparison)
  return conditions.every((condition) => condition !== undefined)
    ? (element, position, count) => conditions.every((condition) => condition!(element, position, count))
    : undefined
}

function compileComparison(text: string): Condition | undefined {
  if (/^\d+$/.test(text)) return (_, position) => position === Number(text)
  if (text === 'last()') return (_, position, count) => position === count
  const [, subject = '', operator, double, single] =
    /^(@?[\w:.-]+|text\(\)|local-name\(\)|\.)\s*(?:(=|!=)\s*(?:"([^"]*)"|'([^']*)'))?$/.exec(text) ?? []
  if (subject === '') return undefined
  const wanted = double ?? single
  const values = subjectOf(subject)
  if (operator === undefined) return (element) => values(element).length > 0
  return (element) => values(element).some((value) => (value === wanted) === (operator === '='))
}

function subjectOf(subject: string): (element: XmlElement) => string[] {
  if (subject.startsWith('@'))
    return ({ attributes }) => [
      ...(attributes.has(subject.slice(1)) ? [attributes.get(subject.slice(1))!] : []),
    ]
  if (subject === 'text()' || subject === '.') return ({ text }) => [text.trim()]
  if (subject === 'local-name()') return ({ name }) => [name.slice(name.indexOf(':') + 1)]
  return ({ children }) => children.filter(({ name }) => name === subject).map(({ text }) => text.trim())
}
