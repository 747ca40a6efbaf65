import { expect, test } from 'vitest'
import { parseExpression } from '../syntax/parser.ts'
import { namedFields } from './named-fields.ts'

test.each([
  ["a + b . 'c d'", ['a', 'b', 'c d']],
  ['if(NOT x IN (y, "z"), -u, true)', ['x', 'y', 'u', 'true']],
  ['if(searchmatch("user=alice failed"), 1, n)', ['n', 'user', '_raw']],
  ['now() + 5', []],
])('%s', (expression, expected) => {
  expect([...namedFields(parseExpression(expression))].sort()).toEqual([...expected].sort())
})
