// Puts the fields of a subsearch's rows beside the rows at hand, first to first, second to second.

import type { Batch } from '../../value/batch.ts'
import { type Column, plain, valuesOf } from '../../value/column.ts'
import type { Pipeline } from '../syntax/ast.ts'
import { defineCommand } from './command.ts'
import { collectRows, inBatches } from './shared/collect-rows.ts'
import { isInternal } from './shared/field-patterns.ts'
import {
  type SubsearchLimits,
  subsearchLimits,
  subsearchOptionTexts,
  subsearchRows,
  subsearchSchema,
} from './shared/run-subsearch.ts'

interface AppendcolsArguments {
  readonly override: boolean
  readonly limits: SubsearchLimits
  readonly pipeline: Pipeline
}

export const appendcols = defineCommand<AppendcolsArguments>({
  name: 'appendcols',
  type: 'dataset processing',
  summary:
    "Puts the fields of a subsearch's rows beside the rows at hand, by position; internal fields stay out.",
  syntax: 'appendcols [override=<bool>] [maxtime=<int>] [maxout=<int>] [timeout=<int>] [<subsearch>]',
  options: {
    override: "Whether the subsearch's values win where both have a field. Default: false.",
    ...subsearchOptionTexts,
  },
  missing: ['extendtimerange=true'],
  examples: [
    {
      search: '* | table a | appendcols [search a=2 | eval b="second" | table b]',
      input: [{ a: '1' }, { a: '2' }],
      output: [{ a: '1', b: 'second' }, { a: '2' }],
    },
  ],

  parse(reader) {
    const schema = { override: 'boolean', ...subsearchSchema } as const
    const before = reader.options(schema)
    const pipeline = reader.subsearch()
    const options = { ...before, ...reader.options(schema) }
    return { override: options.override ?? false, limits: subsearchLimits(reader, options), pipeline }
  },

  pipelines: ({ pipeline }) => [pipeline],
  needs: (_args, wanted) => wanted,

  async *run({ override, limits, pipeline }, input, context) {
    const rows = subsearchRows(pipeline, limits, context, 'appendcols')
    const beside = await collectRows(rows, context, 'appendcols')
    const names = beside.names().filter((name) => !isInternal(name))
    let start = 0
    for await (const batch of input) {
      yield putBeside(batch, beside.slice(start, start + batch.length), names, override)
      start += batch.length
    }
    if (start < beside.length) yield* inBatches(beside.slice(start, beside.length).project(names))
  },
})

/** @param right may have fewer rows */
function putBeside(left: Batch, right: Batch, names: readonly string[], override: boolean): Batch {
  if (right.length === 0) return left
  const columns: [string, Column][] = []
  for (const name of names) {
    const added = right.column(name)
    if (added === undefined) continue
    const mine = left.column(name)
    const values = valuesOf(added, right.length)
    const old = mine === undefined ? undefined : valuesOf(mine, left.length)
    columns.push([
      name,
      plain(
        Array.from({ length: left.length }, (_, row) =>
          override ? (values[row] ?? old?.[row]) : (old?.[row] ?? values[row]),
        ),
      ),
    ])
  }
  return left.with(columns)
}
