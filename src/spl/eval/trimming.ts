// The form that trim(), ltrim() and rtrim() share: they take off characters of a set, blanks and tabs unless given.
// (Search Reference: Text functions)

import { eachText, text } from './arguments.ts'
import { defineFunction, type EvalFunction, type FunctionExample } from './function.ts'

interface Trimming {
  readonly name: string
  readonly ends: 'left' | 'right' | 'both'
  readonly summary: string
  readonly examples: readonly FunctionExample[]
}

export function defineTrimming({ ends, ...definition }: Trimming): EvalFunction {
  return defineFunction({
    ...definition,
    category: 'text',
    parameters: [
      { name: 'str', type: 'string' },
      { name: 'trim_chars', type: 'string', optional: true },
    ],
    returns: 'string',
    call: ([value, characters]) => {
      const set = new Set(characters === undefined ? ' \t' : text(characters))
      return eachText(value, (item) => trimmed(item, set, ends))
    },
  })
}

function trimmed(item: string, set: ReadonlySet<string>, ends: Trimming['ends']): string {
  let start = 0
  let end = item.length
  if (ends !== 'right')
    while (start < end && set.has(characterAt(item, start))) start += characterAt(item, start).length
  if (ends !== 'left')
    while (end > start && set.has(characterBefore(item, end))) end -= characterBefore(item, end).length
  return item.slice(start, end)
}

const characterAt = (item: string, index: number): string => String.fromCodePoint(item.codePointAt(index)!)

/** The character that ends at an index: two units when these are a surrogate pair. */
function characterBefore(item: string, index: number): string {
  const pair = index >= 2 ? item.slice(index - 2, index) : ''
  return pair !== '' && pair.codePointAt(0)! > 0xffff ? pair : item[index - 1]!
}
