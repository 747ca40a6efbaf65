// What tstats reads, and which events it is about: for the command itself, and for others that ask what a tstats search
// looks for.
// Search Reference: tstats

import type { TimeSpan } from '../../../base/time/relative.ts'
import type { DataModelDataset, DataModels } from '../../host.ts'
import type { AggregateCall } from '../../stats/aggregate-call.ts'
import { parseAggregate } from '../../stats/parse-aggregates.ts'
import type { ArgumentReader, Options } from '../../syntax/argument-reader.ts'
import type { SearchExpression } from '../../syntax/ast.ts'
import { distinctCalls } from './aggregate-terms.ts'
import { readTimeSpan } from './binning.ts'
import { findDataModel } from './datasets.ts'
import { readFieldNames } from './field-names.ts'

const optionSchema = {
  allow_old_summaries: 'boolean',
  append: 'boolean',
  chunk_size: 'integer',
  fillnull_value: 'string',
  include_reduced_buckets: 'boolean',
  local: 'boolean',
  prestats: 'boolean',
  summariesonly: 'boolean',
} as const

export const tstatsOptionDocs = {
  allow_old_summaries: 'Accepted, and without effect: there are no summaries.',
  append: 'Adds the results to those before. Only with prestats=true. Default: false.',
  chunk_size: 'Accepted, and without effect on the results.',
  fillnull_value: 'What stands for null in BY fields. Without it, events that lack a BY field are left out.',
  include_reduced_buckets: 'Accepted, and without effect: there are no reduced buckets.',
  local: 'Accepted, and without effect: there is no other place to search.',
  prestats: 'Gives rows for a following stats, chart or timechart with the same aggregates. Default: false.',
  span: 'The size of the bins of _time in the BY clause. Default: auto, bins of a second.',
  summariesonly: 'Accepted, and without effect: there are no summaries, so all events are searched.',
} as const

/** A dataset of a data model as the FROM clause names it. */
export interface DatasetName {
  readonly model: string
  readonly object: string | undefined
}

export interface TstatsTerms {
  readonly options: Options<typeof optionSchema>
  readonly calls: readonly AggregateCall[]
  /** Absent: all events. */
  readonly from: DatasetName | undefined
  /** Over the fields of the dataset, or of the events. Absent: everything. */
  readonly where: SearchExpression | undefined
  readonly by: readonly string[]
  /** The bins of `_time`, if it is among the BY fields. */
  readonly span: TimeSpan | undefined
}

const clauseWords = ['from', 'where', 'by', 'groupby'] as const

/** Reads all arguments of tstats. */
export function readTstatsTerms(reader: ArgumentReader): TstatsTerms {
  const options: Options<typeof optionSchema> = { ...reader.options(optionSchema) }
  const calls: AggregateCall[] = []
  let from: DatasetName | undefined
  let where: SearchExpression | undefined
  const by: string[] = []
  let span: string | undefined
  let inClauses = false
  for (;;) {
    while (reader.punctuation(',')) {
      // Terms are separated by blanks or commas.
    }
    if (reader.isDone) break
    if (reader.keyword('from')) {
      from = readDatasetName(reader)
      inClauses = true
    } else if (reader.keyword('where')) {
      if (where !== undefined)
        reader.fail('bad-argument', 'tstats takes one WHERE clause.', undefined, 'Join them with AND.')
      where = reader.searchTerms({ stopWords: ['by', 'groupby'] })
      inClauses = true
    } else if (by.length === 0 && reader.keyword('by', 'groupby')) {
      for (;;) {
        const names = readFieldNames(reader, clauseWords)
        by.push(...names)
        if (reader.peekOption() === 'span') span = reader.options({ span: 'string' }).span
        else if (names.length === 0) break
      }
      if (by.length === 0) reader.missing('at least one field after BY')
      inClauses = true
    } else if (reader.peekOption() === 'span') span = reader.options({ span: 'string' }).span
    else if (inClauses) break
    else if (reader.peekOption() !== undefined) Object.assign(options, reader.options(optionSchema))
    else calls.push(parseAggregate(reader, {}))
  }
  if (calls.length === 0) reader.missing('an aggregate such as count or values(Processes.process)')
  const starred = by.find((name) => name.includes('*'))
  if (starred !== undefined) {
    reader.fail(
      'bad-argument',
      `BY needs fields by their full names, found "${starred}".`,
      undefined,
      'Name each field.',
    )
  }
  if (options.append && !options.prestats) {
    reader.fail(
      'bad-argument',
      'append=true needs prestats=true.',
      undefined,
      'Add prestats=true, or use the append command.',
    )
  }
  const names = [...new Set(by)]
  const isAuto = span === undefined || span === 'auto'
  return {
    options,
    calls: distinctCalls(reader, calls, names),
    from,
    where,
    by: names,
    span: isAuto ? undefined : readTimeSpan(reader, 'span', span!),
  }
}

/** `datamodel=Endpoint.Processes`, `datamodel="Endpoint"`, `datamodel Endpoint.Processes` */
function readDatasetName(reader: ArgumentReader): DatasetName {
  const option = reader.peekOption()
  if (option === 'sid' || option === 'tsidx' || option === 'namespace') {
    reader.fail(
      'unsupported',
      `tstats cannot read from ${option}: there are no stored summaries of that kind.`,
    )
  }
  if (option === 'datamodel') reader.match(/\s*datamodel\s*=/iy)
  else if (!reader.keyword('datamodel')) reader.missing('datamodel=<name> after FROM')
  const [model = '', ...path] = reader.requiredWord('the name of a data model').text.split('.')
  return { model, object: path.length === 0 ? undefined : path.join('.') }
}

/** The events that a tstats search is about. */
export interface TstatsBase {
  /** Which events are looked at: the constraint of the dataset, or for searches without one the WHERE clause. */
  readonly filter: SearchExpression | undefined
  readonly dataset: DataModelDataset | undefined
  /** What their rows must satisfy besides, over the fields of the dataset. */
  readonly where: SearchExpression | undefined
}

/**
 * Says which events a tstats search is about.
 * @throws SearchError when the data model is not there
 */
export function tstatsBase(
  { from, where }: Pick<TstatsTerms, 'from' | 'where'>,
  dataModels: DataModels,
): TstatsBase {
  if (from === undefined) return { filter: where, dataset: undefined, where: undefined }
  const dataset = findDataModel(dataModels, from.model, from.object)
  return { filter: dataset.constraint, dataset, where }
}
