// Reads JSON text into values without losing what logs rely on: the digits of large numbers, texts with raw control
// characters, NaN. Where values end in a stream is value-scanner.ts.

import { isOddNumberText, ValueScanner } from './value-scanner.ts'

/** A JSON object as parsed. Keys are hostile: read them with Object.hasOwn or Object.entries. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Whether a parsed value is an object, not an array or null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A member of an object, never one it inherits. */
export function member(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined
}

/**
 * Parses JSON text. With `keepNumbers`, numbers whose text a JavaScript number would not give back become texts:
 * `-9223372036854775808`, `1.0`, `1e5`.
 *
 * @returns undefined when it is not JSON
 */
export function parseJson(text: string, keepNumbers: boolean): unknown {
  return tryParse(keepNumbers ? asPlainJson(text, false) : text) ?? tryParse(asPlainJson(text, true))
}

/** Parses a whole text that is one JSON object, no deeper than is read elsewhere; undefined when it is not. */
export function parseJsonObject(text: string): JsonObject | undefined {
  if (!/^\s*\{/.test(text)) return undefined
  const scanner = new ValueScanner()
  const bytes = Buffer.from(text)
  if (scanner.scan(bytes, 0) !== 'end' || bytes.toString('utf8', scanner.at).trim() !== '') return undefined
  const value = parseJson(text, scanner.hasOddNumber)
  return isJsonObject(value) ? value : undefined
}

/** How many texts, numbers and the like a JSON text holds, however deep; told without parsing it, by its commas. */
export function countValues(text: string): number {
  let count = 1
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = endOfString(text, at) - 1
    else if (code === COMMA) count++
  }
  return count
}

/** The text of a value as a field shows it: texts as they are, null as nothing, objects and arrays as JSON. */
export function textOfValue(value: unknown): string {
  if (typeof value === 'string') return value
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** The text of an object's member as it stands in the object's text; the last one, as in JSON.parse. */
export function memberText(text: string, name: string): string | undefined {
  const bytes = Buffer.from(text)
  const scanner = new ValueScanner()
  let found: string | undefined
  let at = bytes.indexOf('{') + 1
  for (;;) {
    while (bytes[at]! <= 0x20 || bytes[at] === COMMA) at++
    if (bytes[at] !== QUOTE || scanner.scan(bytes, at) !== 'end') return found
    const key = tryParse(bytes.toString('utf8', at, scanner.at))
    const colon = bytes.indexOf(COLON, scanner.at)
    if (colon < 0 || scanner.scan(bytes, colon + 1) !== 'end') return found
    if (key === name) found = bytes.toString('utf8', colon + 1, scanner.at).trim()
    at = scanner.at
  }
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Rewrites what JSON.parse would refuse or round: odd numbers, NaN, Infinity; with `fixTexts` also raw control characters. */
function asPlainJson(text: string, fixTexts: boolean): string {
  let plain = ''
  let from = 0
  const replace = (start: number, end: number, by: string) => {
    plain += text.slice(from, start) + by
    from = end
  }
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      const end = endOfString(text, at)
      if (fixTexts) replace(at, end, text.slice(at, end).replace(controls, escapeControl))
      at = end
    } else if (code === MINUS || (code >= ZERO && code <= LOWER_Z)) {
      scalar.lastIndex = at
      const token = scalar.exec(text)?.[0] ?? ''
      const isOdd = code <= NINE ? numberShape.test(token) && isOddNumberText(token) : false
      if (isOdd || unknownLiterals.has(token)) replace(at, at + token.length, `"${token}"`)
      at += Math.max(token.length, 1)
    } else at++
  }
  return from === 0 ? text : plain + text.slice(from)
}

const scalar = /[\w.+-]+/y
const numberShape = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/
/** Python and JavaScript write these into JSON. */
const unknownLiterals: ReadonlySet<string> = new Set(['NaN', 'Infinity', '-Infinity'])
const controls = /[\u0000-\u001f]/g

function escapeControl(control: string): string {
  return `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`
}

function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) return at + 1
    if (code === BACKSLASH) at++
  }
  return text.length
}

const QUOTE = 0x22
const COMMA = 0x2c
const MINUS = 0x2d
const ZERO = 0x30
const NINE = 0x39
const COLON = 0x3a
const LOWER_Z = 0x7a
const BACKSLASH = 0x5c
