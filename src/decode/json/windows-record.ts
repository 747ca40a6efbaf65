// A Windows event that a collector turned into JSON, put back into the terms of the event schema.
// Which key of which collector means what is told by windows-layouts.ts.

import { escapeXmlText } from '../../base/text/xml-references.ts'
import type { DataItem, EventTime, WindowsRecord } from '../reader.ts'
import { escapeAttribute } from '../xml/entities.ts'
import { windowsTime } from '../xml/event-xml.ts'
import { isJsonObject, type JsonObject, textOfValue } from './parse.ts'

/** What a layout found in a JSON object. */
export interface WindowsParts {
  /** Elements of `<System>`. */
  readonly system: ReadonlyMap<string, string>
  /** Attributes in `<System>`, by `Element.Attribute`. */
  readonly attributes: ReadonlyMap<string, string>
  readonly section: string | undefined
  readonly items: readonly DataItem[]
  /** The elements below `<UserData>`, whose nesting searches look at. */
  readonly userData?: JsonObject
  readonly renderings: ReadonlyMap<string, string>
}

/** A Windows event in a collector's JSON. */
export interface JsonWindowsRecord extends WindowsRecord {
  /** When it happened, as far as the event tells. */
  readonly when: EventTime
}

/** The record over the parts of a JSON event. */
export class WindowsJsonRecord implements JsonWindowsRecord {
  private readonly parts: WindowsParts

  constructor(parts: WindowsParts) {
    this.parts = parts
  }

  system(name: string): string | undefined {
    return this.parts.system.get(name)
  }

  systemAttribute(name: string): string | undefined {
    return this.parts.attributes.get(name)
  }

  get when(): EventTime {
    return { time: windowsTime(this) }
  }

  get section(): string | undefined {
    return this.parts.section
  }

  data(): readonly DataItem[] {
    return this.parts.items
  }

  /** Written anew, as JSON keeps no XML. */
  sectionXml(): string | undefined {
    const { section, items, userData } = this.parts
    if (section === undefined) return undefined
    return userData === undefined ? itemsXml(items) : elementsXml(userData)
  }

  rendering(name: string): string | undefined {
    return this.parts.renderings.get(name)
  }
}

/** Data items as the XML that Windows writes. */
export const itemsXml = (items: readonly DataItem[]): string => items.map(itemXml).join('')

function itemXml({ name, value }: DataItem): string {
  const text = escapeXmlText(value)
  if (name === undefined) return `<Data>${text}</Data>`
  return name === 'Binary'
    ? `<Binary>${text}</Binary>`
    : `<Data Name='${escapeAttribute(name)}'>${text}</Data>`
}

/** Elements as XML; keys that can be no element, such as attributes, are left out. The parser bounds the depth. */
function elementsXml(elements: JsonObject): string {
  let xml = ''
  for (const [name, node] of Object.entries(elements)) {
    if (!elementName.test(name)) continue
    for (const part of Array.isArray(node) ? node : [node]) {
      xml += `<${name}>${isJsonObject(part) ? elementsXml(part) : escapeXmlText(textOfValue(part))}</${name}>`
    }
  }
  return xml
}

const elementName = /^(?!xmlns|.*_attributes$)[A-Za-z_][\w.-]*$/
