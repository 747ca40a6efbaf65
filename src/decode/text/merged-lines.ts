// Text whose events may have several lines, where somebody says which lines begin one.

import type { Decoder, LineRule } from '../reader.ts'
import { type Cut, cutEvents, type EventCutter, skipFilling, trimEnd } from './cut-events.ts'
import { textOf } from './encoding.ts'
import { TextEvent } from './text-event.ts'

/** A decoder of text whose events begin where the rule says. Detecting is left to those who have the rule. */
export function mergedLinesDecoder(rule: LineRule): Decoder {
  return {
    format: 'text',
    summary: 'plain text whose events may have several lines',
    detects: () => false,
    decode: (input, options) =>
      cutEvents(
        input,
        options,
        new MergedLinesCutter(rule),
        (piece) => new TextEvent(piece.text(), piece.position),
      ),
  }
}

/**
 * Looks at the lines after an event's first until one begins the next event. How far it has looked is remembered, so that
 * an event over many chunks is looked at once.
 */
class MergedLinesCutter implements EventCutter {
  private readonly rule: LineRule
  /** Of the event in hand, counted from its start: where the line begins that is looked at next. */
  private seen = 0
  private lines = 1
  private before = ''

  constructor(rule: LineRule) {
    this.rule = rule
  }

  cut(bytes: Buffer, from: number, isLast: boolean): Cut {
    const start = this.seen === 0 ? startOfText(bytes, from) : from
    if (start === bytes.length) return { kind: 'more', from: start }
    for (;;) {
      const line = start + this.seen
      const lineFeed = bytes.indexOf(LINE_FEED, line)
      if (lineFeed < 0 && !isLast) return { kind: 'more', from: start }
      const end = lineFeed < 0 ? bytes.length : lineFeed
      const text = textOf(bytes, line, end).trimEnd()
      if (this.seen > 0 && text !== '') {
        if (this.lines >= this.rule.mostLines || this.rule.begins(text, this.before))
          return this.event(bytes, start, line)
        this.lines++
      }
      if (lineFeed < 0) return this.event(bytes, start, end)
      if (text !== '') this.before = text
      this.seen = lineFeed + 1 - start
      if (lineFeed + 1 === bytes.length && isLast) return this.event(bytes, start, bytes.length)
    }
  }

  resume(bytes: Buffer, from: number): number {
    this.seen = 0
    this.lines = 1
    return bytes.indexOf(LINE_FEED, from) + 1 || -1
  }

  private event(bytes: Buffer, start: number, end: number): Cut {
    this.seen = 0
    this.lines = 1
    return { kind: 'event', start, end: trimEnd(bytes, start, end), next: end }
  }
}

/** The beginning of the first line that is not empty; its blanks belong to it. */
function startOfText(bytes: Buffer, from: number): number {
  const text = skipFilling(bytes, from)
  const lineFeed = bytes.subarray(from, text).lastIndexOf(LINE_FEED)
  return text === bytes.length ? text : from + lineFeed + 1
}

const LINE_FEED = 0x0a
