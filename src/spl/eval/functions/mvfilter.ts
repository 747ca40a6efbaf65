// mvfilter()

import { nullColumn, plain } from '../../../value/column.ts'
import { multivalue } from '../../../value/value.ts'
import { eachValue, regroup } from '../each-value.ts'
import { defineSpecialFunction } from '../function.ts'
import { namedFields } from '../named-fields.ts'

export const mvfilter = defineSpecialFunction({
  name: 'mvfilter',
  category: 'multivalue',
  parameters: [{ name: 'predicate', type: 'Boolean' }],
  returns: 'multivalue',
  summary:
    'The values of a field for which a condition is TRUE. The condition names that field and no other.',
  examples: [
    {
      expression: 'mvfilter(match(email, "\\.net$") OR match(email, "\\.org$"))',
      fields: { email: ['a@x.net', 'b@x.com', 'c@x.org'] },
      result: ['a@x.net', 'c@x.org'],
    },
    { expression: 'mvfilter(x > 2)', fields: { x: ['1', '10'] }, result: '10' },
  ],
  check: (call, compiler) => {
    const fields = [...namedFields(call.args[0]!)]
    if (fields.length === 1) return
    const found = fields.length === 0 ? 'none' : fields.map((field) => `"${field}"`).join(' and ')
    compiler.fail('bad-argument', `mvfilter() may name one field only, found ${found}.`, call.span)
  },
  compile: ({ args: [predicate] }, compiler) => {
    const [field = ''] = namedFields(predicate!)
    const keeps = compiler.compileCondition(predicate!)
    return (batch) => {
      const column = batch.column(field)
      if (column === undefined) return nullColumn
      const each = eachValue(batch, field, column)
      const mask = keeps(each.batch)
      const kept = each.values.map((value, index) => (mask[index] === 1 ? value : undefined))
      return plain(regroup(each.rows, kept, batch.length).map(multivalue))
    }
  },
})
