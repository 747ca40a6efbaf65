// Classic Windows events as text, as Splunk's input (renderXml = false) writes them: a line with the time, lines
// `LogName=…`, `EventCode=…`, and `Message=…` to the next event. Fields are left to knowledge.

import type { Decoder, EventNames, EventTime } from '../reader.ts'
import { type Cut, cutEvents, type EventCutter, skipFilling, trimEnd } from './cut-events.ts'
import { textOfHead } from './encoding.ts'
import { TextEvent, textContent } from './text-event.ts'
import { momentOf, readClassicTime } from './timestamps.ts'

/** Classic WinEventLog text. Its times state no zone. */
export const wineventlogDecoder: Decoder = {
  format: 'wineventlog',
  summary: "classic multi-line WinEventLog text, as Splunk's input writes it with renderXml = false",
  detects(head) {
    const [first = '', second = ''] = textOfHead(head).trimStart().split(/\r?\n/, 2)
    return readClassicTime(first) !== undefined && second.startsWith('LogName=')
  },
  decode: (input, options) =>
    cutEvents(input, options, new ClassicCutter(), (piece) => {
      const text = piece.text()
      const time = classicTime(text, options.timeZone)
      return new TextEvent(text, piece.position, textContent, { form: classicNames(text) }, time)
    }),
}

/** Time of a classic event, by its first line; undefined when the text is none. */
export function classicTime(text: string, zone: string | undefined): EventTime {
  const lineFeed = text.indexOf('\n')
  return momentOf(readClassicTime((lineFeed < 0 ? text : text.slice(0, lineFeed)).trim()), zone)
}

/** The names under which Splunk's input indexes a classic event. */
export function classicNames(text: string): EventNames {
  const head = text.slice(0, headLength)
  const log = /^LogName=(.*?)\r?$/m.exec(head)?.[1]
  const host = /^ComputerName=(.*?)\r?$/m.exec(head)?.[1]
  return {
    ...(log === undefined ? {} : { source: `WinEventLog:${log}` }),
    sourcetype: 'WinEventLog',
    ...(host ? { host } : {}),
  }
}

/** The header lines are within this; the message, which is an attacker's to write, comes after them. */
const headLength = 1024

/** Events begin where a line with a time is followed by one with `LogName=`: messages may hold either alone. */
class ClassicCutter implements EventCutter {
  cut(bytes: Buffer, from: number, isLast: boolean): Cut {
    const start = skipFilling(bytes, from)
    if (start === bytes.length) return { kind: 'more', from: start }
    const begins = this.beginsEvent(bytes, start)
    if (begins === undefined && !isLast) return { kind: 'more', from: start }
    const next = this.resume(bytes, start + 1)
    if (next < 0 && !isLast) return { kind: 'more', from: start, resumeFrom: bytes.length }
    const end = next < 0 ? bytes.length : next
    return begins
      ? { kind: 'event', start, end: trimEnd(bytes, start, end), next: end }
      : { kind: 'damage', start, next: end, reason: 'text before the first event was passed over' }
  }

  resume(bytes: Buffer, from: number): number {
    for (let at = bytes.indexOf(mark, from); at >= 0; at = bytes.indexOf(mark, at + 1)) {
      const lineEnd = bytes[at - 1] === CARRIAGE_RETURN ? at - 1 : at
      const line = bytes.lastIndexOf(LINE_FEED, at - 1) + 1
      if (line >= from && line > at - longestTime && isTime(bytes, line, lineEnd)) return line
    }
    return -1
  }

  private beginsEvent(bytes: Buffer, at: number): boolean | undefined {
    const lineFeed = bytes.subarray(at, at + longestTime).indexOf(LINE_FEED)
    if (lineFeed < 0 || bytes.length < at + lineFeed + mark.length) {
      return bytes.length - at < longestTime + mark.length ? undefined : false
    }
    const isHeaded = bytes.toString('latin1', at + lineFeed, at + lineFeed + mark.length) === mark
    return isHeaded && isTime(bytes, at, at + lineFeed)
  }
}

function isTime(bytes: Buffer, from: number, to: number): boolean {
  return readClassicTime(bytes.toString('latin1', from, to).trim()) !== undefined
}

const mark = '\nLogName='
/** `10/08/2020 11:03:46.617920300 AM` and a line end. */
const longestTime = 48
const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
