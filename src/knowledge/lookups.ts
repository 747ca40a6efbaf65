// Lookup tables: definitions from transforms.conf and from content, files, and how rows are matched.
// The lookup command and automatic lookups decide what becomes of the matches.

import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { parseCsv } from '../base/text/csv.ts'
import { strptime } from '../base/time/strptime.ts'
import { searchError } from '../diagnostics/diagnostic.ts'
import type { LookupCell, Lookups, LookupTable } from '../spl/host.ts'
import { textsOf, type Value } from '../value/value.ts'
import { computedLookups } from './computed-lookups.ts'
import { aboutSetting, type Conf, confBoolean, type Report } from './conf-file.ts'
import { readJsonTable } from './json-table.ts'
import { type ColumnIndex, compileCell, indexColumn, type MatchType } from './lookup-index.ts'
import { writtenTable } from './lookup-writing.ts'

/** A lookup as it is defined, wherever that was. */
export interface LookupDefinition {
  readonly name: string
  /** The CSV file, by name or path. */
  readonly filename?: string
  /** The KV store collection. Its rows come from a file with the same columns, where somebody gave one. */
  readonly collection?: string
  /** Lookups that run a program: `external_cmd` or `external_type`. They cannot run here. */
  readonly external?: string
  readonly fields?: readonly string[]
  readonly matchTypes: ReadonlyMap<string, MatchType>
  readonly caseSensitive: boolean
  readonly minMatches: number
  readonly maxMatches: number | undefined
  readonly defaultMatch: string
  readonly time?: {
    readonly field: string
    readonly format: string
    readonly maxOffsetSeconds: number
    readonly minOffsetSeconds: number
  }
  /** Who defines it, for people. */
  readonly origin: string
}

/** How many rows may match one value when the definition does not say. transforms.conf.spec: max_matches */
const usualMaxMatches = 1000

/**
 * Reads a definition from settings named as in transforms.conf; content's `lookups/*.yml` use the same names.
 * Undefined when the settings define no lookup.
 */
export function readLookupDefinition(
  name: string,
  settings: ReadonlyMap<string, string>,
  origin: string,
): LookupDefinition | undefined {
  const filename = settings.get('filename')
  const collection = settings.get('collection')
  const external = settings.get('external_cmd') ?? settings.get('external_type')
  if (filename === undefined && collection === undefined && external === undefined) return undefined
  const whole = (key: string): number | undefined => {
    const value = Number(settings.get(key)?.trim() || Number.NaN)
    return Number.isInteger(value) && value >= 0 ? value : undefined
  }
  const timeField = settings.get('time_field')
  const fieldList = settings.get('fields_list')
  return {
    name,
    origin,
    ...(filename === undefined ? {} : { filename }),
    ...(collection === undefined ? {} : { collection }),
    ...(external === undefined || collection !== undefined ? {} : { external }),
    ...(fieldList === undefined
      ? {}
      : {
          fields: fieldList
            .split(',')
            .map((field) => field.trim())
            .filter((field) => field !== ''),
        }),
    matchTypes: readMatchTypes(settings.get('match_type') ?? ''),
    caseSensitive: confBoolean(settings.get('case_sensitive_match')) ?? true,
    minMatches: whole('min_matches') ?? 0,
    maxMatches: whole('max_matches'),
    defaultMatch: settings.get('default_match') ?? '',
    ...(timeField === undefined
      ? {}
      : {
          time: {
            field: timeField,
            format: settings.get('time_format') ?? '%s.%Q',
            maxOffsetSeconds: whole('max_offset_secs') ?? 2_000_000_000,
            minOffsetSeconds: whole('min_offset_secs') ?? 0,
          },
        }),
  }
}

/** Reads `WILDCARD(a), CIDR(b)`. Columns that are not named are compared exactly. */
function readMatchTypes(text: string): Map<string, MatchType> {
  const types = new Map<string, MatchType>()
  for (const [, type = '', fields = ''] of text.matchAll(/(WILDCARD|CIDR|EXACT)\s*\(([^)]*)\)/gi)) {
    for (const field of fields.split(',')) types.set(field.trim(), type.toLowerCase() as MatchType)
  }
  return types
}

/** Keys that are read, and those that only speak of Splunk's own caches, scripts and replication. */
const definitionKeys = new Set(
  `filename collection fields_list match_type case_sensitive_match min_matches max_matches default_match time_field
  time_format max_offset_secs min_offset_secs external_cmd external_type allow_caching batch_index_query cache_size
  check_permission command disabled feature_id_element index_fields_list max_ext_batch python.required python.version
  replicate reverse_lookup_honor_case_sensitive_match ttl type`.split(/\s+/),
)

/**
 * The lookup definitions of transforms.conf. A collection whose definition lists no fields has those of collections.conf.
 * A key that would change what matches and is not supported is reported.
 */
export function lookupDefinitions(transforms: Conf, collections: Conf, report: Report): LookupDefinition[] {
  const definitions: LookupDefinition[] = []
  for (const { name, settings } of transforms.values()) {
    const values = new Map([...settings].map(([key, { value }]) => [key, value]))
    const origin = settings.values().next().value?.source.name ?? 'transforms.conf'
    const definition = readLookupDefinition(name, values, origin)
    if (definition === undefined) continue
    const fields = definition.fields ?? collectionFields(collections, definition.collection)
    definitions.push(fields === undefined ? definition : { ...definition, fields })
    for (const [key, setting] of settings) {
      if (!definitionKeys.has(key)) {
        report(
          aboutSetting(
            'unsupported',
            `"${key}" of the lookup [${name}] is not supported; it was ignored.`,
            setting,
          ),
        )
      }
    }
  }
  return definitions
}

/** `field.name = type`; undefined where nobody says. */
function collectionFields(collections: Conf, name: string | undefined): readonly string[] | undefined {
  const settings = name === undefined ? undefined : collections.get(name)?.settings
  const fields = [...(settings?.keys() ?? [])].flatMap((key) => /^field\.(.+)$/.exec(key)?.[1] ?? [])
  return fields.length === 0 ? undefined : ['_key', ...fields]
}

/**
 * Makes a table of a CSV text, or of JSON as a KV store gives it. The header and all cells are trimmed, as add-ons and content write `a, b`.
 * A row with too few cells has empty ones; cells beyond the header are dropped. A KV store collection has the fields of
 * its definition even where the text does not.
 */
export function lookupTable(definition: LookupDefinition, csv: string, timeZone = 'UTC'): LookupTable {
  const stated = definition.collection === undefined ? [] : (definition.fields ?? [])
  const json = readJsonTable(csv, stated)
  if (json !== undefined) return new Table(definition, json.fields, timeZone, () => json.rows)
  const [header = []] = parseCsv(csv, 1)
  const columns = header.map((field) => field.trim())
  const fields = [
    ...(stated.length > 0 && columns.join('') === '' ? [] : columns),
    ...stated.filter((field) => !columns.includes(field)),
  ]
  return new Table(definition, fields, timeZone, () =>
    parseCsv(csv)
      .slice(1)
      .map((cells) => fields.map((_, column) => (cells[column] ?? '').trim())),
  )
}

/** A definition for a file that is used by its own name. */
const plainDefinition = (name: string): LookupDefinition => ({
  name,
  filename: name,
  matchTypes: new Map(),
  caseSensitive: true,
  minMatches: 0,
  maxMatches: undefined,
  defaultMatch: '',
  origin: name,
})

type Inputs = readonly (readonly [field: string, value: Value])[]
type Match = ReadonlyMap<string, LookupCell>
type Row = readonly LookupCell[]

class Table implements LookupTable {
  readonly name: string
  readonly fields: readonly string[]
  readonly isTimed: boolean
  readonly #definition: LookupDefinition
  readonly #timeZone: string
  readonly #read: () => readonly Row[]
  #known: readonly Row[] | undefined
  readonly #finders = new Map<string, Finder>()
  readonly #matches = new Map<number, Match>()
  readonly #default: Match
  #times: Float64Array | undefined

  /**
   * @param timeZone of times in the table that state none
   * @param read     gives the rows; asked once, when one is wanted, since most lookups that content names never are
   */
  constructor(
    definition: LookupDefinition,
    fields: readonly string[],
    timeZone: string,
    read: () => readonly Row[],
  ) {
    this.name = definition.name
    this.fields = fields
    this.isTimed = definition.time !== undefined
    this.#definition = definition
    this.#timeZone = timeZone
    this.#read = read
    this.#default = new Map(fields.map((field) => [field, definition.defaultMatch]))
  }

  rows(): Iterable<Row> {
    return this.#rows
  }

  get #rows(): readonly Row[] {
    this.#known ??= this.#read()
    return this.#known
  }

  match(inputs: Inputs, time: number | undefined): readonly Match[] {
    const { minMatches, time: timing } = this.#definition
    const texts = inputs.map(([, value]) => textsOf(value))
    // A field that the event lacks asks nothing, so there is nothing to default either.
    if (texts.some((alternatives) => alternatives.length === 0)) return []
    const finder = this.#finder(inputs.map(([field]) => field))
    let rows: readonly number[]
    if (texts.every((alternatives) => alternatives.length === 1))
      rows = finder(texts.map((alternatives) => alternatives[0]!))
    else {
      const all = new Set<number>()
      for (const combination of combinations(texts)) for (const row of finder(combination)) all.add(row)
      rows = [...all].sort((a, b) => a - b)
    }
    if (timing !== undefined) rows = time === undefined ? [] : this.#timely(rows, time, timing)
    const maxMatches = this.#definition.maxMatches ?? (timing === undefined ? usualMaxMatches : 1)
    const matches: Match[] = []
    for (const row of rows) {
      if (matches.length >= Math.max(1, maxMatches)) break
      matches.push(this.#row(row))
    }
    while (matches.length < minMatches) matches.push(this.#default)
    return matches
  }

  #row(row: number): Match {
    let match = this.#matches.get(row)
    if (match === undefined) {
      const cells = this.#rows[row]!
      match = new Map(this.fields.map((field, column) => [field, cells[column]!]))
      this.#matches.set(row, match)
    }
    return match
  }

  /** Rows whose time is not after the event's and not too long before it, the latest first. */
  #timely(rows: readonly number[], time: number, timing: NonNullable<LookupDefinition['time']>): number[] {
    this.#times ??= this.#readTimes(timing)
    const times = this.#times
    return rows
      .filter((row) => {
        const age = time - times[row]!
        return age >= timing.minOffsetSeconds && age <= timing.maxOffsetSeconds
      })
      .sort((a, b) => times[b]! - times[a]!)
  }

  #readTimes({ field, format }: NonNullable<LookupDefinition['time']>): Float64Array {
    const column = this.#columnOf(field)
    return Float64Array.from(this.#rows, (cells) => {
      const cell = textsOf(cells[column])[0] ?? ''
      if (format === '%s.%Q' && /^\d+(\.\d+)?$/.test(cell)) return Number(cell)
      return strptime(cell, format, this.#timeZone, 0) ?? Number.NaN
    })
  }

  #columnOf(field: string): number {
    const column = this.fields.indexOf(field)
    if (column < 0) {
      throw searchError(
        'bad-argument',
        `The lookup "${this.name}" has no field "${field}".`,
        `Its fields are ${this.fields.map((name) => `"${name}"`).join(', ')}.`,
      )
    }
    return column
  }

  #finder(names: readonly string[]): Finder {
    const key = names.join('\n')
    let finder = this.#finders.get(key)
    if (finder === undefined) {
      finder = this.#buildFinder(names)
      this.#finders.set(key, finder)
    }
    return finder
  }

  #buildFinder(names: readonly string[]): Finder {
    const { matchTypes, caseSensitive } = this.#definition
    const parts = names.map((name, input) => ({
      input,
      column: this.#columnOf(name),
      type: matchTypes.get(name) ?? 'exact',
    }))
    const { count, cellOf, rowOf } = entriesOf(
      this.#rows,
      parts.map(({ column }) => column),
    )
    const find = findEntries(count, cellOf, parts, !caseSensitive)
    if (rowOf === undefined) return find
    return (texts) => [...new Set(find(texts).map((entry) => rowOf[entry]!))]
  }
}

/** Finds the rows that fit texts, one text per column that is looked up, in table order. */
type Finder = (texts: readonly string[]) => readonly number[]

/** A column that is looked up. */
interface SearchedColumn {
  /** Its place among the texts. */
  readonly input: number
  readonly column: number
  readonly type: MatchType
}

type CellOf = (entry: number, column: number) => string

/** What is searched: rows, or where cells hold lists, each row once per choice of one text from each list. */
interface Entries {
  readonly count: number
  readonly cellOf: CellOf
  /** Absent: entries are rows. */
  readonly rowOf?: readonly number[]
}

function entriesOf(rows: readonly Row[], columns: readonly number[]): Entries {
  if (!rows.some((cells) => columns.some((column) => typeof cells[column] !== 'string')))
    return { count: rows.length, cellOf: (row, column) => rows[row]![column] as string }
  const places = new Map(columns.map((column, place) => [column, place]))
  const entries: (readonly string[])[] = []
  const rowOf: number[] = []
  for (const [row, cells] of rows.entries()) {
    for (const entry of combinations(columns.map((column) => textsOf(cells[column])))) {
      entries.push(entry)
      rowOf.push(row)
    }
  }
  return { count: entries.length, cellOf: (entry, column) => entries[entry]![places.get(column)!]!, rowOf }
}

/** One column's index finds candidates; the other columns are compared. */
function findEntries(count: number, cellOf: CellOf, parts: readonly SearchedColumn[], fold: boolean): Finder {
  const exact = parts.filter(({ type }) => type === 'exact')
  const others = parts.filter(({ type }) => type !== 'exact')
  const all = Array.from({ length: count }, (_, entry) => entry)
  if (others.length === 0 && exact.length === 1) {
    const { column } = exact[0]!
    const index = indexColumn((entry) => cellOf(entry, column), all, 'exact', fold)
    return (texts) => index.find(texts[0]!)
  }

  // Exact columns form one key; what they leave is searched by the first other column and compared by the rest.
  const keyOf = (cells: readonly string[]): string =>
    JSON.stringify(fold ? cells.map((cell) => cell.toLowerCase()) : cells)
  const groups = new Map<string, number[]>()
  for (const entry of all) {
    const group = keyOf(exact.map(({ column }) => cellOf(entry, column)))
    const members = groups.get(group)
    if (members === undefined) groups.set(group, [entry])
    else members.push(entry)
  }
  const [driver, ...checked] = others
  const indexes = new Map<string, ColumnIndex>()
  const tests = checked.map(({ column, type }) => {
    const compiled = new Map<number, (value: string) => boolean>()
    return (entry: number): ((value: string) => boolean) => {
      let test = compiled.get(entry)
      if (test === undefined) {
        test = compileCell(cellOf(entry, column), type, fold)
        compiled.set(entry, test)
      }
      return test
    }
  })
  return (texts) => {
    const key = keyOf(exact.map(({ input }) => texts[input]!))
    const group = groups.get(key)
    if (group === undefined) return []
    if (driver === undefined) return group
    let index = indexes.get(key)
    if (index === undefined) {
      index = indexColumn((entry) => cellOf(entry, driver.column), group, driver.type, fold)
      indexes.set(key, index)
    }
    const candidates = index.find(texts[driver.input]!)
    if (checked.length === 0) return candidates
    return candidates.filter((entry) =>
      checked.every(({ input }, place) => tests[place]!(entry)(texts[input]!)),
    )
  }
}

/** Every choice of one text per list, first lists slowest. Capped, as multivalue fields of hostile logs may be long. */
function* combinations(lists: readonly (readonly string[])[], limit = 10_000): Generator<string[]> {
  let given = 0
  const choice: number[] = lists.map(() => 0)
  for (;;) {
    yield lists.map((list, place) => list[choice[place]!]!)
    if (++given >= limit) return
    let place = lists.length - 1
    while (place >= 0 && ++choice[place]! >= lists[place]!.length) choice[place--] = 0
    if (place < 0) return
  }
}

/** What a registry of lookups is made of. Later definitions and folders win. */
export interface LookupSources {
  readonly definitions: readonly LookupDefinition[]
  /** Folders that hold lookup files. */
  readonly folders: readonly string[]
  /** Files given on the command line: lookup name or file name to path. */
  readonly files?: ReadonlyMap<string, string>
  /** Tables at hand by file name, as CSV text. */
  readonly texts?: ReadonlyMap<string, string>
  /** Tables that were made here; definitions and files of the same name win over them. */
  readonly tables?: ReadonlyMap<string, LookupTable>
  /** Where `outputlookup` may write; absent: it may not. */
  readonly writeFolder?: string
  /** The zone of times in tables that state none. */
  readonly timeZone?: string
}

/** Collects lookups. Files are read when a lookup is first used. */
export function collectLookups(sources: LookupSources): Lookups {
  const definitions = new Map(sources.definitions.map((definition) => [definition.name, definition]))
  const tables = new Map<string, LookupTable | undefined>()
  const problems = new Map<string, string>()
  const given = (name: string): string | undefined => sources.files?.get(name)

  const pathOf = (filename: string): string | undefined => {
    for (const folder of [
      ...(sources.writeFolder === undefined ? [] : [sources.writeFolder]),
      ...sources.folders.toReversed(),
    ]) {
      const path = join(folder, basename(filename))
      if (existsSync(path)) return path
    }
    return undefined
  }

  const textOf = (name: string, definition: LookupDefinition): string | undefined => {
    const filename = definition.filename ?? `${definition.collection ?? name}.csv`
    const atHand = sources.texts?.get(filename)
    if (atHand !== undefined) return atHand
    const dump = definition.collection === undefined ? undefined : `${definition.collection}.json`
    const path = given(name) ?? given(filename) ?? pathOf(filename) ?? (dump && pathOf(dump))
    if (path !== undefined && statSync(path, { throwIfNoEntry: false })?.isFile()) {
      try {
        return readTable(path)
      } catch (error) {
        const reason = (error as Error).message
        problems.set(name, `The file "${path}" of the lookup "${name}" could not be read: ${reason}.`)
        return undefined
      }
    }
    if (definition.collection !== undefined) {
      problems.set(
        name,
        `The lookup "${name}" is the KV store collection "${definition.collection}", which has no data here; give a CSV or JSON file with --lookup ${name}=FILE.`,
      )
      return (definition.fields ?? []).join(',')
    }
    problems.set(name, `The file "${filename}" of the lookup "${name}" (${definition.origin}) was not found.`)
    return undefined
  }

  const load = (name: string): LookupTable | undefined => {
    const defined = definitions.get(name)
    const isFile =
      given(name) !== undefined ||
      sources.texts?.has(name) ||
      (/\.csv(?:\.gz)?$/i.test(name) && pathOf(name) !== undefined)
    const definition = defined ?? (isFile ? plainDefinition(name) : undefined)
    if (definition === undefined) {
      const computed = sources.tables?.get(name) ?? computedLookups.get(name)
      if (computed === undefined) problems.set(name, `The lookup "${name}" is not defined.`)
      return computed
    }
    if (definition.external !== undefined) {
      problems.set(
        name,
        `The lookup "${name}" runs the program "${definition.external}" (${definition.origin}), which Karst does not.`,
      )
      return undefined
    }
    const text = textOf(name, definition)
    return text === undefined ? undefined : lookupTable(definition, text, sources.timeZone)
  }

  const lookups: Lookups = {
    get(name) {
      if (!tables.has(name)) tables.set(name, load(name))
      return tables.get(name)
    },
    names: () => [...definitions.keys(), ...(sources.tables?.keys() ?? [])],
    problem(name) {
      lookups.get(name)
      return problems.get(name)
    },
  }
  const { writeFolder } = sources
  if (writeFolder === undefined) return lookups
  return {
    ...lookups,
    write(name, fields, rows, how) {
      const definition = definitions.get(name) ?? plainDefinition(name)
      const filename = basename(definition.filename ?? `${definition.collection ?? name}.csv`)
      if (/^\.{0,2}$/.test(filename))
        throw searchError('bad-argument', `A lookup cannot be called "${name}".`)
      if (filename.endsWith('.gz'))
        throw searchError('unsupported', `The lookup "${name}" is a compressed file; such are not written.`)
      const table = lookups.get(name)
      const written = writtenTable(
        name,
        table && {
          fields: table.fields,
          // Read only where the rows stay.
          get rows() {
            return Array.from(table.rows(), (row) => row.map(cellText))
          },
        },
        { fields, rows },
        how,
        definition.collection === undefined ? undefined : { fields: definition.fields ?? [] },
      )
      const text = [written.fields, ...written.rows].map((row) => `${row.map(csvCell).join(',')}\n`).join('')
      writeFileSync(join(writeFolder, filename), text)
      problems.delete(name)
      tables.set(name, lookupTable(definition, text, sources.timeZone))
      tables.set(filename, lookupTable(plainDefinition(filename), text))
      return written.outcome
    },
  }
}

const cellText = (cell: LookupCell): string => (typeof cell === 'string' ? cell : cell.join('\n'))

/** A table of an app may be compressed; no honest one unpacks to more. */
const mostTableBytes = 1024 ** 3

function readTable(path: string): string {
  const bytes = readFileSync(path)
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b
  return (isPacked ? gunzipSync(bytes, { maxOutputLength: mostTableBytes }) : bytes).toString('utf8')
}

const csvCell = (text: string): string =>
  /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
