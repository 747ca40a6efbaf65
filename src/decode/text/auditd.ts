// The log of the Linux audit daemon, its records put together to events: one event of the kernel leaves several records
// (SYSCALL, EXECVE, CWD, PATH, PROCTITLE) with one id. Only for those who ask for it by name: detections for the
// sourcetype linux:audit look at one record at a time, as Splunk indexes them.
// What the kernel writes in hex, as an untrusted text, is decoded. (audit-userspace: auparse; RFC of the format:
// "SPEC Audit Event Enrichment", "SPEC Writing Good Events")

import type { Decoder, FieldText, RawEvent } from '../reader.ts'
import { textDecoder } from './file.ts'
import { TextEvent, textContent } from './text-event.ts'
import { readEpoch } from './timestamps.ts'

/** The sourcetype of events that were put together; records by themselves have linux:audit. */
const sourcetype = 'linux:audit:event'

/** Records of the audit daemon, put together by event. */
export const auditdDecoder: Decoder = {
  format: 'auditd',
  summary: 'the log of the Linux audit daemon, its records put together by event; on request only',
  detects: () => false,
  async *decode(input, options) {
    const assembly = new Assembly()
    for await (const lines of textDecoder.decode(input, options)) {
      const events = lines.flatMap((line) => assembly.add(line))
      if (events.length > 0) yield* inGroups(events)
    }
    yield* inGroups(assembly.rest())
  },
}

function* inGroups(events: readonly RawEvent[]): Generator<readonly RawEvent[]> {
  for (let start = 0; start < events.length; start += mostInGroup)
    yield events.slice(start, start + mostInGroup)
}

const mostInGroup = 4096

/** One record: a line of the log. */
interface AuditRecord {
  readonly type: string
  readonly node: string | undefined
  readonly seconds: number
  readonly serial: string
  readonly line: RawEvent
  /** What follows the id. */
  readonly body: string
}

const recordForm =
  /^(?:<\d+>)?(?:(?:.{0,100}? )??node=(\S+) |.{0,100}? )??type=([A-Za-z_0-9[\]]+) msg=audit\((\d{1,11}(?:\.\d+)?):(\d+)\):\s?(.*)$/s

function readRecord(line: RawEvent): AuditRecord | undefined {
  const match = recordForm.exec(line.raw())
  if (match === null) return undefined
  const [, node, type = '', stamp = '', serial = '', body = ''] = match
  const seconds = readEpoch(stamp)
  return seconds === undefined ? undefined : { type, node, seconds, serial, line, body }
}

/** An event whose records may not all be there yet. */
interface OpenEvent {
  readonly records: AuditRecord[]
  hasEnded: boolean
}

/** Seconds after which the daemon's own tools take an event for complete. (auditd.conf: end_of_event_timeout) */
const longestEvent = 2
/** Events of several processors interleave, but not many of them. */
const mostOpen = 256

/** Programs write single records; only the kernel writes several for one event. */
const isSingle = (type: string): boolean =>
  /^(?:USER|CRED|SERVICE|SYSTEM|DAEMON|ADD|DEL|GRP|ROLE|CRYPTO|VIRT|RESP|ACCT|CHGRP|CHUSER|TRUSTED|LABEL|SOFTWARE)_/.test(
    type,
  )

/** The kernel writes these last. */
const endsEvent = (type: string): boolean => type === 'EOE' || type === 'PROCTITLE'

/** Puts records together, in the order in which events are complete. */
class Assembly {
  readonly #open = new Map<string, OpenEvent>()

  /** Takes a line, and gives the events that it completes. */
  add(line: RawEvent): readonly RawEvent[] {
    const record = readRecord(line)
    if (record === undefined) return [line]
    const key = `${record.node} ${record.seconds} ${record.serial}`
    const open = this.#open.get(key)
    if (open !== undefined) {
      open.records.push(record)
      open.hasEnded ||= endsEvent(record.type)
      return []
    }
    if (isSingle(record.type)) return [...this.#completed(record.seconds), eventOf([record])]
    const completed = this.#completed(record.seconds)
    this.#open.set(key, { records: [record], hasEnded: endsEvent(record.type) })
    return completed
  }

  rest(): readonly RawEvent[] {
    const events = [...this.#open.values()].map(({ records }) => eventOf(records))
    this.#open.clear()
    return events
  }

  /** What must be complete when a record of another event comes at this time. */
  #completed(now: number): RawEvent[] {
    const events: RawEvent[] = []
    for (const [key, { records, hasEnded }] of this.#open) {
      if (!hasEnded && now - records[0]!.seconds <= longestEvent && this.#open.size < mostOpen) continue
      this.#open.delete(key)
      events.push(eventOf(records))
    }
    return events
  }
}

function eventOf(records: readonly AuditRecord[]): RawEvent {
  const [first] = records
  const { node, seconds, serial, line } = first!
  const raw = records.map((record) => record.line.raw()).join('\n')
  const metadata = {
    form: { source: '/var/log/audit/audit.log', sourcetype, ...(node === undefined ? {} : { host: node }) },
    fields: fieldsOf(records, serial),
  }
  return new TextEvent(raw, line.position, textContent, metadata, { time: seconds })
}

// ---- fields

/** More fields than this in one event are left: the kernel writes some hundred at most. */
const mostFields = 5000

/**
 * A name and a value: in double quotes, in hex or bare. A single quote only encloses further pairs, and the enriched pairs
 * follow the group separator, U+001D.
 */
const pair = /([A-Za-z][\w-]*(?:\[\d+\])?)=(?:"([^"]*)"|(?!['{])([^\s'"\x1d]*))/g

/** Fields whose value is an untrusted text: quoted, or in hex where it has blanks, quotes or control characters. */
const textFields = new Set(
  `acct cmd comm cwd data dir exe file grp key name new_name ocomm oexe path proctitle root_dir sw unit vm watch`.split(
    ' ',
  ),
)

function fieldsOf(records: readonly AuditRecord[], serial: string): Map<string, FieldText> {
  const fields = new Map<string, string[]>()
  let count = 0
  const add = (name: string, value: string): void => {
    if (value === '' || ++count > mostFields) return
    const values = fields.get(name)
    if (values === undefined) fields.set(name, [value])
    else values.push(value)
  }
  add('event_id', serial)
  for (const { type, body } of records) {
    add('type', type)
    const pairs = [...body.matchAll(pair)].map(
      ([, name = '', quoted, bare = '']) =>
        ({ name, text: quoted ?? bare, isQuoted: quoted !== undefined }) as const,
    )
    if (type === 'EXECVE') for (const value of argumentsOf(pairs)) add('argv', value)
    for (const { name, text, isQuoted } of pairs) {
      if (type === 'EXECVE' && name !== 'argc') continue
      if (name === 'saddr' && !isQuoted) for (const [part, value] of socketAddress(text)) add(part, value)
      else if (!isQuoted && textFields.has(name)) for (const value of hexTexts(name, text)) add(name, value)
      else add(name, text)
    }
  }
  return new Map([...fields].map(([name, values]) => [name, values.length === 1 ? values[0]! : values]))
}

interface Pair {
  readonly name: string
  readonly text: string
  readonly isQuoted: boolean
}

/** The arguments of a program. A long one comes in pieces: `a2_len=9000 a2[0]=… a2[1]=…`. */
function argumentsOf(pairs: readonly Pair[]): string[] {
  const pieces = new Map<string, string>()
  for (const { name, text, isQuoted } of pairs) {
    const number = /^a(\d+)(?:\[\d+\])?$/.exec(name)?.[1]
    if (number === undefined) continue
    pieces.set(number, (pieces.get(number) ?? '') + (isQuoted ? text : (decodedHex(text) ?? text)))
  }
  return [...pieces.values()]
}

/** The text that hex stands for; several where the kernel joins them (keys by U+0001). */
function hexTexts(name: string, text: string): readonly string[] {
  const decoded = decodedHex(text)
  if (decoded === undefined) return [text]
  if (name === 'key') return decoded.split('\u0001')
  // NUL stands between the words of a command line.
  return [decoded.replace(/\0+$/, '').replaceAll('\0', ' ')]
}

/** Upper-case digits only, as the kernel writes them, so that `cafe` stays a name. */
function decodedHex(text: string): string | undefined {
  return /^(?:[\dA-F]{2})+$/.test(text) ? Buffer.from(text, 'hex').toString('utf8') : undefined
}

const families: ReadonlyMap<number, string> = new Map([
  [1, 'local'],
  [2, 'inet'],
  [10, 'inet6'],
  [16, 'netlink'],
])

/** A socket address as `ausearch -i` names its parts. The family is little-endian, as on x86 and ARM; ports are not. */
function* socketAddress(hex: string): Generator<readonly [name: string, value: string]> {
  yield ['saddr', hex]
  if (!/^(?:[\dA-Fa-f]{2}){2,128}$/.test(hex)) return
  const bytes = Buffer.from(hex, 'hex')
  const family = families.get(bytes.readUInt16LE())
  if (family === undefined) return
  yield ['saddr_fam', family]
  if (family === 'local') {
    const path = bytes.subarray(2).toString('utf8').replace(/^\0/, '@').split('\0', 1)[0]!
    yield ['path', path]
  } else if (family === 'inet' && bytes.length >= 8) {
    yield ['laddr', bytes.subarray(4, 8).join('.')]
    yield ['lport', String(bytes.readUInt16BE(2))]
  } else if (family === 'inet6' && bytes.length >= 24) {
    const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(8 + 2 * index).toString(16))
    yield ['laddr', groups.join(':').replace(/(?:^|:)0(?::0)+(?::|$)/, '::')]
    yield ['lport', String(bytes.readUInt16BE(2))]
  }
}
