// Runs functions of values over columns: once for constants, once per distinct value where values repeat, else by row.
// What the functions compute is left to the callers.

import type { Batch } from '../../value/batch.ts'
import {
  type Column,
  constant,
  type DictColumn,
  dict,
  nullColumn,
  plain,
  valuesOf,
} from '../../value/column.ts'
import type { Mask } from '../../value/mask.ts'
import type { Value } from '../../value/value.ts'
import type { ColumnExpression, Predicate } from './function.ts'

/** Applies a pure function to one column of `length` rows. */
export function mapOne(column: Column, length: number, apply: (value: Value) => Value): Column {
  switch (column.kind) {
    case 'const':
      return constant(apply(column.value))
    case 'dict':
      if (column.values.length <= length) return dict(column.values.map(apply), column.codes)
      break
    case 'plain':
      break
  }
  // Natural form: valuesOf(column, length).map(apply). A dictionary larger than the batch is not worth visiting whole.
  const results = new Array<Value>(length)
  if (column.kind === 'plain') {
    const { values } = column
    for (let row = 0; row < length; row++) results[row] = apply(values[row])
  } else {
    const { values, codes } = column
    for (let row = 0; row < length; row++) results[row] = apply(values[codes[row]!])
  }
  return plain(results)
}

/**
 * Applies a pure function to several columns of `length` rows. The array of arguments is used again for every call, so
 * the function must not keep it.
 */
export function mapMany(
  columns: readonly Column[],
  length: number,
  apply: (args: readonly Value[]) => Value,
): Column {
  const args: Value[] = columns.map((column) => (column.kind === 'const' ? column.value : undefined))
  const varying = columns.flatMap((column, position) =>
    column.kind === 'const' ? [] : [{ column, position }],
  )
  const first = varying[0]
  if (first === undefined) return constant(apply(args))
  if (varying.length === 1) {
    const { column, position } = first
    return mapOne(column, length, (value) => {
      args[position] = value
      return apply(args)
    })
  }

  const shared = sharedCodes(varying.map(({ column }) => column))
  if (shared !== undefined && shared.values.length <= length) {
    const results = shared.values.map((_, code) => {
      for (const { column, position } of varying) args[position] = (column as DictColumn).values[code]
      return apply(args)
    })
    return dict(results, shared.codes)
  }

  // Natural form: for each row, args[position] = values[row] for each source. Two columns are the common case.
  const sources = varying.map(({ column, position }) => ({ values: byRow(column, length), position }))
  const results = new Array<Value>(length)
  const [left, right] = sources
  if (sources.length === 2 && left !== undefined && right !== undefined) {
    for (let row = 0; row < length; row++) {
      args[left.position] = left.values[row]
      args[right.position] = right.values[row]
      results[row] = apply(args)
    }
    return plain(results)
  }
  for (let row = 0; row < length; row++) {
    for (let index = 0; index < sources.length; index++) {
      const source = sources[index]!
      args[source.position] = source.values[row]
    }
    results[row] = apply(args)
  }
  return plain(results)
}

/** As valuesOf, which is for few rows. */
function byRow(column: Column, length: number): readonly Value[] {
  if (column.kind !== 'dict') return valuesOf(column, length)
  const { values, codes } = column
  const rows = new Array<Value>(length)
  for (let row = 0; row < length; row++) rows[row] = values[codes[row]!]
  return rows
}

/** The first column, when all are dictionaries over the same codes: functions of one field keep its codes. */
function sharedCodes(columns: readonly Column[]): DictColumn | undefined {
  const first = columns[0]
  if (first?.kind !== 'dict') return undefined
  const agree = columns.every(
    (column) =>
      column.kind === 'dict' && column.codes === first.codes && column.values.length === first.values.length,
  )
  return agree ? first : undefined
}

/** The rows for which a test of the value holds. */
export function maskWhere(column: Column, length: number, test: (value: Value) => boolean): Mask {
  const mask = new Uint8Array(length)
  switch (column.kind) {
    case 'const':
      return test(column.value) ? mask.fill(1) : mask
    case 'plain': {
      const { values } = column
      for (let row = 0; row < length; row++) if (test(values[row])) mask[row] = 1
      return mask
    }
    case 'dict': {
      const { values, codes } = column
      if (values.length > length) {
        for (let row = 0; row < length; row++) if (test(values[codes[row]!])) mask[row] = 1
        return mask
      }
      const passes = Uint8Array.from(values, (value) => (test(value) ? 1 : 0))
      for (let row = 0; row < length; row++) mask[row] = passes[codes[row]!]!
      return mask
    }
  }
}

/** For each row the number of the first condition that is TRUE, or how many there are when none is. */
export function firstTrue(conditions: readonly Predicate[], batch: Batch): Uint32Array {
  const none = conditions.length
  const choice = new Uint32Array(batch.length).fill(none)
  // The rows that a condition looks at: all, until those that are still open are few enough to be worth gathering.
  let looked: Uint32Array | undefined
  let open = batch.length
  for (const [number, condition] of conditions.entries()) {
    const mask = condition(looked === undefined ? batch : batch.gather(looked))
    for (let index = 0; index < mask.length; index++) {
      const row = looked === undefined ? index : looked[index]!
      if (mask[index] === 1 && choice[row] === none) {
        choice[row] = number
        open--
      }
    }
    if (open === 0) break
    if (open * 2 < (looked?.length ?? batch.length)) looked = rowsWith(choice, none, open)
  }
  return choice
}

function rowsWith(choice: Uint32Array, number: number, count: number): Uint32Array {
  const rows = new Uint32Array(count)
  let next = 0
  for (let row = 0; row < choice.length; row++) if (choice[row] === number) rows[next++] = row
  return rows
}

/**
 * Takes each row from the expression whose number `choice` gives; a number beyond the last is null. An expression that
 * no row chose is not computed.
 */
export function choose(expressions: readonly ColumnExpression[], choice: Uint32Array, batch: Batch): Column {
  const isChosen = new Uint8Array(expressions.length + 1)
  for (let row = 0; row < choice.length; row++) isChosen[Math.min(choice[row]!, expressions.length)] = 1
  const only = isChosen.indexOf(1)
  // Kept as it is, a column stays a dictionary or a constant.
  if (isChosen.indexOf(1, only + 1) < 0)
    return only < 0 ? nullColumn : (expressions[only]?.(batch) ?? nullColumn)
  const columns = expressions.map((expression, number) =>
    isChosen[number] === 1 ? expression(batch) : nullColumn,
  )
  if (columns.every((column) => column.kind === 'const')) {
    const values: Value[] = columns.map(({ value }) => value)
    values.push(undefined)
    return dict(values, choice)
  }
  const sources = columns.map((column) => byRow(column, batch.length))
  const results = new Array<Value>(batch.length)
  for (let row = 0; row < batch.length; row++) results[row] = sources[choice[row]!]?.[row]
  return plain(results)
}
