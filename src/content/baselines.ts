// Reads baselines: searches that fill the lookups which some detections compare with.

import * as z from 'zod'
import type { LocatedText } from '../diagnostics/source.ts'
import {
  count,
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

export interface Baseline {
  readonly id: string
  readonly name: string
  readonly version: number
  readonly date: string
  readonly author: string
  readonly status: string
  readonly description: string
  readonly search: LocatedText
  readonly howToImplement: string
  readonly analyticStories: readonly string[]
  /** Names of the detections that need it. */
  readonly detections: readonly string[]
  /** The lookups that its search writes, by name. */
  readonly lookups: readonly string[]
  readonly path: string
  readonly file: string
}

const baselineSchema = mapOf({
  name: requiredLine,
  id: requiredLine,
  version: count.default(1),
  date: line.default(''),
  author: line.default(''),
  status: line.default('production'),
  type: line,
  description: prose.default(''),
  search: prose.refine((search) => search.trim() !== '', 'must not be empty'),
  how_to_implement: prose.default(''),
  tags: optional(z.looseObject({ analytic_story: lines.optional(), detections: lines.optional() })),
  datamodel: unused,
  deployment: unused,
  known_false_positives: unused,
  references: unused,
})

/** Reads a baseline. */
export function readBaseline(file: YamlFile, path: string): Read<Baseline> {
  return readAs(baselineSchema, file, 'baseline', (data) => ({
    id: data.id,
    name: data.name,
    version: data.version,
    date: data.date,
    author: data.author,
    status: data.status,
    description: data.description.trim(),
    search: file.located(['search'], data.search),
    howToImplement: data.how_to_implement.trim(),
    analyticStories: data.tags?.analytic_story ?? [],
    detections: data.tags?.detections ?? [],
    lookups: writtenLookups(data.search),
    path,
    file: file.source.name,
  }))
}

/** The lookups that a search writes with `outputlookup`, told from its text: macros do not hide that command. */
export function writtenLookups(search: string): readonly string[] {
  const written = search.matchAll(/\|\s*outputlookup\s+(?:\w+\s*=\s*[^\s|]+\s+)*"?([^\s"|\]=]+)/gi)
  return [...new Set([...written].map(([, name = '']) => name))]
}
