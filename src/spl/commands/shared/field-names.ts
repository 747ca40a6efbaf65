// Reads names of fields as the statistics commands take them: bare names may hold parentheses, as the names of results
// do (`sum(bytes)`), and a list ends where an option begins.

import type { ArgumentReader } from '../../syntax/argument-reader.ts'

/** Bare, with parentheses in pairs, two deep: `sum(bytes)`, `count(eval(a=1))`. */
const namePattern = /(?!\()(?:[^\s,()[\]|="]|\((?:[^()[\]|"]|\([^()[\]|"]*\))*\))+/y

/** The next name, bare or in quotation marks; undefined at punctuation, an option, a stop word or the end. */
export function readFieldName(reader: ArgumentReader, stopWords: readonly string[] = []): string | undefined {
  const next = reader.peekWord()
  if (next === undefined || reader.peekOption() !== undefined) return undefined
  if (next.quoted) return reader.word()!.text
  if (stopWords.includes(next.text.toLowerCase())) return undefined
  reader.skipBlanks()
  return reader.match(namePattern)
}

/** A name that must be there. */
export function requiredFieldName(reader: ArgumentReader, what = 'a field'): string {
  return readFieldName(reader) ?? reader.missing(what)
}

/** Names separated by blanks or commas, up to the end, an option or a stop word. */
export function readFieldNames(reader: ArgumentReader, stopWords: readonly string[] = []): string[] {
  const names: string[] = []
  for (;;) {
    while (reader.punctuation(',')) {
      // Commas may be doubled or trailing.
    }
    const name = readFieldName(reader, stopWords)
    if (name === undefined) return names
    names.push(name)
  }
}

/** Like `readFieldNames`, but at least one. */
export function requiredFieldNames(reader: ArgumentReader): string[] {
  const names = readFieldNames(reader)
  return names.length > 0 ? names : reader.missing('at least one field')
}

/** The name after AS, if AS is next. */
export function readAlias(reader: ArgumentReader): string | undefined {
  return reader.keyword('as') ? requiredFieldName(reader, 'a name after AS') : undefined
}
