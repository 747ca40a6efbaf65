// Proves that the folder rules bite: a small tree with a planted violation of each kind must fail.

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '..')
const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

/** Runs the rules over files and returns the names of the rules that were broken. */
function brokenRules(files: Readonly<Record<string, string>>): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'karst-rules-'))
  folders.push(folder)
  const all = { ...files, 'tsconfig.json': '{}', 'package.json': '{"type":"module"}' }
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  const args = ['--config', join(root, '.dependency-cruiser.cjs'), '--output-type', 'json', 'src']
  const { stdout } = spawnSync(join(root, 'node_modules/.bin/depcruise'), args, {
    cwd: folder,
    encoding: 'utf8',
  })
  const { summary } = JSON.parse(stdout) as { summary: { violations: { rule: { name: string } }[] } }
  return [...new Set(summary.violations.map(({ rule }) => rule.name))].sort()
}

const plain = 'export const x = 1\n'

test('a tree that keeps the rules passes', () => {
  expect(
    brokenRules({
      'src/base/a.ts': plain,
      'src/value/b.ts': "import { x } from '../base/a.ts'\nexport const y = x\n",
    }),
  ).toEqual([])
})

test('each planted violation is found', () => {
  expect(
    brokenRules({
      'src/base/a.ts': "import { x } from '../value/b.ts'\nexport const y = x\n",
      'src/value/b.ts': "import { readFileSync } from 'node:fs'\nexport const x = readFileSync\n",
      'src/spl/syntax/c.ts': "import { x } from '../commands/one.ts'\nexport const y = x\n",
      'src/spl/commands/one.ts': "import { z } from './two.ts'\nexport const x = z\n",
      'src/spl/commands/two.ts': "import { c } from '../plan/circle.ts'\nexport const z = c\n",
      'src/spl/plan/circle.ts': "import { d } from './circle-two.ts'\nexport const c = () => d\n",
      'src/spl/plan/circle-two.ts': "import { c } from './circle.ts'\nexport const d = () => c\n",
      'src/detect/d.ts': "import { x } from '../source/e.ts'\nexport const y = x\n",
      'src/source/e.ts': plain,
    }),
  ).toEqual([
    'base-imports',
    'commands-do-not-import-each-other',
    'detect-imports',
    'no-cycles',
    'no-node-in-plain-rooms',
    'spl-syntax-is-plain',
  ])
})
