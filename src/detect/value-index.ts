// An index over the terms on one field: given a value, it tells which searches have a term that the value passes.
// Exact texts and numbers are looked up, substrings found in one walk over the value, and only terms that these lead to
// are tested.

import { parseNumber } from '../base/text/number.ts'
import { compileSubstrings, type SubstringFinder } from '../base/text/substring-finder.ts'
import { isMultivalue, scalarText, type Value } from '../value/value.ts'
import type { Term } from './condition.ts'

/** The searches that a value leads to, by their numbers, ascending. */
export type Hits = readonly number[]

export interface ValueIndex {
  hits(value: Value): Hits
}

/** A term, and the searches that have it as (part of) their witness. */
export interface IndexedTerm {
  readonly term: Term
  readonly searches: readonly number[]
}

export const noHits: Hits = []

/** Longer values are not remembered: they rarely come again. */
const longestRemembered = 512

/** How many characters of values an index remembers. */
const mostRemembered = 256 * 1024

/** Builds the index of one field. */
export function indexTerms(terms: readonly IndexedTerm[]): ValueIndex {
  const exact = new Map<string, IndexedTerm[]>()
  const numbers = new Map<number, IndexedTerm[]>()
  const pieces = new Map<string, IndexedTerm[]>()
  const others: IndexedTerm[] = []
  const add = <Key>(map: Map<Key, IndexedTerm[]>, key: Key, term: IndexedTerm): void => {
    const known = map.get(key)
    if (known === undefined) map.set(key, [term])
    else known.push(term)
  }
  for (const indexed of terms) {
    const { needles } = indexed.term
    if (needles.some(({ kind }) => kind === 'test')) others.push(indexed)
    else {
      for (const needle of needles) {
        if (needle.kind === 'exact') add(exact, needle.text, indexed)
        else if (needle.kind === 'number') add(numbers, needle.value, indexed)
        else if (needle.kind === 'piece') add(pieces, needle.text, indexed)
      }
    }
  }
  const termsOfPiece = [...pieces.values()]
  const finder: SubstringFinder | undefined =
    pieces.size === 0 ? undefined : compileSubstrings([...pieces.keys()])

  const candidatesOf = (text: string): Set<IndexedTerm> => {
    const candidates = new Set(others)
    const addAll = (found: readonly IndexedTerm[] | undefined): void => {
      if (found !== undefined) for (const term of found) candidates.add(term)
    }
    if (numbers.size > 0) {
      const number = parseNumber(text)
      if (number !== undefined) addAll(numbers.get(number))
    }
    if (exact.size > 0 || finder !== undefined) {
      const folded = text.toLowerCase()
      addAll(exact.get(folded))
      finder?.find(folded, (piece) => addAll(termsOfPiece[piece]))
    }
    return candidates
  }
  const find = (value: Value): Hits => {
    const candidates =
      typeof value === 'string'
        ? candidatesOf(value)
        : isMultivalue(value)
          ? new Set(value.flatMap((text) => [...candidatesOf(text)]))
          : candidatesOf(scalarText(value!))
    if (candidates.size === 0) return noHits
    const searches = new Set<number>()
    for (const { term, searches: named } of candidates) {
      if (term.passes(value)) for (const search of named) searches.add(search)
    }
    return searches.size === 0 ? noHits : [...searches].sort((a, b) => a - b)
  }

  const remembered = new Map<string, Hits>()
  let characters = 0
  return {
    hits(value) {
      if (value === undefined) return noHits
      if (typeof value !== 'string' || value.length > longestRemembered) return find(value)
      let hits = remembered.get(value)
      if (hits === undefined) {
        hits = find(value)
        characters += value.length + 16
        if (characters > mostRemembered) {
          remembered.clear()
          characters = value.length
        }
        remembered.set(value, hits)
      }
      return hits
    },
  }
}
