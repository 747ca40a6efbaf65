// Keeps the first rows, by number or as long as a condition holds. Ending early stops the scan upstream.

import { valueAt } from '../../value/column.ts'
import { isTrue } from '../eval/boolean.ts'
import { compileExpression } from '../eval/compile.ts'
import { namedFields } from '../eval/named-fields.ts'
import { union } from '../plan/wanted-fields.ts'
import type { Expression } from '../syntax/ast.ts'
import { defineCommand } from './command.ts'

interface HeadArguments {
  /** Absent with a condition alone. */
  readonly limit: number | undefined
  readonly condition: Expression | undefined
  readonly null: boolean
  readonly keeplast: boolean
}

export const head = defineCommand<HeadArguments>({
  name: 'head',
  type: 'centralized streaming',
  summary:
    'Keeps the first rows in the order they arrive: a number of them, or all up to the first that fails a condition.',
  syntax: 'head [<N> | limit=<int> | (<eval-expression>)] [null=<bool>] [keeplast=<bool>]',
  options: {
    limit: 'How many rows to keep. Default: 10.',
    null: 'Whether a condition that is null counts as true. Default: false.',
    keeplast: 'Whether the row that fails the condition is kept as well. Default: false.',
  },
  examples: [
    '| makeresults count=5 | head 2',
    {
      search: '* | head (n<3) keeplast=t',
      input: [{ n: '1' }, { n: '2' }, { n: '3' }, { n: '4' }],
      output: [{ n: '1' }, { n: '2' }, { n: '3' }],
    },
  ],

  parse(reader) {
    const schema = { limit: 'integer', null: 'boolean', keeplast: 'boolean' } as const
    let options = reader.options(schema, { stopAtUnknown: true })
    let limit = reader.integer()
    options = { ...options, ...reader.options(schema, { stopAtUnknown: true }) }
    let condition: Expression | undefined
    if (!reader.isDone) {
      reader.keyword('while')
      condition = reader.expression()
      options = { ...options, ...reader.options(schema) }
      limit ??= reader.integer()
    }
    limit ??= options.limit ?? (condition === undefined ? 10 : undefined)
    if (limit !== undefined && limit < 0) {
      reader.fail('bad-argument', `head needs a number of rows that is not negative, found "${limit}".`)
    }
    return { limit, condition, null: options.null ?? false, keeplast: options.keeplast ?? false }
  },

  needs: ({ condition }, wanted) =>
    condition === undefined ? wanted : union(wanted, namedFields(condition)),

  async *run({ limit = Number.POSITIVE_INFINITY, condition, null: goesOnAtNull, keeplast }, input, context) {
    if (limit === 0) return
    const evaluate = condition && compileExpression(condition, context)
    let left = limit
    for await (const batch of input) {
      let end = batch.length
      if (evaluate !== undefined) {
        const column = evaluate(batch)
        for (let row = 0; row < end; row++) {
          const value = valueAt(column, row)
          if (!isTrue(value) && !(goesOnAtNull && value === undefined)) end = row
        }
      }
      const isLast = end < batch.length
      const kept = batch.slice(0, Math.min(left, isLast && keeplast ? end + 1 : end))
      left -= kept.length
      if (kept.length > 0) yield kept
      if (isLast || left === 0) return
    }
  },
})
