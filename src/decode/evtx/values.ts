// The value types of BinXml, as the text that Windows writes for them in event XML.
// A value that does not have the size its type demands is given as hexadecimal bytes: nothing is guessed.

import { DAY_SECONDS, dateFromDays, daysFromDate } from '../../base/time/calendar.ts'
import type { ChunkBytes } from './chunk-bytes.ts'

/** Type numbers of [MS-EVEN6] 2.2.12 that the decoder names; the rest appear in `valueText` alone. */
export const NULL_TYPE = 0x00
export const FILETIME_TYPE = 0x11
export const BINXML_TYPE = 0x21
/** Set in the type of an array. */
export const ARRAY_FLAG = 0x80

const STRING_TYPE = 0x01
/** Null, UTF-16 and ANSI strings come first: all types beyond are written in plain ASCII without XML's own signs. */
export const ANSI_STRING_TYPE = 0x02
const SID_TYPE = 0x13

const TWO_DIGITS = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0'))

// Windows does not record the code page; Western European is what libevtx assumes too. Where that differs from Latin-1:
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ'

/**
 * A single value as text. Arrays are for `arrayTexts`.
 *
 * @param type    type number without ARRAY_FLAG
 * @param offset  where its bytes begin in the chunk
 * @returns       '' for null; strings lose the NULs at their end, not those inside
 */
export function valueText(chunk: ChunkBytes, type: number, offset: number, size: number): string {
  if (size === 0) return ''
  switch (type) {
    case STRING_TYPE:
      return stringText(chunk, offset, offset + size)
    case 0x08: // UInt32, the most frequent number
      if (size === 4) return String(chunk.u32(offset))
      return unsignedText(chunk, offset, size)
    case 0x14: // HexInt32
    case 0x15: // HexInt64
    case 0x10: // SizeT: a pointer of 4 or 8 bytes
      return hexText(chunk, offset, size)
    case 0x0f:
      return size === 16 ? guidText(chunk, offset) : binaryText(chunk, offset, size)
    case SID_TYPE:
      return sidText(chunk, offset, size)
    case FILETIME_TYPE:
      return size === 8 ? fileTimeText(chunk, offset) : binaryText(chunk, offset, size)
    case NULL_TYPE:
      return ''
    case ANSI_STRING_TYPE:
      return ansiText(chunk, offset, offset + size)
    case 0x04:
    case 0x06:
    case 0x0a:
      return unsignedText(chunk, offset, size)
    case 0x03:
    case 0x05:
    case 0x07:
    case 0x09:
      return signedText(chunk, offset, size)
    case 0x0b:
      return size === 4 ? floatText(chunk.view.getFloat32(offset, true)) : binaryText(chunk, offset, size)
    case 0x0c:
      return size === 8 ? floatText(chunk.view.getFloat64(offset, true)) : binaryText(chunk, offset, size)
    case 0x0d:
      return booleanText(chunk, offset, size)
    case 0x12:
      return size === 16 ? systemTimeText(chunk, offset) : binaryText(chunk, offset, size)
    default: // Binary 0x0e, and handles and types that nobody has described
      return binaryText(chunk, offset, size)
  }
}

/**
 * The items of an array, in order, empty ones included.
 * Strings end in NUL each; SIDs tell their length; all others have the size of their type.
 *
 * @param type  type number without ARRAY_FLAG
 */
export function arrayTexts(chunk: ChunkBytes, type: number, offset: number, size: number): string[] {
  const texts: string[] = []
  const end = offset + size
  if (type === STRING_TYPE || type === ANSI_STRING_TYPE) {
    const step = type === STRING_TYPE ? 2 : 1
    let start = offset
    for (let at = offset; at + step <= end; at += step) {
      if (chunk.bytes[at] !== 0 || (step === 2 && chunk.bytes[at + 1] !== 0)) continue
      texts.push(step === 2 ? chunk.utf16(start, at) : ansiText(chunk, start, at))
      start = at + step
    }
    if (start < end) texts.push(step === 2 ? chunk.utf16(start, end) : ansiText(chunk, start, end))
    return texts
  }
  for (let at = offset; at < end; ) {
    const itemSize = Math.min(itemSizeAt(chunk, type, at, end), end - at)
    texts.push(valueText(chunk, type, at, itemSize))
    at += itemSize
  }
  return texts
}

/** Bytes of the array item at this offset, at least 1. A type without a size makes the rest one item. */
function itemSizeAt(chunk: ChunkBytes, type: number, offset: number, end: number): number {
  switch (type) {
    case 0x03:
    case 0x04:
      return 1
    case 0x05:
    case 0x06:
      return 2
    case 0x07:
    case 0x08:
    case 0x0b:
    case 0x0d:
    case 0x14:
      return 4
    case 0x09:
    case 0x0a:
    case 0x0c:
    case 0x11:
    case 0x15:
      return 8
    case 0x0f:
    case 0x12:
      return 16
    case 0x10:
      return (end - offset) % 8 === 0 ? 8 : 4
    case SID_TYPE:
      return offset + 2 <= end ? sidSize(chunk, offset) : end - offset
    default:
      return end - offset
  }
}

function stringText(chunk: ChunkBytes, start: number, end: number): string {
  const { bytes } = chunk
  let last = end - ((end - start) & 1) // an odd last byte is no character
  while (last > start && bytes[last - 1] === 0 && bytes[last - 2] === 0) last -= 2
  return chunk.utf16(start, last)
}

function ansiText(chunk: ChunkBytes, start: number, end: number): string {
  let last = end
  while (last > start && chunk.bytes[last - 1] === 0) last--
  // Not TextDecoder('windows-1252'): in Node 20 it reads Latin-1.
  return chunk.bytes
    .toString('latin1', start, last)
    .replace(/[\x80-\x9f]/g, (character) => WINDOWS_1252[character.charCodeAt(0) - 0x80]!)
}

function unsignedText(chunk: ChunkBytes, offset: number, size: number): string {
  switch (size) {
    case 1:
      return String(chunk.bytes[offset])
    case 2:
      return String(chunk.u16(offset))
    case 4:
      return String(chunk.u32(offset))
    case 8:
      return chunk.u32(offset + 4) < 0x200000
        ? String(chunk.u64(offset))
        : String(chunk.view.getBigUint64(offset, true))
    default:
      return binaryText(chunk, offset, size)
  }
}

function signedText(chunk: ChunkBytes, offset: number, size: number): string {
  switch (size) {
    case 1:
      return String(chunk.view.getInt8(offset))
    case 2:
      return String(chunk.view.getInt16(offset, true))
    case 4:
      return String(chunk.view.getInt32(offset, true))
    case 8:
      return String(chunk.view.getBigInt64(offset, true))
    default:
      return binaryText(chunk, offset, size)
  }
}

/** `0x1eba8`: lower case, unpadded. */
function hexText(chunk: ChunkBytes, offset: number, size: number): string {
  if (size === 4) return `0x${chunk.u32(offset).toString(16)}`
  if (size !== 8) return binaryText(chunk, offset, size)
  const high = chunk.u32(offset + 4)
  const low = chunk.u32(offset).toString(16)
  return high === 0 ? `0x${low}` : `0x${high.toString(16)}${low.padStart(8, '0')}`
}

const guidScratch = Buffer.from('{00000000-0000-0000-0000-000000000000}', 'latin1')
/** Where the digits of each byte stand in the text. The first three groups are little-endian numbers. */
const GUID_PLACES = [7, 5, 3, 1, 12, 10, 17, 15, 20, 22, 25, 27, 29, 31, 33, 35]
const HEX_DIGITS = Buffer.from('0123456789ABCDEF', 'latin1')

/** `{54849625-5478-4994-A5BA-3E3B0328C30D}`. */
function guidText({ bytes }: ChunkBytes, offset: number): string {
  // Natural form: sixteen pairs of digits in a template string; that leaves a rope, three times slower to read.
  for (let index = 0; index < 16; index++) {
    const byte = bytes[offset + index]!
    const place = GUID_PLACES[index]!
    guidScratch[place] = HEX_DIGITS[byte >> 4]!
    guidScratch[place + 1] = HEX_DIGITS[byte & 15]!
  }
  return guidScratch.toString('latin1')
}

function binaryText({ bytes }: ChunkBytes, offset: number, size: number): string {
  return bytes.toString('hex', offset, offset + size).toUpperCase()
}

function sidSize(chunk: ChunkBytes, offset: number): number {
  return 8 + 4 * chunk.bytes[offset + 1]!
}

/** `S-1-5-21-…`. An authority beyond 32 bits is written in hexadecimal ([MS-DTYP] 2.4.2.1). */
function sidText(chunk: ChunkBytes, offset: number, size: number): string {
  const { bytes, view } = chunk
  if (size < 8 || sidSize(chunk, offset) > size) return binaryText(chunk, offset, size)
  const high = view.getUint16(offset + 2)
  const low = view.getUint32(offset + 4)
  let text = `S-${bytes[offset]}-`
  text +=
    high === 0
      ? low
      : `0x${high.toString(16).toUpperCase()}${low.toString(16).toUpperCase().padStart(8, '0')}`
  const end = offset + sidSize(chunk, offset)
  for (let at = offset + 8; at < end; at += 4) text += `-${chunk.u32(at)}`
  return text
}

function booleanText(chunk: ChunkBytes, offset: number, size: number): string {
  if (size !== 4 && size !== 1) return binaryText(chunk, offset, size)
  return (size === 4 ? chunk.u32(offset) : chunk.bytes[offset]) === 0 ? 'false' : 'true'
}

/** `3199.234000`, as C's %f. */
function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf'
  return Math.abs(value) < 1e21 ? value.toFixed(6) : `${BigInt(value)}.000000`
}

const FILETIME_EPOCH_SECONDS = 11_644_473_600

/** Whole seconds since 1970 of a FILETIME (100 ns ticks since 1601), without BigInt. */
function fileTimeSeconds(chunk: ChunkBytes, offset: number): number {
  // 2^32 ticks are 429 s and 4,967,296 ticks, so the sum of the ticks stays exact for 20,000 years.
  const high = chunk.u32(offset + 4)
  return high * 429 + Math.floor((high * 4_967_296 + chunk.u32(offset)) / 1e7) - FILETIME_EPOCH_SECONDS
}

/** The ticks of 100 ns within the second of a FILETIME. */
function fileTimeTicks(chunk: ChunkBytes, offset: number): number {
  return (chunk.u32(offset + 4) * 4_967_296 + chunk.u32(offset)) % 1e7
}

/** The FILETIME at this offset in epoch seconds, cut to microseconds. */
export function fileTimeEpoch(chunk: ChunkBytes, offset: number): number {
  const microseconds = Math.floor(fileTimeTicks(chunk, offset) / 10)
  return (fileTimeSeconds(chunk, offset) * 1e6 + microseconds) / 1e6
}

/**
 * `2020-10-08T11:03:46.617920300Z`. Nine digits, as Windows writes up to Server 2019; later ones leave out the last
 * two, which are always 00. A file does not tell on which Windows it will be read.
 */
export function fileTimeText(chunk: ChunkBytes, offset: number): string {
  return `${secondText(fileTimeSeconds(chunk, offset))}.${String(fileTimeTicks(chunk, offset)).padStart(7, '0')}00Z`
}

const ISO_TIME = /^(\d{4,6})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?Z?$/

/** Epoch seconds of a time as `fileTimeText` writes it, cut to microseconds; undefined when it is written otherwise. */
export function isoTimeEpoch(text: string): number | undefined {
  const match = ISO_TIME.exec(text)
  if (match === null) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number)
  const microseconds = Number((match[7] ?? '').padEnd(6, '0').slice(0, 6))
  const seconds = daysFromDate(year, month, day) * DAY_SECONDS + hour * 3600 + minute * 60 + second
  return (seconds * 1e6 + microseconds) / 1e6
}

function systemTimeText(chunk: ChunkBytes, offset: number): string {
  const field = (index: number) => chunk.u16(offset + 2 * index)
  const two = (index: number) => TWO_DIGITS[field(index)] ?? String(field(index))
  const year = String(field(0)).padStart(4, '0')
  const milliseconds = String(field(7)).padStart(3, '0')
  return `${year}-${two(1)}-${two(3)}T${two(4)}:${two(5)}:${two(6)}.${milliseconds}Z`
}

let dayInHand = Number.NaN
let dayInHandText = ''

function secondText(epochSeconds: number): string {
  const day = Math.floor(epochSeconds / DAY_SECONDS)
  if (day !== dayInHand) {
    // Events come in order of time: the date is the same for thousands of them.
    const date = dateFromDays(day)
    dayInHandText = `${String(date.year).padStart(4, '0')}-${TWO_DIGITS[date.month]}-${TWO_DIGITS[date.day]}`
    dayInHand = day
  }
  const second = epochSeconds - day * DAY_SECONDS
  const hours = TWO_DIGITS[Math.floor(second / 3600)]
  return `${dayInHandText}T${hours}:${TWO_DIGITS[Math.floor(second / 60) % 60]}:${TWO_DIGITS[second % 60]}`
}
