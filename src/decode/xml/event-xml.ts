// A Windows event in its XML form. Reads nothing until asked, then the system part, then the data.
// Cutting events out of files is file.ts; naming fields is left to knowledge.
// @see Microsoft, Windows Event Schema (eventType complex type)

import type { DataItem, EventMetadata, EventNames, WindowsRecord } from '../reader.ts'
import { readIsoTime } from '../text/timestamps.ts'
import { decodeCharacterData } from './entities.ts'
import { TagScanner } from './tag-scanner.ts'

const sectionNames: ReadonlySet<string> = new Set([
  'EventData',
  'UserData',
  'DebugData',
  'ProcessingErrorData',
])

/** The record in the text of one `<Event>` element. A text that is cut off gives what it still holds. */
export class EventXml implements WindowsRecord {
  private readonly text: string
  private systemPart: SystemPart | undefined
  private bodyPart: BodyPart | undefined
  private items: readonly DataItem[] | undefined
  private renderings: readonly DataItem[] | undefined

  constructor(text: string) {
    this.text = text
  }

  system(name: string): string | undefined {
    return this.readSystem().elements.get(name)
  }

  systemAttribute(name: string): string | undefined {
    return this.readSystem().attributes.get(name)
  }

  get section(): string | undefined {
    return this.readBody().section?.name
  }

  data(): readonly DataItem[] {
    if (this.items === undefined) {
      const { section } = this.readBody()
      this.items = section === undefined ? [] : readItems(this.text, section.from, section.to)
    }
    return this.items
  }

  sectionXml(): string | undefined {
    const { section } = this.readBody()
    return section === undefined ? undefined : this.text.slice(section.from, section.to)
  }

  rendering(name: string): string | undefined {
    if (this.renderings === undefined) {
      const { renderingInfo } = this.readBody()
      this.renderings =
        renderingInfo === undefined ? [] : readItems(this.text, renderingInfo.from, renderingInfo.to)
    }
    if (name === 'Keywords') {
      const keywords = this.renderings.filter((item) => item.name === 'Keyword').map((item) => item.value)
      return keywords.length > 0 ? keywords.join(', ') : undefined
    }
    return this.renderings.find((item) => item.name === name)?.value
  }

  private readSystem(): SystemPart {
    this.systemPart ??= readSystem(this.text)
    return this.systemPart
  }

  private readBody(): BodyPart {
    this.bodyPart ??= readBody(this.text, this.readSystem().end)
    return this.bodyPart
  }
}

/** When a Windows event was written, by its `TimeCreated`, which is UTC by definition. */
export function windowsTime(record: WindowsRecord): number | undefined {
  const text = record.systemAttribute('TimeCreated.SystemTime')
  return text === undefined ? undefined : readIsoTime(text)?.seconds
}

/**
 * The names under which Splunk's Windows input indexes an event; Sysmon for Linux has names of its own. Events of one
 * channel and computer get the same object.
 *
 * @see Splunk Add-on for Microsoft Windows (renderXml = true); Splunk Add-on for Sysmon for Linux
 */
export function windowsMetadata(record: WindowsRecord): EventMetadata {
  const channel = record.system('Channel')
  const computer = record.system('Computer')
  let ofChannel = knownMetadata.get(channel)
  let metadata = ofChannel?.get(computer)
  if (metadata === undefined) {
    if (knownCount >= mostKnown) {
      knownMetadata.clear()
      knownCount = 0
      ofChannel = undefined
    }
    metadata = { form: namesOf(channel, computer) }
    if (ofChannel === undefined) knownMetadata.set(channel, new Map([[computer, metadata]]))
    else ofChannel.set(computer, metadata)
    knownCount++
  }
  return metadata
}

/** By channel and computer. */
const knownMetadata = new Map<string | undefined, Map<string | undefined, EventMetadata>>()
let knownCount = 0
/** Hostile logs may bring endless new names. */
const mostKnown = 10_000

function namesOf(channel: string | undefined, host: string | undefined): EventNames {
  const names =
    channel === 'Linux-Sysmon/Operational'
      ? { source: `Syslog:${channel}`, sourcetype: 'sysmon:linux' }
      : { source: channel ? `XmlWinEventLog:${channel}` : 'XmlWinEventLog', sourcetype: 'XmlWinEventLog' }
  return host ? { ...names, host } : names
}

interface SystemPart {
  readonly elements: ReadonlyMap<string, string>
  /** By `Element.Attribute`. */
  readonly attributes: ReadonlyMap<string, string>
  readonly end: number
}

interface Range {
  readonly from: number
  readonly to: number
}

interface BodyPart {
  readonly section: (Range & { readonly name: string }) | undefined
  readonly renderingInfo: Range | undefined
}

function readSystem(text: string): SystemPart {
  const elements = new Map<string, string>()
  const attributes = new Map<string, string>()
  const begin = text.indexOf('<System')
  if (begin < 0) return { elements, attributes, end: 0 }
  const open = new TagScanner(text, begin, text.length)
  open.next()
  const close = text.indexOf('</System>', open.end)
  const end = open.kind === 'empty' ? open.end : close < 0 ? text.length : close
  const tags = new TagScanner(text, open.end, end)
  let name: string | undefined
  let valueFrom = 0
  // The first of a repeated element or attribute counts: a second one can only be forged.
  const addAttribute = (key: string, value: string) => {
    const path = `${name}.${key}`
    if (!attributes.has(path)) attributes.set(path, value)
  }
  while (tags.next()) {
    if (tags.kind === 'close') {
      if (name !== undefined && !elements.has(name)) {
        elements.set(name, decodeCharacterData(text.slice(valueFrom, tags.start)).trim())
      }
      name = undefined
      continue
    }
    name = tags.name
    tags.eachAttribute(addAttribute)
    if (tags.kind === 'empty') name = undefined
    valueFrom = tags.end
  }
  return { elements, attributes, end }
}

/** Finds the section and the rendering texts among the children of `<Event>` that follow `<System>`. */
function readBody(text: string, from: number): BodyPart {
  let section: BodyPart['section']
  let renderingInfo: Range | undefined
  const tags = new TagScanner(text, from, text.length)
  while (tags.next()) {
    if (tags.kind === 'close') continue
    const { name } = tags
    const isSection = section === undefined && sectionNames.has(name)
    const isRendering = name === 'RenderingInfo' && renderingInfo === undefined
    if (!isSection && !isRendering) continue
    const range = { from: tags.end, to: tags.end }
    if (tags.kind === 'open') {
      const close = text.indexOf(`</${name}>`, tags.end)
      range.to = close < 0 ? text.length : close
    }
    if (isSection) section = { name, ...range }
    else renderingInfo = range
    tags.end = range.to
  }
  return { section, renderingInfo }
}

/**
 * The leaf elements in a piece of XML with their decoded text. A leaf is called by its `Name` attribute, else by its
 * tag; `<Data>` without a name has none. An element that has children is none, so nesting needs no stack.
 */
function readItems(text: string, from: number, to: number): DataItem[] {
  const items: DataItem[] = []
  const tags = new TagScanner(text, from, to)
  let leafName: string | undefined
  let valueFrom = -1
  while (tags.next()) {
    if (tags.kind === 'close') {
      if (valueFrom >= 0) {
        items.push({ name: leafName, value: decodeCharacterData(text.slice(valueFrom, tags.start)) })
        valueFrom = -1
      }
      continue
    }
    leafName = tags.attribute('Name') ?? nameOfTag(tags.name)
    if (tags.kind === 'open') valueFrom = tags.end
    else {
      items.push({ name: leafName, value: '' })
      valueFrom = -1
    }
  }
  // Only in an event that is cut off: the value has no closing tag.
  if (valueFrom >= 0) items.push({ name: leafName, value: decodeCharacterData(text.slice(valueFrom, to)) })
  return items
}

function nameOfTag(name: string): string | undefined {
  return name === 'Data' ? undefined : name.slice(name.indexOf(':') + 1)
}
