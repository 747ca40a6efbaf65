// if()

import { choose, firstTrue } from '../columns.ts'
import { defineSpecialFunction } from '../function.ts'

export const ifFunction = defineSpecialFunction({
  name: 'if',
  category: 'comparison',
  parameters: [
    { name: 'predicate', type: 'Boolean' },
    { name: 'true_value', type: 'any' },
    { name: 'false_value', type: 'any' },
  ],
  returns: 'any',
  summary: 'One value when a condition is TRUE, another when it is FALSE or null.',
  examples: [
    { expression: 'if(error == 200, "OK", "Error")', fields: { error: '200' }, result: 'OK' },
    { expression: 'if(missing == "a", "yes", "no")', result: 'no' },
  ],
  compile: ({ args: [predicate, ...values] }, compiler) => {
    const conditions = [compiler.compileCondition(predicate!)]
    const results = values.map((value) => compiler.compile(value))
    return (batch) => choose(results, firstTrue(conditions, batch), batch)
  },
})
