// Template definitions, compiled once per chunk: where the header fields of an event come from, and a flat list of
// steps that yields its data items. A record is then one pass over the steps, without a tree and without XML.

import type { DataItem } from '../reader.ts'
import { type Element, type Node, type Part, readDefinition, readFragment } from './binxml.ts'
import { type ChunkBytes, DamagedBytes } from './chunk-bytes.ts'
import { type Allowance, MAX_TEMPLATE_DEPTH } from './limits.ts'
import type { ValueTable } from './value-table.ts'
import { ARRAY_FLAG, BINXML_TYPE, NULL_TYPE } from './values.ts'
import { compileXml, type XmlStep } from './xml-steps.ts'

/** Where substitutions find their values, and the template they stand in. Neither exists outside templates. */
export interface Scope {
  readonly template: Template | undefined
  readonly values: ValueTable | undefined
}

/** The scope of elements that were written without a template. */
export const NO_TEMPLATE: Scope = { template: undefined, values: undefined }

/** What stands inside `<Event>`. */
export interface EventLayout {
  /** Parts of header texts and attributes: `EventID`, `Provider.Name`. Absent when System is not written in place. */
  readonly system: ReadonlyMap<string, readonly Part[]> | undefined
  /** The nodes beside `<System>`: sections, or the substitutions that hold them. */
  readonly rest: readonly Node[]
}

/** One step of the way to an event's data items. */
interface DataStep {
  readonly kind: 'item' | 'attribute' | 'nested'
  readonly name: string | undefined
  /** Parts of the name, where it is not literal. */
  readonly nameParts: readonly Part[] | undefined
  readonly parts: readonly Part[]
  /** The only part, if that is a value; -1 otherwise. */
  readonly index: number
  /** Values that must not be null for this step to be taken. */
  readonly dependencies: readonly number[]
  /** A `nested` step that does not stand in a value but in place. */
  readonly node: Node | undefined
}

/** A template definition. */
export class Template {
  readonly nodes: readonly Node[]
  private eventLayout: EventLayout | undefined
  private readonly sections = new Map<Element, readonly DataStep[]>()
  private inner: readonly DataStep[] | undefined
  private readonly xml = new Map<readonly Node[], readonly XmlStep[]>()

  constructor(nodes: readonly Node[]) {
    this.nodes = nodes
  }

  /** @throws DamagedBytes when this is not the template of an event */
  layout(): EventLayout {
    this.eventLayout ??= layoutOf(this.nodes)
    return this.eventLayout
  }

  /** The steps for an element of this template that is a section of the event, such as `<EventData>`. */
  sectionSteps(section: Element): readonly DataStep[] {
    let steps = this.sections.get(section)
    if (steps === undefined) {
      steps = compileSection(section)
      this.sections.set(section, steps)
    }
    return steps
  }

  /** The steps for this template where it stands inside a section. */
  innerSteps(): readonly DataStep[] {
    this.inner ??= compileNodes(this.nodes)
    return this.inner
  }

  /** The steps that write these nodes of the template as XML: all of them, or the content of a section. */
  xmlSteps(nodes: readonly Node[]): readonly XmlStep[] {
    let steps = this.xml.get(nodes)
    if (steps === undefined) {
      steps = compileXml(nodes)
      this.xml.set(nodes, steps)
    }
    return steps
  }
}

/** The templates of one chunk, by the offset of their definition. */
export class Templates {
  readonly chunk: ChunkBytes
  private readonly byOffset = new Map<number, Template | DamagedBytes>()

  constructor(chunk: ChunkBytes) {
    this.chunk = chunk
  }

  /** @throws DamagedBytes */
  at(definition: number): Template {
    let template = this.byOffset.get(definition)
    if (template === undefined) {
      template = this.read(definition)
      this.byOffset.set(definition, template)
    }
    if (template instanceof DamagedBytes) throw template
    return template
  }

  private read(definition: number): Template | DamagedBytes {
    try {
      return new Template(readDefinition(this.chunk, definition))
    } catch (error) {
      if (error instanceof DamagedBytes) return error
      throw error
    }
  }
}

/**
 * Finds the parts of the `<Event>` element among these nodes.
 *
 * @throws DamagedBytes when there is none
 */
export function layoutOf(nodes: readonly Node[]): EventLayout {
  for (const node of nodes) {
    if (node.kind !== 'element' || node.name !== 'Event') continue
    const system = node.content.find((child) => child.kind === 'element' && child.name === 'System')
    return {
      system: system?.kind === 'element' ? headerParts(system) : undefined,
      rest: node.content.filter((child) => child !== system),
    }
  }
  throw new DamagedBytes('the record holds no <Event>')
}

/** The texts and attributes of a header element by name: `EventID`, `Provider.Name`. The first of a name wins. */
export function headerParts(header: Element): ReadonlyMap<string, readonly Part[]> {
  const parts = new Map<string, readonly Part[]>()
  for (const child of header.content) {
    if (child.kind !== 'element') continue
    if (!parts.has(child.name)) parts.set(child.name, child.content.filter(isPart))
    for (const attribute of child.attributes) {
      const name = `${child.name}.${attribute.name}`
      if (!parts.has(name)) parts.set(name, attribute.parts)
    }
  }
  return parts
}

/**
 * The text of parts that stand one behind the other; null is ''.
 *
 * @param allowance  not needed for one part
 * @throws           DamagedBytes when the parts repeat values until the allowance is gone
 */
export function partsText(
  parts: readonly Part[],
  values: ValueTable | undefined,
  allowance: Allowance | undefined,
): string {
  const [first] = parts
  if (parts.length === 1 && first !== undefined) return partText(first, values)
  let text = ''
  for (const part of parts) {
    const next = partText(part, values)
    allowance?.spend(next.length)
    text += next
  }
  return text
}

function partText(part: Part, values: ValueTable | undefined): string {
  return part.kind === 'text' ? part.text : (values?.text(part.index) ?? '')
}

/** Whether none of these values is null: what depends on them is there. */
export function areGiven(indexes: readonly number[], values: ValueTable | undefined): boolean {
  return indexes.every((index) => values !== undefined && values.typeOf(index) !== NULL_TYPE)
}

/**
 * Visits the elements that these nodes stand for, entering values and templates that hold elements.
 *
 * @throws DamagedBytes
 */
export function visitElements(
  nodes: readonly Node[],
  scope: Scope,
  templates: Templates,
  allowance: Allowance,
  visit: (element: Element, scope: Scope) => void,
  depth = 0,
): void {
  if (depth > MAX_TEMPLATE_DEPTH) throw new DamagedBytes('templates are nested too deeply')
  for (const node of nodes) {
    switch (node.kind) {
      case 'element':
        if (node.dependency < 0 || areGiven([node.dependency], scope.values)) visit(node, scope)
        break
      case 'instance': {
        const template = templates.at(node.definition)
        visitElements(
          template.nodes,
          { template, values: node.values },
          templates,
          allowance,
          visit,
          depth + 1,
        )
        break
      }
      case 'substitution': {
        const nested = nestedNodes(scope.values, node.index, allowance)
        if (nested !== undefined) visitElements(nested, NO_TEMPLATE, templates, allowance, visit, depth + 1)
        break
      }
      case 'text':
      case 'instruction':
    }
  }
}

/**
 * The nodes of a value that is BinXml itself, undefined for all others.
 *
 * @throws DamagedBytes
 */
export function nestedNodes(
  values: ValueTable | undefined,
  index: number,
  allowance: Allowance,
): readonly Node[] | undefined {
  if (values === undefined || values.typeOf(index) !== BINXML_TYPE) return undefined
  const start = values.offsetOf(index)
  const size = values.sizeOf(index)
  allowance.spend(size) // a template may name the same value thousands of times
  return readFragment(values.chunk, start, start + size, 'all')
}

/**
 * Appends the data items of a section to a list, in file order. Items before damage are kept.
 *
 * @throws DamagedBytes
 */
export function collectData(
  section: Element,
  scope: Scope,
  templates: Templates,
  allowance: Allowance,
  items: DataItem[],
): void {
  const steps = scope.template?.sectionSteps(section) ?? compileSection(section)
  new DataCollector(templates, allowance, items).take(steps, scope.values, 0)
}

class DataCollector {
  private readonly templates: Templates
  private readonly allowance: Allowance
  private readonly items: DataItem[]

  constructor(templates: Templates, allowance: Allowance, items: DataItem[]) {
    this.templates = templates
    this.allowance = allowance
    this.items = items
  }

  take(steps: readonly DataStep[], values: ValueTable | undefined, depth: number): void {
    if (depth > MAX_TEMPLATE_DEPTH) throw new DamagedBytes('templates are nested too deeply')
    for (const step of steps) {
      if (step.dependencies.length > 0 && !areGiven(step.dependencies, values)) continue
      if (step.node !== undefined) {
        this.nested([step.node], depth)
        continue
      }
      const name =
        step.nameParts === undefined
          ? step.name
          : partsText(step.nameParts, values, this.allowance) || undefined
      if (step.index < 0 || values === undefined) {
        this.mixed(step, name, values, depth)
        continue
      }
      const type = values.typeOf(step.index)
      if (type === BINXML_TYPE) this.nested(nestedNodes(values, step.index, this.allowance) ?? [], depth)
      else if ((type & ARRAY_FLAG) !== 0 && step.kind !== 'attribute') this.array(name, values, step.index)
      else this.item(step, name, values.text(step.index))
    }
  }

  /** Windows repeats the element for each item of an array, and writes an empty one for an empty array. */
  private array(name: string | undefined, values: ValueTable, index: number): void {
    const texts = values.items(index)
    if (texts.length === 0) texts.push('')
    for (const value of texts) {
      this.allowance.spend(value.length)
      this.items.push({ name, value })
    }
  }

  private mixed(
    step: DataStep,
    name: string | undefined,
    values: ValueTable | undefined,
    depth: number,
  ): void {
    let hasNested = false
    for (const part of step.parts) {
      const nested =
        part.kind === 'substitution' ? nestedNodes(values, part.index, this.allowance) : undefined
      if (nested === undefined) continue
      hasNested = true
      this.nested(nested, depth)
    }
    const text = partsText(step.parts, values, this.allowance)
    if (!hasNested || text !== '') this.item(step, name, text)
  }

  private nested(nodes: readonly Node[], depth: number): void {
    for (const node of nodes) {
      if (node.kind === 'instance') {
        this.take(this.templates.at(node.definition).innerSteps(), node.values, depth + 1)
      } else {
        this.take(compileNodes([node]), undefined, depth + 1)
      }
    }
  }

  private item(step: DataStep, name: string | undefined, value: string): void {
    this.allowance.spend(value.length)
    // An empty attribute is not written, and what stands between elements is no item when it is nothing.
    if (step.kind === 'item' || value !== '') this.items.push({ name, value })
  }
}

function compileSection(section: Element): readonly DataStep[] {
  const steps: DataStep[] = []
  addAttributes(section, undefined, [], steps)
  addContent(section, [], steps)
  return steps
}

function compileNodes(nodes: readonly Node[]): readonly DataStep[] {
  const steps: DataStep[] = []
  for (const node of nodes) if (node.kind === 'element') addElement(node, [], steps)
  return steps
}

function addElement(element: Element, outer: readonly number[], steps: DataStep[]): void {
  const dependencies = element.dependency < 0 ? outer : [...outer, element.dependency]
  const nameAttribute = isDataElement(element)
    ? element.attributes.find((attribute) => attribute.name === 'Name')
    : undefined
  addAttributes(element, nameAttribute?.name, dependencies, steps)
  if (element.content.some((child) => child.kind === 'element' || child.kind === 'instance')) {
    addContent(element, dependencies, steps)
    return
  }
  const nameParts = nameAttribute?.parts
  const plainName = element.name === 'Data' ? undefined : element.name
  const literalName = nameParts === undefined ? plainName : literalText(nameParts)
  steps.push({
    ...stepFor('item', plainName, element.content.filter(isPart), dependencies),
    name: literalName || plainName,
    nameParts: nameParts !== undefined && literalName === undefined ? nameParts : undefined,
  })
}

/** The text of parts among which there is no value. Text that meets text is one part. */
function literalText(parts: readonly Part[]): string | undefined {
  const [first] = parts
  if (first === undefined) return ''
  return parts.length === 1 && first.kind === 'text' ? first.text : undefined
}

/** Elements of EventData that carry their name as an attribute. */
function isDataElement({ name }: Element): boolean {
  return name === 'Data' || name === 'ComplexData'
}

/** Attributes other than the element's own name and namespaces: `certificate.fileRef`. */
function addAttributes(
  element: Element,
  except: string | undefined,
  dependencies: readonly number[],
  steps: DataStep[],
): void {
  for (const { name, parts } of element.attributes) {
    if (name === except || name === 'xmlns' || name.startsWith('xmlns:')) continue
    steps.push(stepFor('attribute', `${element.name}.${name}`, parts, dependencies))
  }
}

/** The content of an element that holds elements, in place or in values. Text in between goes by its name. */
function addContent(element: Element, dependencies: readonly number[], steps: DataStep[]): void {
  for (const child of element.content) {
    switch (child.kind) {
      case 'element':
        addElement(child, dependencies, steps)
        break
      case 'instance':
        steps.push({ ...stepFor('nested', undefined, [], dependencies), node: child })
        break
      case 'substitution':
        steps.push(stepFor('nested', element.name, [child], dependencies))
        break
      case 'text':
        if (child.text.trim() !== '') steps.push(stepFor('nested', element.name, [child], dependencies))
        break
      case 'instruction':
    }
  }
}

function stepFor(
  kind: DataStep['kind'],
  name: string | undefined,
  parts: readonly Part[],
  dependencies: readonly number[],
): DataStep {
  const [first] = parts
  const index = parts.length === 1 && first?.kind === 'substitution' ? first.index : -1
  return { kind, name, nameParts: undefined, parts, index, dependencies, node: undefined }
}

function isPart(node: Node): node is Part {
  return node.kind === 'text' || node.kind === 'substitution'
}
