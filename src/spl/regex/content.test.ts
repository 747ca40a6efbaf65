// Splunk's open detections, read where they lie: every regular expression must compile, and no text made to hurt it may
// reach the limit on steps.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { compilePcre } from './pcre.ts'
import { parsePcre } from './pcre-parser.ts'
import { type Node, partsOf } from './pcre-tree.ts'

const detections = resolve(import.meta.dirname, '../../../../shared/corpus/escu/detections')
const isThere = existsSync(detections)
if (!isThere)
  console.warn("SKIPPED: ../shared is missing, so the regular expressions of Splunk's content were not tried")

const quoted = '"((?:[^"\\\\]|\\\\.)*)"'
/** Where searches hold regular expressions; the first group is the pattern. */
const places = [
  `\\|\\s*(?:rex|regex)\\b(?![^|"]*mode)[^|"]*?${quoted}`,
  `\\|\\s*rex\\s+field\\s*=\\s*"[^"]*"\\s+${quoted}`,
  `\\b(?:match|mvfind)\\s*\\([^"]*?,\\s*${quoted}`,
  `\\breplace\\s*\\([^"]*?(?:"[^"]*"[^"]*?)*?,\\s*${quoted}\\s*,\\s*"`,
  `\\btokenizer\\s*=\\s*${quoted}`,
].map((place) => new RegExp(place, 'gs'))

function patternsOfContent(): Map<string, string> {
  const patterns = new Map<string, string>()
  for (const file of readdirSync(detections, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!file.endsWith('.yml')) continue
    const { search } = parse(readFileSync(join(detections, file), 'utf8')) as { search?: string }
    for (const place of places) {
      for (const [, pattern] of (search ?? '').matchAll(place)) {
        patterns.set(pattern!.replace(/\\([\\"])/g, '$1'), file)
      }
    }
  }
  return patterns
}

/** A text that the pattern nearly matches: every loop runs `rounds` times, and the end is spoilt. */
function pumped(node: Node, rounds: number): string {
  switch (node.kind) {
    case 'Character':
      return String.fromCodePoint(node.set.find((code) => code > 0x20) ?? node.set[0] ?? 0x21)
    case 'Repeat': {
      const times = Math.max(node.min, Math.min(node.max, rounds))
      return pumped(node.body, Math.ceil(rounds / 10)).repeat(Math.min(times, 20_000))
    }
    case 'Alternation':
      return node.options.map((option) => pumped(option, rounds)).join('')
    default:
      return partsOf(node)
        .map((part) => pumped(part, rounds))
        .join('')
  }
}

describe.skipIf(!isThere)("the regular expressions of Splunk's content", () => {
  const patterns = isThere ? patternsOfContent() : new Map<string, string>()

  test('all compile without doubts', () => {
    const problems: string[] = []
    for (const [pattern, file] of patterns) {
      try {
        if (compilePcre(pattern).warnings.length > 0) problems.push(`${file}: ${pattern} is doubtful`)
      } catch (error) {
        problems.push(`${file}: ${pattern}: ${String(error)}`)
      }
    }
    expect(problems).toEqual([])
    expect(patterns.size).toBeGreaterThan(140)
  })

  test('none reaches the limit on texts that are made to hurt it', () => {
    const problems: string[] = []
    for (const [pattern, file] of patterns) {
      const regex = compilePcre(pattern, {
        onBudget: (_pattern, length) => problems.push(`${file}: ${pattern} on ${length} characters`),
      })
      const { root } = parsePcre(pattern)
      for (const rounds of [10, 3000]) {
        const text = pumped(root, rounds).slice(0, 20_000)
        regex.test(`${text}\u0001`)
        regex.test(`${text.slice(0, 5000).repeat(4)}\u0001`)
        regex.exec(` ${text.slice(0, -1)}`)
      }
    }
    expect(problems).toEqual([])
  })
})
