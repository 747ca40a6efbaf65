// A Windows event of an XML file: nothing of it is read before somebody asks, and what identifies it is read from its
// bytes. Events in any other form than that of Windows are read by event-xml.ts.

import type { DataItem, EventContent, EventMetadata, RawEvent, WindowsRecord } from '../reader.ts'
import type { EventPiece } from '../text/cut-events.ts'
import { readPlainIsoTime } from '../text/timestamps.ts'
import { EventXml, windowsMetadata, windowsTime } from './event-xml.ts'
import {
  type DataPlaces,
  dataValue,
  findDataItems,
  readDataItems,
  type SectionPlace,
  SystemPart,
  sectionAt,
  systemElement,
} from './windows-form.ts'

/** An event of a file, as event and as Windows record. It keeps its bytes in memory: take out what is needed and let go. */
export class WindowsXmlEvent implements RawEvent, WindowsRecord {
  readonly content: EventContent = { kind: 'windows', record: this }
  private readonly piece: EventPiece
  private isRead = false
  private eventId: string | undefined
  private channel: string | undefined
  private computer: string | undefined
  private hasQualifiers = true
  /** Where the value of `TimeCreated SystemTime` is; -1 where it is not known. */
  private timeFrom = -1
  private timeTo = -1
  /** Where `<System>` ends; -1 where the event is not in the form of Windows. */
  private systemEnd = -1
  private knownMetadata: EventMetadata | undefined
  private knownPlaces: DataPlaces | 'unusual' | undefined
  /** The event as text, for what is not in the form of Windows or seldom asked for. */
  private knownXml: EventXml | undefined

  constructor(piece: EventPiece) {
    this.piece = piece
  }

  get position(): string {
    return this.piece.position
  }

  raw(): string {
    return this.piece.text()
  }

  get time(): number | undefined {
    this.readSystem()
    const { timeFrom, timeTo } = this
    return (
      (timeFrom < 0 ? undefined : readPlainIsoTime(this.piece.bytes, timeFrom, timeTo)) ?? windowsTime(this)
    )
  }

  get metadata(): EventMetadata {
    this.knownMetadata ??= windowsMetadata(this)
    return this.knownMetadata
  }

  system(name: string): string | undefined {
    this.readSystem()
    switch (name) {
      case 'EventID':
        return this.eventId
      case 'Channel':
        return this.channel
      case 'Computer':
        return this.computer
      default:
        return this.systemElement(name)
    }
  }

  systemAttribute(name: string): string | undefined {
    this.readSystem()
    return name === 'EventID.Qualifiers' && !this.hasQualifiers ? undefined : this.xml.systemAttribute(name)
  }

  get section(): string | undefined {
    const place = this.sectionPlace
    return place === undefined ? this.xml.section : place.name
  }

  /** Not kept, since who reads the data of many events keeps what is wanted in columns. */
  data(): readonly DataItem[] {
    const place = this.sectionPlace
    const { bytes, end } = this.piece
    return (
      (place?.name === 'EventData' ? readDataItems(bytes, place.from, end) : undefined) ?? this.xml.data()
    )
  }

  dataNames(): readonly (string | undefined)[] | undefined {
    if (this.knownPlaces === undefined) {
      const place = this.sectionPlace
      const { bytes, end } = this.piece
      this.knownPlaces =
        (place?.name === 'EventData' && findDataItems(bytes, place.from, end, this.eventId)) || 'unusual'
    }
    return this.knownPlaces === 'unusual' ? undefined : this.knownPlaces.names
  }

  dataValue(item: number): string {
    return dataValue(this.piece.bytes, this.knownPlaces as DataPlaces, item)
  }

  sectionXml(): string | undefined {
    return this.xml.sectionXml()
  }

  rendering(name: string): string | undefined {
    return this.xml.rendering(name)
  }

  private systemElement(name: string): string | undefined {
    const { bytes, start } = this.piece
    const text = this.systemEnd < 0 ? null : systemElement(bytes, start, this.systemEnd, name)
    return text === null ? this.xml.system(name) : text
  }

  private get xml(): EventXml {
    this.knownXml ??= new EventXml(this.raw())
    return this.knownXml
  }

  private get sectionPlace(): SectionPlace | undefined {
    this.readSystem()
    return this.systemEnd < 0 ? undefined : sectionAt(this.piece.bytes, this.systemEnd)
  }

  private readSystem(): void {
    if (this.isRead) return
    this.isRead = true
    const { bytes, start, end } = this.piece
    if (!system.read(bytes, start, end)) {
      this.eventId = this.xml.system('EventID')
      this.channel = this.xml.system('Channel')
      this.computer = this.xml.system('Computer')
      return
    }
    this.eventId = system.eventId
    this.channel = system.channel
    this.computer = system.computer
    this.hasQualifiers = system.hasQualifiers
    this.timeFrom = system.time
    this.timeTo = system.timeEnd
    this.systemEnd = system.end
  }
}

/** Holds what was found in the event that was read last. */
const system = new SystemPart()
