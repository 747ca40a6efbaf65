// validate()

import { truthOf } from '../boolean.ts'
import { choose, firstTrue, maskWhere } from '../columns.ts'
import { defineSpecialFunction, type Predicate } from '../function.ts'
import { checkPairs, conditionsAndValues, pairParameters } from '../pairs.ts'

export const validate = defineSpecialFunction({
  name: 'validate',
  category: 'comparison',
  parameters: pairParameters,
  returns: 'any',
  summary:
    'The value that belongs to the first condition that is FALSE; null when none is. The opposite of case().',
  examples: [
    {
      expression: 'validate(isint(port), "no integer", port >= 1 AND port <= 65535, "out of range")',
      fields: { port: '70000' },
      result: 'out of range',
    },
    { expression: 'validate(isint(port), "no integer")', fields: { port: '80' }, result: null },
  ],
  check: checkPairs,
  compile: ({ args }, compiler) => {
    const { conditions, values } = conditionsAndValues(args)
    const isFalse = conditions.map((condition): Predicate => {
      // Read as a condition too, for its refusals; what counts here is FALSE, which is not the same as not TRUE.
      compiler.compileCondition(condition)
      const truth = compiler.compile(condition)
      return (batch) => maskWhere(truth(batch), batch.length, (value) => truthOf(value) === false)
    })
    const results = values.map((value) => compiler.compile(value))
    return (batch) => choose(results, firstTrue(isFalse, batch), batch)
  },
})
