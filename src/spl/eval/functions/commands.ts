// commands()

import { multivalue, type Value } from '../../../value/value.ts'
import { closingBracket, skipQuoted } from '../../syntax/argument-reader.ts'
import { text } from '../arguments.ts'
import { defineFunction } from '../function.ts'

export const commands = defineFunction({
  name: 'commands',
  category: 'multivalue',
  parameters: [{ name: 'value', type: 'string' }],
  returns: 'multivalue',
  summary: 'The names of the commands of a search that is given as text.',
  examples: [
    { expression: 'commands("search foo | stats count | sort count")', result: ['search', 'stats', 'sort'] },
    { expression: 'commands("foo \\"a | b\\" | head")', result: ['search', 'head'] },
  ],
  call: ([value]): Value => {
    const [first = '', ...further] = splitPipes(text(value))
    const names = further.map(firstWord)
    // What stands before the first pipe are search terms, with or without the word.
    return multivalue([...(first.trim() === '' ? [] : ['search']), ...names].filter((name) => name !== ''))
  },
})

const firstWord = (part: string): string => /^\s*([^\s[|"]+)/.exec(part)?.[1]?.toLowerCase() ?? ''

/** The parts between the pipes that are in neither quotation marks nor brackets. */
function splitPipes(search: string): string[] {
  const parts: string[] = []
  let start = 0
  for (let at = 0; at < search.length; at++) {
    if (search[at] === '"') at = skipQuoted(search, at, search.length)
    else if (search[at] === '[') at = closingBracket(search, at, search.length) ?? at
    else if (search[at] === '|') {
      parts.push(search.slice(start, at))
      start = at + 1
    }
  }
  return [...parts, search.slice(start)]
}
