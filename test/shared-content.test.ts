// Splunk's open content, read where it lies: every detection must parse, expand and print back to an equal tree.

import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { loadContent } from '../src/content/load.ts'
import { SearchError } from '../src/diagnostics/diagnostic.ts'
import { locatedText } from '../src/diagnostics/source.ts'
import { bundledPacks, loadKnowledge } from '../src/knowledge/knowledge.ts'
import { commandSyntaxes } from '../src/spl/commands/index.ts'
import { parseSearch } from '../src/spl/run/run.ts'
import type { Pipeline } from '../src/spl/syntax/ast.ts'
import { parsePipeline } from '../src/spl/syntax/parser.ts'
import { printPipeline } from '../src/spl/syntax/print.ts'

const content = resolve(import.meta.dirname, '../../shared/corpus/escu')
if (!existsSync(content)) console.warn("SKIPPED: ../shared is missing, so Splunk's content was not parsed")

/** Commands that need a product beside Splunk; searches with them are refused by name. */
const needsMore = /The command "(apply|fit|cyberchef|multikv)" is not supported|Unknown macro "/

/** A tree without its places and texts: what a search means. */
const meaning = (tree: Pipeline): string =>
  JSON.stringify(tree, (key, value) =>
    key === 'span' || key === 'nameSpan' || key === 'text' || key === 'textStart' ? undefined : value,
  )

test.skipIf(!existsSync(content))('every detection parses and prints back to an equal tree', async () => {
  const options = { now: 1_700_000_000, timeZone: 'UTC' }
  const context = { ...options, warn: () => {} }
  const { detections, macros } = await loadContent([
    content,
    resolve(import.meta.dirname, '../packs/content'),
  ])
  const knowledge = await loadKnowledge({
    folders: await bundledPacks(),
    context,
    report: () => {},
    macros: [...macros.values()],
  })
  const problems: string[] = []
  let parsed = 0
  for (const { name, search } of detections) {
    try {
      const { pipeline } = parseSearch(search, knowledge.macros, options)
      const printed = printPipeline(pipeline)
      const again = parsePipeline(locatedText({ name: 'printed', text: printed }), commandSyntaxes)
      if (meaning(again) !== meaning(pipeline)) problems.push(`${name}: prints as another search: ${printed}`)
      parsed++
    } catch (error) {
      if (!(error instanceof SearchError)) throw error
      if (!needsMore.test(error.message)) problems.push(`${name}: ${error.message}`)
    }
  }
  expect(problems).toEqual([])
  expect(parsed).toBeGreaterThanOrEqual(Math.floor(detections.length * 0.985))
})
