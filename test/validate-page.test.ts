// docs/validate.md explains every code, and the searches that it shows are found out by the check they stand under.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { checkCodes } from '../src/content/validate/codes.ts'
import { locatedText } from '../src/diagnostics/source.ts'
import { bundledPacks, loadKnowledge } from '../src/knowledge/knowledge.ts'
import { checkSearch } from '../src/spl/check/check.ts'
import { parseSearch } from '../src/spl/run/run.ts'

const page = readFileSync(new URL('../docs/validate.md', import.meta.url), 'utf8')

test.each([...checkCodes.keys()])('%s is explained', (code) => {
  const isHeading = page.includes(`### \`${code}\`\n`)
  const isInTable = page
    .split('\n')
    .some((line) => line.startsWith('|') && line.split('|')[1]!.includes(`\`${code}\``))
  expect(isHeading || isInTable).toBe(true)
})

const context = { now: 0, timeZone: 'UTC', warn: () => {} }
const knowledge = await loadKnowledge({ folders: await bundledPacks(), context, report: () => {} })

const examples = page.split(/^### /m).flatMap((part) => {
  const code = /^`([\w-]+)`/.exec(part)?.[1]
  const search = /```spl\n([\s\S]*?)```/.exec(part)?.[1]
  return code === undefined || search === undefined ? [] : [[code, search.trim()] as const]
})

test.each(examples)('the example of %s', (code, text) => {
  const search = parseSearch(locatedText({ name: 'example', text }), knowledge.macros, context)
  expect(checkSearch(search, knowledge).map((found) => found.code)).toEqual([code])
})
