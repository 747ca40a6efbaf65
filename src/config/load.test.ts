import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { renderDiagnostic } from '../diagnostics/render.ts'
import { settingNames } from './config.ts'
import { limitsOf } from './limits.ts'
import { type Config, ConfigError, type ConfigSources, loadConfig } from './load.ts'

const root = mkdtempSync(join(tmpdir(), 'karst-config-'))
afterAll(() => rmSync(root, { recursive: true }))
const home = join(root, 'home')
let count = 0

/** Loads a file that stands two folders above. */
function load(text?: string, more: Partial<ConfigSources> = {}): Config & { readonly top: string } {
  const top = join(root, `case-${count++}`)
  mkdirSync(join(top, 'a', 'b'), { recursive: true })
  if (text !== undefined) writeFileSync(join(top, 'karst.yaml'), text)
  const sources = { folder: join(top, 'a', 'b'), home, environment: {}, options: new Map(), ...more }
  return { ...loadConfig(sources), top }
}

function problemsOf(text: string): string[] {
  try {
    load(text)
  } catch (error) {
    if (error instanceof ConfigError)
      return error.diagnostics.map((diagnostic) => renderDiagnostic(diagnostic).replaceAll(root, ''))
    throw error
  }
  return []
}

test('without anything every value is the default', () => {
  const { values, origins, file } = load()
  expect(file).toBeUndefined()
  expect(new Set([...origins.values()].map(({ kind }) => kind))).toEqual(new Set(['default']))
  expect(values.tz).toBe('UTC')
  expect(limitsOf(values).search.maxRows).toBe(1_000_000)
})

test('the nearest file upwards is read, and its paths are meant from its folder', () => {
  const { values, file, top, origins } = load(
    'content: detections\napp: [one, /two]\nlookup:\n  assets: a.csv\nlimits:\n  subsearch:\n    maxout: 50_000\n',
  )
  expect(file).toBe(join(top, 'karst.yaml'))
  expect(values.content).toEqual([join(top, 'detections')])
  expect(values.app).toEqual([join(top, 'one'), '/two'])
  expect(values.lookup).toEqual({ assets: join(top, 'a.csv') })
  expect(values['limits.subsearch.maxout']).toBe(50_000)
  expect(origins.get('limits.subsearch.maxout')).toEqual({ kind: 'file', file, line: 7 })
})

test('the own file counts where there is none upwards, and a named one before both', () => {
  mkdirSync(join(home, '.config', 'karst'), { recursive: true })
  const own = join(home, '.config', 'karst', 'karst.yaml')
  writeFileSync(own, 'tz: Europe/Paris\n')
  expect(load().values.tz).toBe('Europe/Paris')
  expect(load('tz: Asia/Tokyo\n').values.tz).toBe('Asia/Tokyo')
  expect(load('tz: Asia/Tokyo\n', { file: own }).values.tz).toBe('Europe/Paris')
  expect(load('tz: Asia/Tokyo\n', { environment: { KARST_CONFIG: own } }).values.tz).toBe('Europe/Paris')
  expect(load('tz: Asia/Tokyo\n', { file: false }).values.tz).toBe('UTC')
  rmSync(own)
  expect(() => load('', { file: own })).toThrow('does not exist')
})

test('options win over the environment, the environment over the file', () => {
  const file = 'tz: Asia/Tokyo\nlimits: {max_rows: 5, max_event_bytes: 1 MiB}\nmacro: {a: file, b: file}\n'
  const environment = {
    KARST_TZ: 'Europe/Paris',
    KARST_LIMITS_MAX_ROWS: '6',
    KARST_APP: `x${delimiter}y`,
    KARST_MACRO: 'b=x=1\n',
  }
  const options = new Map([['tz', { option: '--tz', value: 'UTC' }]] as const)
  const { values, origins } = load(file, { environment, options })
  expect(values).toMatchObject({
    tz: 'UTC',
    'limits.max_rows': 6,
    'limits.max_event_bytes': 1024 ** 2,
    app: ['x', 'y'],
  })
  expect(values.macro).toEqual({ a: 'file', b: 'x=1' })
  expect(origins.get('tz')).toEqual({ kind: 'option', name: '--tz' })
  expect(origins.get('limits.max_rows')).toEqual({ kind: 'environment', name: 'KARST_LIMITS_MAX_ROWS' })
})

describe('mistakes', () => {
  test('are all named with their place and what to do', () => {
    expect(
      problemsOf('contnt: x\ntz: Europe/Berln\nlimits:\n  max_row: 5\n  subsearch: {maxtime: 0}\n'),
    ).toEqual([
      expect.stringContaining('There is no setting "contnt".\n --> /case-'),
      expect.stringContaining('found "Europe/Berln".'),
      expect.stringContaining('4 |   max_row: 5\n  |   ^^^^^^^\nhelp: Did you mean "limits.max_rows"?'),
      expect.stringContaining(
        '"limits.subsearch.maxtime": expected a whole number of at least 1, found "0".',
      ),
    ])
  })

  test.each([
    ['a: b: c', 'not valid YAML'],
    ['tz: UTC\ntz: UTC', 'not valid YAML'],
    ['- tz', 'needs names with values'],
    ['limits: 5', '"limits" needs names with values'],
    ['lookup: a', 'expected names with texts'],
    ['tz:', 'expected a text, found nothing'],
    ['output: pdf', 'expected table, ndjson, json or csv'],
    ['app: &a [x, *a]', 'uses an alias'],
    ['xml-escaped: maybe', 'expected true or false'],
    ['__proto__: {a: 1}', 'There is no setting "__proto__"'],
    ['limits: {max_event_bytes: 5 apples}', 'a number of bytes such as'],
  ])('%j', (text, message) => {
    const problems = problemsOf(text)
    expect(problems.length).toBeGreaterThan(0)
    expect(problems[0]).toContain(message)
  })

  test('nesting without end is one', () => {
    expect(problemsOf(`app: ${'['.repeat(50_000)}`)[0]).toContain('nested too deeply')
  })

  test('in options and variables name them', () => {
    expect(() => load('', { environment: { KARST_LIMITS_MAX_ROWS: 'many' } })).toThrow(
      'KARST_LIMITS_MAX_ROWS: expected a whole number of at least 1, found "many".',
    )
    expect(load('', { environment: { KARST_TZZ: '1' } }).warnings).toMatchObject([
      { message: 'The environment variable KARST_TZZ sets nothing.', help: 'Did you mean KARST_TZ?' },
    ])
  })
})

test('every limit among the settings is kept by somebody', () => {
  const { search, decode, archive } = limitsOf(load().values)
  const kept = [search, decode, archive].flatMap((limits) => Object.values(limits))
  expect(kept).toHaveLength(settingNames.filter((name) => name.startsWith('limits.')).length)
  expect(kept).not.toContain(undefined)
})
