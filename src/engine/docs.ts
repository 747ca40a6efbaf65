// What can be said of a detection's search without running it: for the pages of `karst docs`.

import type { Detection } from '../content/detection.ts'
import { SearchError } from '../diagnostics/diagnostic.ts'
import type { LocatedText } from '../diagnostics/source.ts'
import type { DatasetName } from '../spl/commands/shared/tstats-terms.ts'
import type { MacroDefinition, Macros } from '../spl/host.ts'
import { expandMacros } from '../spl/macros/expand.ts'
import { searchFields } from '../spl/match/search-fields.ts'
import { buildPlan } from '../spl/plan/build.ts'
import { explainPlan } from '../spl/plan/explain.ts'
import { optimise } from '../spl/plan/optimise.ts'
import type { ParsingContext } from '../spl/run/context.ts'
import { parseSearch } from '../spl/run/run.ts'
import { type AggregateCall, aggregateFields } from '../spl/stats/aggregate-call.ts'
import type { Pipeline, SearchExpression } from '../spl/syntax/ast.ts'

/** A search seen from outside. */
export interface DescribedSearch {
  readonly macros: readonly MacroDefinition[]
  /** The steps that run, after all rewrites. */
  readonly plan: readonly string[]
  /** The fields that it reads of its events, in the order of their names; absent where it may read any. */
  readonly reads?: readonly string[]
  /** `Endpoint.Processes`, where it reads a data model with tstats. */
  readonly dataset?: string
  /** Why it cannot be read. */
  readonly problem?: string
}

/** Describes the search of a detection. */
export function describeSearch(
  { search }: Detection,
  macros: Macros,
  context: ParsingContext,
): DescribedSearch {
  try {
    const { expanded, pipeline } = parseSearch(search, macros, context)
    return {
      macros: expanded.macros.map(({ definition }) => definition),
      plan: explainPlan(buildPlan(pipeline)).at(-1)?.lines ?? [],
      ...fieldsOf(pipeline),
    }
  } catch (error) {
    if (!(error instanceof SearchError)) throw error
    const [first] = error.diagnostics
    return {
      macros: usedMacros(search, macros),
      plan: [],
      problem: [first?.message ?? error.message, first?.help ?? ''].join(' ').trim(),
    }
  }
}

/** The macros of a search that cannot be parsed; none where they cannot be expanded either. */
function usedMacros(search: LocatedText, macros: Macros): MacroDefinition[] {
  try {
    const { macros: used } = expandMacros(search, macros, { evaluate: () => undefined })
    return used.map(({ definition }) => definition)
  } catch (error) {
    if (error instanceof SearchError) return []
    throw error
  }
}

/** What tstats reads; its arguments are plain data. */
interface TstatsArguments {
  readonly calls: readonly AggregateCall[]
  readonly from: DatasetName | undefined
  readonly where: SearchExpression | undefined
  readonly by: readonly string[]
}

function fieldsOf(pipeline: Pipeline): Pick<DescribedSearch, 'reads' | 'dataset'> {
  const [first] = pipeline.commands
  if (first?.name === 'tstats') {
    const { calls, from, where, by } = first.args as TstatsArguments
    const aggregated = aggregateFields(calls, by)
    const filtered = where === undefined ? [] : searchFields(where)
    return {
      ...(aggregated === 'all' ? {} : { reads: [...new Set([...aggregated, ...filtered])].sort() }),
      ...(from === undefined ? {} : { dataset: [from.model, from.object].filter((part) => part).join('.') }),
    }
  }
  const [scan] = optimise(buildPlan(pipeline)).steps
  return scan?.op !== 'scan' || scan.fields === 'all' ? {} : { reads: [...scan.fields].sort() }
}
