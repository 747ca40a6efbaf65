// Runs the examples of docs/library.md and compares what they print.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '..')
const page = readFileSync(join(root, 'docs/library.md'), 'utf8')
const examples = [...page.matchAll(/```js\n(.*?)```\n\nprints\n\n```\n(.*?)```/gs)]

test('the page has its examples', () => {
  expect(examples).toHaveLength(3)
})

test.each(examples.map(([, code = '', printed = ''], index) => [index + 1, code, printed] as const))(
  'example %i prints what the page says',
  (_, code, printed) => {
    const folder = mkdtempSync(join(root, 'node_modules/.karst-example-'))
    try {
      const file = join(folder, 'example.mjs')
      const doors = { "'karst/spl'": 'src/spl/index.ts', "'karst'": 'src/index.ts' }
      const source = Object.entries(doors).reduce(
        (text, [door, path]) => text.replaceAll(`from ${door}`, `from ${JSON.stringify(join(root, path))}`),
        code,
      )
      writeFileSync(file, source)
      const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', file], {
        cwd: root,
        encoding: 'utf8',
      })
      expect(stderr).toBe('')
      expect(stdout).toBe(printed)
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
)
