// Pairs such as `key=value` in the text of an event (KV_MODE = auto), and texts cut at delimiters (DELIMS).

import { cleanKey } from './clean-key.ts'
import type { FieldVisitor } from './json.ts'

/**
 * A name, an equals sign with or without blanks, and a value: quoted, or up to a blank, comma, semicolon or `&`.
 * Quotation marks inside a quoted value are escaped by a backslash.
 */
const pair =
  /(?<![\w.@$:/\\-])([A-Za-z_][\w.:@$-]*)\s{0,3}=\s{0,3}(?:"((?:[^"\\]|\\[\s\S])*)"|'([^'\r\n]*)'|([^\s,;&|"'][^\s,;&|]*))/g

/**
 * Visits the pairs of a text, names cleaned. Escaped quotation marks are given as in the event unless `unescapes` says
 * otherwise (KV_MODE = auto_escaped).
 */
export function eachPair(text: string, unescapes: boolean, visit: FieldVisitor): void {
  if (!text.includes('=')) return
  for (const [, name = '', doubled, single, bare] of text.matchAll(pair)) {
    const quoted = doubled ?? single
    const value = quoted ?? bare ?? ''
    visit(cleanKey(name), unescapes && quoted !== undefined ? value.replace(/\\(["'\\])/g, '$1') : value)
  }
}

/** Reads the characters of a DELIMS set: `", "`, `"\t"`. */
export function delimiterSet(text: string): string {
  return text.replace(
    /\\([tnr\\"])/g,
    (_, letter: string) => ({ t: '\t', n: '\n', r: '\r' })[letter] ?? letter,
  )
}

/** Cuts a text at any of the delimiters; a cell in double quotes may hold them. Runs of blanks count as one. */
export function splitAt(text: string, delimiters: string): string[] {
  const cells: string[] = []
  let cell = ''
  let quoted = false
  let atStart = true
  for (const character of text) {
    if (character === '"' && (atStart || quoted)) {
      quoted = !quoted
      atStart = false
    } else if (!quoted && delimiters.includes(character)) {
      if (character !== ' ' || cell !== '' || !atStart) cells.push(cell)
      cell = ''
      atStart = true
    } else {
      cell += character
      atStart = false
    }
  }
  cells.push(cell)
  return cells
}

/** Visits pairs: the first set of delimiters separates pairs, the second names from values. */
export function eachDelimitedPair(text: string, between: string, inside: string, visit: FieldVisitor): void {
  for (const piece of splitKeepingQuotes(text, between)) {
    const split = [...piece].findIndex((character) => inside.includes(character))
    if (split < 1) continue
    const name = piece
      .slice(0, split)
      .trim()
      .replace(/^"(.*)"$/s, '$1')
    visit(
      name,
      piece
        .slice(split + 1)
        .trim()
        .replace(/^"(.*)"$/s, '$1'),
    )
  }
}

/** Cuts at delimiters outside of double quotes; the quotes stay. */
function splitKeepingQuotes(text: string, delimiters: string): string[] {
  const pieces: string[] = []
  let start = 0
  let quoted = false
  for (let index = 0; index < text.length; index++) {
    const character = text[index]!
    if (character === '"') quoted = !quoted
    else if (!quoted && delimiters.includes(character)) {
      pieces.push(text.slice(start, index))
      start = index + 1
    }
  }
  pieces.push(text.slice(start))
  return pieces
}
