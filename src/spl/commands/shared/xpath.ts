// Finds what an XPath expression of version 1.0 leads to in XML. Left out: namespaces (a name is compared as it is
// written, with its prefix), comments, processing instructions, variables, id() and lang().

import { formatNumber, parseNumber } from '../../../base/text/number.ts'
import type { XmlElement } from '../../eval/xml.ts'
import { type NodeTest, parseXPath, type Step, type XPathExpression, XPathProblem } from './xpath-parser.ts'

/**
 * Finds the texts that an expression leads to, in document order: of an element its text, or its markup when it holds
 * elements. Undefined where looking takes too many steps.
 */
export type XPath = (documents: readonly XmlElement[]) => string[] | undefined

interface XmlNode {
  readonly kind: 'root' | 'element' | 'text' | 'attribute'
  /** Of an element or attribute. */
  readonly name: string
  readonly parent: XmlNode | undefined
  /** Elements and texts. */
  readonly children: XmlNode[]
  readonly attributes: XmlNode[]
  /** Its place in the document. */
  readonly order: number
  /** Of a text or attribute. */
  readonly text: string
  readonly element: XmlElement | undefined
}

type XPathValue = readonly XmlNode[] | string | number | boolean

interface Context {
  readonly node: XmlNode
  readonly position: number
  readonly size: number
  readonly run: Run
}

/** What evaluating an expression over one document may still cost. */
interface Run {
  readonly root: XmlNode
  left: number
}

/** Nodes that may be looked at in one document. */
const mostVisits = 200_000

class TooManyVisits extends Error {}

/**
 * Reads an expression. A path that does not begin at the root finds its first element anywhere.
 * @returns the expression, or what of it is not supported
 */
export function compileXPath(path: string): XPath | { readonly unsupported: string } {
  let expression: XPathExpression
  try {
    expression = parseXPath(path)
  } catch (error) {
    if (error instanceof XPathProblem) return { unsupported: error.message }
    throw error
  }
  const anywhere = fromAnywhere(expression)
  return (documents) => {
    const root = documentOf(documents)
    const run: Run = { root, left: mostVisits }
    try {
      const found = evaluate(anywhere, { node: root, position: 1, size: 1, run })
      return typeof found === 'object' ? found.flatMap(shownTexts) : [stringOf(found)]
    } catch (error) {
      if (error instanceof TooManyVisits) return undefined
      throw error
    }
  }
}

function fromAnywhere(expression: XPathExpression): XPathExpression {
  switch (expression.kind) {
    case 'path':
      if (expression.from === 'here' && expression.steps[0]?.axis === 'child') {
        const everywhere: Step = { axis: 'descendant-or-self', test: { kind: 'any' }, predicates: [] }
        return { ...expression, steps: [everywhere, ...expression.steps] }
      }
      return typeof expression.from === 'string'
        ? expression
        : { ...expression, from: fromAnywhere(expression.from) }
    case 'binary':
      return { ...expression, left: fromAnywhere(expression.left), right: fromAnywhere(expression.right) }
    case 'negation':
      return { ...expression, operand: fromAnywhere(expression.operand) }
    case 'call':
      return { ...expression, args: expression.args.map(fromAnywhere) }
    case 'string':
    case 'number':
      return expression
  }
}

// ---- documents

function documentOf(documents: readonly XmlElement[]): XmlNode {
  let order = 0
  const node = (
    kind: XmlNode['kind'],
    name: string,
    parent: XmlNode | undefined,
    text: string,
    element?: XmlElement,
  ): XmlNode => ({ kind, name, parent, children: [], attributes: [], order: order++, text, element })
  const root = node('root', '', undefined, '')
  // Documents are not deeper than their reader allows.
  const add = (parent: XmlNode, content: XmlElement['content']): void => {
    for (const part of content) {
      if (typeof part === 'string') {
        parent.children.push(node('text', '', parent, part))
        continue
      }
      const element = node('element', part.name, parent, '', part)
      parent.children.push(element)
      for (const [name, text] of part.attributes)
        element.attributes.push(node('attribute', name, element, text))
      add(element, part.content)
    }
  }
  add(root, documents)
  return root
}

/** As a field shows a node. Texts of nothing but blanks are layout. */
function shownTexts({ kind, text, element }: XmlNode): string[] {
  switch (kind) {
    case 'attribute':
      return [text]
    case 'text':
      return text.trim() === '' ? [] : [text.trim()]
    case 'element':
      return [(element!.children.length === 0 ? element!.text : element!.inner).trim()]
    case 'root':
      return []
  }
}

// ---- values

/** The string-value of a node: an element's is all text in it. */
function nodeText(node: XmlNode): string {
  if (node.kind === 'text' || node.kind === 'attribute') return node.text
  return node.children.map(nodeText).join('')
}

function stringOf(value: XPathValue): string {
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
      return Number.isFinite(value) ? formatNumber(value) : String(value)
    case 'boolean':
      return String(value)
    case 'object':
      return value[0] === undefined ? '' : nodeText(value[0])
  }
}

function numberOf(value: XPathValue): number {
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  const text = stringOf(value).trim()
  return /^-?(?:\d+(?:\.\d*)?|\.\d+)$/.test(text) ? (parseNumber(text) ?? Number(text)) : Number.NaN
}

function booleanOf(value: XPathValue): boolean {
  switch (typeof value) {
    case 'boolean':
      return value
    case 'number':
      return value !== 0 && !Number.isNaN(value)
    case 'string':
      return value !== ''
    case 'object':
      return value.length > 0
  }
}

function nodesOf(value: XPathValue): readonly XmlNode[] {
  return typeof value === 'object' ? value : []
}

// ---- expressions

function evaluate(expression: XPathExpression, context: Context): XPathValue {
  switch (expression.kind) {
    case 'string':
    case 'number':
      return expression.value
    case 'negation':
      return -numberOf(evaluate(expression.operand, context))
    case 'call':
      return call(expression.name, expression.args, context)
    case 'path':
      return findNodes(expression, context)
    case 'binary':
      return binary(expression, context)
  }
}

function binary(
  { operator, left, right }: Extract<XPathExpression, { kind: 'binary' }>,
  context: Context,
): XPathValue {
  // The right side is not looked at where the left one decides.
  if (operator === 'or') return booleanOf(evaluate(left, context)) || booleanOf(evaluate(right, context))
  if (operator === 'and') return booleanOf(evaluate(left, context)) && booleanOf(evaluate(right, context))
  const a = evaluate(left, context)
  const b = evaluate(right, context)
  switch (operator) {
    case '|':
      return inOrder([...nodesOf(a), ...nodesOf(b)])
    case '+':
      return numberOf(a) + numberOf(b)
    case '-':
      return numberOf(a) - numberOf(b)
    case '*':
      return numberOf(a) * numberOf(b)
    case 'div':
      return numberOf(a) / numberOf(b)
    case 'mod':
      return numberOf(a) % numberOf(b)
    default:
      return compare(operator, a, b, context.run)
  }
}

type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>='

/** A set of nodes compares as true when one of its nodes does. */
function compare(operator: Comparison, a: XPathValue, b: XPathValue, run: Run): boolean {
  if (typeof a === 'object' && typeof b !== 'boolean')
    return a.some((node) => compareTexts(operator, nodeText(node), b, run))
  if (typeof b === 'object' && typeof a !== 'boolean')
    return b.some((node) => compareTexts(operator, a as string | number, nodeText(node), run))
  if (operator !== '=' && operator !== '!=') return ordered(operator, numberOf(a), numberOf(b))
  const isEqual =
    typeof a === 'boolean' || typeof b === 'boolean'
      ? booleanOf(a) === booleanOf(b)
      : typeof a === 'number' || typeof b === 'number'
        ? numberOf(a) === numberOf(b)
        : stringOf(a) === stringOf(b)
  return isEqual === (operator === '=')
}

function compareTexts(operator: Comparison, a: string | number, b: XPathValue, run: Run): boolean {
  visit(run)
  return compare(operator, a, b, run)
}

function ordered(operator: '<' | '<=' | '>' | '>=', a: number, b: number): boolean {
  switch (operator) {
    case '<':
      return a < b
    case '<=':
      return a <= b
    case '>':
      return a > b
    case '>=':
      return a >= b
  }
}

function call(name: string, args: readonly XPathExpression[], context: Context): XPathValue {
  const value = (index: number): XPathValue => evaluate(args[index]!, context)
  const text = (index: number): string => stringOf(value(index))
  /** The argument, or the node at hand where there is none. */
  const own = (): XPathValue => (args.length === 0 ? [context.node] : value(0))
  switch (name) {
    case 'last':
      return context.size
    case 'position':
      return context.position
    case 'count':
      return nodesOf(value(0)).length
    case 'name':
      return nodesOf(own())[0]?.name ?? ''
    case 'local-name':
      return (nodesOf(own())[0]?.name ?? '').replace(/^[^:]*:/, '')
    case 'string':
      return stringOf(own())
    case 'concat':
      return args.map((_, index) => text(index)).join('')
    case 'starts-with':
      return text(0).startsWith(text(1))
    case 'contains':
      return text(0).includes(text(1))
    case 'substring-before': {
      const at = text(0).indexOf(text(1))
      return at < 0 ? '' : text(0).slice(0, at)
    }
    case 'substring-after': {
      const at = text(0).indexOf(text(1))
      return at < 0 ? '' : text(0).slice(at + text(1).length)
    }
    case 'substring':
      return substring(text(0), numberOf(value(1)), args.length > 2 ? numberOf(value(2)) : undefined)
    case 'string-length':
      return [...stringOf(own())].length
    case 'normalize-space':
      return stringOf(own()).trim().replace(/\s+/g, ' ')
    case 'translate':
      return translate(text(0), text(1), text(2))
    case 'boolean':
      return booleanOf(value(0))
    case 'not':
      return !booleanOf(value(0))
    case 'true':
      return true
    case 'false':
      return false
    case 'number':
      return numberOf(own())
    case 'sum':
      return nodesOf(value(0)).reduce((sum, node) => sum + numberOf([node]), 0)
    case 'floor':
      return Math.floor(numberOf(value(0)))
    case 'ceiling':
      return Math.ceil(numberOf(value(0)))
    case 'round':
      return Math.round(numberOf(value(0)))
    default:
      throw new Error(`the XPath function ${name} was read but is not there`)
  }
}

/** Characters count from 1; what is not a number gives nothing. */
function substring(text: string, start: number, length: number | undefined): string {
  const first = Math.round(start)
  const end = length === undefined ? Number.POSITIVE_INFINITY : first + Math.round(length)
  return [...text].filter((_, index) => index + 1 >= first && index + 1 < end).join('')
}

function translate(text: string, from: string, to: string): string {
  const targets = [...to]
  const map = new Map<string, string>()
  for (const [index, character] of [...from].entries())
    if (!map.has(character)) map.set(character, targets[index] ?? '')
  return [...text].map((character) => map.get(character) ?? character).join('')
}

// ---- paths

function findNodes(
  { from, predicates, steps }: Extract<XPathExpression, { kind: 'path' }>,
  context: Context,
): readonly XmlNode[] {
  const { run } = context
  let nodes: readonly XmlNode[] =
    from === 'root' ? [run.root] : from === 'here' ? [context.node] : nodesOf(evaluate(from, context))
  nodes = filtered(nodes, predicates, run)
  for (const step of steps) {
    if (step.axis === 'descendant-or-self' && step.test.kind === 'any' && step.predicates.length === 0)
      nodes = withDescendants(nodes, run)
    else nodes = inOrder(nodes.flatMap((node) => followed(node, step, run)))
  }
  return nodes
}

function followed(node: XmlNode, { axis, test, predicates }: Step, run: Run): readonly XmlNode[] {
  const found: XmlNode[] = []
  for (const candidate of alongAxis(node, axis)) {
    visit(run)
    if (fits(candidate, test, axis)) found.push(candidate)
  }
  return filtered(found, predicates, run)
}

/** Positions count along the axis: the first ancestor is the parent. */
function filtered(
  nodes: readonly XmlNode[],
  predicates: readonly XPathExpression[],
  run: Run,
): readonly XmlNode[] {
  return predicates.reduce(
    (kept, predicate) =>
      kept.filter((node, index) => {
        visit(run)
        const value = evaluate(predicate, { node, position: index + 1, size: kept.length, run })
        return typeof value === 'number' ? value === index + 1 : booleanOf(value)
      }),
    nodes,
  )
}

function visit(run: Run): void {
  if (--run.left < 0) throw new TooManyVisits()
}

function fits(node: XmlNode, test: NodeTest, axis: Step['axis']): boolean {
  switch (test.kind) {
    case 'any':
      return true
    case 'text':
      return node.kind === 'text'
    case 'name':
      if (node.kind !== (axis === 'attribute' ? 'attribute' : 'element')) return false
      return (
        test.name === '*' ||
        (test.name.endsWith(':*') ? node.name.startsWith(test.name.slice(0, -1)) : node.name === test.name)
      )
  }
}

function* alongAxis(node: XmlNode, axis: Step['axis']): Iterable<XmlNode> {
  switch (axis) {
    case 'self':
      yield node
      return
    case 'child':
      yield* node.children
      return
    case 'attribute':
      yield* node.attributes
      return
    case 'parent':
      if (node.parent !== undefined) yield node.parent
      return
    case 'ancestor-or-self':
    case 'ancestor':
      for (let at = axis === 'ancestor' ? node.parent : node; at !== undefined; at = at.parent) yield at
      return
    case 'descendant-or-self':
      yield* subtree(node)
      return
    case 'descendant':
      for (const child of node.children) yield* subtree(child)
      return
    case 'following-sibling':
      yield* siblings(node).filter(({ order }) => order > node.order)
      return
    case 'preceding-sibling':
      yield* siblings(node)
        .filter(({ order }) => order < node.order)
        .toReversed()
      return
    case 'following':
      for (let at: XmlNode | undefined = node; at !== undefined; at = at.parent)
        for (const next of alongAxis(at, 'following-sibling')) yield* subtree(next)
      return
    case 'preceding':
      for (let at: XmlNode | undefined = node; at !== undefined; at = at.parent)
        for (const before of alongAxis(at, 'preceding-sibling')) yield* [...subtree(before)].toReversed()
  }
}

/** Of an attribute there are none. */
const siblings = ({ kind, parent }: XmlNode): readonly XmlNode[] =>
  kind === 'attribute' ? [] : (parent?.children ?? [])

function* subtree(node: XmlNode): Iterable<XmlNode> {
  const waiting = [node]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    yield next
    for (let index = next.children.length - 1; index >= 0; index--) waiting.push(next.children[index]!)
  }
}

/** The nodes and all below them; each is looked at once, however many of the nodes hold it. */
function withDescendants(nodes: readonly XmlNode[], run: Run): readonly XmlNode[] {
  const seen = new Set<XmlNode>()
  for (const node of nodes) {
    if (seen.has(node)) continue
    for (const below of subtree(node)) {
      visit(run)
      seen.add(below)
    }
  }
  return [...seen].sort((a, b) => a.order - b.order)
}

const inOrder = (nodes: readonly XmlNode[]): readonly XmlNode[] =>
  nodes.length < 2 ? nodes : [...new Set(nodes)].sort((a, b) => a.order - b.order)
