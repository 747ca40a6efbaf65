// What an aggregate of stats is. One aggregate is one file that exports what `defineAggregate` gives; `index.ts` lists them.

import type { Column } from '../../value/column.ts'
import type { Value } from '../../value/value.ts'
import type { Limits } from '../run/context.ts'

/** What an aggregate sees of a batch. */
export interface AggregateInput {
  readonly length: number
  /** The aggregated field; undefined where the batch lacks it, or for a bare `count`. */
  readonly column: Column | undefined
  /** `_time`, for earliest, latest, rate and the like. */
  readonly times: Column | undefined
  /** For each row its group, from 0. */
  readonly groups: Uint32Array
  /** How many groups there are so far: all of `groups` are below. */
  readonly groupCount: number
}

/**
 * The state of one aggregate over all groups. Groups are numbered from 0 and appear in ascending order of first use.
 */
export interface Accumulator {
  add(input: AggregateInput): void
  /**
   * Takes in the state of another accumulator of the same aggregate, whose rows come after those seen here; its group
   * `g` is `groupOf[g]` here. Several groups may become one.
   */
  merge(other: this, groupOf: Uint32Array): void
  /** What it holds beyond a few numbers for each group, in bytes, about; absent where that is nothing. */
  readonly heldBytes?: number
  /** The value of a group; of one that never got a row, what no rows at all give. */
  result(group: number): Value
}

export interface AggregateExample {
  /** What is called: `sum(x)`. */
  readonly call: string
  /** The values of the field, in the order of the rows. */
  readonly values: readonly (string | readonly string[] | null)[]
  readonly result: string | readonly string[] | null
}

export interface AggregateDefinition {
  /** In lower case. Percentiles are registered by their stem (`perc`) and parsed with their number. */
  readonly name: string
  readonly aliases?: readonly string[]
  readonly summary: string
  readonly syntax: string
  readonly examples: readonly AggregateExample[]
  /** What the Search Reference leaves open, and what is done here: a sentence each. */
  readonly leftOpen?: readonly string[]
  /** Whether the name is followed by a number that is part of it: `perc95`, `p50`, `exactperc99.9`. */
  readonly takesNumber?: boolean
  /** Whether it may be written without a field: `count`. */
  readonly fieldOptional?: boolean
  /** Whether it looks at `_time`. */
  readonly usesTime?: boolean
  /** Whether it calculates, so that `allnum` concerns it. */
  readonly isNumeric?: boolean
  /** The only command that may use it. */
  readonly onlyIn?: string
  create(options: AggregateOptions): Accumulator
}

export interface AggregateOptions {
  /** The number in the name: 95 for `perc95`. */
  readonly number: number | undefined
  /** False for a bare `count`. */
  readonly hasField: boolean
  readonly limits: Limits
  readonly timeZone: string
  warn(message: string): void
  /** How many seconds a group covers, for rates per time unit in timechart. */
  readonly secondsOf?: (group: number) => number
}

export const defineAggregate = (definition: AggregateDefinition): AggregateDefinition => definition
