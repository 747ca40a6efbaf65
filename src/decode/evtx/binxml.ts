// Reads the tokens of BinXml into a small tree: elements, texts, and the places where values are substituted.
// Template definitions, fragments written without a template, and mixtures all come out alike; what the tree means
// (fields, XML text) is for template and render-xml.

import { type ChunkBytes, DamagedBytes } from './chunk-bytes.ts'
import { ValueTable } from './value-table.ts'

/** Literal text, entities resolved. */
export interface Text {
  readonly kind: 'text'
  readonly text: string
}

/** A value of the template instance stands here. */
export interface Substitution {
  readonly kind: 'substitution'
  readonly index: number
}

export type Part = Text | Substitution

export interface Attribute {
  readonly name: string
  readonly parts: readonly Part[]
}

export interface Element {
  readonly kind: 'element'
  readonly name: string
  /** The element exists only if this value is not null; -1 when it does not depend on any. */
  readonly dependency: number
  readonly attributes: readonly Attribute[]
  readonly content: readonly Node[]
  /** Written `<name/>`. */
  readonly isEmpty: boolean
}

/** A template definition by its offset in the chunk, with the values for it. */
export interface TemplateInstance {
  readonly kind: 'instance'
  readonly definition: number
  readonly values: ValueTable
}

export interface ProcessingInstruction {
  readonly kind: 'instruction'
  readonly target: string
  readonly data: string
}

export type Node = Element | Part | TemplateInstance | ProcessingInstruction

/** Elements within elements. Schemas of Windows use about 6; the parser recurses, so there must be an end. */
const MAX_ELEMENT_DEPTH = 40

const NO_DEPENDENCY = 0xffff

/** Offsets of a template definition: next definition u32, GUID 16 bytes, size u32, BinXml. */
export const DEFINITION_SIZE_OFFSET = 20
export const DEFINITION_HEADER_SIZE = 24

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
])

/** Set on a token when more follow; trusted for attribute lists alone, where it announces a size. */
const HAS_MORE = 0x40

/**
 * Reads a fragment: BinXml up to its end token or up to `end`.
 *
 * @param only  stop behind the first element or template instance, for places that hold exactly one
 * @throws      DamagedBytes
 */
export function readFragment(
  chunk: ChunkBytes,
  start: number,
  end: number,
  only: 'first' | 'all',
): readonly Node[] {
  return new TokenReader(chunk, start, end, false).nodes(0, only === 'first')
}

/**
 * Reads the BinXml of the template definition at this offset of the chunk.
 *
 * @throws DamagedBytes
 */
export function readDefinition(chunk: ChunkBytes, definition: number): readonly Node[] {
  const start = definition + DEFINITION_HEADER_SIZE
  if (start > chunk.bytes.length) throw new DamagedBytes('a template lies outside the chunk')
  const size = chunk.u32(definition + DEFINITION_SIZE_OFFSET)
  if (start + size > chunk.bytes.length) throw new DamagedBytes('a template is longer than the chunk')
  chunk.spendDefinition(size)
  return new TokenReader(chunk, start, start + size, true).nodes(0, false)
}

class TokenReader {
  private readonly chunk: ChunkBytes
  private offset: number
  private readonly end: number
  /** Elements carry a dependency id inside definitions only. */
  private readonly isDefinition: boolean

  constructor(chunk: ChunkBytes, start: number, end: number, isDefinition: boolean) {
    this.chunk = chunk
    this.offset = start
    this.end = end
    this.isDefinition = isDefinition
  }

  /** The nodes up to the end of the element (depth > 0) or fragment. Each turn moves on by a byte at least. */
  nodes(depth: number, firstOnly: boolean): readonly Node[] {
    const nodes: Node[] = []
    while (this.offset < this.end) {
      const token = this.chunk.bytes[this.offset++]!
      switch (token & ~HAS_MORE) {
        case 0x00: // end of fragment
          if (depth > 0) throw new DamagedBytes('an element is not closed')
          return nodes
        case 0x01:
          nodes.push(this.element(depth + 1, (token & HAS_MORE) !== 0))
          if (firstOnly) return nodes
          break
        case 0x04: // end of element
          if (depth === 0) throw new DamagedBytes('an element is closed that was not opened')
          return nodes
        case 0x0a:
          nodes.push(this.instruction())
          break
        case 0x0c:
          nodes.push(this.instance())
          if (firstOnly) return nodes
          break
        case 0x0f: // fragment header: version 1.1 and flags
          this.skip(3)
          break
        default:
          append(nodes, this.part(token))
      }
    }
    if (depth > 0) throw new DamagedBytes('an element is cut off')
    return nodes
  }

  private element(depth: number, hasAttributes: boolean): Element {
    if (depth > MAX_ELEMENT_DEPTH) throw new DamagedBytes('elements are nested too deeply')
    const dependency = this.isDefinition ? this.u16() : NO_DEPENDENCY
    this.skip(4) // size of the element
    const name = this.name()
    const attributes: Attribute[] = []
    if (hasAttributes) {
      this.skip(4) // size of the attribute list
      while ((this.peek() & ~HAS_MORE) === 0x06) attributes.push(this.attribute())
    }
    const close = this.u8()
    if (close !== 0x02 && close !== 0x03) throw new DamagedBytes(`the start of <${name}> is not closed`)
    return {
      kind: 'element',
      name,
      dependency: dependency === NO_DEPENDENCY ? -1 : dependency,
      attributes,
      content: close === 0x02 ? this.nodes(depth, false) : [],
      isEmpty: close === 0x03,
    }
  }

  private attribute(): Attribute {
    this.skip(1)
    const name = this.name()
    const parts: Part[] = []
    while (isPart(this.peek())) append(parts, this.part(this.u8()))
    return { name, parts }
  }

  /** Text or a substitution; its token has been read. */
  private part(token: number): Part {
    switch (token & ~HAS_MORE) {
      case 0x05: {
        const type = this.u8()
        if (type !== 0x01) throw new DamagedBytes(`a literal has type ${type}, where only text can stand`)
        return { kind: 'text', text: this.text() }
      }
      case 0x07: // CDATA section
        return { kind: 'text', text: this.text() }
      case 0x08:
        return { kind: 'text', text: String.fromCharCode(this.u16()) }
      case 0x09: {
        const name = this.name()
        return { kind: 'text', text: ENTITIES.get(name) ?? `&${name};` }
      }
      case 0x0d: // normal
      case 0x0e: {
        // optional: as empty attributes are never written, both come out alike
        const index = this.u16()
        this.skip(1) // the type that the definition expects; the instance tells the true one
        return { kind: 'substitution', index }
      }
      default:
        throw new DamagedBytes(`0x${token.toString(16).padStart(2, '0')} is not a BinXml token`)
    }
  }

  private instruction(): ProcessingInstruction {
    const target = this.name()
    if (this.u8() !== 0x0b) throw new DamagedBytes('a processing instruction has no data')
    return { kind: 'instruction', target, data: this.text() }
  }

  private instance(): TemplateInstance {
    if (this.isDefinition) throw new DamagedBytes('a template definition holds a template instance')
    this.skip(5) // unknown byte, template id
    const definition = this.u32()
    if (definition + DEFINITION_HEADER_SIZE > this.chunk.bytes.length) {
      throw new DamagedBytes('a template lies outside the chunk')
    }
    // The first record that uses a definition carries it; later ones point back.
    if (definition === this.offset) {
      this.skip(DEFINITION_HEADER_SIZE + this.chunk.u32(definition + DEFINITION_SIZE_OFFSET))
    }
    const values = new ValueTable(this.chunk, this.offset, this.end)
    this.offset = values.end
    return { kind: 'instance', definition, values }
  }

  /** A name by its offset: it stands right here if it is the chunk's first use of it. */
  private name(): string {
    const at = this.u32()
    if (at === this.offset) this.skip(this.chunk.nameSize(at))
    return this.chunk.name(at)
  }

  private text(): string {
    const start = this.offset + 2
    this.skip(2 + 2 * this.u16At(this.offset))
    return this.chunk.utf16(start, this.offset)
  }

  private skip(size: number): void {
    this.offset += size
    if (this.offset > this.end) throw new DamagedBytes('BinXml is cut off')
  }

  private peek(): number {
    return this.offset < this.end ? this.chunk.bytes[this.offset]! : 0
  }

  private u8(): number {
    this.skip(1)
    return this.chunk.bytes[this.offset - 1]!
  }

  private u16(): number {
    this.skip(2)
    return this.chunk.u16(this.offset - 2)
  }

  private u16At(offset: number): number {
    if (offset + 2 > this.end) throw new DamagedBytes('BinXml is cut off')
    return this.chunk.u16(offset)
  }

  private u32(): number {
    this.skip(4)
    return this.chunk.u32(this.offset - 4)
  }
}

function isPart(token: number): boolean {
  const plain = token & ~HAS_MORE
  return (plain >= 0x07 && plain <= 0x09) || plain === 0x05 || plain === 0x0d || plain === 0x0e
}

/** Adds a part; text that follows text becomes one, so that a value with entities is a single literal. */
function append(nodes: Node[], part: Part): void {
  const last = nodes[nodes.length - 1]
  if (part.kind === 'text' && last?.kind === 'text') {
    nodes[nodes.length - 1] = { kind: 'text', text: last.text + part.text }
  } else {
    nodes.push(part)
  }
}
