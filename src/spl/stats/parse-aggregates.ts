// Reads calls of aggregates: `count`, `sum(bytes) as total`, `count(eval(status>=400))`, `values(*) as *`,
// `sparkline(avg(x), 5m)`. What a command has besides them, it reads itself.

import { suggest } from '../../base/suggest.ts'
import { parseTimeSpan, type TimeSpan } from '../../base/time/relative.ts'
import type { ArgumentReader } from '../syntax/argument-reader.ts'
import type { AggregateArgument, AggregateCall } from './aggregate-call.ts'
import { aggregateNames, findAggregate, refusedAggregates } from './aggregates/index.ts'

/** What a command allows. */
export interface AggregateSyntax {
  /** Whether `avg` alone stands for `avg(*)`, and fields may have stars. */
  readonly wildcards?: boolean
  /** Whether `sum(eval(…))` is allowed. */
  readonly expressions?: boolean
  readonly sparklines?: boolean
}

const functionPattern = /[A-Za-z_]+(?:\d+(?:\.\d+)?)?(?![\w.:{}*-])/y
const evalPattern = /eval\s*\(/iy
const outputPattern = /[^\s,|"[\]]+/y

/** Reads one call with its AS; the reader must be at its name. */
export function parseAggregate(reader: ArgumentReader, syntax: AggregateSyntax): AggregateCall {
  reader.skipBlanks()
  const start = reader.position
  const name = reader.match(functionPattern)
  if (name === undefined) reader.missing('an aggregate such as count or sum(bytes)')
  const isSparkline = name.toLowerCase() === 'sparkline'
  if (isSparkline && syntax.sparklines !== true) {
    reader.fail('unsupported', `${reader.command} cannot draw sparklines.`, reader.spanFrom(start))
  }
  const term = isSparkline ? sparkline(reader, name) : aggregate(reader, name, start, syntax)
  const output = reader.keyword('as') ? outputName(reader) : term.output
  const { argument } = term
  if (argument.kind === 'wildcard' && stars(output) !== stars(argument.pattern)) {
    reader.fail(
      'bad-argument',
      `"${output}" must have as many * as "${argument.pattern}", since each matching field gets a name of its own.`,
      reader.spanFrom(start),
    )
  }
  return { ...term, output }
}

/** The name after AS: in quotation marks, or up to the next blank or comma, parentheses included. */
export function outputName(reader: ArgumentReader): string {
  const next = reader.peekWord()
  if (next?.quoted) return reader.word()!.text
  reader.skipBlanks()
  return reader.match(outputPattern) ?? reader.missing('a name after AS')
}

function sparkline(reader: ArgumentReader, name: string): AggregateCall {
  const bare: AggregateCall = {
    function: 'count',
    argument: { kind: 'none' },
    output: name,
    sparkline: { span: undefined },
  }
  if (!reader.punctuation('(')) return bare
  const start = reader.position
  if (reader.punctuation(')')) return bare
  reader.skipBlanks()
  const innerStart = reader.position
  const inner = reader.match(functionPattern)
  if (inner === undefined) reader.missing('an aggregate in sparkline()')
  const { function: called, argument } = aggregate(reader, inner, innerStart, { wildcards: true })
  let span: TimeSpan | undefined
  if (reader.punctuation(',')) {
    const { text, span: place } = reader.requiredWord('a time span such as 5m')
    span = parseTimeSpan(/^\d+$/.test(text) ? `${text}s` : text)
    if (span === undefined) {
      reader.fail('bad-argument', `sparkline() needs a time span such as 5m or 1h, found "${text}".`, place)
    }
  }
  const end = reader.position
  closeParenthesis(reader)
  const text = reader.text.slice(start, end).trim()
  return { function: called, argument, output: `${name}(${text})`, sparkline: { span } }
}

function aggregate(
  reader: ArgumentReader,
  name: string,
  start: number,
  syntax: AggregateSyntax,
): AggregateCall {
  const named = findAggregate(name)
  const span = reader.spanFrom(start)
  const refusal = refusedAggregates.get(name.toLowerCase())
  if (refusal !== undefined) reader.fail('unsupported', `${name}() is not supported: ${refusal}.`, span)
  if (named === undefined) {
    const [nearest] = suggest(name, aggregateNames())
    const help =
      nearest === undefined ? 'Results are named with AS: count AS total.' : `Did you mean "${nearest}"?`
    reader.fail('unknown-function', `${reader.command} has no function "${name}".`, span, help)
  }
  const { definition } = named
  if (definition.onlyIn !== undefined && definition.onlyIn !== reader.command) {
    reader.fail('bad-argument', `${name}() works in ${definition.onlyIn} only, as it needs time bins.`, span)
  }
  const before = reader.position
  if (!reader.punctuation('(')) {
    reader.position = before
    if (definition.fieldOptional) return { function: name, argument: { kind: 'none' }, output: name }
    if (syntax.wildcards === true) {
      return { function: name, argument: { kind: 'wildcard', pattern: '*' }, output: `${name}(*)` }
    }
    reader.fail('missing-argument', `${name}() needs a field: ${definition.syntax}.`, span)
  }
  const { argument, text } = readArgument(reader, name, syntax)
  if (argument.kind === 'none') {
    if (definition.fieldOptional) return { function: name, argument, output: name }
    reader.fail('missing-argument', `${name}() needs a field: ${definition.syntax}.`, reader.spanFrom(start))
  }
  return { function: name, argument, output: `${name}(${text})` }
}

/** Reads up to and including the closing parenthesis. */
function readArgument(
  reader: ArgumentReader,
  name: string,
  syntax: AggregateSyntax,
): { argument: AggregateArgument; text: string } {
  reader.skipBlanks()
  const start = reader.position
  if (reader.punctuation(')')) return { argument: { kind: 'none' }, text: '' }
  if (reader.match(evalPattern) !== undefined) {
    if (syntax.expressions !== true) {
      reader.fail(
        'unsupported',
        `${reader.command} cannot evaluate expressions inside ${name}().`,
        reader.spanFrom(start),
        'Count by the fields first, then use eval and stats.',
      )
    }
    const expression = reader.expression()
    closeParenthesis(reader)
    const text = reader.text.slice(start, reader.position)
    closeParenthesis(reader)
    return { argument: { kind: 'expression', expression }, text }
  }
  const field = readField(reader)
  closeParenthesis(reader)
  if (/^eval\s/i.test(field)) {
    reader.fail(
      'syntax',
      `An expression inside ${name}() stands in eval(…), found "${field}".`,
      reader.spanFrom(start),
      `Write ${name}(eval(${field.slice(5).trim()})).`,
    )
  }
  if (!field.includes('*')) return { argument: { kind: 'field', name: field }, text: field }
  if (syntax.wildcards !== true) {
    reader.fail('bad-argument', `${reader.command} needs fields by their full names, found "${field}".`, {
      start,
      end: start + field.length,
    })
  }
  return { argument: { kind: 'wildcard', pattern: field }, text: field }
}

/** A field in quotation marks, or everything up to the closing parenthesis, inner parentheses in pairs. */
function readField(reader: ArgumentReader): string {
  const word = reader.peekWord()
  if (word?.quoted) return reader.word()!.text
  const start = reader.position
  for (let depth = 0; !reader.atEnd; reader.position++) {
    const next = reader.peek()
    if (next === '(') depth++
    else if (next === ')' && depth-- === 0) break
    else if (next === ',' && depth === 0) break
  }
  const field = reader.text.slice(start, reader.position).trim()
  return field === '' ? reader.missing('a field') : field
}

function closeParenthesis(reader: ArgumentReader): void {
  if (!reader.punctuation(')')) {
    reader.fail('syntax', `")" was expected, found ${reader.found()}.`)
  }
}

const stars = (text: string): number => text.split('*').length - 1
