// Union, difference and intersection of the rows of two searches.

import type { Batch } from '../../value/batch.ts'
import type { RunContext } from '../run/context.ts'
import type { Pipeline } from '../syntax/ast.ts'
import { defineCommand } from './command.ts'
import { collectRows, inBatches } from './shared/collect-rows.ts'
import { rowKeys } from './shared/row-keys.ts'
import { subsearchRows } from './shared/run-subsearch.ts'

const operations = ['union', 'diff', 'intersect'] as const
type Operation = (typeof operations)[number]

interface SetArguments {
  readonly operation: Operation
  readonly left: Pipeline
  readonly right: Pipeline
}

export const set = defineCommand<SetArguments>({
  name: 'set',
  type: 'generating',
  summary:
    'Combines the rows of two searches: those of either, of one of them only, or of both. Rows are equal when all fields are.',
  syntax: 'set (union | diff | intersect) <subsearch> <subsearch>',
  examples: [
    {
      search: '| set diff [search n<3 | table n] [search n>1 | table n]',
      input: [{ n: '1' }, { n: '2' }, { n: '3' }],
      output: [{ n: '1' }, { n: '3' }],
    },
  ],

  parse(reader) {
    const word = reader.requiredWord('union, diff or intersect')
    const operation =
      operations.find((name) => name === word.text.toLowerCase()) ??
      reader.fail('bad-argument', `set needs union, diff or intersect, found "${word.text}".`, word.span)
    return { operation, left: reader.subsearch(), right: reader.subsearch() }
  },

  pipelines: ({ left, right }) => [left, right],

  async *run({ operation, left: leftPipeline, right: rightPipeline }, _input, context) {
    const left = await distinctRows(leftPipeline, context)
    const right = await distinctRows(rightPipeline, context)
    const isKept =
      (other: ReadonlySet<string>) =>
      (key: string): boolean => {
        switch (operation) {
          case 'union':
            return true
          case 'diff':
            return !other.has(key)
          case 'intersect':
            return other.has(key)
        }
      }
    yield* inBatches(chosen(left, isKept(new Set(right.keys.keys()))))
    if (operation === 'intersect') return
    // A row of both sides was given already.
    yield* inBatches(chosen(right, (key) => !left.keys.has(key)))
  },
})

interface DistinctRows {
  readonly rows: Batch
  /** The first row of each key. */
  readonly keys: ReadonlyMap<string, number>
}

async function distinctRows(pipeline: Pipeline, context: RunContext): Promise<DistinctRows> {
  const limits = { maxout: undefined, maxSeconds: undefined, maxoutSetting: 'the limit maxresultrows' }
  const rows = await collectRows(subsearchRows(pipeline, limits, context, 'set'), context, 'set')
  const names = [...rows.namesWithValues()].sort()
  const keyOf = rowKeys(rows, names, { nulls: true })
  const keys = new Map<string, number>()
  for (let row = 0; row < rows.length; row++) {
    const own = names.filter((name) => rows.value(name, row) !== undefined)
    const key = `${own.join('\n')}\n\n${keyOf(row)}`
    if (!keys.has(key)) keys.set(key, row)
  }
  return { rows, keys }
}

const chosen = ({ rows, keys }: DistinctRows, isKept: (key: string) => boolean): Batch =>
  rows.gather(Uint32Array.from([...keys].filter(([key]) => isKept(key)).map(([, row]) => row)))
