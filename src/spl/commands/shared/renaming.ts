// Pairs of field names in which stars carry over: `x.* as *`.

import { hasWildcard, substituteWildcards, wildcardCapture } from '../../../base/text/wildcard.ts'
import type { ArgumentReader, Word } from '../../syntax/argument-reader.ts'
import { fieldTest } from './field-patterns.ts'

export interface Renaming {
  readonly from: string
  readonly to: string
}

const stars = (pattern: string): number => pattern.split('*').length - 1

/** Makes a pair; both sides must have the same number of stars. */
export function renaming(reader: ArgumentReader, from: Word, to: Word): Renaming {
  if (stars(from.text) !== stars(to.text)) {
    reader.fail('bad-argument', `"${from.text}" and "${to.text}" must have the same number of wildcards.`, {
      start: from.span.start,
      end: to.span.end,
    })
  }
  return { from: from.text, to: to.text }
}

/** The fields that a pair speaks of, with their new names. A name without a star stands for itself, there or not. */
export function renamedFields(
  { from, to }: Renaming,
  names: () => readonly string[],
): (readonly [from: string, to: string])[] {
  if (!hasWildcard(from)) return [[from, to]]
  const matches = fieldTest(from)
  return names()
    .filter(matches)
    .map((name) => [name, substituteWildcards(to, wildcardCapture(from, name) ?? [])] as const)
}
