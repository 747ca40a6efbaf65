// What content files are checked with: pieces of zod schemas over YAML texts, and diagnostics made of what they find.
// Which keys a format has is left to its reader.

import * as z from 'zod'
import { suggest } from '../base/suggest.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { CheckedContent, KeyPath, UnknownKey, YamlFile, YamlValue } from './yaml-file.ts'

/** A text, without the blanks around it. */
export const line = z.string('must be a text').trim()

/** A text that must say something. */
export const requiredLine = line.min(1, 'must not be empty')

/** A text kept as it is: SPL, prose. */
export const prose = z.string('must be a text')

/** A whole number from 0. */
export const count = z
  .string('must be a whole number')
  .trim()
  .regex(/^\d{1,9}$/, 'must be a whole number')
  .transform(Number)

/** A number from 0 to 100. */
export const percentage = z
  .string('must be a number from 0 to 100')
  .trim()
  .regex(/^\d{1,3}(?:\.\d+)?$/, 'must be a number from 0 to 100')
  .transform(Number)
  .refine((value) => value <= 100, 'must be a number from 0 to 100')

/** YAML 1.1's booleans, as PyYAML reads them. */
export const flag = z
  .string('must be true or false')
  .trim()
  .toLowerCase()
  .regex(/^(?:true|false|yes|no|on|off)$/, 'must be true or false')
  .transform((value) => value === 'true' || value === 'yes' || value === 'on')

/** A list of texts. An empty value is an empty list, a lone text a list of one; blank items are left out. */
export const lines = z
  .preprocess(
    (value) => (typeof value === 'string' ? [value] : value),
    z.array(line, 'must be a list of texts'),
  )
  .transform((items) => items.filter((item) => item !== ''))

/** A list of maps. An empty value is an empty list. */
export const listOf = <Item extends z.ZodType>(item: Item) =>
  z.preprocess((value) => (value === '' ? [] : value), z.array(item, 'must be a list'))

/** A map with keys that are known; others are found by `readAs`. */
export const mapOf = <Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strip> =>
  z.object(shape, 'must be a map of keys and values')

/** A key that may be left out or left empty. */
export const optional = <Value extends z.ZodType>(value: Value) =>
  z.preprocess((given) => (given === '' ? undefined : given), value.optional())

/** A key that other tools write and Karst has no use for: known, and passed over. */
export const unused = z.unknown().optional()

/** What reading a content file gives. */
export type Read<Item> =
  | ({ readonly ok: true; readonly item: Item } & CheckedContent)
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

/**
 * Reads a file by the schema of its kind.
 *
 * @param kind  what the file is, for people: `detection`, `macro`
 * @param make  what becomes of the checked values
 */
export function readAs<Schema extends z.ZodType, Item>(
  schema: Schema,
  file: YamlFile,
  kind: string,
  make: (data: z.output<Schema>) => Item,
): Read<Item> {
  const { checked = check(schema, file.value) } = file
  return 'issues' in checked
    ? { ok: false, diagnostics: checked.issues.map((issue) => issueDiagnostic(issue, file, kind)) }
    : { ok: true, item: make(checked.data as z.output<Schema>), ...checked }
}

function check(
  schema: z.ZodType,
  value: YamlValue,
): CheckedContent | { readonly issues: readonly z.core.$ZodIssue[] } {
  const result = schema.safeParse(value)
  return result.success
    ? { data: result.data, unknownKeys: unknownKeys(schema, value) }
    : { issues: result.error.issues }
}

function issueDiagnostic(issue: z.core.$ZodIssue, file: YamlFile, kind: string): Diagnostic {
  const path = placeOf(issue.path as KeyPath, file.value)
  const key = keyName(path)
  const given = valueAt(file.value, path)
  const base = { code: 'bad-content', severity: 'error', labels: [file.label(path)] } as const
  if (path.length === 0) {
    return { ...base, message: `${file.source.name}: a ${kind} is a map of keys and values.` }
  }
  if (given === undefined) {
    return {
      ...base,
      message: `${file.source.name}: the ${kind} has no "${key}".`,
      help: `Add "${String(path.at(-1))}:" to the file.`,
    }
  }
  const found = typeof given === 'string' && given.trim() !== '' ? `, found "${excerpt(given)}"` : ''
  return { ...base, message: `${file.source.name}: "${key}" ${issue.message}${found}.` }
}

/** A problem inside a lone text that stands for a list is a problem of that text. */
function placeOf(path: KeyPath, value: unknown): KeyPath {
  const holder = valueAt(value, path.slice(0, -1))
  return typeof path.at(-1) === 'number' && !Array.isArray(holder) ? path.slice(0, -1) : path
}

function excerpt(text: string): string {
  const oneLine = text.replace(/\s+/g, ' ').trim()
  return oneLine.length > 60 ? `${oneLine.slice(0, 59)}…` : oneLine
}

function keyName(path: KeyPath): string {
  return path.reduce<string>(
    (name, step) => (typeof step === 'number' ? `${name}[${step}]` : name === '' ? step : `${name}.${step}`),
    '',
  )
}

function valueAt(value: unknown, path: KeyPath): unknown {
  let at = value
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined
    at = (at as Record<string | number, unknown>)[step]
  }
  return at
}

/** The keys of a value that its schema does not name, in the order of the file. */
function unknownKeys(schema: z.ZodType, value: unknown): UnknownKey[] {
  const found: UnknownKey[] = []
  const path: (string | number)[] = []
  const visit = (schema: z.ZodType, value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    const { keys, item } = insideOf(schema)
    if (Array.isArray(value)) {
      if (item === undefined) return
      for (let index = 0; index < value.length; index++) {
        path.push(index)
        visit(item, value[index])
        path.pop()
      }
    } else if (keys !== undefined) {
      for (const [key, child] of Object.entries(value)) {
        path.push(key)
        const known = keys.get(key)
        if (known !== undefined) visit(known, child)
        else
          found.push({
            key: keyName(path).replace(/\[\d+\]/g, '[]'),
            path: [...path],
            known: [...keys.keys()],
          })
        path.pop()
      }
    }
  }
  visit(schema, value)
  return found
}

/** What a schema says of the values inside its own: by key, or of every item of a list. Empty where it says nothing. */
interface Inside {
  readonly keys?: ReadonlyMap<string, z.ZodType>
  readonly item?: z.ZodType
}

const insides = new WeakMap<z.ZodType, Inside>()

function insideOf(schema: z.ZodType): Inside {
  let inside = insides.get(schema)
  if (inside === undefined) {
    const inner = unwrap(schema)
    inside =
      inner instanceof z.ZodArray
        ? { item: inner.element as z.ZodType }
        : inner instanceof z.ZodObject && inner.def.catchall === undefined
          ? { keys: new Map(Object.entries(inner.shape as Record<string, z.ZodType>)) }
          : {}
    insides.set(schema, inside)
  }
  return inside
}

/** The schema inside defaults, options and transformations. */
function unwrap(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault)
    return unwrap(schema.unwrap() as z.ZodType)
  if (!(schema instanceof z.ZodPipe)) return schema
  const out = schema.out as z.ZodType
  return unwrap(out instanceof z.ZodTransform ? (schema.in as z.ZodType) : out)
}

/**
 * One warning per unknown key, however many files have it.
 *
 * @param found  the files with an unknown key, and what kind of file they are
 */
export function unknownKeyWarnings(
  found: readonly { readonly file: YamlFile; readonly kind: string; readonly unknown: UnknownKey }[],
): Diagnostic[] {
  const byKey = new Map<string, (typeof found)[number][]>()
  for (const one of found) {
    const same = byKey.get(`${one.kind}\0${one.unknown.key}`)
    if (same === undefined) byKey.set(`${one.kind}\0${one.unknown.key}`, [one])
    else same.push(one)
  }
  return [...byKey.values()].map((same) => {
    const { file, kind, unknown } = same[0]!
    const files = new Set(same.map((one) => one.file)).size
    const where = files === 1 ? `the ${kind} ${file.source.name}` : `${files} ${kind} files`
    const meant = suggest(String(unknown.path.at(-1)), unknown.known)[0]
    return {
      code: 'bad-content',
      severity: 'warning',
      message: `Unknown key "${unknown.key}" in ${where}; it has no effect.`,
      labels: [file.keyLabel(unknown.path)],
      ...(meant === undefined ? {} : { help: `Did you mean "${meant}"?` }),
    }
  })
}
