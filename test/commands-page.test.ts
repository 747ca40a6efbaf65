// Runs the examples of docs/commands-of-your-own.md and compares what they print.

import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { search } from '../src/cli/verbs/search.ts'
import { runVerb } from './support/run-verb.ts'

const page = readFileSync(resolve(import.meta.dirname, '../docs/commands-of-your-own.md'), 'utf8')
const app = join(mkdtempSync(join(tmpdir(), 'karst-commands-')), 'my-app')
const files = [...page.matchAll(/`my-app\/(karst\/commands\/[\w.]+)`:\n\n```js\n(.*?)```/gs)]
const runs = [...page.matchAll(/^\$ karst search '([^']+)' --app my-app -o csv\n(.*?)```/gms)]

test('the page has its examples', () => {
  expect(files).toHaveLength(2)
  expect(runs).toHaveLength(2)
})

test.each(runs.map(([, spl = '', printed = '']) => [spl, printed]))('%s', async (spl, printed) => {
  mkdirSync(join(app, 'karst/commands'), { recursive: true })
  for (const [, path = '', code = ''] of files) writeFileSync(join(app, path), code)
  const { out, said } = await runVerb(search, spl!, '--app', app, '-o', 'csv')
  expect(said).toEqual([])
  expect(out).toBe(printed)
})
