// | tstats count from datamodel=Endpoint.Processes by Processes.proces_name  —  a field that the dataset does not have.

import { suggest } from '../../../base/suggest.ts'
import type { TstatsTerms } from '../../commands/shared/tstats-terms.ts'
import type { DataModelDataset } from '../../host.ts'
import { aggregateFields } from '../../stats/aggregate-call.ts'
import { placeOf } from '../place.ts'
import type { Finding, Rule, Step } from '../rule.ts'
import { comparisonsOf } from '../walk.ts'

/** Fields of every event, which a search of a data model names without a prefix. */
const baseFields = new Set([
  '_time',
  '_raw',
  '_indextime',
  'host',
  'source',
  'sourcetype',
  'index',
  'nodename',
  'splunk_server',
])

export const fieldNotInDatamodel: Rule = function* (step, { dataModels }) {
  const { command } = step
  if (command.name !== 'tstats' || dataModels === undefined) return
  const { from, calls, by } = command.args as TstatsTerms
  const dataset = from && dataModels.get(from.model, from.object)
  if (dataset === undefined) return
  const known = new Set([...dataset.fields, ...baseFields])
  const grouped = aggregateFields(calls, by)
  const named = new Set([
    ...(grouped === 'all' ? [] : grouped),
    ...[...comparisonsOf(command)].map(({ field }) => field),
  ])
  for (const name of named) if (!known.has(name)) yield describe(name, dataset, step)
}

function describe(name: string, { model, path, fields }: DataModelDataset, { command }: Step): Finding {
  const meant = meantField(name, fields)
  return {
    code: 'field-not-in-datamodel',
    severity: 'warning',
    message: `The data model ${model} has no field "${name}" in ${path}.`,
    span: placeOf(command, name),
    label: 'not there',
    ...(meant === undefined ? {} : { help: `Did you mean "${meant}"?` }),
  }
}

/** A field with the same name in another spelling, without its prefix, or with a slip in its last part. */
function meantField(name: string, fields: readonly string[]): string | undefined {
  const last = (field: string): string => field.slice(field.lastIndexOf('.') + 1)
  const folded = name.toLowerCase()
  const same = fields.find(
    (field) => field.toLowerCase() === folded || field.toLowerCase().endsWith(`.${folded}`),
  )
  if (same !== undefined) return same
  const [nearest] = suggest(last(name), fields.map(last))
  return nearest === undefined ? undefined : fields.find((field) => last(field) === nearest)
}
