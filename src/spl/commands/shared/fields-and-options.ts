// Field names and options in any order, with or without commas: `a, b value=x`, `value=x a b`.

import type { ArgumentReader, OptionSchema, Options } from '../../syntax/argument-reader.ts'

/** Reads up to the end, other punctuation, or one of the stop words (in lower case). Later options win. */
export function readFieldsAndOptions<const Schema extends OptionSchema>(
  reader: ArgumentReader,
  schema: Schema,
  stopWords: readonly string[] = [],
): { readonly fields: string[]; readonly options: Options<Schema> } {
  const fields: string[] = []
  const options = reader.options(schema)
  for (;;) {
    const next = reader.peekWord()
    if (next === undefined || (!next.quoted && stopWords.includes(next.text.toLowerCase())))
      return { fields, options }
    fields.push(reader.field())
    // Takes commas, too.
    Object.assign(options, reader.options(schema))
    while (reader.punctuation(',')) {
      // Commas may be doubled or trailing.
    }
  }
}
