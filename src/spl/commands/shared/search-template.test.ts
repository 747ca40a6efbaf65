import fc from 'fast-check'
import { expect, test } from 'vitest'
import { locatedText } from '../../../diagnostics/source.ts'
import { parsePipeline } from '../../syntax/parser.ts'
import { commandSyntaxes } from '../index.ts'
import { fillTemplate } from './search-template.ts'

const fill = (template: string, text: string, kind: 'string' | 'field' | 'verbatim' = 'string'): string =>
  fillTemplate(template, /\$x\$/g, () => ({ text, kind }))

test('a plain word stands as it is', () => {
  expect(fill('search host=$x$', 'ws-1.corp')).toBe('search host=ws-1.corp')
})

test('anything else is put into quotation marks', () => {
  expect(fill('search host=$x$', 'a b|c')).toBe('search host="a b|c"')
})

test('inside quotation marks a value is escaped', () => {
  expect(fill('search host="<$x$>"', 'a"b\\c')).toBe('search host="<a\\"b\\\\c>"')
})

test('a field name that is no plain name is put into single quotation marks', () => {
  expect(fill('eval y=$x$', "it's", 'field')).toBe("eval y='it\\'s'")
  expect(fill("eval y='$x$'", "it's", 'field')).toBe("eval y='it\\'s'")
})

test('text that is trusted stands as it is', () => {
  expect(fill('search $x$', 'a=1 OR b=2', 'verbatim')).toBe('search a=1 OR b=2')
})

test('no value adds a command or a term to a search', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      for (const template of ['search user="$x$" | table n', 'search user=$x$ | table n']) {
        const source = locatedText({ name: 'search', text: fill(template, text) })
        const { commands } = parsePipeline(source, commandSyntaxes)
        expect(commands.map(({ name }) => name)).toEqual(['search', 'table'])
        expect(commands[0]!.args).toMatchObject({ terms: { kind: 'Comparison', field: 'user' } })
      }
    }),
    { numRuns: 300 },
  )
})
