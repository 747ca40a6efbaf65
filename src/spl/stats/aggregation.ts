// Runs aggregates over groups of rows: stats and everything built on it. Rows go in as batches; results come out group by
// group, in an order that the caller chooses.

import { substituteWildcards, wildcardCapture } from '../../base/text/wildcard.ts'
import { searchError } from '../../diagnostics/diagnostic.ts'
import type { Batch, EventReference } from '../../value/batch.ts'
import { type Column, gather, valueAt } from '../../value/column.ts'
import { numberOf, textsOf, type Value } from '../../value/value.ts'
import type { RunContext } from '../run/context.ts'
import type { Accumulator, AggregateOptions } from './aggregate.ts'
import { type AggregateCall, aggregateOf } from './aggregate-call.ts'
import { type ArgumentColumn, compileArgument, matchingFields } from './argument-column.ts'
import { type GroupField, Grouping } from './grouping.ts'
import { Sparklines } from './sparkline.ts'

/** What aggregates need of a running search. */
export type AggregationContext = Pick<
  RunContext,
  'now' | 'timeZone' | 'limits' | 'warn' | 'earliest' | 'latest'
> &
  Partial<Pick<RunContext, 'memory'>>

export interface AggregationOptions {
  readonly dedupSplitValues?: boolean
  /** Numerical aggregates of a group are null when one of its values is no number. */
  readonly allNumbers?: boolean
  /** How many seconds a group covers: timechart. */
  readonly secondsOf?: (group: number) => number
}

/** So many events are remembered for each group. */
const mostOrigins = 100

/** One column of results. */
export interface AggregateResult {
  readonly name: string
  /** The term that it comes from. */
  readonly call: AggregateCall
  value(group: number): Value
}

/** A term of the search and the accumulators that it became: one, or one for each field that matches its stars. */
interface Term {
  readonly call: AggregateCall
  readonly column: ArgumentColumn
  readonly byField: Map<string, Accumulator>
}

export class Aggregation {
  readonly grouping: Grouping
  readonly #byNames: ReadonlySet<string>
  readonly #context: AggregationContext
  readonly #options: AggregationOptions
  readonly #terms: readonly Term[]
  /** By accumulator, the groups where a value was no number; kept for `allnum` only. */
  readonly #notNumeric = new Map<Accumulator, Set<number>>()
  readonly #origins: EventReference[][] = []
  #hasOrigins = false
  /** References to events, all groups together. */
  #originCount = 0

  constructor(
    calls: readonly AggregateCall[],
    by: readonly GroupField[],
    context: AggregationContext,
    options: AggregationOptions = {},
  ) {
    this.grouping = new Grouping(by, options.dedupSplitValues)
    this.#byNames = new Set(by.map(({ name }) => name))
    this.#context = context
    this.#options = options
    this.#terms = calls.map((call) => ({
      call,
      column: compileArgument(call.argument, context),
      byField: new Map(call.argument.kind === 'wildcard' ? [] : [['', this.#create(call)]]),
    }))
  }

  /** Adds the rows of a batch, and says which groups they are in. */
  add(batch: Batch): { rows: Uint32Array | undefined; groups: Uint32Array } {
    const grouped = this.grouping.assign(batch)
    const { rows, groups } = grouped
    const length = groups.length
    if (length === 0) return grouped
    this.#refuseTooManyGroups()
    const gathered = new Map<string, Column | undefined>()
    const read = (name: string): Column | undefined => {
      if (rows === undefined) return batch.column(name)
      if (!gathered.has(name)) {
        const column = batch.column(name)
        gathered.set(name, column && gather(column, rows))
      }
      return gathered.get(name)
    }
    const groupCount = this.grouping.count
    const feed = (accumulator: Accumulator, column: Column | undefined, usesTime: boolean): void => {
      accumulator.add({ length, column, times: usesTime ? read('_time') : undefined, groups, groupCount })
      if (this.#options.allNumbers) this.#noteText(accumulator, column, groups)
    }
    for (const { call, column: columnOf, byField } of this.#terms) {
      const usesTime = call.sparkline !== undefined || aggregateOf(call).definition.usesTime === true
      switch (call.argument.kind) {
        case 'none':
          feed(byField.get('')!, undefined, usesTime)
          break
        case 'field':
          feed(byField.get('')!, read(call.argument.name), usesTime)
          break
        case 'expression': {
          const column = columnOf(batch)
          feed(byField.get('')!, rows === undefined ? column : column && gather(column, rows), usesTime)
          break
        }
        case 'wildcard':
          for (const name of matchingFields(batch, call.argument.pattern, this.#byNames)) {
            let accumulator = byField.get(name)
            if (accumulator === undefined) {
              accumulator = this.#create(call)
              byField.set(name, accumulator)
            }
            feed(accumulator, read(name), usesTime)
          }
      }
    }
    if (batch.origins !== undefined) this.#collectOrigins(batch, grouped)
    this.#context.memory?.hold(this, this.#heldBytes())
    return grouped
  }

  /** The columns of results, in the order of the terms; those of a wildcard in the order of their names. */
  results(): readonly AggregateResult[] {
    return this.#named(({ call }, accumulator) => this.#valueOf(call, accumulator))
  }

  /**
   * The results when groups are put together: the columns of an aggregation whose group `groupOf[g]` holds the rows of
   * each group `g` here.
   */
  regrouped(groupOf: Uint32Array, secondsOf?: (group: number) => number): readonly AggregateResult[] {
    const options = secondsOf === undefined ? this.#options : { ...this.#options, secondsOf }
    return this.#named(({ call }, accumulator) => {
      const merged = this.#create(call, options)
      merged.merge(accumulator, groupOf)
      return (group) => merged.result(group)
    })
  }

  /** Names the results. Those of a wildcard give way to names that a term or BY field has. */
  #named(
    valueFor: (term: Term, accumulator: Accumulator) => (group: number) => Value,
  ): readonly AggregateResult[] {
    const taken = new Set(this.#byNames)
    for (const { call } of this.#terms) if (call.argument.kind !== 'wildcard') taken.add(call.output)
    return this.#terms.flatMap((term) => {
      const { call, byField } = term
      if (call.argument.kind !== 'wildcard')
        return [{ name: call.output, call, value: valueFor(term, byField.get('')!) }]
      return [...byField]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([field, accumulator]) => {
          const name = resultName(call, field)
          if (taken.has(name)) return []
          taken.add(name)
          return [{ name, call, value: valueFor(term, accumulator) }]
        })
    })
  }

  /** The events that a group came from, as far as they are known; at most 100. */
  originsOf(group: number): readonly EventReference[] {
    return this.#origins[group] ?? []
  }

  /** Whether the rows told which events they came from. */
  get hasOrigins(): boolean {
    return this.#hasOrigins
  }

  /** What groups, accumulators and references to events take, in bytes, about. */
  #heldBytes(): number {
    let bytes = this.grouping.heldBytes + this.#originCount * 16 + this.#origins.length * 32
    for (const { byField } of this.#terms)
      for (const { heldBytes = 0 } of byField.values()) bytes += heldBytes + this.grouping.count * 16
    return bytes
  }

  #refuseTooManyGroups(): void {
    const { maxRows } = this.#context.limits
    if (this.grouping.count <= maxRows) return
    const names = [...this.#byNames].map((name) => `"${name}"`).join(', ')
    throw searchError(
      'limit-reached',
      `The BY fields ${names} make more than ${maxRows} groups.`,
      'Group by fewer fields, put times into bins, or raise limits.max_rows.',
    )
  }

  #create(call: AggregateCall, { secondsOf } = this.#options): Accumulator {
    return createAccumulator(call, this.#context, secondsOf)
  }

  #valueOf(call: AggregateCall, accumulator: Accumulator): (group: number) => Value {
    const texts = this.#notNumeric.get(accumulator)
    if (texts === undefined || aggregateOf(call).definition.isNumeric !== true)
      return (group) => accumulator.result(group)
    return (group) => (texts.has(group) ? undefined : accumulator.result(group))
  }

  #noteText(accumulator: Accumulator, column: Column | undefined, groups: Uint32Array): void {
    if (column === undefined) return
    let texts = this.#notNumeric.get(accumulator)
    if (texts === undefined) {
      texts = new Set()
      this.#notNumeric.set(accumulator, texts)
    }
    for (let row = 0; row < groups.length; row++) {
      if (textsOf(valueAt(column, row)).some((text) => numberOf(text) === undefined)) texts.add(groups[row]!)
    }
  }

  #collectOrigins(
    { origins }: Batch,
    { rows, groups }: { rows: Uint32Array | undefined; groups: Uint32Array },
  ): void {
    if (origins === undefined) return
    this.#hasOrigins = true
    for (let index = 0; index < groups.length; index++) {
      const group = groups[index]!
      let known = this.#origins[group]
      if (known === undefined) {
        known = []
        this.#origins[group] = known
      }
      if (known.length >= mostOrigins) continue
      for (const reference of origins(rows?.[index] ?? index)) {
        if (known.length >= mostOrigins) break
        known.push(reference)
        this.#originCount++
      }
    }
  }
}

/** Makes what a call accumulates in. */
export function createAccumulator(
  call: AggregateCall,
  context: AggregationContext,
  secondsOf?: (group: number) => number,
): Accumulator {
  const { definition, number } = aggregateOf(call)
  const { limits, timeZone, earliest, latest } = context
  const warn = (message: string): void =>
    context.warn({ code: 'limit-reached', severity: 'warning', message, labels: [] })
  const options: AggregateOptions = {
    number,
    hasField: call.argument.kind !== 'none',
    limits,
    timeZone,
    warn,
    ...(secondsOf === undefined ? {} : { secondsOf }),
  }
  if (call.sparkline === undefined) return definition.create(options)
  const { span } = call.sparkline
  const create = (): Accumulator => definition.create(options)
  return new Sparklines({ create, span, maxSize: limits.listMaxsize, timeZone, earliest, latest, warn })
}

/** The name of a call's result for one of the fields that its wildcard matched. */
export function resultName({ argument, output }: AggregateCall, field: string): string {
  return argument.kind !== 'wildcard'
    ? output
    : substituteWildcards(output, wildcardCapture(argument.pattern, field)!)
}
