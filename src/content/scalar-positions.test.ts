import { describe, expect, test } from 'vitest'
import { parseDocument, type Scalar } from 'yaml'
import { type ScalarStyle, scalarPositions } from './scalar-positions.ts'

/** What stands in the file where each word of the value is said to be. */
function wordsInFile(text: string): [word: string, inFile: string][] {
  const node = parseDocument(text, { schema: 'failsafe' }).get('search', true) as Scalar<string>
  const [start, end] = node.range!
  const positions = scalarPositions(text, start, end, node.type as ScalarStyle, node.value)!
  return [...node.value.matchAll(/\S+/g)].map(({ 0: word, index }) => {
    const at = positions[index]!
    return [word, text.slice(at, at + word.length)]
  })
}

describe('positions in each style of YAML text', () => {
  test.each([
    ['plain over several lines', 'search: one two\n  three\n\n  four\nname: x\n'],
    ['a literal block', 'search: |\n  one\n    two\n\n  three\n'],
    ['a literal block with an indentation mark', 'search: |2-\n    one\n  two\n'],
    ['a folded block', 'search: >-\n  one\n  two\n\n  three\n     four\n'],
    ['single quotes over several lines', "search: 'one\n\n  two three\n  four'\n"],
    ['double quotes over several lines', 'search: "one\n  two\\\n  \\  three"\n'],
  ])('%s', (_, text) => {
    const words = wordsInFile(text)
    expect(words.map(([word]) => word).slice(0, 2)).toEqual(['one', 'two'])
    for (const [word, inFile] of words) expect(inFile).toBe(word)
  })

  test('a doubled quote counts as one', () => {
    expect(wordsInFile("search: 'it''s here'\n")).toEqual([
      ["it's", "it''"],
      ['here', 'here'],
    ])
  })

  test('escapes stand where their backslash does', () => {
    expect(wordsInFile('search: "\\x41\\u0042\\U0001F600 \\n\\\\n end"\n')).toEqual([
      ['AB😀', '\\x41'],
      ['\\n', '\\\\'],
      ['end', 'end'],
    ])
  })
})

test('a value that is not what the source says has no positions', () => {
  expect(scalarPositions('search: one', 8, 11, 'PLAIN', 'two')).toBeUndefined()
  expect(scalarPositions('search: one', 8, 11, 'PLAIN', 'one two')).toBeUndefined()
})
