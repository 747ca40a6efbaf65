// Tables of delimited text whose first record names the columns: Splunk's CSV exports above all, and tables of any other
// origin. Each row is an event whose fields are its cells.

import { heldEvent, jsonEvent } from '../json/json-event.ts'
import { powershellRow } from '../json/powershell-event.ts'
import {
  type Damage,
  type DecodeLimits,
  type Decoder,
  defaultDecodeLimits,
  type FieldText,
  type RawEvent,
  type TableLayout,
} from '../reader.ts'
import { type Cut, cutEvents, type EventCutter, skipFilling, trimEnd } from '../text/cut-events.ts'
import { textOf, utf8OfHead } from '../text/encoding.ts'
import { rowEvent } from '../text/row-event.ts'
import { TextEvent, textContent } from '../text/text-event.ts'
import { barSeparated, commaSeparated, semicolonSeparated, tabSeparated } from './layout.ts'
import { cellsOf, endOfRecord } from './records.ts'

/** A decoder of tables with this layout. A table that is no export of Splunk's has the sourcetype `csv` unless it is told. */
export function tableDecoder(format: string, summary: string, layout: TableLayout): Decoder {
  return {
    format,
    summary,
    detects: (head) => isTable(utf8OfHead(head), layout),
    decode(input, options) {
      const rows = new RowReader(layout, options.limits ?? defaultDecodeLimits, options.timeZone)
      return cutEvents(input, options, rowCutter(layout), (piece, _damage, report) =>
        rows.read(piece.text(), piece.position, report),
      )
    },
  }
}

/** Comma-separated values whose first record names the columns. */
export const csvDecoder = tableDecoder(
  'csv',
  "CSV with a header: Splunk's exports and other tables",
  commaSeparated,
)

/** The same with other separators. */
export const otherTableDecoders: readonly Decoder[] = [
  tableDecoder('tsv', 'tables with a header, separated by tabs', tabSeparated),
  tableDecoder('ssv', 'tables with a header, separated by semicolons', semicolonSeparated),
  tableDecoder('psv', 'tables with a header, separated by vertical bars', barSeparated),
]

const rowCutter = (layout: TableLayout): EventCutter => ({
  cut(bytes, from, isLast): Cut {
    const start = skipFilling(bytes, from)
    if (start === bytes.length) return { kind: 'more', from: start }
    const next = endOfRecord(bytes, start, layout)
    if (next >= 0) return { kind: 'event', start, end: withoutLineBreak(bytes, start, next), next }
    if (!isLast) return { kind: 'more', from: start }
    return { kind: 'event', start, end: trimEnd(bytes, start, bytes.length), next: bytes.length }
  },
  resume: (bytes, from) => bytes.indexOf(LINE_FEED, from) + 1 || -1,
})

function withoutLineBreak(bytes: Buffer, start: number, next: number): number {
  return next - 2 >= start && bytes[next - 2] === CARRIAGE_RETURN ? next - 2 : next - 1
}

/** Reads rows by the header. */
class RowReader {
  private readonly layout: TableLayout
  private readonly limits: DecodeLimits
  private readonly zone: string | undefined
  private header: Header | undefined

  constructor(layout: TableLayout, limits: DecodeLimits, zone: string | undefined) {
    this.layout = layout
    this.limits = limits
    this.zone = zone
    const { names, headerLine = 0 } = layout
    if (names !== undefined && headerLine === 0) this.header = headerOf(names, layout)
  }

  read(text: string, position: string, report: (damage: Damage) => void): RawEvent | undefined {
    if (this.header === undefined) {
      this.readHeader(text, position, report)
      return undefined
    }
    const cells = cellsOf(text, this.layout)
    const { fields: names, isExport } = this.header
    if (cells.length > names.length) {
      const reason = `the row has ${cells.length} cells under ${names.length} names; the rest was left out`
      report({ position, reason, lostEvents: 0 })
    }
    const fields = fieldsOf(cells, names, this.layout)
    if (isExport) return rowEvent(text, fields, position, this.zone)
    const other = this.otherEvent(fields, position)
    if (other !== undefined) return other
    return new TextEvent(text, position, textContent, {
      form: { sourcetype: 'csv' },
      fields,
      isTable: true,
    })
  }

  /** Tables in which somebody else's events are. */
  private otherEvent(fields: ReadonlyMap<string, FieldText>, position: string): RawEvent | undefined {
    const audit = fields.get('AuditData')
    const held = typeof audit === 'string' ? heldEvent({ AuditData: audit }) : undefined
    return held === undefined
      ? powershellRow(fields, position, this.zone)
      : jsonEvent(held.text, held.value, position, this.zone)
  }

  private readHeader(text: string, position: string, report: (damage: Damage) => void): void {
    const { headerLine = 0, names, isPreamble, headerIn, header = this.layout } = this.layout
    if (headerLine > 0 && Number(/\d+/.exec(position)?.[0]) < headerLine) return
    if (headerLine === 0 && isPreamble?.(text)) return
    const written = headerIn === undefined ? text : headerIn(text)
    if (written === undefined) return
    const cells = names ?? cellsOf(written, header)
    const { maxEventFields } = this.limits
    if (cells.length > maxEventFields) {
      const most = maxEventFields.toLocaleString('en-US')
      const reason = `the table has more than ${most} columns (limits.max_event_fields); the rest was left out`
      report({ position, reason, lostEvents: 0 })
    }
    this.header = headerOf(cells.slice(0, maxEventFields), this.layout)
  }
}

interface Header {
  readonly fields: readonly string[]
  /** It names what Splunk's exports have, so Splunk has extracted the fields. */
  readonly isExport: boolean
}

function headerOf(cells: readonly string[], { fieldOf = (name) => name }: TableLayout): Header {
  const names = cells.map((cell) => cell.trim())
  const isExport = ['_raw', '_time', 'sourcetype'].some((name) => names.includes(name))
  return { fields: isExport ? names : names.map(fieldOf), isExport }
}

/** An empty cell is no field. A name that comes twice gives a multivalue field. */
function fieldsOf(
  cells: readonly string[],
  names: readonly string[],
  { isMissing }: TableLayout,
): Map<string, FieldText> {
  const fields = new Map<string, FieldText>()
  const multivalues = new Map<string, readonly string[]>()
  for (const [index, name] of names.entries()) {
    const cell = cells[index]
    if (cell === undefined || cell === '' || name === '' || isMissing?.(cell)) continue
    if (name.startsWith(multivaluePrefix)) {
      const values = multivalueOf(cell)
      if (values !== undefined) multivalues.set(name.slice(multivaluePrefix.length), values)
      continue
    }
    const before = fields.get(name)
    fields.set(name, before === undefined ? cell : [before, cell].flat())
  }
  for (const [name, values] of multivalues) fields.set(name, values)
  return fields
}

/** Splunk's results.csv keeps the values of a multivalue field `x` in a column `__mv_x`, as `$one$;$two$`. */
const multivaluePrefix = '__mv_'

function multivalueOf(cell: string): string[] | undefined {
  if (!/^\$[\s\S]*\$$/.test(cell) || cell.length < 2) return undefined
  return cell
    .slice(1, -1)
    .split('$;$')
    .map((value) => value.replaceAll('$$', '$'))
}

/** A table: names in the first record, and records of the same width below. Splunk's own names need no more proof. */
function isTable(head: Buffer, layout: TableLayout): boolean {
  const records = recordsOf(head, layout)
  const { value: header } = records.next()
  if (header === undefined || header.length < 2 || header.length > 4096) return false
  if (header.includes('_raw') || header.includes('_time')) return header.every((name) => name.length <= 256)
  if (new Set(header).size < header.length || !header.every((name) => columnName.test(name))) return false
  let rows = 0
  for (const record of records) {
    if (record.length !== header.length) return false
    if (++rows === 5) break
  }
  return rows > 0
}

/** A name of at most four words that does not begin with a digit or a blank: no date, no part of a sentence. */
const columnName = /^[\p{L}_@#$][\p{L}\d_@#$.:/()[\]{}%-]{0,63}(?: [\p{L}\d_@#$.:/()[\]{}%-]{1,64}){0,3}$/u

/** The records in the first bytes. The last one in hand may be cut off, so it is left out unless it is complete. */
function* recordsOf(head: Buffer, layout: TableLayout): Generator<string[], undefined> {
  let isFirst = true
  for (let at = skipFilling(head, 0); at < head.length; ) {
    const next = endOfRecord(head, at, layout)
    // 64 KiB is all of a shorter file, and then its last record may lack a line break.
    if (next < 0 && (head.length >= 65_000 || head.subarray(at).includes(QUOTE))) return
    const record = textOf(head, at, next < 0 ? head.length : withoutLineBreak(head, at, next))
    if (!isFirst || !layout.isPreamble?.(record)) {
      isFirst = false
      yield cellsOf(record, layout)
    }
    if (next < 0) return
    at = skipFilling(head, next)
  }
}

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const QUOTE = 0x22
