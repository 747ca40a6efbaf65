import { describe, expect, test } from 'vitest'
import { locatedText } from '../../diagnostics/source.ts'
import { ArgumentReader } from '../syntax/argument-reader.ts'
import type { AggregateCall } from './aggregate-call.ts'
import { type AggregateSyntax, parseAggregate } from './parse-aggregates.ts'

const everything: AggregateSyntax = { wildcards: true, expressions: true, sparklines: true }

function reader(text: string): ArgumentReader {
  return new ArgumentReader('stats', locatedText({ name: 'search', text }), 0, text.length, () => {
    throw new Error('no subsearch here')
  })
}

function parse(text: string, syntax = everything): AggregateCall {
  const arguments_ = reader(text)
  const call = parseAggregate(arguments_, syntax)
  arguments_.finish()
  return call
}

test.each([
  ['count', 'count', { kind: 'none' }, 'count'],
  ['count()', 'count', { kind: 'none' }, 'count'],
  ['Values( user )', 'Values', { kind: 'field', name: 'user' }, 'Values(user)'],
  ['dc("a b") AS "x y"', 'dc', { kind: 'field', name: 'a b' }, 'x y'],
  ["p99.9('a b')", 'p99.9', { kind: 'field', name: 'a b' }, 'p99.9(a b)'],
  ['sum (Processes.size) as a(b)', 'sum', { kind: 'field', name: 'Processes.size' }, 'a(b)'],
  ['values(items{}.id)', 'values', { kind: 'field', name: 'items{}.id' }, 'values(items{}.id)'],
  ['avg(sum(x))', 'avg', { kind: 'field', name: 'sum(x)' }, 'avg(sum(x))'],
  ['max', 'max', { kind: 'wildcard', pattern: '*' }, 'max(*)'],
  ['latest(x.*) as y.*', 'latest', { kind: 'wildcard', pattern: 'x.*' }, 'y.*'],
])('%s is read', (text, name, argument, output) => {
  expect(parse(text)).toEqual({ function: name, argument, output })
})

test('an expression keeps its text as the name', () => {
  expect(parse('count(eval( a="x)" ))')).toMatchObject({
    argument: { kind: 'expression' },
    output: 'count(eval( a="x)" ))',
  })
})

describe('a sparkline', () => {
  test('is of count unless it says otherwise', () => {
    expect(parse('sparkline')).toEqual({
      function: 'count',
      argument: { kind: 'none' },
      output: 'sparkline',
      sparkline: { span: undefined },
    })
  })

  test('has an aggregate and a span', () => {
    expect(parse('sparkline(avg(x), 5m) as line')).toEqual({
      function: 'avg',
      argument: { kind: 'field', name: 'x' },
      output: 'line',
      sparkline: { span: { amount: 5, unit: 'minute' } },
    })
  })
})

test.each([
  ['coutn(x)', 'Did you mean "count"?'],
  ['total', 'Results are named with AS'],
  ['sum()', 'sum() needs a field'],
  ['sum(a', '")" was expected'],
  ['sum(a, b)', '")" was expected'],
  ['sum(a*) as b', 'as many * as'],
  ['sparkline(count, soon)', 'needs a time span'],
  ['per_day(x)', 'works in timechart only'],
  ['count as', 'a name after AS'],
])('%s is refused: %s', (text, message) => {
  expect(() => parse(text)).toThrow(message)
})

test.each([
  ['avg', 'needs a field'],
  ['sum(eval(x+1))', 'cannot evaluate expressions'],
  ['sum(a*)', 'full names'],
  ['sparkline(count)', 'cannot draw sparklines'],
])('where a command does not allow it, %s is refused: %s', (text, message) => {
  expect(() => parse(text, {})).toThrow(message)
})
