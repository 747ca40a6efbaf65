// mvmap()

import { plain, valuesOf } from '../../../value/column.ts'
import { multivalue } from '../../../value/value.ts'
import { eachValue, regroup } from '../each-value.ts'
import { defineSpecialFunction } from '../function.ts'
import { namedFields } from '../named-fields.ts'

export const mvmap = defineSpecialFunction({
  name: 'mvmap',
  category: 'multivalue',
  parameters: [
    { name: 'mv', type: 'multivalue' },
    { name: 'expression', type: 'any' },
  ],
  returns: 'multivalue',
  summary: 'The results of an expression for each value of a field, which the expression names.',
  examples: [
    {
      expression: 'mvmap(x, x * threshold)',
      fields: { x: ['1', '2'], threshold: '10' },
      result: ['10', '20'],
    },
    { expression: 'mvmap(mvindex(x, 1, 2), x . "!")', fields: { x: ['a', 'b', 'c'] }, result: ['b!', 'c!'] },
  ],
  check: (call, compiler) => {
    if (namedFields(call.args[0]!).size > 0) return
    compiler.fail('bad-argument', 'The first argument of mvmap() must name a field.', call.args[0]!.span)
  },
  compile: ({ args: [values, expression] }, compiler) => {
    const [field = ''] = namedFields(values!)
    const source = compiler.compile(values!)
    const apply = compiler.compile(expression!)
    return (batch) => {
      const each = eachValue(batch, field, source(batch))
      const results = valuesOf(apply(each.batch), each.batch.length)
      return plain(regroup(each.rows, results, batch.length).map(multivalue))
    }
  },
})
