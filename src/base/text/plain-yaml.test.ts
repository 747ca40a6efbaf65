import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseDocument } from 'yaml'
import { readPlainYaml } from './plain-yaml.ts'

test('content as people write it', () => {
  expect(
    readPlainYaml(`---
# A detection
name: Suspicious thing
id: 010
empty:
none: []
search: '| tstats count
  from datamodel=Endpoint

  | eval it="it''s"'
description: A plain text that
  goes on here,

  and here.
how_to: >-
  folded
  text

    more indented

  end
raw: |
  one

    two
nested:
  list:
  - a
  -   b: 1
      c: "tab\\tend \\x41\\u00e9"
  - "x"
  deep:
    below: value
on_next_line:
  a text
dumped: "PyYAML breaks long \\
  \\ lines so, \\"with\\" care\\
  fully."
`),
  ).toEqual({
    name: 'Suspicious thing',
    id: '010',
    empty: '',
    none: [],
    search: `| tstats count from datamodel=Endpoint\n| eval it="it's"`,
    description: 'A plain text that goes on here,\nand here.',
    how_to: 'folded text\n\n  more indented\n\nend',
    raw: 'one\n\n  two\n',
    nested: { list: ['a', { b: '1', c: 'tab\tend Aé' }, 'x'], deep: { below: 'value' } },
    on_next_line: 'a text',
    dumped: 'PyYAML breaks long  lines so, "with" carefully.',
  })
})

describe('what is not plain is left to a whole parser', () => {
  test.each([
    ['an alias', 'a: &x 1\nb: *x'],
    ['a tag', 'a: !!str 1'],
    ['a flow list', 'a: [1, 2]'],
    ['a flow map', 'a: {b: 1}'],
    ['a tab', 'a:\tb'],
    ['a comment behind a value', 'a: b # c'],
    ['a key that stands twice', 'a: 1\na: 2'],
    ['a quoted key', '"a": 1'],
    ['__proto__', '__proto__:\n  a: 1'],
    ['a second document', 'a: 1\n---\nb: 2'],
    ['a text alone', 'just text'],
    ['a quotation mark that is never closed', 'a: "b'],
    ['a quoted line in the first column', "a: 'b\nc'"],
    ['a map inside a plain text', 'a: b\n  c: d'],
    ['an indentation indicator', 'a: |2\n   b'],
    ['an unknown escape', 'a: "\\q"'],
    ['nothing', ''],
    ['lists in lists', '- - a'],
    [
      'maps in maps without end',
      Array.from({ length: 80 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
    ],
  ])('%s', (_, text) => {
    expect(readPlainYaml(text)).toBeUndefined()
  })
})

// Pieces of YAML, many of them in places where they do not belong.
const pieces = [
  'a:', 'b: ', 'c: x', '- ', '-', '- d', '- e: f', ': ', '#', ' #c', '|', '>', '|-', '>-', '>+', '"', "'", "''", '\\"',
  '\\', '\\n', '\\x41', 'x', 'y z', 'k k:', '?', '[]', '{}', '[', '&a', '*a', '!t', '%', ',', '---', '~', '1:', 'é', '\r',
  '<<:', '"q": r', 'u:v', ' ', '  ', '\u2028', '😀',
] // biome-ignore format: a list
const line = fc
  .tuple(fc.nat(4), fc.array(fc.constantFrom(...pieces), { maxLength: 4 }))
  .map(([indent, parts]) => ' '.repeat(indent) + parts.join(''))
const soup = fc.array(line, { minLength: 1, maxLength: 7 }).map((lines) => lines.join('\n'))

test('whatever is read is what a whole parser reads, without complaint', () => {
  fc.assert(
    fc.property(soup, fc.constantFrom('', 'a: ', 'a:\n- ', 'k: "'), (text, before) => {
      const whole = before + text
      const plain = readPlainYaml(whole)
      if (plain === undefined) return
      const document = parseDocument(whole, { schema: 'failsafe', logLevel: 'silent' })
      expect(document.errors).toEqual([])
      expect(plain).toEqual(document.toJS())
    }),
    { numRuns: 3000 },
  )
})
