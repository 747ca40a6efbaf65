// case()

import { choose, firstTrue } from '../columns.ts'
import { defineSpecialFunction } from '../function.ts'
import { checkPairs, conditionsAndValues, pairParameters } from '../pairs.ts'

export const caseFunction = defineSpecialFunction({
  name: 'case',
  category: 'comparison',
  parameters: pairParameters,
  returns: 'any',
  summary:
    'The value that belongs to the first condition that is TRUE; null when none is. Use true() for a default.',
  examples: [
    { expression: 'case(x > 10, "big", true(), "other")', fields: { x: '5' }, result: 'other' },
    { expression: 'case(x > 10, "big")', fields: { x: '5' }, result: null },
  ],
  check: checkPairs,
  compile: ({ args }, compiler) => {
    const { conditions, values } = conditionsAndValues(args)
    const predicates = conditions.map((condition) => compiler.compileCondition(condition))
    const results = values.map((value) => compiler.compile(value))
    return (batch) => choose(results, firstTrue(predicates, batch), batch)
  },
})
