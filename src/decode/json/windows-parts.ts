// What the layouts of Windows events in JSON have in common: collecting the parts of an event, telling numbers of the
// event schema from texts, and finding the data items below a section. The layouts are windows-layouts.ts and
// flat-record.ts.

import type { DataItem } from '../reader.ts'
import { EventXml } from '../xml/event-xml.ts'
import { isJsonObject, type JsonObject, member, textOfValue } from './parse.ts'
import type { WindowsParts } from './windows-record.ts'

/** The elements of an event that hold its data. */
export const sectionNames = ['EventData', 'UserData', 'DebugData', 'ProcessingErrorData']

/** Collects the parts; an empty text counts as absent in the system part. */
export class PartsBuilder implements WindowsParts {
  readonly system = new Map<string, string>()
  readonly attributes = new Map<string, string>()
  readonly renderings = new Map<string, string>()
  readonly items: DataItem[] = []
  section: string | undefined = 'EventData'
  userData?: JsonObject
  localTime?: number

  setSystem(name: string, value: unknown): void {
    const text = textOfValue(value)
    if (text !== '') this.system.set(name, text)
  }

  setAttribute(path: string, value: unknown): void {
    const text = textOfValue(value)
    if (text !== '') this.attributes.set(path, text)
  }

  setRendering(name: string, value: unknown): void {
    const text = renderingText(value)
    if (text !== '') this.renderings.set(name, text)
  }

  /** Level, Task, Opcode: collectors give the number of the schema or the text that Windows renders for it. */
  setNumberOrRendering(name: string, value: unknown): void {
    if (isId(value)) this.setSystem(name, value)
    else this.setRendering(name, value)
  }

  setKeywords(value: unknown): void {
    const hex = keywordsHex(value)
    if (hex !== undefined) this.setSystem('Keywords', hex)
    else this.setRendering('Keywords', value)
  }
}

/** What Windows rendered; of several, such as keywords, as it shows them. */
export const renderingText = (value: unknown): string =>
  Array.isArray(value) ? value.map(textOfValue).join(', ') : textOfValue(value)

/** A number of the event schema: a whole number, or its digits. */
export function isId(value: unknown): boolean {
  return (
    (typeof value === 'number' && Number.isInteger(value)) ||
    (typeof value === 'string' && /^\d+$/.test(value))
  )
}

/** The 64 bits of Keywords as Windows writes them. Collectors also write them as a signed or unsigned number. */
export function keywordsHex(value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  const text = String(value)
  if (/^0x[0-9a-fA-F]{1,16}$/.test(text)) return text
  return /^-?\d{1,20}$/.test(text) ? `0x${BigInt.asUintN(64, BigInt(text)).toString(16)}` : undefined
}

/** Converters of XML set the attributes of `x` beside it, in `x_attributes`. */
export const attributesSuffix = '_attributes'

/** Whether a key holds attributes of an element, and no element. */
export function isAttributeKey(name: string): boolean {
  return (
    name === '#attributes' ||
    name.startsWith('@') ||
    name.startsWith('xmlns') ||
    name.endsWith(attributesSuffix)
  )
}

/** The text of an element that stands beside its attributes. */
export function textOfNode(node: JsonObject): unknown {
  return member(node, '#text') ?? member(node, 'Value') ?? member(node, '_')
}

/** The name that a `<Data>` node carries as an attribute. */
function nameOfNode(node: JsonObject): string | undefined {
  const attributes = member(node, '#attributes')
  const name = member(isJsonObject(attributes) ? attributes : node, 'Name') ?? member(node, '@Name')
  return typeof name === 'string' ? name : undefined
}

/** Adds a value as data; the parts of a list one by one. */
export function addItem(items: DataItem[], name: string | undefined, value: unknown): void {
  if (Array.isArray(value)) for (const part of value) items.push({ name, value: textOfValue(part) })
  else items.push({ name, value: textOfValue(value) })
}

/** Adds the leaves below a section: `{name: value}`, `{Data: […]}` and elements in elements. Depth is bounded by the parser. */
export function addSectionItems(items: DataItem[], section: unknown): void {
  if (typeof section === 'string') addXmlItems(items, section)
  else if (Array.isArray(section)) addDataItems(items, section)
  if (!isJsonObject(section)) return
  for (const [name, node] of Object.entries(section)) {
    if (isAttributeKey(name)) continue
    if (name === 'Data') addDataItems(items, node)
    else if (name === '#text') addItem(items, undefined, node)
    else if (!isJsonObject(node)) addItem(items, name, node)
    else if (Object.hasOwn(node, '#text')) addItem(items, name, member(node, '#text'))
    else if (Object.keys(node).every(isAttributeKey)) addItem(items, name, '')
    else addSectionItems(items, node)
  }
}

function addDataItems(items: DataItem[], data: unknown): void {
  for (const node of Array.isArray(data) ? data : [data]) {
    if (isJsonObject(node)) addItem(items, nameOfNode(node), textOfNode(node) ?? '')
    else addItem(items, undefined, node)
  }
}

/** `EventData` given as the XML that Windows wrote. */
function addXmlItems(items: DataItem[], xml: string): void {
  const section = xml.includes('<EventData') ? xml : `<EventData>${xml}</EventData>`
  for (const item of new EventXml(section).data()) items.push(item)
}
