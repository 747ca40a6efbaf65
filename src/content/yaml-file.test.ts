import { describe, expect, test } from 'vitest'
import { renderDiagnostic } from '../diagnostics/render.ts'
import { parseYamlFile } from './yaml-file.ts'

const messages = (text: string): string[] =>
  parseYamlFile('x.yml', text).diagnostics.map(({ severity, message }) => `${severity}: ${message}`)

test('numbers, booleans, dates and empty values stay texts', () => {
  expect(parseYamlFile('x.yml', 'a: 010\nb: off\nc: 2024-05-12\nd:\ne: [1e3, ~]\n').file?.value).toEqual({
    a: '010',
    b: 'off',
    c: '2024-05-12',
    d: '',
    e: ['1e3', '~'],
  })
})

test('a byte order mark and line breaks of Windows are no obstacle', () => {
  const { file } = parseYamlFile('x.yml', '\ufeffname: a\r\nsearch: |\r\n  one\r\n  two\r\n')
  expect(file?.value).toEqual({ name: 'a', search: 'one\ntwo\n' })
  const [label] = file!.located(['search'], 'one\ntwo\n').locate({ start: 4, end: 7 })
  expect(file!.source.text.slice(label!.span.start, label!.span.end)).toBe('two')
})

test('a caret lands in the right line of a folded search', () => {
  const { file } = parseYamlFile(
    'detections/x.yml',
    "name: x\nsearch: 'index=main\n  | hed 5\n  | table a'\n",
  )
  const search = (file!.value as { search: string }).search
  const at = search.indexOf('hed')
  const labels = file!.located(['search'], search).locate({ start: at, end: at + 3 }, 'not a command')
  const diagnostic = {
    code: 'unknown-command',
    severity: 'error',
    message: 'Unknown command "hed".',
    labels,
  } as const
  expect(renderDiagnostic(diagnostic)).toContain(
    ' --> detections/x.yml:3:5\n3 |   | hed 5\n  |     ^^^ not a command',
  )
})

test('quoted lines that begin in the first column are read as PyYAML reads them, and keep their places', () => {
  const text = `definition: 'eval a=1\n| lookup b c\n| eval d="it''s"'\nname: x\n`
  const { file, diagnostics } = parseYamlFile('x.yml', text)
  expect(diagnostics).toEqual([])
  expect(file?.value).toEqual({ definition: `eval a=1 | lookup b c | eval d="it's"`, name: 'x' })
  const definition = file!.located(['definition'], (file!.value as { definition: string }).definition)
  const [label] = definition.locate({ start: 11, end: 17 })
  expect(text.slice(label!.span.start, label!.span.end)).toBe('lookup')
  const name = file!.label(['name'])
  expect(text.slice(name.span.start, name.span.end)).toBe('x')
})

test('the place of a value that is missing is what would hold it', () => {
  const text = 'tags:\n  impact: 5\n'
  const { file } = parseYamlFile('x.yml', text)
  const label = file!.label(['tags', 'confidence'])
  expect(text.slice(label.span.start)).toBe('impact: 5\n')
  const key = file!.keyLabel(['tags', 'impact'])
  expect(text.slice(key.span.start, key.span.end)).toBe('impact')
})

describe('what is wrong is said', () => {
  test('broken YAML, with its place', () => {
    const { diagnostics } = parseYamlFile('x.yml', 'name: x\nsearch: "open\n')
    expect(renderDiagnostic(diagnostics[0]!)).toMatch(
      /x\.yml: is not valid YAML: Missing closing "quote[\s\S]*x\.yml:/,
    )
  })

  test('a key that stands twice: the last counts, with a warning', () => {
    expect(messages('name: a\nname: b\n')).toEqual(['warning: x.yml: the key "name" stands here twice.'])
    expect(parseYamlFile('x.yml', 'name: a\nname: b\n').file?.value).toEqual({ name: 'b' })
  })

  test('aliases that unfold without end', () => {
    const lists = 'bcdefghij'.split('').map((name, index) => {
      const before = 'abcdefghij'[index]
      return `${name}: &${name} [${Array(10).fill(`*${before}`).join(', ')}]`
    })
    const bomb = `a: &a [${Array(10).fill('x').join(', ')}]\n${lists.join('\n')}\n`
    expect(messages(bomb)[0]).toMatch(/^error: x\.yml: cannot be unfolded/)
    expect(messages('a: *nobody\n')[0]).toMatch(/^error: x\.yml: /)
  })

  test.each([
    ['lists in lists', `a: ${'['.repeat(5000)}${']'.repeat(5000)}`],
    ['list marks', `${'- '.repeat(5000)}x`],
    ['maps in maps', Array.from({ length: 3000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
    ['flow maps in lists', `a: ${'[{b: '.repeat(3000)}`],
  ])('%s without end', (_, text) => {
    expect(messages(text)).toEqual(['error: x.yml: is nested too deeply to be content.'])
  })
})

test('a key named __proto__ is only a key', () => {
  const { file } = parseYamlFile('x.yml', '__proto__:\n  polluted: yes\n')
  expect(Object.keys(file!.value)).toEqual(['__proto__'])
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
})
