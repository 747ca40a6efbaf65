import { expect, test } from 'vitest'
import { suggest } from './suggest.ts'

const commands = ['head', 'stats', 'eventstats', 'eval', 'rex', 'regex', 'table', 'tail', 'where', 'dedup']

test.each([
  ['hed', ['head']],
  ['stast', ['stats']],
  ['STATS', ['stats']],
  ['evla', ['eval']],
  ['evenstats', ['eventstats']],
  ['deduplicate', []],
  ['zzz', []],
  ['', []],
])('%j suggests %j', (word, expected) => {
  expect(suggest(word, commands)).toEqual(expected)
})

test('several suggestions come nearest first, then by name', () => {
  expect(suggest('filter', ['alter', 'where', 'fitter', 'filler'], 3)).toEqual(['filler', 'fitter', 'alter'])
})
