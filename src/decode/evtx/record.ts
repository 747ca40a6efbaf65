// One record of a chunk as an event: its header fields are read from their values when asked, its data items are
// materialised on first demand, its XML is rendered on demand. Finding records is left to chunk.

import type { DataItem, EventContent, EventMetadata, RawEvent, WindowsRecord } from '../reader.ts'
import { type Element, type Node, type Part, readFragment } from './binxml.ts'
import { DamagedBytes } from './chunk-bytes.ts'
import { Allowance } from './limits.ts'
import { renderXml } from './render-xml.ts'
import {
  collectData,
  headerParts,
  layoutOf,
  NO_TEMPLATE,
  partsText,
  type Scope,
  type Templates,
  visitElements,
} from './template.ts'
import type { ValueTable } from './value-table.ts'
import { FILETIME_TYPE, fileTimeEpoch, isoTimeEpoch } from './values.ts'

/** Bytes in front of a record's BinXml: mark, size u32, record id u64, FILETIME of writing. */
export const RECORD_HEADER_SIZE = 24

/** What the records of one chunk share. */
export interface RecordContext {
  readonly templates: Templates
  /** Index-time metadata for a channel and computer: one object for events that share them. */
  metadataFor(channel: string | undefined, computer: string | undefined): EventMetadata
  /** Takes damage inside a record whose header fields could be read. */
  report(recordId: string, reason: string): void
}

/** An element, and where its substitutions find their values. */
interface PlacedElement {
  readonly element: Element
  readonly scope: Scope
}

type Role = 'data' | 'rendering' | 'system'

type Sections = { [role in Role]?: PlacedElement }

type HeaderParts = ReadonlyMap<string, readonly Part[]>

const NO_HEADER: HeaderParts = new Map()

/**
 * An EVTX record, as event and as Windows record. It keeps its chunk in memory: take out what is needed and let go.
 *
 * Damage beyond the header fields shows when it is read. It is reported once, and what stands before it is kept.
 */
export class EvtxRecord implements RawEvent, WindowsRecord {
  readonly content: EventContent = { kind: 'windows', record: this }
  private readonly context: RecordContext
  private readonly offset: number
  private readonly size: number
  private readonly isRecovered: boolean
  private readonly root: Node
  private readonly scope: Scope
  /** The nodes beside `<System>`. */
  private readonly rest: readonly Node[]
  private readonly header: HeaderParts
  private readonly headerValues: ValueTable | undefined
  private foundSections: Sections | undefined
  private items: readonly DataItem[] | undefined
  private isReported = false

  /**
   * @param offset       where the record begins in its chunk
   * @param size         its size, header and trailing size included
   * @param isRecovered  whether it was deleted or superseded
   * @throws             DamagedBytes when its outer template cannot be read, and with it no field at all
   */
  constructor(context: RecordContext, offset: number, size: number, isRecovered: boolean) {
    const { templates } = context
    this.context = context
    this.offset = offset
    this.size = size
    this.isRecovered = isRecovered
    const [root] = readFragment(templates.chunk, offset + RECORD_HEADER_SIZE, offset + size - 4, 'first')
    if (root === undefined) throw new DamagedBytes('the record is empty')
    this.root = root
    const template = root.kind === 'instance' ? templates.at(root.definition) : undefined
    this.scope = root.kind === 'instance' ? { template, values: root.values } : NO_TEMPLATE
    const layout = template?.layout() ?? layoutOf([root])
    this.rest = layout.rest
    if (layout.system !== undefined) {
      this.header = layout.system
      this.headerValues = this.scope.values
    } else {
      const { system } = this.sections
      this.header = system === undefined ? NO_HEADER : headerParts(system.element)
      this.headerValues = system?.scope.values
    }
  }

  /** The id in the record's own header, which the EventRecordID of the event repeats. */
  get recordId(): string {
    return String(this.context.templates.chunk.view.getBigUint64(this.offset + 8, true))
  }

  get position(): string {
    const id = this.system('EventRecordID') ?? this.recordId
    return this.isRecovered ? `record ${id} (recovered)` : `record ${id}`
  }

  get time(): number | undefined {
    return this.timeCreated ?? fileTimeEpoch(this.context.templates.chunk, this.offset + 16)
  }

  get metadata(): EventMetadata {
    return this.context.metadataFor(this.system('Channel'), this.system('Computer'))
  }

  raw(): string {
    return this.xml([this.root], NO_TEMPLATE)
  }

  system(name: string): string | undefined {
    const parts = this.header.get(name)
    return parts && (this.text(parts, this.headerValues) || undefined)
  }

  systemAttribute(name: string): string | undefined {
    return this.system(name)
  }

  get section(): string | undefined {
    return this.sections.data?.element.name
  }

  data(): readonly DataItem[] {
    this.items ??= this.readData()
    return this.items
  }

  sectionXml(): string | undefined {
    const { data } = this.sections
    return data && this.xml(data.element.content, data.scope)
  }

  rendering(name: string): string | undefined {
    const { rendering } = this.sections
    const parts = rendering && headerParts(rendering.element).get(name)
    return parts && (this.text(parts, rendering.scope.values) || undefined)
  }

  /** Reads the data items now, so that damage in them is reported now. */
  check(): void {
    this.data()
  }

  private get timeCreated(): number | undefined {
    const parts = this.header.get('TimeCreated.SystemTime')
    const part = parts?.[0]
    const values = this.headerValues
    if (
      part?.kind === 'substitution' &&
      values?.typeOf(part.index) === FILETIME_TYPE &&
      values.sizeOf(part.index) === 8
    ) {
      return fileTimeEpoch(values.chunk, values.offsetOf(part.index))
    }
    return parts && isoTimeEpoch(this.text(parts, values))
  }

  private text(parts: readonly Part[], values: ValueTable | undefined): string {
    if (parts.length < 2) return partsText(parts, values, undefined)
    let text = ''
    this.untilDamage(() => {
      text = partsText(parts, values, Allowance.forData(this.size))
    })
    return text
  }

  private get sections(): Sections {
    this.foundSections ??= this.findSections()
    return this.foundSections
  }

  /** Finds what stands beside `<System>`, in place or in the value that the outer template leaves for it. */
  private findSections(): Sections {
    const found: Sections = {}
    this.untilDamage(() => {
      const allowance = Allowance.forData(this.size)
      visitElements(this.rest, this.scope, this.context.templates, allowance, (element, scope) => {
        found[roleOf(element)] ??= { element, scope }
      })
    })
    return found
  }

  private readData(): readonly DataItem[] {
    const items: DataItem[] = []
    const { data } = this.sections
    if (data === undefined) return items
    this.untilDamage(() => {
      const allowance = Allowance.forData(this.size)
      collectData(data.element, data.scope, this.context.templates, allowance, items)
    })
    return items
  }

  private xml(nodes: readonly Node[], scope: Scope): string {
    const output = { text: '' }
    this.untilDamage(() => {
      renderXml(nodes, scope, this.context.templates, Allowance.forXml(this.size), output)
    })
    return output.text
  }

  private untilDamage(read: () => void): void {
    try {
      read()
    } catch (error) {
      if (!(error instanceof DamagedBytes)) throw error
      if (!this.isReported) this.context.report(this.recordId, error.message)
      this.isReported = true
    }
  }
}

function roleOf({ name }: Element): Role {
  return name === 'System' ? 'system' : name === 'RenderingInfo' ? 'rendering' : 'data'
}
