// CSV files with a header: Splunk's exports above all, and tables of any other origin. Each row is an event whose
// fields are its cells.

import {
  type Damage,
  type DecodeLimits,
  type Decoder,
  defaultDecodeLimits,
  type FieldText,
  type RawEvent,
} from '../reader.ts'
import { type Cut, cutEvents, type EventCutter, skipFilling, trimEnd } from '../text/cut-events.ts'
import { textOfHead } from '../text/encoding.ts'
import { rowEvent } from '../text/row-event.ts'
import { cellsOf, endOfRecord } from './records.ts'

/** Comma-separated values whose first record names the columns. */
export const csvDecoder: Decoder = {
  format: 'csv',
  summary: "CSV with a header: Splunk's exports and other tables",
  detects: (head) => isTable(textOfHead(head)),
  decode(input, options) {
    const rows = new RowReader(options.limits ?? defaultDecodeLimits)
    return cutEvents(input, options, rowCutter, (text, position, _damage, report) =>
      rows.read(text, position, report),
    )
  },
}

const rowCutter: EventCutter = {
  cut(bytes, from, isLast): Cut {
    const start = skipFilling(bytes, from)
    if (start === bytes.length) return { kind: 'more', from: start }
    const next = endOfRecord(bytes, start)
    if (next >= 0) return { kind: 'event', start, end: withoutLineBreak(bytes, start, next), next }
    if (!isLast) return { kind: 'more', from: start }
    return { kind: 'event', start, end: trimEnd(bytes, start, bytes.length), next: bytes.length }
  },
  resume: (bytes, from) => bytes.indexOf(LINE_FEED, from) + 1 || -1,
}

function withoutLineBreak(bytes: Buffer, start: number, next: number): number {
  return next - 2 >= start && bytes[next - 2] === CARRIAGE_RETURN ? next - 2 : next - 1
}

/** Reads rows by the header, which is the first record. */
class RowReader {
  private readonly limits: DecodeLimits
  private header: readonly string[] | undefined

  constructor(limits: DecodeLimits) {
    this.limits = limits
  }

  read(text: string, position: string, report: (damage: Damage) => void): RawEvent | undefined {
    const cells = cellsOf(text)
    if (this.header === undefined) {
      const { maxEventFields } = this.limits
      if (cells.length > maxEventFields) {
        const most = maxEventFields.toLocaleString('en-US')
        const reason = `the table has more than ${most} columns (limits.max_event_fields); the rest was left out`
        report({ position, reason, lostEvents: 0 })
      }
      this.header = cells.slice(0, maxEventFields).map((cell) => cell.trim())
      return undefined
    }
    if (cells.length > this.header.length) {
      const reason = `the row has ${cells.length} cells under ${this.header.length} names; the rest was left out`
      report({ position, reason, lostEvents: 0 })
    }
    return rowEvent(text, this.fieldsOf(cells), position)
  }

  /** An empty cell is no field. A name that comes twice gives a multivalue field. */
  private fieldsOf(cells: readonly string[]): Map<string, FieldText> {
    const fields = new Map<string, FieldText>()
    const multivalues = new Map<string, readonly string[]>()
    for (const [index, name] of this.header!.entries()) {
      const cell = cells[index]
      if (cell === undefined || cell === '' || name === '') continue
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
function isTable(text: string): boolean {
  const records = recordsOf(text, 6)
  const header = records[0]
  if (header === undefined || header.length < 2 || header.length > 4096) return false
  if (header.includes('_raw') || header.includes('_time')) return header.every((name) => name.length <= 256)
  if (new Set(header).size < header.length || !header.every((name) => columnName.test(name))) return false
  return records.length > 1 && records.every((record) => record.length === header.length)
}

/** A name of at most four words that does not begin with a digit or a blank: no date, no part of a sentence. */
const columnName = /^[\p{L}_@#$][\p{L}\d_@#$.:/()[\]{}%-]{0,63}(?: [\p{L}\d_@#$.:/()[\]{}%-]{1,64}){0,3}$/u

/** The first records of a text. The last one in hand may be cut off, so it is left out unless it is complete. */
function recordsOf(text: string, most: number): string[][] {
  const bytes = Buffer.from(text)
  const records: string[][] = []
  for (let at = skipFilling(bytes, 0); at < bytes.length && records.length < most; ) {
    const next = endOfRecord(bytes, at)
    // 64 KiB is all of a shorter file, and then its last record may lack a line break.
    if (next < 0 && (bytes.length >= 65_000 || bytes.subarray(at).includes(QUOTE))) break
    const end = next < 0 ? bytes.length : withoutLineBreak(bytes, at, next)
    records.push(cellsOf(bytes.toString('utf8', at, end)))
    if (next < 0) break
    at = skipFilling(bytes, next)
  }
  return records
}

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const QUOTE = 0x22
