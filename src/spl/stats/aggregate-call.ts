// A call of an aggregate as a command reads it: `sum(bytes) as total`, `values(*) as *`, `sparkline(count, 5m)`.

import type { TimeSpan } from '../../base/time/relative.ts'
import { assert } from '../../diagnostics/diagnostic.ts'
import { namedFields } from '../eval/named-fields.ts'
import type { WantedFields } from '../host.ts'
import { union } from '../plan/wanted-fields.ts'
import type { Expression } from '../syntax/ast.ts'
import { findAggregate, type NamedAggregate } from './aggregates/index.ts'

export type AggregateArgument =
  | { readonly kind: 'none' }
  | { readonly kind: 'field'; readonly name: string }
  /** Every field whose name matches, one result each. */
  | { readonly kind: 'wildcard'; readonly pattern: string }
  | { readonly kind: 'expression'; readonly expression: Expression }

/** Plain data: what one term of stats asks for. */
export interface AggregateCall {
  /** As it was written, with the number of a percentile: `dc`, `p95`. */
  readonly function: string
  readonly argument: AggregateArgument
  /** The name of the result; with the stars of a wildcard argument. */
  readonly output: string
  /** Present: not one value but a line of values over time. */
  readonly sparkline?: { readonly span: TimeSpan | undefined }
}

/** The aggregate that a call names; the parser let no other pass. */
export function aggregateOf(call: AggregateCall): NamedAggregate {
  const found = findAggregate(call.function)
  assert(found !== undefined, `the aggregate ${call.function} was parsed but is not there`)
  return found
}

/** Which fields aggregates over groups look at. */
export function aggregateFields(calls: readonly AggregateCall[], by: Iterable<string>): WantedFields {
  let wanted: WantedFields = new Set(by)
  for (const call of calls) {
    if (call.sparkline !== undefined || aggregateOf(call).definition.usesTime)
      wanted = union(wanted, ['_time'])
    wanted = union(wanted, argumentFields(call.argument))
  }
  return wanted
}

function argumentFields(argument: AggregateArgument): WantedFields {
  switch (argument.kind) {
    case 'none':
      return new Set()
    case 'field':
      return new Set([argument.name])
    case 'wildcard':
      return 'all'
    case 'expression':
      return namedFields(argument.expression)
  }
}
