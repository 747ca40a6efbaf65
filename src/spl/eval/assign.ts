// Assignments of eval and of calculated fields: left to right, each seeing the earlier ones. Parsing them is left to
// the commands.

import { SearchError, searchError } from '../../diagnostics/diagnostic.ts'
import type { Batch } from '../../value/batch.ts'
import { type Column, nullColumn, plain, valueAt, valuesOf } from '../../value/column.ts'
import { isMultivalue, scalarText, textOf, type Value } from '../../value/value.ts'
import type { ExpressionContext } from '../run/context.ts'
import type { Expression } from '../syntax/ast.ts'
import { mapOne } from './columns.ts'
import { type CompileOptions, compileExpression } from './compile.ts'
import type { ColumnExpression } from './function.ts'
import { returnsBoolean } from './static-type.ts'

/** A field name that is made of values: `{name}` in it stands for the value of a field. */
export interface FieldTemplate {
  readonly template: string
}

/** One assignment of an eval: plain data. */
export interface Assignment {
  readonly field: string | FieldTemplate
  readonly expression: Expression
}

/** How many fields templates may make in one batch: their names are data, and data is hostile. */
const mostNewFields = 1000

/**
 * Compiles assignments into a function of batches. A null result removes the value.
 * @throws SearchError when a result would be a Boolean, and for whatever compileExpression refuses
 */
export function compileAssignments(
  assignments: readonly Assignment[],
  context: ExpressionContext,
  options: CompileOptions = {},
): (batch: Batch) => Batch {
  const steps = assignments.map(({ field, expression }) => {
    if (returnsBoolean(expression)) refuseBoolean(field, expression, options)
    const values = compileExpression(expression, context, options)
    return typeof field === 'string' ? assignField(field, values) : assignTemplate(field, values, context)
  })
  return (batch) => steps.reduce((assigned, step) => step(assigned), batch)
}

const assignField =
  (field: string, values: ColumnExpression) =>
  (batch: Batch): Batch => {
    const column = withoutBooleans(values(batch), batch.length)
    return batch.with([[field, column.kind === 'const' && column.value === undefined ? undefined : column]])
  }

/** if() and coalesce() may give a Boolean; a field holds its text. */
function withoutBooleans(column: Column, length: number): Column {
  const isBoolean = (value: Value): boolean => typeof value === 'boolean'
  const has = column.kind === 'const' ? isBoolean(column.value) : column.values.some(isBoolean)
  return has
    ? mapOne(column, length, (value) => (typeof value === 'boolean' ? scalarText(value) : value))
    : column
}

const assignTemplate =
  ({ template }: FieldTemplate, values: ColumnExpression, context: ExpressionContext) =>
  (batch: Batch): Batch => {
    const column = withoutBooleans(values(batch), batch.length)
    refuseRecursion(template, batch)
    const changed = new Map<string, Value[]>()
    let isFull = false
    for (let row = 0; row < batch.length; row++) {
      const name = fillTemplate(template, batch, row)
      if (name === undefined) continue
      let cells = changed.get(name)
      if (cells === undefined) {
        if (changed.size >= mostNewFields) {
          isFull = true
          continue
        }
        cells = [...valuesOf(batch.column(name) ?? nullColumn, batch.length)]
        changed.set(name, cells)
      }
      cells[row] = valueAt(column, row)
    }
    if (isFull) {
      context.warn({
        code: 'limit-reached',
        severity: 'warning',
        message: `"${template}" would make more than ${mostNewFields} fields; the further ones are left out.`,
        labels: [],
      })
    }
    return batch.with([...changed].map(([name, cells]) => [name, plain(cells)] as const))
  }

/**
 * Refuses a name that the search itself makes endless (`p="{p}", v_{p}=p`), as Splunk does. The same in data is only a
 * name, so that no event can stop a search.
 */
function refuseRecursion(template: string, batch: Batch): void {
  for (const [reference, field = ''] of template.matchAll(/\{([^{}]+)\}/g)) {
    const column = batch.column(field)
    if (column?.kind === 'const' && textOf(column.value)?.includes(reference)) {
      throw searchError(
        'bad-argument',
        `The field name "${template}" never ends: the value of "${field}" holds "${reference}".`,
      )
    }
  }
}

/**
 * The field name for a row; undefined, and so no assignment, where a part of it is null. A multivalue gives its first
 * value. Braces inside a value are part of the name: they are not filled again, so no data can make this run on.
 */
function fillTemplate(template: string, batch: Batch, row: number): string | undefined {
  let isComplete = true
  const name = template.replace(/\{([^{}]+)\}/g, (_, field: string) => {
    const value = batch.value(field, row)
    const part = isMultivalue(value) ? value[0] : textOf(value)
    if (part === undefined) isComplete = false
    return part ?? ''
  })
  return isComplete && name !== '' ? name : undefined
}

function refuseBoolean(
  field: Assignment['field'],
  expression: Expression,
  { locate }: CompileOptions,
): never {
  const name = typeof field === 'string' ? field : field.template
  throw new SearchError([
    {
      code: 'boolean-result',
      severity: 'error',
      message: `The Boolean result cannot be assigned to "${name}".`,
      labels: locate?.locate(expression.span) ?? [],
      help: 'Wrap it in if(…, "true", "false") or tostring().',
    },
  ])
}
