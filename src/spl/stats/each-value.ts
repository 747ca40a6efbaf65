// Visits the values of a column group by group. Multivalue fields are visited value by value, null is passed over, and
// texts that repeat are parsed once. Natural form: a loop over valueAt(); written per column kind because every
// aggregate spends its time here (bench/stats.ts).

import { parseNumber } from '../../base/text/number.ts'
import { isMultivalue, scalarText, textsOf, type Value } from '../../value/value.ts'
import type { AggregateInput } from './aggregate.ts'

type Values = Pick<AggregateInput, 'length' | 'column' | 'groups'>

/** Visits every value that is a number or looks like one. */
export function forEachNumber(
  { length, column, groups }: Values,
  visit: (group: number, number: number, row: number) => void,
): void {
  if (column === undefined) return
  switch (column.kind) {
    case 'const': {
      for (const number of numbersOf(column.value)) {
        for (let row = 0; row < length; row++) visit(groups[row]!, number, row)
      }
      return
    }
    case 'dict': {
      const { values, codes } = column
      if (values.length > length) {
        // The rows that a filter left over of a large dictionary.
        for (let row = 0; row < length; row++) visitNumbers(values[codes[row]!], groups[row]!, row, visit)
        return
      }
      // NaN marks what is no single number; the few multivalues are looked up again.
      const numbers = new Float64Array(values.length)
      for (let code = 0; code < values.length; code++)
        numbers[code] = singleNumber(values[code]) ?? Number.NaN
      const hasMultivalue = values.some(isMultivalue)
      for (let row = 0; row < length; row++) {
        const code = codes[row]!
        const number = numbers[code]!
        if (!Number.isNaN(number)) visit(groups[row]!, number, row)
        else if (hasMultivalue) visitNumbers(values[code], groups[row]!, row, visit)
      }
      return
    }
    case 'plain': {
      const { values } = column
      for (let row = 0; row < length; row++) {
        const value = values[row]
        if (value !== undefined) visitNumbers(value, groups[row]!, row, visit)
      }
    }
  }
}

/** Visits every value as text. */
export function forEachText(
  { length, column, groups }: Values,
  visit: (group: number, text: string, row: number) => void,
): void {
  if (column === undefined) return
  switch (column.kind) {
    case 'const': {
      const texts = textsOf(column.value)
      for (let row = 0; row < length; row++) for (const text of texts) visit(groups[row]!, text, row)
      return
    }
    case 'dict': {
      const { values, codes } = column
      if (values.length > length) {
        for (let row = 0; row < length; row++) {
          for (const text of textsOf(values[codes[row]!])) visit(groups[row]!, text, row)
        }
        return
      }
      const texts = values.map((value) =>
        isMultivalue(value) || value === undefined ? value : scalarText(value),
      )
      for (let row = 0; row < length; row++) {
        const text = texts[codes[row]!]
        if (typeof text === 'string') visit(groups[row]!, text, row)
        else if (text !== undefined) for (const item of text) visit(groups[row]!, item, row)
      }
      return
    }
    case 'plain': {
      const { values } = column
      for (let row = 0; row < length; row++) {
        const value = values[row]
        if (typeof value === 'string') visit(groups[row]!, value, row)
        else if (value !== undefined) for (const text of textsOf(value)) visit(groups[row]!, text, row)
      }
    }
  }
}

/** Visits every row that has a value, with the value as it is. */
export function forEachValue(
  { length, column, groups }: Values,
  visit: (group: number, value: Exclude<Value, undefined>, row: number) => void,
): void {
  if (column === undefined) return
  switch (column.kind) {
    case 'const': {
      const { value } = column
      if (value !== undefined) for (let row = 0; row < length; row++) visit(groups[row]!, value, row)
      return
    }
    case 'dict': {
      const { values, codes } = column
      for (let row = 0; row < length; row++) {
        const value = values[codes[row]!]
        if (value !== undefined) visit(groups[row]!, value, row)
      }
      return
    }
    case 'plain': {
      const { values } = column
      for (let row = 0; row < length; row++) {
        const value = values[row]
        if (value !== undefined) visit(groups[row]!, value, row)
      }
    }
  }
}

/** The numbers among the values of one field. */
export function numbersOf(value: Value): readonly number[] {
  if (typeof value === 'number') return [value]
  return textsOf(value).flatMap((text) => parseNumber(text) ?? [])
}

function singleNumber(value: Value): number | undefined {
  if (typeof value === 'number') return value
  return typeof value === 'string' ? parseNumber(value) : undefined
}

function visitNumbers(
  value: Value,
  group: number,
  row: number,
  visit: (group: number, number: number, row: number) => void,
): void {
  if (typeof value === 'number') visit(group, value, row)
  else if (typeof value === 'string') {
    const number = parseNumber(value)
    if (number !== undefined) visit(group, number, row)
  } else if (isMultivalue(value)) {
    for (const text of value) {
      const number = parseNumber(text)
      if (number !== undefined) visit(group, number, row)
    }
  }
}
