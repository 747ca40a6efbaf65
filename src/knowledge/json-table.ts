// Rows of a lookup as JSON: what a KV store collection holds, as its REST API gives it (an array of objects) or as other
// tools write it (an object a line).

import type { LookupCell } from '../spl/host.ts'

/** Columns and rows. */
export interface JsonTable {
  readonly fields: readonly string[]
  readonly rows: readonly (readonly LookupCell[])[]
}

type JsonObject = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Reads a text that begins as JSON does; undefined for any other text, and for JSON that holds no objects.
 * @param stated columns that there are whatever the objects have; `a.b` is the member b of the object a
 */
export function readJsonTable(text: string, stated: readonly string[]): JsonTable | undefined {
  if (!/^\ufeff?\s*[[{]/.test(text)) return undefined
  const objects = readObjects(text.replace(/^\ufeff/, ''))
  if (objects === undefined) return undefined
  const inside = new Set(stated.map((field) => field.split('.', 1)[0]!))
  const found = new Set<string>()
  for (const object of objects) for (const key of Object.keys(object)) if (!inside.has(key)) found.add(key)
  const fields = [...stated, ...found]
  return { fields, rows: objects.map((object) => fields.map((field) => cellOf(valueAt(object, field)))) }
}

function readObjects(text: string): readonly JsonObject[] | undefined {
  const whole = parse(text)
  const values = Array.isArray(whole)
    ? whole
    : isObject(whole)
      ? [whole]
      : text.trim().split(/\r?\n/).map(parse)
  const objects = values.filter(isObject)
  return objects.length === 0 && values.length > 0 ? undefined : objects
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function valueAt(object: JsonObject, path: string): unknown {
  if (Object.hasOwn(object, path)) return object[path]
  let value: unknown = object
  for (const key of path.split('.')) {
    if (!isObject(value) || !Object.hasOwn(value, key)) return undefined
    value = value[key]
  }
  return value
}

function cellOf(value: unknown): LookupCell {
  if (Array.isArray(value)) {
    const texts = value.map(textOf).filter((text) => text !== '')
    return texts.length === 1 ? texts[0]! : texts.length === 0 ? '' : texts
  }
  return textOf(value)
}

const textOf = (value: unknown): string =>
  value === null || value === undefined
    ? ''
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value)
