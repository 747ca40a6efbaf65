// JSON for the JSON functions: a parser that keeps what JSON.parse would lose (the order of keys that look like numbers,
// digits beyond a double) and is safe with any key; a printer; and the paths of json_extract, json_set and spath.
// Field extraction from JSON events is in knowledge.

import { isMultivalue, type Value } from '../../value/value.ts'

/** A number as written: a whole one with more digits than a double holds, or any whose text is to be kept. */
export interface WrittenNumber {
  readonly digits: string
}

export type Json = null | boolean | number | WrittenNumber | string | readonly Json[] | JsonObject
export type JsonObject = ReadonlyMap<string, Json>

export const isJsonObject = (json: Json): json is JsonObject => json instanceof Map
export const isJsonArray = (json: Json): json is readonly Json[] => Array.isArray(json)

/** Deeper documents are not JSON to us, so that hostile ones cannot exhaust the stack. */
const deepest = 500

/**
 * Parses a whole text; undefined when it is not JSON.
 * @param asWritten keeps the text of numbers: `1.0`
 */
export function parseJson(text: string, asWritten = false): Json | undefined {
  const reader = new JsonReader(text, asWritten)
  try {
    return reader.document()
  } catch (error) {
    if (error instanceof NotJson) return undefined
    throw error
  }
}

/** Parses a text that begins like an object or array; undefined for anything else, so it costs nothing on plain text. */
export function parseContainer(text: string, asWritten = false): JsonObject | readonly Json[] | undefined {
  const first = /\S/.exec(text)?.[0]
  if (first !== '{' && first !== '[') return undefined
  const json = parseJson(text, asWritten)
  return json !== undefined && (isJsonObject(json) || isJsonArray(json)) ? json : undefined
}

class NotJson extends Error {}

const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const escapePattern = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y
const words: readonly (readonly [string, null | boolean])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
]

class JsonReader {
  readonly #text: string
  readonly #asWritten: boolean
  #position = 0

  constructor(text: string, asWritten: boolean) {
    this.#text = text
    this.#asWritten = asWritten
  }

  document(): Json {
    const json = this.#value(0)
    this.#skipBlanks()
    if (this.#position < this.#text.length) throw new NotJson()
    return json
  }

  #value(depth: number): Json {
    if (depth > deepest) throw new NotJson()
    this.#skipBlanks()
    switch (this.#text[this.#position]) {
      case '{':
        return this.#object(depth)
      case '[':
        return this.#array(depth)
      case '"':
        return this.#string()
    }
    for (const [word, value] of words) {
      if (this.#text.startsWith(word, this.#position)) {
        this.#position += word.length
        return value
      }
    }
    return numberOfDigits(this.#match(numberPattern), this.#asWritten)
  }

  #object(depth: number): Json {
    const members = new Map<string, Json>()
    this.#position++
    if (this.#take('}')) return members
    for (;;) {
      this.#skipBlanks()
      const key = this.#string()
      if (!this.#take(':')) throw new NotJson()
      members.set(key, this.#value(depth + 1))
      if (this.#take('}')) return members
      if (!this.#take(',')) throw new NotJson()
    }
  }

  #array(depth: number): Json {
    const items: Json[] = []
    this.#position++
    if (this.#take(']')) return items
    for (;;) {
      items.push(this.#value(depth + 1))
      if (this.#take(']')) return items
      if (!this.#take(',')) throw new NotJson()
    }
  }

  #string(): string {
    const text = this.#text
    const start = this.#position
    if (text[start] !== '"') throw new NotJson()
    let end = start + 1
    let isEscaped = false
    for (let code = text.charCodeAt(end); code !== 0x22; code = text.charCodeAt(end)) {
      if (!(code >= 0x20)) throw new NotJson()
      if (code === 0x5c) {
        this.#position = end
        end += this.#match(escapePattern).length
        isEscaped = true
      } else end++
    }
    this.#position = end + 1
    return isEscaped ? (JSON.parse(text.slice(start, end + 1)) as string) : text.slice(start + 1, end)
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#position
    const found = pattern.exec(this.#text)?.[0]
    if (found === undefined) throw new NotJson()
    this.#position += found.length
    return found
  }

  /** Takes a character, after blanks. */
  #take(character: string): boolean {
    this.#skipBlanks()
    if (this.#text[this.#position] !== character) return false
    this.#position++
    return true
  }

  #skipBlanks(): void {
    while (/[ \t\r\n]/.test(this.#text[this.#position] ?? '')) this.#position++
  }
}

function numberOfDigits(digits: string, asWritten: boolean): number | WrittenNumber {
  const number = Number(digits)
  if (asWritten) return String(number) === digits ? number : { digits }
  return Number.isSafeInteger(number) || !/^-?\d+$/.test(digits) ? number : { digits }
}

/** Prints JSON without blanks. */
export function printJson(json: Json): string {
  if (json === null || typeof json !== 'object') return JSON.stringify(json)
  if (isJsonArray(json)) return `[${json.map(printJson).join(',')}]`
  if (isJsonObject(json)) {
    return `{${[...json].map(([key, value]) => `${JSON.stringify(key)}:${printJson(value)}`).join(',')}}`
  }
  return (json as WrittenNumber).digits
}

/**
 * What a value is inside a document: a text that is itself an object or array is put in as such, as the JSON functions
 * hand on their results as text; a multivalue is an array of texts.
 */
export function jsonOf(value: Value): Json {
  if (value === undefined) return null
  if (isMultivalue(value)) return [...value]
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  return typeof value === 'string' ? (parseContainer(value) ?? value) : value
}

/** The value of a part of a document: texts and numbers as such, objects and arrays as JSON text, null as null. */
export function valueOfJson(json: Json | undefined): Value {
  if (json === undefined || json === null) return undefined
  if (typeof json === 'string' || typeof json === 'number') return json
  return printJson(json)
}

/** One step of a path: a key, an index of an array, or every item of an array. */
export type PathStep = string | number | typeof everyItem

/** `{}` in a path. */
export const everyItem = Symbol('{}')

/** Splits a path such as `cities{}.bridges{0}.name` into steps. */
export function parsePath(path: string): PathStep[] {
  const steps: PathStep[] = []
  for (const location of path.split('.')) {
    const brackets = /(?:\{\d*\})+$/.exec(location)
    const key = brackets === null ? location : location.slice(0, brackets.index)
    if (key !== '') steps.push(key)
    for (const [, index] of brackets?.[0].matchAll(/\{(\d*)\}/g) ?? []) {
      steps.push(index === '' ? everyItem : Number(index))
    }
  }
  return steps
}

export const hasEveryItem = (steps: readonly PathStep[]): boolean => steps.includes(everyItem)

/** All parts of a document that a path leads to, in order. `{}` of an object is the object. */
export function partsAt(json: Json, steps: readonly PathStep[]): Json[] {
  let parts: Json[] = [json]
  for (const step of steps) {
    parts = parts.flatMap((part): Json[] => {
      if (step === everyItem) return isJsonArray(part) ? [...part] : isJsonObject(part) ? [part] : []
      const found = childOf(part, step)
      return found === undefined ? [] : [found]
    })
  }
  return parts
}

function childOf(json: Json, step: string | number): Json | undefined {
  if (typeof step === 'number') return isJsonArray(json) ? json[step] : undefined
  return isJsonObject(json) ? json.get(step) : undefined
}

/**
 * A copy of a document in which the parts that a path leads to are replaced.
 * @param replace gets the part, or undefined where only the last key is missing; undefined leaves it as it is
 * @param create  makes the objects on the way when they are missing
 */
export function replaceAt(
  json: Json,
  steps: readonly PathStep[],
  replace: (part: Json | undefined) => Json | undefined,
  create: boolean,
): Json {
  const [step, ...rest] = steps
  if (step === undefined) return replace(json) ?? json
  const replaceChild = (child: Json): Json => replaceAt(child, rest, replace, create)
  if (step === everyItem) return isJsonArray(json) ? json.map(replaceChild) : json
  if (typeof step === 'number') {
    return isJsonArray(json) && step < json.length
      ? json.map((item, index) => (index === step ? replaceChild(item) : item))
      : json
  }
  if (!isJsonObject(json)) return json
  const child = json.get(step)
  if (child !== undefined) return new Map(json).set(step, replaceChild(child))
  if (rest.length === 0) {
    const made = replace(undefined)
    return made === undefined ? json : new Map(json).set(step, made)
  }
  return create && typeof rest[0] === 'string'
    ? new Map(json).set(step, replaceAt(new Map(), rest, replace, create))
    : json
}

/** A copy of a document without the key at the end of a path. */
export function deleteAt(json: Json, keys: readonly string[]): Json {
  const [key, ...rest] = keys
  if (key === undefined || !isJsonObject(json) || !json.has(key)) return json
  const copy = new Map(json)
  if (rest.length === 0) copy.delete(key)
  else copy.set(key, deleteAt(json.get(key)!, rest))
  return copy
}
