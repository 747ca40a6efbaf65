// Numbers the groups of a BY clause: which rows of a batch count, and in which group each of them is.
// Values group as text ("1" and 1 are one group, "1" and "01" are two); what happens to the groups is left to others.

import { searchError } from '../../diagnostics/diagnostic.ts'
import type { Batch } from '../../value/batch.ts'
import { type Column, constant, gather, nullColumn, valueAt } from '../../value/column.ts'
import { isMultivalue, scalarText, textsOf, type Value } from '../../value/value.ts'
import { PairNumbers } from './pair-numbers.ts'

/** One field of a BY clause. */
export interface GroupField {
  readonly name: string
  /** What becomes of a row without the field: it is left out, grouped under null, or under a value instead. */
  readonly whenNull: 'leave-out' | 'keep' | { readonly fill: string }
  /** Puts values into bins before they are grouped. */
  readonly bin?: (column: Column, length: number) => Column
}

/** The rows of a batch that are in groups. */
export interface GroupedRows {
  /** Which row of the batch; a row in several groups is there several times. Undefined: every row, once. */
  readonly rows: Uint32Array | undefined
  /** The group of each of them. */
  readonly groups: Uint32Array
}

/** A column as numbers: equal codes are equal values. */
interface Codes {
  readonly codes: Uint32Array
  /** Codes are below this. */
  readonly size: number
  /** The number that a code has in all batches; undefined when codes are those numbers already. */
  readonly numberOf?: (code: number) => number
}

/** So many groups may one row be in: multivalue fields multiply, and a hostile event could fill the memory. */
const mostCombinations = 1_000_000

export class Grouping {
  readonly #fields: readonly GroupField[]
  readonly #dedupSplitValues: boolean
  readonly #distinct: readonly Distinct[]
  /** For each field but the first, the numbers of combinations of what is before it with its values. */
  readonly #combinations: readonly PairNumbers[]
  #count = 0

  /** @param dedupSplitValues whether a row counts once for values that a multivalue field has twice */
  constructor(fields: readonly GroupField[], dedupSplitValues = false) {
    this.#fields = fields
    this.#dedupSplitValues = dedupSplitValues
    this.#distinct = fields.map(() => new Distinct())
    this.#combinations = fields.slice(1).map(() => new PairNumbers())
    if (fields.length === 0) this.#count = 1
  }

  /** How many groups there are so far. Without fields there is one from the beginning. */
  get count(): number {
    return this.#count
  }

  /** What the values and numbers take, in bytes, about. */
  get heldBytes(): number {
    const sizes = [...this.#distinct, ...this.#combinations].map(({ heldBytes }) => heldBytes)
    return sizes.reduce((sum, bytes) => sum + bytes, 0)
  }

  /** The value that a group has in a field. */
  keyOf(group: number, field: number): Value {
    let number = group
    for (let level = this.#fields.length - 1; level > 0; level--) {
      const [before, after] = this.#combinations[level - 1]!.pair(number)
      if (level === field) return this.#distinct[level]!.value(after)
      number = before
    }
    return this.#distinct[0]!.value(number)
  }

  assign(batch: Batch): GroupedRows {
    if (this.#fields.length === 0) return { rows: undefined, groups: new Uint32Array(batch.length) }
    const { rows, columns } = this.#singleValues(batch)
    const length = rows?.length ?? batch.length
    // A const column has its value even in no rows: that would make a group of nothing.
    if (length === 0) return { rows, groups: new Uint32Array(0) }
    let codes = this.#distinct[0]!.encode(columns[0]!, length)
    columns.slice(1).forEach((column, index) => {
      codes = combine(codes, this.#distinct[index + 1]!.encode(column, length), this.#combinations[index]!)
    })
    const groups = numbered(codes)
    this.#count = (this.#combinations.at(-1) ?? this.#distinct[0]!).count
    return { rows, groups }
  }

  /** Leaves out rows without a value and unfolds multivalues, so that every column has one value in every row. */
  #singleValues(batch: Batch): { rows: Uint32Array | undefined; columns: readonly Column[] } {
    const columns = this.#fields.map(({ name, bin, whenNull }) => {
      const column = batch.column(name) ?? nullColumn
      const binned = bin === undefined ? column : bin(column, batch.length)
      return typeof whenNull === 'object' ? filled(binned, whenNull.fill) : binned
    })
    const leavesOut = columns.map(
      (column, index) => this.#fields[index]!.whenNull === 'leave-out' && has(column, isNull),
    )
    const multivalued = columns.map((column) => has(column, isMultivalue))
    if (!leavesOut.includes(true) && !multivalued.includes(true)) return { rows: undefined, columns }

    const rows: number[] = []
    const unfolded = columns.map((_, index) => (multivalued[index] ? ([] as Value[]) : undefined))
    for (let row = 0; row < batch.length; row++) {
      if (columns.some((column, index) => leavesOut[index] && valueAt(column, row) === undefined)) continue
      let tuples: Value[][] = [[]]
      columns.forEach((column, index) => {
        if (!multivalued[index]) return
        const value = valueAt(column, row)
        const texts: readonly Value[] = isMultivalue(value) ? textsOf(value) : [value]
        const parts = this.#dedupSplitValues ? [...new Set(texts)] : texts
        if (tuples.length * parts.length > mostCombinations) this.#refuseCombinations()
        tuples =
          parts.length === 1
            ? tuples.map((tuple) => [...tuple, parts[0]])
            : tuples.flatMap((tuple) => parts.map((part) => [...tuple, part]))
      })
      for (const tuple of tuples) {
        rows.push(row)
        let next = 0
        for (const values of unfolded) values?.push(tuple[next++])
      }
    }
    const kept = Uint32Array.from(rows)
    return {
      rows: kept,
      columns: columns.map((column, index) => {
        const values = unfolded[index]
        return values === undefined ? gather(column, kept) : { kind: 'plain', values }
      }),
    }
  }

  #refuseCombinations(): never {
    const names = this.#fields.map(({ name }) => `"${name}"`).join(', ')
    throw searchError(
      'limit-reached',
      `One event has more than ${mostCombinations} combinations of values of the BY fields ${names}.`,
      'Join or expand their values before: mvjoin(), mvexpand.',
    )
  }
}

const isNull = (value: Value): boolean => value === undefined

function has(column: Column, test: (value: Value) => boolean): boolean {
  return column.kind === 'const' ? test(column.value) : column.values.some(test)
}

function filled(column: Column, fill: string): Column {
  switch (column.kind) {
    case 'const':
      return column.value === undefined ? constant(fill) : column
    case 'dict':
      return { ...column, values: column.values.map((value) => value ?? fill) }
    case 'plain':
      return { ...column, values: column.values.map((value) => value ?? fill) }
  }
}

/** The group numbers of codes. */
function numbered({ codes, numberOf }: Codes): Uint32Array {
  return numberOf === undefined ? codes : codes.map(numberOf)
}

/** Numbers the distinct values of one field over all batches. */
class Distinct {
  readonly #values: Value[] = []
  readonly #byText = new Map<string | undefined, number>()
  /** Spares making a text of each number: BY _time. */
  readonly #byNumber = new Map<number, number>()
  #textBytes = 0

  get count(): number {
    return this.#values.length
  }

  get heldBytes(): number {
    return this.#textBytes + this.#values.length * 60
  }

  value(number: number): Value {
    return this.#values[number]
  }

  encode(column: Column, length: number): Codes {
    switch (column.kind) {
      case 'const': {
        const number = this.#number(column.value)
        return { codes: new Uint32Array(length), size: 1, numberOf: () => number }
      }
      case 'dict': {
        // A dictionary may hold values that no row of the batch has: numbers are given when a code is met.
        const numbers = new Int32Array(column.values.length).fill(-1)
        const numberOf = (code: number): number => {
          if (numbers[code] === -1) numbers[code] = this.#number(column.values[code])
          return numbers[code]!
        }
        return { codes: column.codes, size: column.values.length, numberOf }
      }
      case 'plain': {
        const codes = new Uint32Array(length)
        for (let row = 0; row < length; row++) codes[row] = this.#number(column.values[row])
        return { codes, size: this.count }
      }
    }
  }

  #number(value: Value): number {
    if (typeof value === 'number') {
      const known = this.#byNumber.get(value)
      if (known !== undefined) return known
      const number = this.#numberOfText(scalarText(value), value)
      this.#byNumber.set(value, number)
      return number
    }
    // Multivalues were unfolded before; Booleans are no field values.
    return this.#numberOfText(value === undefined ? undefined : String(value), value)
  }

  #numberOfText(text: string | undefined, value: Value): number {
    let number = this.#byText.get(text)
    if (number === undefined) {
      number = this.#values.length
      this.#values.push(value)
      this.#textBytes += text?.length ?? 0
      this.#byText.set(text, number)
    }
    return number
  }
}

/** Joins two columns of codes into one of pairs. */
function combine(left: Codes, right: Codes, pairs: PairNumbers): Codes {
  const { length } = left.codes
  const codes = new Uint32Array(length)
  const known = left.size * right.size
  // A table pays where pairs repeat.
  if (known > length) {
    for (let row = 0; row < length; row++) {
      const a = left.codes[row]!
      const b = right.codes[row]!
      codes[row] = pairs.numberOf(left.numberOf?.(a) ?? a, right.numberOf?.(b) ?? b)
    }
    return { codes, size: pairs.count }
  }
  const table = new Int32Array(known).fill(-1)
  for (let row = 0; row < length; row++) {
    const a = left.codes[row]!
    const b = right.codes[row]!
    const place = a * right.size + b
    if (table[place] === -1) table[place] = pairs.numberOf(left.numberOf?.(a) ?? a, right.numberOf?.(b) ?? b)
    codes[row] = table[place]!
  }
  return { codes, size: pairs.count }
}
