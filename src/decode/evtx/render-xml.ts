// Event XML as Windows writes it and Splunk indexes it: one line, attributes in single quotes, no attribute without a
// value, an element repeated for each item of an array. Rendered from the tokens when somebody asks, never before.

import type { Node } from './binxml.ts'
import { DamagedBytes } from './chunk-bytes.ts'
import { type Allowance, MAX_TEMPLATE_DEPTH } from './limits.ts'
import { areGiven, NO_TEMPLATE, nestedNodes, partsText, type Scope, type Templates } from './template.ts'
import type { ValueTable } from './value-table.ts'
import { ANSI_STRING_TYPE, ARRAY_FLAG } from './values.ts'
import { compileXml, escapeAttribute, escapeText, type XmlStep } from './xml-steps.ts'

/**
 * Appends the XML of these nodes. What stands before damage is kept.
 *
 * @throws DamagedBytes
 */
export function renderXml(
  nodes: readonly Node[],
  scope: Scope,
  templates: Templates,
  allowance: Allowance,
  output: { text: string },
): void {
  new XmlRenderer(templates, allowance, output).nodes(nodes, scope, 0)
}

class XmlRenderer {
  private readonly templates: Templates
  private readonly allowance: Allowance
  private readonly output: { text: string }

  constructor(templates: Templates, allowance: Allowance, output: { text: string }) {
    this.templates = templates
    this.allowance = allowance
    this.output = output
  }

  nodes(nodes: readonly Node[], { template, values }: Scope, depth: number): void {
    if (depth > MAX_TEMPLATE_DEPTH) throw new DamagedBytes('templates are nested too deeply')
    this.take(template?.xmlSteps(nodes) ?? compileXml(nodes), values, depth)
  }

  private take(steps: readonly XmlStep[], values: ValueTable | undefined, depth: number): void {
    for (const step of steps) {
      if (typeof step === 'string') {
        this.write(step)
        continue
      }
      switch (step.kind) {
        case 'element':
          this.element(step.start, step.index, step.end, values, depth)
          break
        case 'attribute':
          this.attribute(step.name, partsText(step.parts, values, this.allowance))
          break
        case 'value':
          this.value(step.index, values, depth)
          break
        case 'optional':
          if (areGiven(step.dependencies, values)) this.take(step.steps, values, depth)
          break
        case 'instance': {
          const template = this.templates.at(step.definition)
          this.nodes(template.nodes, { template, values: step.values }, depth + 1)
        }
      }
    }
  }

  private element(
    start: readonly XmlStep[],
    index: number,
    end: string,
    values: ValueTable | undefined,
    depth: number,
  ): void {
    if (values !== undefined && (values.typeOf(index) & ARRAY_FLAG) !== 0) {
      const items = values.items(index)
      for (const item of items.length === 0 ? [''] : items) {
        this.take(start, values, depth)
        this.write(escapeText(item))
        this.write(end)
      }
      return
    }
    this.take(start, values, depth)
    this.value(index, values, depth)
    this.write(end)
  }

  /** An attribute whose text is empty is not written ([MS-EVEN6] 2.2.12.2). */
  private attribute(name: string, text: string): void {
    if (text !== '') this.write(` ${name}='${escapeAttribute(text)}'`)
  }

  private value(index: number, values: ValueTable | undefined, depth: number): void {
    if (values === undefined) return
    const nested = nestedNodes(values, index, this.allowance)
    if (nested !== undefined) {
      this.nodes(nested, NO_TEMPLATE, depth + 1)
      return
    }
    const text = values.text(index)
    // Numbers, times, SIDs and the like never hold what needs escaping.
    this.write((values.typeOf(index) & ~ARRAY_FLAG) <= ANSI_STRING_TYPE ? escapeText(text) : text)
  }

  private write(xml: string): void {
    this.allowance.spend(xml.length)
    this.output.text += xml
  }
}
