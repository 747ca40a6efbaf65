// typeof()

import { isMultivalue, numberOf, type Value } from '../../../value/value.ts'
import { defineTypeFunction } from '../type-test.ts'

export const typeofFunction = defineTypeFunction({
  name: 'typeof',
  summary: 'The type of a value: Number, String, Bool, Multivalue, or Invalid for null.',
  returns: 'string',
  examples: [
    {
      expression: 'typeof(12) + typeof("string") + typeof(1==2) + typeof(badfield)',
      result: 'NumberStringBoolInvalid',
    },
    { expression: 'typeof(x)', fields: { x: '12' }, result: 'Number' },
  ],
  ask: typeName,
})

function typeName(value: Value, isQuoted: boolean): string {
  if (value === undefined) return 'Invalid'
  if (isMultivalue(value)) return 'Multivalue'
  if (typeof value === 'boolean') return 'Bool'
  return !isQuoted && numberOf(value) !== undefined ? 'Number' : 'String'
}
