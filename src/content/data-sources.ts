// Reads data sources: what a log is called in Splunk and which fields it gives.

import {
  count,
  line,
  lines,
  listOf,
  mapOf,
  optional,
  prose,
  type Read,
  readAs,
  requiredLine,
  unused,
} from './schema.ts'
import type { YamlFile } from './yaml-file.ts'

export interface DataSource {
  readonly id: string
  readonly name: string
  readonly version: number
  readonly date: string
  readonly author: string
  readonly description: string
  readonly source: string
  readonly sourcetype: string
  /** The field that tells this source's events from others of the same sourcetype. */
  readonly separator?: string
  /** What has to be switched on so that the events are written. */
  readonly configuration?: string
  readonly fields: readonly string[]
  readonly addOns: readonly { readonly name: string; readonly version: string; readonly url?: string }[]
  readonly exampleLog?: string
  readonly path: string
}

const dataSourceSchema = mapOf({
  name: requiredLine,
  id: line.default(''),
  version: count.default(1),
  date: line.default(''),
  author: line.default(''),
  description: prose.default(''),
  source: requiredLine,
  sourcetype: requiredLine,
  separator: optional(line),
  configuration: optional(prose),
  fields: lines.optional(),
  supported_TA: listOf(
    mapOf({ name: requiredLine, version: line.default(''), url: optional(line) }),
  ).optional(),
  example_log: optional(prose),
  convert_to_log_source: unused,
  field_mappings: unused,
  mitre_components: unused,
  output_fields: unused,
  separator_value: unused,
})

/** Reads a data source. */
export function readDataSource(file: YamlFile, path: string): Read<DataSource> {
  return readAs(dataSourceSchema, file, 'data source', (data) => ({
    id: data.id,
    name: data.name,
    version: data.version,
    date: data.date,
    author: data.author,
    description: data.description.trim(),
    source: data.source,
    sourcetype: data.sourcetype,
    ...(data.separator === undefined ? {} : { separator: data.separator }),
    ...(data.configuration === undefined ? {} : { configuration: data.configuration.trim() }),
    fields: data.fields ?? [],
    addOns: (data.supported_TA ?? []).map(({ name, version, url }) => ({
      name,
      version,
      ...(url === undefined ? {} : { url }),
    })),
    ...(data.example_log === undefined ? {} : { exampleLog: data.example_log }),
    path,
  }))
}
