import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { Batch } from '../../../value/batch.ts'
import { valueAt } from '../../../value/column.ts'
import { displayValue, type Value } from '../../../value/value.ts'
import { parseExpression } from '../../syntax/parser.ts'
import { compileExpression } from '../compile.ts'
import type { FunctionExample } from '../function.ts'
import { findFunction, functionNames, functions } from './index.ts'

const context = { now: 1_700_000_000, timeZone: 'UTC', warn: () => {} }

function run({ expression, fields = {} }: FunctionExample): Value {
  const batch = Batch.fromRows([fields as Record<string, Value>])
  return valueAt(compileExpression(parseExpression(expression), context)(batch), 0)
}

test('every file of the folder is in the list', () => {
  const files = readdirSync(new URL('.', import.meta.url)).filter((file) => !/^index\.|\.test\./.test(file))
  expect(functions).toHaveLength(files.length)
  const expected = functions.map(({ name }) => `${name.replaceAll('_', '-')}.ts`)
  expect(expected.sort()).toEqual(files.sort())
})

test('no two functions have the same name', () => {
  const names = functions.flatMap(({ name, aliases = [] }) => [name, ...aliases])
  expect(new Set(names).size).toBe(names.length)
  expect([...functionNames()].sort()).toEqual(names.sort())
  expect(findFunction('__proto__')).toBeUndefined()
})

describe.each(functions.map((definition) => [definition.name, definition] as const))(
  '%s',
  (name, definition) => {
    test('says what it does', () => {
      expect(definition.summary).toMatch(/^[A-Z%].*\.$/s)
      expect(
        definition.parameters.every(({ optional }, index, all) => optional || !all[index - 1]?.optional),
      ).toBe(true)
    })

    test('has examples that hold', () => {
      if (name !== 'lookup') expect(definition.examples.length).toBeGreaterThan(0)
      for (const example of definition.examples) {
        expect(displayValue(run(example)) ?? null, example.expression).toEqual(example.result)
      }
    })
  },
)
