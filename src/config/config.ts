// Every setting of Karst: its name in karst.yaml, its form, its default. Options, environment variables and
// docs/limits.md go by this table. Where values come from is load.ts.

import * as z from 'zod'
import { isZone } from '../base/time/zone.ts'
import { defaultDecodeLimits } from '../decode/reader.ts'
import { archiveLimits } from '../source/archives.ts'
import { defaultLimits } from '../spl/run/context.ts'

const text = z.string('expected a text').min(1, 'expected a text, found nothing')

/** One text is a list of one. */
const list = z.union([text.transform((value) => [value]), z.array(text)], {
  error: 'expected a text or a list of texts',
})

const pairs = z.record(z.string(), text, 'expected names with texts')

const yesOrNo = z.union([z.boolean(), z.stringbool({ truthy: ['true'], falsy: ['false'] })], {
  error: 'expected true or false',
})

/** A whole number; as text also with underscores: `50_000`. */
function count(least: number) {
  const error = `expected a whole number of at least ${least}`
  const written = z.string().regex(/^\d[\d_]*$/)
  return z
    .union([z.number(), written.transform((digits) => Number(digits.replaceAll('_', '')))], { error })
    .pipe(z.int(error).min(least, error))
}

const units: Readonly<Record<string, number>> = {
  b: 1, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12, kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30, tib: 2 ** 40,
} // biome-ignore format: a table

/** Bytes: a whole number, or a number with a unit: `16 MiB`. */
function byteCount() {
  const error = 'expected a number of bytes such as 16777216 or 16 MiB'
  const written = z.string().transform((value) => {
    const [, digits = '', unit = 'b'] = /^([\d_]+(?:\.\d+)?)\s*([a-z]+)?$/i.exec(value.trim()) ?? []
    const size = units[unit.toLowerCase()]
    return digits === '' || size === undefined
      ? Number.NaN
      : Math.round(Number(digits.replaceAll('_', '')) * size)
  })
  return z.union([z.number(), written], { error }).pipe(z.int(error).min(1, error))
}

/** The row formats of `-o`. */
const rowFormat = z.enum(['table', 'ndjson', 'json', 'csv'], 'expected table, ndjson, json or csv')

/**
 * All settings by their names in karst.yaml, where a dot is a level. `form` says how they are written as text in an
 * environment variable: a list has colons between its values (on Windows semicolons), names with values have one a line.
 */
export const settings = {
  content: {
    schema: list,
    form: 'paths',
    default: undefined,
    help: 'detections: repositories, folders or files',
  },
  app: { schema: list, form: 'paths', default: undefined, help: 'Splunk add-ons and apps' },
  filters: { schema: text, form: 'path', default: undefined, help: 'a folder of false-positive filters' },
  lookup: { schema: pairs, form: 'named paths', default: undefined, help: 'CSV files of lookups by name' },
  macro: {
    schema: pairs,
    form: 'named texts',
    default: undefined,
    help: 'search macros by name or name(arguments)',
  },
  geoip: { schema: text, form: 'path', default: undefined, help: 'location database (.mmdb) for iplocation' },
  assets: { schema: list, form: 'paths', default: undefined, help: 'lists of assets' },
  identities: { schema: list, form: 'paths', default: undefined, help: 'lists of identities' },
  'risk-factors': {
    schema: text,
    form: 'path',
    default: undefined,
    help: 'how assets and identities change risk scores',
  },
  allow: {
    schema: list,
    form: 'paths',
    default: undefined,
    help: 'allow-lists: findings to leave out or lower',
  },
  tz: {
    schema: text.refine(isZone, 'expected a time zone such as Europe/Berlin or +02:00'),
    form: 'text',
    default: 'UTC',
    help: 'time zone of the searches',
  },
  index: { schema: text, form: 'text', default: 'main', help: 'index of events that state none' },
  output: {
    schema: rowFormat,
    form: 'text',
    default: undefined,
    help: 'what scan, search and events print without -o; table on a terminal and ndjson otherwise',
  },
  'xml-escaped': {
    schema: yesOrNo,
    form: 'text',
    default: false,
    help: 'values of XML events keep their escapes',
  },
  'limits.subsearch.maxout': limit(
    count(1),
    defaultLimits.subsearchMaxout,
    'rows that a subsearch in brackets returns',
  ),
  'limits.subsearch.maxtime': limit(
    count(1),
    defaultLimits.subsearchMaxtime,
    'seconds that a subsearch may run',
  ),
  'limits.join.subsearch_maxout': limit(
    count(1),
    defaultLimits.joinSubsearchMaxout,
    'rows of the subsearch of join',
  ),
  'limits.searchresults.maxresultrows': limit(
    count(1),
    defaultLimits.appendMaxout,
    'rows of the subsearch of append, appendcols and union',
  ),
  'limits.stats.list_maxsize': limit(
    count(1),
    defaultLimits.listMaxsize,
    'values that list() keeps in each group',
  ),
  'limits.stats.maxvalues': limit(
    count(0),
    defaultLimits.maxValues,
    'values that values() keeps in each group; 0: all',
  ),
  'limits.map.maxsearches': limit(count(1), defaultLimits.mapMaxsearches, 'searches that map runs'),
  'limits.mvexpand.limit': limit(
    count(0),
    defaultLimits.mvexpandLimit,
    'rows that mvexpand makes of one; 0: all',
  ),
  'limits.max_rows': limit(
    count(1),
    defaultLimits.maxRows,
    'rows that a command holds at once, and groups that a BY clause makes',
  ),
  'limits.max_memory': limit(
    byteCount(),
    defaultLimits.maxMemory,
    'bytes that the process may take, about; what searches hold beyond it ends those that hold most',
  ),
  'limits.max_event_bytes': limit(
    byteCount(),
    defaultDecodeLimits.maxEventBytes,
    'bytes of one event of a text form',
  ),
  'limits.max_event_fields': limit(
    count(1),
    defaultDecodeLimits.maxEventFields,
    'fields of one event of JSON, XML or a table',
  ),
  'limits.archive.max_bytes': limit(
    byteCount(),
    archiveLimits.maxInflatedBytes,
    'bytes unpacked from one archive',
  ),
  'limits.archive.max_ratio': limit(
    count(1),
    archiveLimits.maxRatio,
    'bytes unpacked for each byte of the archive',
  ),
  'limits.archive.ratio_free_bytes': limit(
    byteCount(),
    archiveLimits.ratioFreeBytes,
    'bytes unpacked before the ratio counts',
  ),
  'limits.archive.max_entries': limit(count(1), archiveLimits.maxEntries, 'entries of one archive'),
  'limits.archive.max_depth': limit(count(1), archiveLimits.maxDepth, 'archives in archives'),
  'limits.archive.max_held_bytes': limit(
    byteCount(),
    archiveLimits.maxHeldBytes,
    'bytes of a zip archive inside another one, which is held in memory',
  ),
} as const satisfies Readonly<Record<string, Setting>>

function limit<Schema extends z.ZodType<number>>(schema: Schema, value: number, help: string) {
  return { schema, form: 'text', default: value, help } as const
}

/** How a setting is written as text. */
export type SettingForm = 'text' | 'path' | 'paths' | 'named paths' | 'named texts'

export interface Setting {
  readonly schema: z.ZodType
  readonly form: SettingForm
  readonly default: string | number | boolean | undefined
  readonly help: string
}

export type SettingName = keyof typeof settings

/** The names of all settings, in the order of the table. */
export const settingNames = Object.keys(settings) as readonly SettingName[]

/** A value for every setting; undefined where nothing is set. */
export type SettingValues = {
  readonly [Name in SettingName]:
    | z.output<(typeof settings)[Name]['schema']>
    | ((typeof settings)[Name]['default'] extends undefined ? undefined : never)
}

/** The environment variable of a setting: `KARST_LIMITS_MAX_ROWS`. */
export const environmentName = (name: SettingName): string =>
  `KARST_${name.toUpperCase().replace(/[^A-Z]/g, '_')}`
