// Formats a field for people. The plan moves it to the end of the search, so that commands see the plain values.

import { plain, valuesOf } from '../../value/column.ts'
import { compileExpression } from '../eval/compile.ts'
import { namedFields } from '../eval/named-fields.ts'
import { returnsBoolean } from '../eval/static-type.ts'
import { union } from '../plan/wanted-fields.ts'
import type { Expression } from '../syntax/ast.ts'
import { defineCommand } from './command.ts'

interface Format {
  readonly field: string
  readonly expression: Expression
}

export const fieldformat = defineCommand<{ readonly formats: readonly Format[] }>({
  name: 'fieldformat',
  type: 'distributable streaming',
  summary: 'Shows a field in another form; commands that follow still see its plain values.',
  syntax: 'fieldformat <field>=<eval-expression>',
  examples: [
    {
      search: '* | fieldformat size=tostring(size, "commas") | sort - size',
      input: [{ size: '900' }, { size: '10000' }],
      output: [{ size: '10,000' }, { size: '900' }],
    },
  ],

  parse(reader) {
    const formats: Format[] = []
    do {
      const field = reader.field()
      if (!reader.punctuation('=')) reader.missing(`"=" after "${field}"`)
      const expression = reader.expression()
      if (returnsBoolean(expression)) {
        reader.fail('boolean-result', `The Boolean result cannot be shown in "${field}".`, expression.span)
      }
      formats.push({ field, expression })
    } while (reader.punctuation(','))
    return { formats }
  },

  needs: ({ formats }, wanted) =>
    formats.reduce(
      (needed, { field, expression }) => union(needed, [field, ...namedFields(expression)]),
      wanted,
    ),

  async *run({ formats }, input, context) {
    const compiled = formats.map(({ field, expression }) => ({
      field,
      format: compileExpression(expression, context),
    }))
    for await (const batch of input) {
      yield compiled.reduce((formatted, { field, format }) => {
        const column = formatted.column(field)
        if (column === undefined) return formatted
        const shown = valuesOf(format(formatted), batch.length)
        // A value that has no other form is shown as it is.
        const values = valuesOf(column, batch.length).map((value, row) =>
          value === undefined ? undefined : (shown[row] ?? value),
        )
        return formatted.with([[field, plain(values)]])
      }, batch)
    }
  },
})
