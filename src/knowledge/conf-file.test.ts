import { expect, test } from 'vitest'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { lineAndColumn } from '../diagnostics/source.ts'
import { confBoolean, mergeConfs, parseConf } from './conf-file.ts'

const nobody = (diagnostic: Diagnostic): never => {
  throw new Error(diagnostic.message)
}
const value = (text: string, stanza: string, key: string): string | undefined =>
  parseConf(text, 'props.conf', nobody).get(stanza)?.settings.get(key)?.value

test('stanzas hold settings, split at the first equals sign', () => {
  expect(value('[a]\nx = 1 = 2 \n', 'a', 'x')).toBe('1 = 2')
})

test('settings before the first stanza belong to [default]', () => {
  expect(value('x=1\n[a]\ny=2', 'default', 'x')).toBe('1')
})

test('the last of two values counts, and a stanza may be opened twice', () => {
  expect(value('[a]\nx=1\nx=2\n[b]\n[a]\nx=3', 'a', 'x')).toBe('3')
})

test('a backslash at the end of a line goes on in the next one', () => {
  expect(value('[a]\nx = one \\\r\n two\r\ny=2', 'a', 'x')).toBe('one \n two')
  expect(value('[a]\nx = one \\\r\n two\r\ny=2', 'a', 'y')).toBe('2')
})

test('a comment that ends in a backslash does not swallow the next line', () => {
  expect(value('[a]\n# c:\\\nx=1', 'a', 'x')).toBe('1')
})

test('a byte order mark, brackets in stanza names and hostile names are only text', () => {
  expect(value('\ufeff[(?::){0}XmlWinEventLog:*]\nx=1', '(?::){0}XmlWinEventLog:*', 'x')).toBe('1')
  expect(value('[__proto__]\n__proto__=1', '__proto__', '__proto__')).toBe('1')
})

test('a line that is nothing is named with its place and read past', () => {
  const said: Diagnostic[] = []
  const conf = parseConf('[a]\nnonsense\nx=1', 'p.conf', (diagnostic) => said.push(diagnostic))
  expect(conf.get('a')?.settings.get('x')?.value).toBe('1')
  expect(said.map((diagnostic) => diagnostic.message)).toEqual([
    '"nonsense" is neither a stanza nor a setting; the line was skipped.',
  ])
  const label = said[0]!.labels[0]!
  expect(lineAndColumn(label.source, label.span.start)).toEqual({ line: 2, column: 1 })
})

test('a value knows its line', () => {
  const setting = parseConf('[a]\n\n  x =  1', 'p.conf', nobody).get('a')!.settings.get('x')!
  expect(lineAndColumn(setting.source, setting.start)).toEqual({ line: 3, column: 8 })
})

test('of merged files the last one that gives a key counts', () => {
  const merged = mergeConfs([
    parseConf('[a]\nx=1\ny=1', 'default', nobody),
    parseConf('[a]\nx=2', 'local', nobody),
  ])
  expect([...merged.get('a')!.settings].map(([key, { value }]) => `${key}=${value}`)).toEqual(['x=2', 'y=1'])
})

test('truth values are read in all of their spellings', () => {
  expect(['1', 'True', 'enabled', '0', 'f', 'maybe'].map(confBoolean)).toEqual([
    true,
    true,
    true,
    false,
    false,
    undefined,
  ])
})
