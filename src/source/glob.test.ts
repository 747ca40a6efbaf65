import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, sep } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expandGlob, isGlob } from './glob.ts'

let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'karst-glob-'))
  for (const path of [
    'a.log',
    'b.log',
    '.hidden.log',
    'c.txt',
    'd1/e.log',
    'd1/f/g.log',
    'd2/e.log',
    '[x].log',
  ]) {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), '')
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

test.each([
  ['*.log', ['.hidden.log', '[x].log', 'a.log', 'b.log']],
  ['?.log', ['a.log', 'b.log']],
  ['[b-z].log', ['b.log']],
  ['[!a].log', ['b.log']],
  ['{a,c}.{log,txt}', ['a.log', 'c.txt']],
  ['d*/e.log', ['d1/e.log', 'd2/e.log']],
  ['**/e.log', ['d1/e.log', 'd2/e.log']],
  ['**/*.log', ['.hidden.log', '[x].log', 'a.log', 'b.log', 'd1/e.log', 'd1/f/g.log', 'd2/e.log']],
  ['d1/**', ['d1/e.log', 'd1/f', 'd1/f/g.log']],
  ['*/f/*', ['d1/f/g.log']],
  ['a.[z-a]', []],
  ['{a', []],
  ['none/*', []],
  ['a.log/*', []],
])('%s matches, sorted', async (pattern, paths) => {
  const found = await expandGlob(join(folder, pattern))
  expect(found.map((path) => relative(folder, path).split(sep).join('/'))).toEqual(paths)
})

test('tells patterns from paths', () => {
  expect(['*', 'a?', '[a]', '{a}', 'a/b.log', '-'].map(isGlob)).toEqual([
    true,
    true,
    true,
    true,
    false,
    false,
  ])
})
