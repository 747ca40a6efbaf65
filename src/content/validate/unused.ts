// Macros and lookups of the content that nothing uses.

import { readFileSync } from 'node:fs'
import type { Label } from '../../diagnostics/source.ts'
import type { Content } from '../load.ts'
import { type ContentCheckCode, contentChecks } from './codes.ts'
import type { SearchFacts } from './facts.ts'
import type { Problem } from './problem.ts'

/** Checks that each macro and lookup is used by a search, be it through other macros. */
export function* checkUnused(facts: readonly SearchFacts[], content: Content): Iterable<Problem> {
  // A folder that holds nothing but macros and lookups serves searches elsewhere.
  if (content.detections.length === 0) return
  const texts = [
    ...facts.map(({ detection, expanded }) => `${detection.search.text}\n${expanded ?? ''}`),
    ...content.detections.flatMap(({ drilldowns }) => drilldowns.map(({ search }) => search)),
    ...content.baselines.map(({ search }) => search.text),
    ...[...content.macros.values()].map(({ definition }) => definition),
  ].join('\n')

  const called = new Set([...texts.matchAll(/`\s*([\w.:-]+)/g)].map(([, name]) => name))
  for (const { name, origin } of content.macros.values()) {
    if (origin.startsWith('made for ') || called.has(name.replace(/\(\d+\)$/, ''))) continue
    yield unused('unused-macro', `No search uses the macro "${name}".`, origin)
  }
  const words = new Set(texts.match(/[\w.-]+/g))
  for (const { name, origin } of content.lookups.values()) {
    if (words.has(name) || words.has(`${name}.csv`)) continue
    yield unused('unused-lookup', `No search uses the lookup "${name}".`, origin)
  }
}

function unused(code: ContentCheckCode, message: string, file: string): Problem {
  return { code, severity: contentChecks[code].level, message, labels: nameLabel(file), file }
}

/** The line with the name of a definition. */
function nameLabel(file: string): Label[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    // The file was there when the content was loaded; without it the message names it all the same.
    return []
  }
  const found = /^name:.*$/m.exec(text)
  const start = found?.index ?? 0
  return [
    { source: { name: file, text }, span: { start, end: start + (found?.[0].length ?? 0) }, primary: true },
  ]
}
