// Lists of fields in which `*` stands for any run of characters: of fields, table, foreach, fillnull and others.

import { compileWildcard, hasWildcard } from '../../../base/text/wildcard.ts'
import type { WantedFields } from '../../host.ts'

/** Fields that Splunk gives every event for its own use; commands leave them alone unless they are named. */
export const isInternal = (name: string): boolean => name.startsWith('_')

/** The internal fields that a source may have. */
export const internalFields: readonly string[] = [
  '_bkt',
  '_cd',
  '_indextime',
  '_key',
  '_kv',
  '_raw',
  '_serial',
  '_si',
  '_sourcetype',
  '_subsecond',
  '_time',
]

/**
 * Compiles a pattern into a test of field names. A pattern that begins with a star does not find internal fields.
 * Search Reference: fields, table
 */
export function fieldTest(pattern: string): (name: string) => boolean {
  if (!hasWildcard(pattern)) return (name) => name === pattern
  const matches = compileWildcard(pattern, { ignoreCase: false })
  return pattern.startsWith('*') ? (name) => !isInternal(name) && matches(name) : matches
}

/** Compiles several patterns into a test of whether any of them fits. */
export function anyFieldTest(patterns: readonly string[]): (name: string) => boolean {
  const exact = new Set(patterns.filter((pattern) => !hasWildcard(pattern)))
  const others = patterns.filter(hasWildcard).map(fieldTest)
  return (name) => exact.has(name) || others.some((test) => test(name))
}

/** The names that patterns stand for, in the order of the patterns, each once. Names without a star stand for themselves. */
export function expandFields(patterns: readonly string[], names: () => readonly string[]): string[] {
  const expanded = new Set<string>()
  for (const pattern of patterns) {
    if (!hasWildcard(pattern)) {
      expanded.add(pattern)
      continue
    }
    const matches = fieldTest(pattern)
    for (const name of names()) if (matches(name)) expanded.add(name)
  }
  return [...expanded]
}

/** The wanted fields that a list lets through. A list without stars is its own answer when all are wanted. */
export function wantedOf(patterns: readonly string[], wanted: WantedFields): WantedFields {
  if (wanted === 'all') return patterns.some(hasWildcard) ? 'all' : new Set(patterns)
  const matches = anyFieldTest(patterns)
  return new Set([...wanted].filter(matches))
}
