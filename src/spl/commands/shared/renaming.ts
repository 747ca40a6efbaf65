// Pairs of field names in which stars carry over: `x.* as *`.

import { hasWildcard, substituteWildcards, wildcardCapture } from '../../../base/text/wildcard.ts'
import type { ArgumentReader } from '../../syntax/argument-reader.ts'
import { fieldTest } from './field-patterns.ts'

export interface Renaming {
  readonly from: string
  readonly to: string
}

const stars = (pattern: string): number => pattern.split('*').length - 1

/**
 * Makes a pair; both sides must have the same number of stars.
 * @param start where the pair begins, for the message
 */
export function renaming(reader: ArgumentReader, from: string, to: string, start: number): Renaming {
  if (stars(from) !== stars(to)) {
    const message = `"${from}" and "${to}" must have the same number of wildcards.`
    reader.fail('bad-argument', message, reader.spanFrom(start))
  }
  return { from, to }
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
