// What stats, eventstats and streamstats read alike: aggregates, a BY clause, and options before, between or after.

import type { AggregateCall } from '../../stats/aggregate-call.ts'
import { type AggregateSyntax, parseAggregate } from '../../stats/parse-aggregates.ts'
import type { ArgumentReader, OptionSchema, Options } from '../../syntax/argument-reader.ts'
import { readFieldNames } from './field-names.ts'

export interface AggregateTerms<Schema extends OptionSchema> {
  readonly calls: readonly AggregateCall[]
  readonly by: readonly string[]
  readonly options: Options<Schema>
}

/**
 * Reads all arguments of a command.
 * @param readOther reads an option that the schema cannot state; false when it does not know it
 */
export function readAggregateTerms<const Schema extends OptionSchema>(
  reader: ArgumentReader,
  syntax: AggregateSyntax,
  schema: Schema,
  readOther: (option: string) => boolean = () => false,
): AggregateTerms<Schema> {
  const options: Options<Schema> = {}
  const calls: AggregateCall[] = []
  let by: readonly string[] | undefined
  for (;;) {
    Object.assign(options, reader.options(schema, { stopAtUnknown: true }))
    const option = reader.peekOption()
    if (option !== undefined) {
      // What is not read by `readOther` is unknown, and refused here.
      if (!readOther(option)) reader.options(schema)
      continue
    }
    while (reader.punctuation(',')) {
      // Terms are separated by blanks or commas.
    }
    if (reader.isDone) break
    if (by === undefined && reader.keyword('by')) {
      by = readGroupFields(reader)
      continue
    }
    if (reader.peekOption() !== undefined) continue
    if (by !== undefined) break
    calls.push(parseAggregate(reader, syntax))
  }
  if (calls.length === 0) reader.missing('an aggregate such as count or sum(bytes)')
  return { calls: distinctCalls(reader, calls, by ?? []), by: by ?? [], options }
}

/** The fields of a BY clause, each once. */
export function readGroupFields(reader: ArgumentReader, stopWords: readonly string[] = []): string[] {
  const start = reader.position
  const names = readFieldNames(reader, stopWords)
  if (names.length === 0) reader.missing('at least one field after BY')
  const starred = names.find((name) => name.includes('*'))
  if (starred !== undefined) {
    reader.fail(
      'bad-argument',
      `BY needs fields by their full names, found "${starred}".`,
      reader.spanFrom(start),
      'Name each field.',
    )
  }
  return [...new Set(names)]
}

/** Refuses two results of one name; the same term written twice counts once. */
export function distinctCalls(
  reader: ArgumentReader,
  calls: readonly AggregateCall[],
  by: readonly string[],
): readonly AggregateCall[] {
  const byOutput = new Map<string, AggregateCall>()
  for (const call of calls) {
    if (by.includes(call.output)) {
      reader.fail(
        'bad-argument',
        `The result "${call.output}" has the name of a BY field.`,
        undefined,
        'Name it with AS.',
      )
    }
    const known = byOutput.get(call.output)
    if (known === undefined) byOutput.set(call.output, call)
    else if (!isSameCall(known, call)) {
      reader.fail(
        'bad-argument',
        `Two results are named "${call.output}".`,
        undefined,
        'Name one of them with AS.',
      )
    }
  }
  return [...byOutput.values()]
}

/** Whether two calls give the same; expressions count as different. */
function isSameCall(a: AggregateCall, b: AggregateCall): boolean {
  return (
    a.function === b.function &&
    a.argument.kind !== 'expression' &&
    JSON.stringify([a.argument, a.sparkline]) === JSON.stringify([b.argument, b.sparkline])
  )
}
