// Makes mistakes in a regular expression point into the search that holds it.

import { type Diagnostic, SearchError } from '../../../diagnostics/diagnostic.ts'
import type { ArgumentReader, Word } from '../../syntax/argument-reader.ts'

/**
 * Runs what reads an argument, and gives its errors their place in the search. Where the search writes the argument as it
 * is, the caret stands in the search; where backslashes were doubled, it stands in the argument, and the search is named.
 *
 * @throws SearchError with the labels changed
 */
export function readingArgument<T>(reader: ArgumentReader, word: Word, read: (text: string) => T): T {
  try {
    return read(word.text)
  } catch (error) {
    if (!(error instanceof SearchError)) throw error
    throw new SearchError(error.diagnostics.map((diagnostic) => placed(diagnostic, reader, word)))
  }
}

function placed(diagnostic: Diagnostic, reader: ArgumentReader, word: Word): Diagnostic {
  const [label] = diagnostic.labels
  if (label === undefined) return { ...diagnostic, labels: reader.source.locate(word.span) }
  const quote = word.quoted ? 1 : 0
  const written = reader.text.slice(word.span.start + quote, word.span.end - quote)
  const offset = written.indexOf(label.source.text)
  if (offset >= 0) {
    const start = word.span.start + quote + offset
    return {
      ...diagnostic,
      labels: reader.source.locate(
        { start: start + label.span.start, end: start + label.span.end },
        label.text,
      ),
    }
  }
  const places = reader.source.locate(word.span).map((place) => ({ ...place, primary: false }))
  return { ...diagnostic, labels: [...diagnostic.labels, ...places] }
}
