// Metrics as events: fields `metric_name:<metric>` hold measurements, several in one event, or `metric_name` and `_value`
// a single one. Aggregating them is left to mstats.
// Metrics manual: Metrics data format

import { Batch, concatBatches } from '../../../value/batch.ts'
import { type Column, constant, nullColumn, plain, valuesOf } from '../../../value/column.ts'
import { orInto } from '../../../value/mask.ts'
import { textOf } from '../../../value/value.ts'
import { maskWhere } from '../../eval/columns.ts'
import type { AggregateCall } from '../../stats/aggregate-call.ts'
import { matchingFields } from '../../stats/argument-column.ts'
import type { SearchExpression } from '../../syntax/ast.ts'

/** How the field of a measurement begins. */
export const metricPrefix = 'metric_name:'

const hasValue = (value: unknown): boolean => value !== undefined

/** Points with one measurement, in `metric_name` and `_value`, get the fields of those with several. */
export function withMetrics(events: Batch): Batch {
  const names = events.column('metric_name')
  const values = events.column('_value')
  if (names === undefined || values === undefined) return events
  const measurements = valuesOf(values, events.length)
  const metrics = valuesOf(names, events.length).map(textOf)
  const columns = [...new Set(metrics)].flatMap((metric): readonly (readonly [string, Column])[] => {
    if (metric === undefined) return []
    const old = valuesOf(events.column(`${metricPrefix}${metric}`) ?? nullColumn, events.length)
    const column = plain(measurements.map((value, row) => (metrics[row] === metric ? value : old[row])))
    return [[`${metricPrefix}${metric}`, column]]
  })
  return events.with(columns)
}

/** A point for each measurement, with `metric_name` and `_value` as well as the measurement's own field. */
export function singleMeasurements(events: Batch): Batch {
  const all = withMetrics(events)
  const names = all.names().filter((name) => name.startsWith(metricPrefix))
  const parts = names.map((name) => {
    const measured = all.filter(maskWhere(all.column(name) ?? nullColumn, all.length, hasValue))
    return measured.with([
      ...names.filter((other) => other !== name).map((other) => [other, undefined] as const),
      ['metric_name', constant(name.slice(metricPrefix.length))],
      ['_value', measured.column(name)],
    ])
  })
  return parts.length === 0 ? new Batch(0, []) : concatBatches(parts)
}

/** The rows that have at least one of the metrics that aggregates name. */
export function measuredRows(points: Batch, calls: readonly AggregateCall[]): Uint8Array {
  const mask = new Uint8Array(points.length)
  for (const { argument } of calls) {
    const names =
      argument.kind === 'field'
        ? [argument.name]
        : argument.kind === 'wildcard'
          ? matchingFields(points, argument.pattern, new Set())
          : []
    for (const name of names)
      orInto(mask, maskWhere(points.column(name) ?? nullColumn, points.length, hasValue))
  }
  return mask
}

/** Searches of metrics mind case. Search Reference: mstats (WHERE clause) */
export function mindingCase(terms: SearchExpression): SearchExpression {
  switch (terms.kind) {
    case 'And':
    case 'Or':
      return { ...terms, terms: terms.terms.map(mindingCase) }
    case 'Not':
      return { ...terms, term: mindingCase(terms.term) }
    case 'Comparison':
      return terms.mode === 'plain' ? { ...terms, mode: 'case' } : terms
    case 'In': {
      const { field, values, span } = terms
      return {
        kind: 'Or',
        terms: values.map((value) => ({
          kind: 'Comparison',
          field,
          operator: '=',
          value,
          mode: 'case',
          span,
        })),
      }
    }
    case 'Keyword':
    case 'TimeModifier':
    case 'Subsearch':
      return terms
  }
}

/** Whether terms name the metric. */
export function namesMetric(terms: SearchExpression): boolean {
  switch (terms.kind) {
    case 'And':
    case 'Or':
      return terms.terms.some(namesMetric)
    case 'Not':
      return namesMetric(terms.term)
    case 'Comparison':
    case 'In':
      return terms.field === 'metric_name'
    case 'Keyword':
    case 'TimeModifier':
    case 'Subsearch':
      return false
  }
}

/** Terms that let through at least what these do, whatever the metric: an event may hold several. */
export function whateverMetric(terms: SearchExpression): SearchExpression {
  const anything: SearchExpression = { kind: 'And', terms: [] }
  switch (terms.kind) {
    case 'And':
    case 'Or':
      return { ...terms, terms: terms.terms.map(whateverMetric) }
    case 'Not':
    case 'Comparison':
    case 'In':
      return namesMetric(terms) ? anything : terms
    case 'Keyword':
    case 'TimeModifier':
    case 'Subsearch':
      return terms
  }
}
