// Reads lookup files of both forms: what a lookup is called, where its rows are and how they are matched.
// Reading and matching rows is left to knowledge.

import { dirname, join } from 'node:path'
import * as z from 'zod'
import {
  count,
  flag,
  line,
  lines,
  mapOf,
  optional,
  prose,
  type Read,
  readAs,
  requiredLine,
  unused,
} from './schema.ts'
import type { YamlFile } from './yaml-file.ts'

/** Where a lookup's rows are. */
export type LookupStore =
  /** A CSV or model file beside the definition. */
  | { readonly kind: 'csv' | 'mlmodel'; readonly file: string }
  /** A KV store collection, which a scan begins with empty. */
  | { readonly kind: 'kvstore'; readonly collection: string }

/** How one field is matched; fields that are not named match exactly. */
export interface LookupMatch {
  readonly type: 'WILDCARD' | 'CIDR' | 'EXACT'
  readonly field: string
}

/** A lookup definition, with the words of transforms.conf. */
export interface Lookup {
  readonly name: string
  readonly description: string
  readonly store: LookupStore
  /** The columns of a KV store collection; empty for a CSV, whose header has them. */
  readonly fields: readonly string[]
  readonly matchTypes: readonly LookupMatch[]
  readonly defaultMatch?: string
  readonly minMatches?: number
  readonly maxMatches?: number
  readonly caseSensitiveMatch: boolean
  /** The definition's file, for people. */
  readonly origin: string
}

/** A file beside its definition: a bare name, so that content cannot reach outside its folder. */
const fileName = line.regex(
  /^[^/\\:]+\.(?:csv|mlmodel)$/i,
  'must be the name of a .csv or .mlmodel file beside this one',
)

const matchType = line
  .regex(
    /^(?:WILDCARD|CIDR|EXACT)\s*\([^()]+\)$/i,
    'must be written as WILDCARD(field), CIDR(field) or EXACT(field)',
  )
  .transform((text): LookupMatch => {
    const [type = '', field = ''] = text.split(/[()]/)
    return { type: type.trim().toUpperCase() as LookupMatch['type'], field: field.trim() }
  })

const lookupSchema = mapOf({
  name: requiredLine,
  description: prose.default(''),
  lookup_type: optional(z.enum(['csv', 'kvstore', 'mlmodel'], 'must be one of csv, kvstore, mlmodel')),
  filename: optional(fileName),
  collection: optional(line),
  fields: lines.optional(),
  fields_list: optional(line),
  match_type: lines
    .transform((items) => items.flatMap((item) => item.split(/,(?![^(]*\))/)))
    .pipe(z.array(matchType))
    .optional(),
  default_match: optional(line),
  min_matches: optional(count),
  max_matches: optional(count),
  case_sensitive_match: optional(flag),
  author: unused,
  date: unused,
  id: unused,
  version: unused,
  status: unused,
  model_path: unused,
})

/**
 * Reads a lookup definition: the older form names its `filename` or `collection`, contentctl 5 its `lookup_type`, and
 * then a CSV has the name of the definition's file.
 */
export function readLookup(file: YamlFile): Read<Lookup> {
  return readAs(lookupSchema, file, 'lookup', (data) => ({
    name: data.name,
    description: data.description.trim(),
    store: storeOf(data, file.source.name),
    fields: data.fields_list === undefined ? (data.fields ?? []) : data.fields_list.split(/[\s,]+/),
    matchTypes: data.match_type ?? [],
    ...(data.default_match === undefined ? {} : { defaultMatch: data.default_match }),
    ...(data.min_matches === undefined ? {} : { minMatches: data.min_matches }),
    ...(data.max_matches === undefined ? {} : { maxMatches: data.max_matches }),
    // Splunk's default; contentctl's older form leaves it out where nothing else is meant.
    caseSensitiveMatch: data.case_sensitive_match ?? true,
    origin: file.source.name,
  }))
}

function storeOf(data: z.output<typeof lookupSchema>, definition: string): LookupStore {
  const type = data.lookup_type ?? (data.collection === undefined ? 'csv' : 'kvstore')
  if (type === 'kvstore') return { kind: 'kvstore', collection: data.collection ?? data.name }
  const beside = definition.replace(/\.ya?ml$/i, type === 'csv' ? '.csv' : '.mlmodel')
  const file = data.filename === undefined ? beside : join(dirname(definition), data.filename)
  return { kind: file.toLowerCase().endsWith('.mlmodel') ? 'mlmodel' : 'csv', file }
}
