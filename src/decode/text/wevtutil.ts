// What `wevtutil qe LOG /f:text` prints: `Event[0]`, labelled lines, and the rendered message. The event's data are not
// in it, so it is read as the classic text that Splunk's input would have made of the event.

import type { Decoder } from '../reader.ts'
import { classicEvent } from './classic-text.ts'
import { type Cut, cutEvents, type EventCutter, skipFilling, trimEnd } from './cut-events.ts'
import { textOfHead } from './encoding.ts'
import { readIsoTime } from './timestamps.ts'

/** The text that wevtutil prints. */
export const wevtutilDecoder: Decoder = {
  format: 'wevtutil',
  summary: 'Windows events as `wevtutil qe` prints them (/f:text), read as classic text',
  detects: (head) => /^\s*Event\[\d+\]:?\s*\r?\n\s+Log Name:/.test(textOfHead(head).slice(0, 4096)),
  decode: (input, options) =>
    cutEvents(input, options, printedCutter, (piece, _damage, report) => {
      const { position } = piece
      const [header = '', message = ''] = parts(piece.text())
      const values = new Map(
        [...header.matchAll(/^[ \t]+([A-Z][A-Za-z ]{1,20}):[ \t]*(.*?)\r?$/gm)].map(
          ([, name = '', value = '']) => [name, value === 'N/A' ? '' : value] as const,
        ),
      )
      const [log, eventId] = [values.get('Log Name'), values.get('Event ID')]
      if (!log || !eventId) {
        report({ position, reason: 'an event without a log name or an id was passed over', lostEvents: 1 })
        return undefined
      }
      const date = values.get('Date') ?? ''
      const event = {
        log,
        eventId,
        computer: values.get('Computer') ?? '',
        source: values.get('Source'),
        level: values.get('Level'),
        task: values.get('Task'),
        opcode: values.get('Opcode'),
        keywords: values.get('Keyword'),
        userId: values.get('User'),
        message: message.trim(),
      }
      return classicEvent(event, readIsoTime(date) ?? date, position, options.timeZone)
    }),
}

/** The labelled lines, and the message after `Description:`. */
function parts(text: string): readonly string[] {
  const match = /^[ \t]+Description:[ \t]*\r?\n?/m.exec(text)
  return match === null ? [text] : [text.slice(0, match.index), text.slice(match.index + match[0].length)]
}

/** Events begin at a line `Event[12]` that is followed by labelled lines. */
const printedCutter: EventCutter = {
  cut(bytes, from, isLast): Cut {
    const start = skipFilling(bytes, from)
    if (start === bytes.length) return { kind: 'more', from: start }
    const next = printedCutter.resume(bytes, start + 1)
    if (next < 0 && !isLast) return { kind: 'more', from: start, resumeFrom: bytes.length }
    const end = next < 0 ? bytes.length : next
    if (!begins(bytes, start))
      return { kind: 'damage', start, next: end, reason: 'text before the first event was passed over' }
    return { kind: 'event', start, end: trimEnd(bytes, start, end), next: end }
  },
  resume(bytes, from) {
    for (let at = bytes.indexOf(mark, from); at >= 0; at = bytes.indexOf(mark, at + 1)) {
      if ((at === 0 || bytes[at - 1] === LINE_FEED) && begins(bytes, at)) return at
    }
    return -1
  },
}

const mark = 'Event['
const LINE_FEED = 0x0a

const begins = (bytes: Buffer, at: number): boolean =>
  /^Event\[\d{1,12}\]:?[ \t]*\r?\n[ \t]+Log Name:/.test(bytes.toString('latin1', at, at + 64))
