// in() and the IN operator

import { isMultivalue, numberOf, type Value } from '../../../value/value.ts'
import { isInList } from '../comparison.ts'
import { type Constant, defineFunction } from '../function.ts'

export const inFunction = defineFunction({
  name: 'in',
  category: 'comparison',
  parameters: [
    { name: 'value', type: 'any' },
    { name: 'list', type: 'any', repeated: true },
  ],
  returns: 'Boolean',
  summary: 'TRUE when a value is one of a list. Case counts and there are no wildcards.',
  examples: [
    { expression: 'if(status in("404", "500"), "yes", "no")', fields: { status: '404' }, result: 'yes' },
    { expression: 'if(in(status, "4*"), "yes", "no")', fields: { status: '404' }, result: 'no' },
  ],
  acceptsNull: true,
  call: ([value, ...list]) => isInList(value, list),
  prepare: ([, ...list]) => {
    const isSet = list.every((item): item is Constant => item !== undefined && isSingle(item.value))
    return isSet ? setTest(list.map(({ value }) => value)) : undefined
  },
})

const isSingle = (value: Value): boolean => typeof value === 'string' || typeof value === 'number'

/** As isInList, with one look-up: numbers are equal to numbers only, texts to the same text. */
function setTest(list: readonly Value[]): (args: readonly Value[]) => Value {
  const numbers = new Set(list.map(numberOf).filter((number) => number !== undefined))
  const texts = new Set(list.filter((item) => numberOf(item) === undefined))
  return ([value]) => {
    if (isMultivalue(value) || typeof value === 'boolean') return isInList(value, list)
    if (value === undefined) return undefined
    const number = numberOf(value)
    return number === undefined ? texts.has(value) : numbers.has(number)
  }
}
