// Writes Windows events as classic text (`renderXml = false`), for tools whose exports hold the rendered message but not
// the event's data: Get-WinEvent, wevtutil /f:text. Reading classic text is wineventlog.ts.

import type { EventMetadata, RawEvent } from '../reader.ts'
import { TextEvent, textContent } from './text-event.ts'
import { momentOf, type Timestamp } from './timestamps.ts'
import { classicNames } from './wineventlog.ts'

/** What an export tells about an event, as its tool shows it; absent or empty: it does not say. */
export interface RenderedEvent {
  readonly log: string
  readonly eventId: string
  readonly computer: string
  readonly source?: string | undefined
  readonly level?: string | undefined
  readonly task?: string | undefined
  readonly opcode?: string | undefined
  readonly keywords?: string | undefined
  readonly recordId?: string | undefined
  readonly userId?: string | undefined
  readonly message?: string | undefined
}

/**
 * An event of classic text.
 * @param time as it was read; a text that could not be read becomes the first line, where knowledge looks for a time
 */
export function classicEvent(
  event: RenderedEvent,
  time: Timestamp | string,
  position: string,
  zone: string | undefined,
): RawEvent {
  const lines: readonly (readonly [name: string, value: string | undefined])[] = [
    ['LogName', event.log],
    ['SourceName', event.source],
    ['EventCode', event.eventId],
    ['Type', event.level],
    ['ComputerName', event.computer],
    ['TaskCategory', event.task],
    ['OpCode', event.opcode],
    ['RecordNumber', event.recordId],
    ['Keywords', event.keywords],
    ['Sid', event.userId],
    ['Message', event.message],
  ]
  const text = lines.flatMap(([name, value]) => (value ? `${name}=${value}` : [])).join('\n')
  const first = typeof time === 'string' ? time : classicTimeText(time.seconds)
  const metadata: EventMetadata = { form: classicNames(text) }
  const moment = typeof time === 'string' ? { time: undefined } : momentOf(time, zone)
  return new TextEvent(first === '' ? text : `${first}\n${text}`, position, textContent, metadata, moment)
}

/** `10/08/2020 11:03:46.617 AM` */
function classicTimeText(seconds: number): string {
  const date = new Date(Math.round(seconds * 1000))
  if (Number.isNaN(date.getTime())) return ''
  const [, year, month, day, rest] =
    /^(\d{4})-(\d\d)-(\d\d)T\d\d(:\d\d:\d\d\.\d{3})Z$/.exec(date.toISOString()) ?? []
  const hour = date.getUTCHours()
  const half = hour < 12 ? 'AM' : 'PM'
  return `${month}/${day}/${year} ${String(hour % 12 || 12).padStart(2, '0')}${rest} ${half}`
}
