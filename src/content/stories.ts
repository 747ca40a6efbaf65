// Reads analytic stories: what a group of detections is about.

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

export interface Story {
  readonly id: string
  readonly name: string
  readonly version: number
  readonly date: string
  readonly author: string
  readonly status: string
  readonly description: string
  readonly narrative: string
  readonly references: readonly string[]
  readonly categories: readonly string[]
  readonly useCase: string
  readonly products: readonly string[]
  readonly cve: readonly string[]
  readonly path: string
}

const storySchema = mapOf({
  name: requiredLine,
  id: requiredLine,
  version: count.default(1),
  date: line.default(''),
  author: line.default(''),
  status: line.default('production'),
  description: prose.default(''),
  narrative: prose.default(''),
  references: lines.optional(),
  tags: optional(
    mapOf({
      category: lines.optional(),
      product: lines.optional(),
      usecase: line.default(''),
      cve: lines.optional(),
      analytic_story: unused,
      group: unused,
    }),
  ),
  check_references: unused,
  type: unused,
})

/** Reads a story. */
export function readStory(file: YamlFile, path: string): Read<Story> {
  return readAs(storySchema, file, 'story', ({ tags, references = [], ...data }) => ({
    id: data.id,
    name: data.name,
    version: data.version,
    date: data.date,
    author: data.author,
    status: data.status,
    description: data.description.trim(),
    narrative: data.narrative.trim(),
    references,
    categories: tags?.category ?? [],
    useCase: tags?.usecase ?? '',
    products: tags?.product ?? [],
    cve: tags?.cve ?? [],
    path,
  }))
}
