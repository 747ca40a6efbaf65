// Plain text, one event a line: syslog and whatever else no other decoder claims. Times and fields are left to knowledge.

import type { Decoder } from '../reader.ts'
import { type Cut, cutEvents, type EventCutter, skipFilling, trimEnd } from './cut-events.ts'
import { encodingOf, textOfHead } from './encoding.ts'
import { TextEvent } from './text-event.ts'

/** Lines of text. Empty lines are no events. */
export const textDecoder: Decoder = {
  format: 'text',
  summary: 'plain text with one event a line, such as syslog',
  detects: isText,
  decode: (input, options) =>
    cutEvents(input, options, lineCutter, (piece) => new TextEvent(piece.text(), piece.position)),
}

/** Cuts at line ends. Blanks before a text are kept, as they tell continuation lines apart. */
const lineCutter: EventCutter = {
  cut(bytes, from, isLast): Cut {
    const text = skipFilling(bytes, from)
    const filling = bytes.subarray(Math.max(from, text - longestIndent), text)
    const start = text - filling.length + filling.lastIndexOf(LINE_FEED) + 1
    if (text === bytes.length) return { kind: 'more', from: isLast ? text : start }
    const lineFeed = bytes.indexOf(LINE_FEED, text)
    if (lineFeed < 0 && !isLast) return { kind: 'more', from: start }
    const end = lineFeed < 0 ? bytes.length : lineFeed
    return { kind: 'event', start, end: trimEnd(bytes, start, end), next: lineFeed < 0 ? end : end + 1 }
  },
  resume: (bytes, from) => bytes.indexOf(LINE_FEED, from) + 1 || -1,
}

/** Text has few control characters. Padding with NUL, which crashes leave in logs, is let through up to a half. */
function isText(head: Uint8Array): boolean {
  if (head.length === 0) return false
  if (encodingOf(head).name !== 'utf-8') return true
  const text = textOfHead(head)
  const controls = text.match(/[\u0001-\u0008\u000e-\u001a\u001c-\u001f]/g)?.length ?? 0
  const padding = text.match(/\0/g)?.length ?? 0
  return controls * 100 <= text.length && padding * 2 <= text.length
}

const LINE_FEED = 0x0a
/** Blanks and padding beyond this are not kept. */
const longestIndent = 64 * 1024
