// What every decoder gives: raw events, in file order, and what it could not read.
// Decoders find events and their parts; naming and deriving fields is left to knowledge.

/** A field value as a file holds it: text, or several texts where the file repeats the name. */
export type FieldText = string | readonly string[]

/**
 * One event as its file holds it, before any knowledge is applied.
 */
export interface RawEvent extends EventTime {
  /** The text that Splunk would index. Binary forms render it on demand, so call it only when it is needed. */
  raw(): string
  /** Where in its file the event is: `record 4451`, `line 12`. Findings refer to it. */
  readonly position: string
  readonly content: EventContent
  /** Index-time metadata that the evidence itself carries. */
  readonly metadata: EventMetadata
}

/** When an event happened, as far as its form says. */
export interface EventTime {
  /**
   * Epoch seconds with microsecond precision; a time without a zone was read in the zone of the decode options. Undefined
   * where the form has no time of its own: knowledge then finds one in the text.
   */
  readonly time: number | undefined
  /** The same as a clock shows it, in seconds since its 1 January 1970, where the form states no zone. */
  readonly localTime?: number | undefined
  /** The time was given beside the event (by an envelope) and not read from it. */
  readonly isTimeGiven?: boolean | undefined
}

export interface EventMetadata extends EventNames {
  readonly index?: string
  /** Index-time fields of a HEC envelope, the columns of a table, or all fields of an export row. */
  readonly fields?: ReadonlyMap<string, FieldText>
  /** The fields are the columns of a table, so that one of them holds the event's time. */
  readonly isTable?: boolean
  /** What the form of a text tells where the evidence states nothing: what the user states wins over it. */
  readonly form?: EventNames
}

/** Where an event comes from and what it is. */
export interface EventNames {
  readonly source?: string
  readonly sourcetype?: string
  readonly host?: string
}

/** An event with other metadata. */
export function withMetadata(event: RawEvent, metadata: EventMetadata): RawEvent {
  const { time, localTime, isTimeGiven, position, content } = event
  return { time, localTime, isTimeGiven, raw: () => event.raw(), position, content, metadata }
}

/** What is known of an event's inner form. */
export type EventContent =
  /** A Windows event: EVTX, event XML, or a JSON form whose keys are known. */
  | { readonly kind: 'windows'; readonly record: WindowsRecord }
  /** A JSON object, parsed once. */
  | { readonly kind: 'json'; readonly value: Readonly<Record<string, unknown>> }
  /** Text whose fields knowledge extracts (classic WinEventLog text, syslog, the rows of a table, …). */
  | { readonly kind: 'text' }
  /** A row whose fields Splunk extracted before (its JSON and CSV exports). */
  | { readonly kind: 'row'; readonly fields: ReadonlyMap<string, FieldText> }

/**
 * A Windows event, whatever its outer form. The names are those of the event schema; values are as Windows writes
 * them in event XML (hex as `0x1eba8`, GUIDs braced, times with all digits), with entities decoded.
 * @see Microsoft, Windows Event Schema: SystemPropertiesType
 */
export interface WindowsRecord {
  /** Text of an element of `<System>` without attributes (`EventID`, `Version`, `Level`, `Task`, `Opcode`, `Keywords`,
   *  `EventRecordID`, `Channel`, `Computer`), or undefined. `EventID` is given even where it has Qualifiers. */
  system(name: string): string | undefined
  /** Attribute of an element of `<System>`: `Provider.Name`, `Provider.Guid`, `Provider.EventSourceName`,
   *  `EventID.Qualifiers`, `TimeCreated.SystemTime`, `Correlation.ActivityID`, `Correlation.RelatedActivityID`,
   *  `Execution.ProcessID`, `Execution.ThreadID`, `Security.UserID`. */
  systemAttribute(name: string): string | undefined
  /** `EventData`, `UserData`, `DebugData`, `ProcessingErrorData`, or undefined when the event has none. */
  readonly section: string | undefined
  /** The data items in file order; unnamed `<Data>` has name undefined. Repeated names appear repeatedly.
   *  For UserData: the leaf elements. Null and empty values are given as ''. */
  data(): readonly DataItem[]
  /**
   * The names of the data items, where their values can be read one by one; the same list for events whose data have the
   * same names. Undefined for an event that has to be read as a whole, which any may be.
   */
  dataNames?(): readonly (string | undefined)[] | undefined
  /** The value at a place in `dataNames`, which must have been asked for. */
  dataValue?(item: number): string
  /** The inner XML of the section's children, as Windows writes it (`<Data Name='x'>…</Data>…`), or undefined. */
  sectionXml(): string | undefined
  /** `<RenderingInfo>` texts (Message, Level, Task, Opcode, Keywords, Provider, Channel), where a forwarder wrote them. */
  rendering(name: string): string | undefined
}

export interface DataItem {
  readonly name: string | undefined
  readonly value: string
}

/** One thing in the input that could not be read. Counted and named, never fatal. */
export interface Damage {
  /** Where: `chunk 7, record 812`, `line 12`. */
  readonly position: string
  /** What was wrong, as a sentence without a full stop: `header checksum is wrong`. */
  readonly reason: string
  /** How many events were lost by it, where that is known; 0 when everything was still read. */
  readonly lostEvents: number | undefined
}

/**
 * A stream of bytes with a name. `chunks` may be read once only; decoders may keep what it gives, so nobody may write to
 * a chunk after it was given.
 */
export interface ByteSource {
  /** As shown to people: a path, or `archive.zip!inner/path.evtx`. */
  readonly name: string
  chunks(): AsyncIterable<Uint8Array>
}

/** What one event may cost, however hostile its bytes. What goes beyond is passed over and reported as lost. */
export interface DecodeLimits {
  /** Bytes of one event of a text form, as UTF-8. Windows writes 64 KiB at most, cloud services some hundred. */
  readonly maxEventBytes: number
  /** Fields of one event: members and items of JSON, elements of XML, columns of a table. */
  readonly maxEventFields: number
}

/** The limits that hold unless others are given. */
export const defaultDecodeLimits: DecodeLimits = {
  maxEventBytes: 16 * 1024 * 1024,
  maxEventFields: 50_000,
}

/** What is reported for an event with too many fields. */
export const tooManyFields = ({ maxEventFields }: DecodeLimits): string =>
  `the event has more than ${maxEventFields.toLocaleString('en-US')} fields (limits.max_event_fields), so it was passed over`

export interface DecodeOptions {
  onDamage(damage: Damage): void
  readonly limits?: DecodeLimits
  /** The zone of times that state none: a tz database name, `UTC` or an offset. UTC without it. */
  readonly timeZone?: string
  /** Also read records that were deleted or superseded (EVTX: beyond the free space offset). */
  readonly recover: boolean
}

/**
 * A decoder of one form of evidence.
 */
export interface Decoder {
  /** The name that `--input` takes: `evtx`, `xml`, `wineventlog`, `json`, … */
  readonly format: string
  readonly summary: string
  /**
   * Whether these first bytes (up to 64 KiB; all of a shorter file) are of this form. Must be decided from content alone.
   */
  detects(head: Uint8Array): boolean
  /**
   * Yields the events in file order, in groups of the decoder's choosing (at most 4,096).
   * Must never throw for damaged input: damage is reported and reading resumes at the next event.
   */
  decode(input: ByteSource, options: DecodeOptions): AsyncIterable<readonly RawEvent[]>
}

// ---- files whose layout somebody states

/** How a file is laid out, where that is not told by its content. */
export type FileLayout =
  | { readonly kind: 'table'; readonly layout: TableLayout }
  | { readonly kind: 'lines'; readonly rule: LineRule }

/** Which lines of a text begin an event. */
export interface LineRule {
  /** Whether `line` begins an event; `before` is the line before it. */
  begins(line: string, before: string): boolean
  /** An event has no more lines than this. */
  readonly mostLines: number
}

/** What stands between cells and around them: single characters of ASCII. */
export interface CellMarks {
  readonly delimiter: string
  /** Undefined: cells are never quoted. */
  readonly quote: string | undefined
  /** Runs of blanks and tabs stand between cells, whatever `delimiter` says. */
  readonly isBlankSeparated?: boolean
}

/** How a table of delimited text is laid out: what separates cells, and where the names of the columns come from. */
export interface TableLayout extends CellMarks {
  /** What separates and quotes the names, where that differs. */
  readonly header?: CellMarks
  /** The names of the columns, where the file does not give them. */
  readonly names?: readonly string[]
  /** The line of the file that holds the names, counted from 1; absent: the first that is no preamble. */
  readonly headerLine?: number
  /** Lines that precede the table and say nothing. */
  isPreamble?(line: string): boolean
  /** What a line holds as the names of columns; undefined when it is not the header. Absent: the whole line. */
  headerIn?(line: string): string | undefined
  /** A cell that stands for none. */
  isMissing?(cell: string): boolean
  /** The field that a column is. Absent: its name, as it is written. */
  fieldOf?(name: string): string
}
