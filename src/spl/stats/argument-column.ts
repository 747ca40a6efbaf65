// What an aggregate reads of a batch: a field, or what an expression makes of each row.

import { wildcardCapture } from '../../base/text/wildcard.ts'
import type { Batch } from '../../value/batch.ts'
import type { Column } from '../../value/column.ts'
import type { Value } from '../../value/value.ts'
import { mapOne } from '../eval/columns.ts'
import { compileExpression } from '../eval/compile.ts'
import type { ExpressionContext } from '../run/context.ts'
import type { AggregateArgument } from './aggregate-call.ts'

/** Gives the column; undefined where the batch lacks the field, and for no argument. */
export type ArgumentColumn = (batch: Batch) => Column | undefined

/** Compiles an argument; those of wildcards are read field by field instead. */
export function compileArgument(argument: AggregateArgument, context: ExpressionContext): ArgumentColumn {
  switch (argument.kind) {
    case 'none':
    case 'wildcard':
      return () => undefined
    case 'field':
      return (batch) => batch.column(argument.name)
    case 'expression': {
      const evaluate = compileExpression(argument.expression, context)
      return (batch) => mapOne(evaluate(batch), batch.length, asField)
    }
  }
}

/** TRUE counts as 1, what is not TRUE as null: so `count(eval(a=1))` counts the rows where it is. */
const asField = (value: Value): Value => (typeof value === 'boolean' ? (value ? 1 : undefined) : value)

/** The fields of a batch that a wildcard stands for: no internal ones unless it asks for them, none of the BY fields. */
export function matchingFields(batch: Batch, pattern: string, by: ReadonlySet<string>): readonly string[] {
  const internal = pattern.startsWith('_')
  return batch
    .names()
    .filter(
      (name) =>
        internal === name.startsWith('_') && !by.has(name) && wildcardCapture(pattern, name) !== undefined,
    )
}
