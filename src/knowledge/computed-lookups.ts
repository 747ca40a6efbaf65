// Lookups that compute instead of reading a table: small helpers of add-ons that content relies on and that are
// documented openly. A definition or file of the same name wins.

import type { LookupTable } from '../spl/host.ts'
import { textsOf } from '../value/value.ts'

/**
 * Shannon's entropy of a text, in bits per character.
 * @see C. E. Shannon, A Mathematical Theory of Communication (1948)
 */
export function shannonEntropy(text: string): number {
  const counts = new Map<string, number>()
  let length = 0
  for (const character of text) {
    counts.set(character, (counts.get(character) ?? 0) + 1)
    length++
  }
  let entropy = 0
  for (const count of counts.values()) entropy -= (count / length) * Math.log2(count / length)
  return entropy
}

/** A lookup that computes one field from another. */
function computed(
  name: string,
  input: string,
  output: string,
  compute: (text: string) => string,
): LookupTable {
  return {
    name,
    fields: [input, output],
    isTimed: false,
    rows: () => [],
    match: (inputs) =>
      textsOf(inputs.find(([field]) => field === input)?.[1])
        .slice(0, 1)
        .map((text) => new Map([[input, text], [output, compute(text)]])), // biome-ignore format: one row
  }
}

/** By name. `ut_shannon_lookup` is URL Toolbox's: the entropy of `word` as `ut_shannon`. */
export const computedLookups: ReadonlyMap<string, LookupTable> = new Map(
  [computed('ut_shannon_lookup', 'word', 'ut_shannon', (text) => String(shannonEntropy(text)))].map(
    (table) => [table.name, table],
  ),
)
