// Whether data sources exist and have the fields that a search reads, and whether required fields are used at all.

import { suggest } from '../../base/suggest.ts'
import type { Content } from '../load.ts'
import type { SearchFacts } from './facts.ts'
import { type Problem, problem } from './problem.ts'

/** Fields that every event has. */
const baseFields = new Set([
  '_time', '_raw', '_indextime', 'host', 'source', 'sourcetype', 'index', 'eventtype', 'tag', 'linecount', 'punct',
  'splunk_server', 'timestamp', 'date_hour', 'date_mday', 'date_minute', 'date_month', 'date_second', 'date_wday',
  'date_year', 'date_zone',
]) // biome-ignore format: a list

/** Checks the data sources and required fields of a detection. */
export function* checkSources(facts: SearchFacts, content: Content): Iterable<Problem> {
  yield* unknownSources(facts, content)
  yield* missingFields(facts, content)
  yield* unusedFields(facts)
}

function* unknownSources({ detection }: SearchFacts, { dataSources }: Content): Iterable<Problem> {
  if (dataSources.size === 0) return
  for (const [index, names] of detection.dataSources.entries()) {
    for (const name of names) {
      if (dataSources.has(name)) continue
      const nearest = nearestName(name, dataSources)
      const message = `The content does not define the data source "${name}".`
      const help = nearest === undefined ? {} : { help: `Did you mean "${nearest}"?` }
      yield problem('unknown-data-source', detection, ['data_source', index], message, help)
    }
  }
}

const nearestNames = new WeakMap<object, Map<string, string | undefined>>()

/** The data source that may have been meant. Hundreds of detections name the same one. */
function nearestName(name: string, dataSources: Content['dataSources']): string | undefined {
  let known = nearestNames.get(dataSources)
  if (known === undefined) {
    known = new Map()
    nearestNames.set(dataSources, known)
  }
  if (!known.has(name)) known.set(name, suggest(name, dataSources.keys())[0])
  return known.get(name)
}

/** Only where every data source is known with its fields can one be missing. */
function* missingFields(
  { detection, eventFields }: SearchFacts,
  { dataSources }: Content,
): Iterable<Problem> {
  if (eventFields === undefined) return
  const sources = detection.dataSources.flat().map((name) => dataSources.get(name))
  if (sources.length === 0 || !sources.every((source) => source !== undefined && source.fields.length > 0))
    return
  const known = new Set([...baseFields, ...sources.flatMap((source) => source!.fields)])
  const missing = eventFields.filter((name) => !isKnown(name, known))
  if (missing.length === 0) return
  const names = missing.map((name) => `"${name}"`).join(', ')
  const list = detection.dataSources
    .flat()
    .map((name) => `"${name}"`)
    .join(', ')
  const message = `The search reads ${names}, and the data source ${list} does not list ${missing.length === 1 ? 'it' : 'them'}.`
  yield problem('field-not-in-source', detection, ['data_source'], message)
}

/** Names differ in case between lists and events, and in how they write the elements of lists. */
function isKnown(name: string, known: ReadonlySet<string>): boolean {
  if (known.has(name)) return true
  const plain = (text: string): string => text.toLowerCase().replace(/\{\d*\}/g, '{}')
  const wanted = plain(name)
  for (const field of known) if (plain(field) === wanted) return true
  return false
}

function* unusedFields({ detection, expanded }: SearchFacts): Iterable<Problem> {
  if (expanded === undefined) return
  const text = expanded.toLowerCase()
  const isUsed = (field: string): boolean =>
    baseFields.has(field) || text.includes(field.slice(field.lastIndexOf('.') + 1).toLowerCase())
  const unused = detection.tags.requiredFields.filter((field) => !isUsed(field))
  if (unused.length === 0) return
  const names = unused.map((field) => `"${field}"`).join(', ')
  const message = `The search does not mention the required ${unused.length === 1 ? 'field' : 'fields'} ${names}.`
  yield problem('required-field-unused', detection, ['tags', 'required_fields'], message)
}
