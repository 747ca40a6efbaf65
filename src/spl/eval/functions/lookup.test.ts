import { expect, test } from 'vitest'
import { Batch } from '../../../value/batch.ts'
import { valueAt } from '../../../value/column.ts'
import type { Value } from '../../../value/value.ts'
import type { Lookups, LookupTable } from '../../host.ts'
import { parseExpression } from '../../syntax/parser.ts'
import { compileExpression } from '../compile.ts'

const rows = [
  ['200', 'OK', 'Successful'],
  ['201', 'Created', 'Successful'],
  ['404', 'Not Found', 'Client Error'],
]
const fields = ['status', 'status_description', 'status_type']
const statuses: LookupTable = {
  name: 'http_status.csv',
  fields,
  isTimed: false,
  rows: () => rows,
  match: (inputs) =>
    rows
      .filter((row) => inputs.every(([field, value]) => row[fields.indexOf(field)] === value))
      .map((row) => new Map(fields.map((field, index) => [field, row[index]!]))),
}
const lookups: Lookups = {
  get: (name) => (name === statuses.name ? statuses : undefined),
  names: () => [statuses.name],
  problem: (name) => `${name}: no such file.`,
}

function run(
  expression: string,
  row: Record<string, Value> = {},
  found: Lookups | undefined = lookups,
): Value {
  const context = {
    now: 0,
    timeZone: 'UTC',
    warn: () => {},
    ...(found === undefined ? {} : { lookups: found }),
  }
  return valueAt(compileExpression(parseExpression(expression), context)(Batch.fromRows([row])), 0)
}

test('gives the wanted columns as a JSON object, several matches as arrays', () => {
  const call = 'lookup("http_status.csv", json_object("status_type", type), json_array("status_description"))'
  expect(run(call, { type: 'Successful' })).toBe('{"status_description":["OK","Created"]}')
  expect(run(call, { type: 'Client Error' })).toBe('{"status_description":"Not Found"}')
  expect(run(call, { type: 'Other' })).toBeUndefined()
  expect(run(`json_extract(${call}, "status_description")`, { type: 'Client Error' })).toBe('Not Found')
})

test('a lookup that is not there is refused with the reason', () => {
  const call = 'lookup("other.csv", json_object("a", 1), json_array("b"))'
  expect(() => run(call)).toThrow('Lookup "other.csv" is not defined. other.csv: no such file.')
  expect(() => compileExpression(parseExpression(call), { now: 0, timeZone: 'UTC', warn: () => {} })).toThrow(
    'there are no lookups',
  )
})
