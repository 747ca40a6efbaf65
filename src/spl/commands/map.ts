// Runs a search once for each row, with the row's values in its text.

import { searchError } from '../../diagnostics/diagnostic.ts'
import type { Batch } from '../../value/batch.ts'
import { textOf } from '../../value/value.ts'
import { defineCommand } from './command.ts'
import { findSavedSearch } from './shared/saved-search.ts'
import { fillTemplate, type TokenValue } from './shared/search-template.ts'

interface MapArguments {
  /** The search as text, with tokens such as $user$, or the name of a saved one. */
  readonly search: { readonly text: string } | { readonly saved: string }
  readonly maxsearches: number | undefined
}

export const map = defineCommand<MapArguments>({
  name: 'map',
  type: 'dataset processing',
  summary:
    "Runs a search once for each row, with $field$ in it replaced by the row's values, and gives what the searches give.",
  syntax: 'map (search="<search>" | [<search>] | <saved search>) [maxsearches=<int>]',
  options: {
    search: 'The search to run. Values are put in so that they cannot change its commands.',
    maxsearches: 'How many rows the search is run for; a warning says when there are more. Default: 10.',
  },
  examples: [
    {
      search: '* | where k="b" | map search="search k=$k$ | eval found_by=\\"$n$\\"" | table n found_by',
      input: [
        { n: '1', k: 'a' },
        { n: '2', k: 'b' },
        { n: '3', k: 'b' },
      ],
      output: [
        { n: '2', found_by: '2' },
        { n: '3', found_by: '2' },
        { n: '2', found_by: '3' },
        { n: '3', found_by: '3' },
      ],
    },
  ],

  parse(reader) {
    const schema = { search: 'string', maxsearches: 'integer' } as const
    let options = reader.options(schema)
    reader.skipBlanks()
    let search: MapArguments['search'] | undefined
    if (options.search === undefined && reader.peek() === '[') {
      const { start, end } = reader.brackets()
      search = { text: reader.text.slice(start, end).trim() }
    } else if (options.search === undefined && reader.peekWord() !== undefined) {
      search = { saved: reader.word()!.text }
    }
    options = { ...options, ...reader.options(schema) }
    if (options.search !== undefined) search = { text: options.search }
    const { maxsearches } = options
    if (maxsearches !== undefined && maxsearches < 1) {
      reader.fail('bad-argument', `map needs a maxsearches above 0, found "${maxsearches}".`)
    }
    return {
      search: search ?? reader.missing('search=, a search in [brackets] or the name of a saved search'),
      maxsearches,
    }
  },

  needs: ({ search }) =>
    'saved' in search ? 'all' : new Set([...search.text.matchAll(token)].map(([, name]) => name!)),

  async *run({ search, maxsearches }, input, context) {
    const most = maxsearches ?? context.limits.mapMaxsearches
    const saved = 'saved' in search ? findSavedSearch(search.saved, context) : undefined
    const template = context.expandMacros('saved' in search ? saved!.search : search.text)
    const searches: string[] = []
    for await (const batch of input) {
      for (let row = 0; row < batch.length; row++) {
        if (searches.length === most) {
          context.warn({
            code: 'limit-reached',
            severity: 'warning',
            message: `map ran its search for the first ${most} rows only.`,
            labels: [],
            help: 'Raise maxsearches=.',
          })
          break
        }
        searches.push(fillTokens(template, batch, row, searches.length + 1))
      }
      if (searches.length === most) break
    }
    for (const text of searches) {
      context.signal.throwIfAborted()
      yield* context.runPipeline(context.parseSearch(text), saved?.name)
    }
  },
})

/** `$user$`: the name of a field between dollar signs, without blanks. */
const token = /\$([^$\s"'|[\]]+)\$/g

function fillTokens(search: string, batch: Batch, row: number, number: number): string {
  return fillTemplate(search, token, ([written, name = '']): TokenValue => {
    if (name === '_serial_id') return { text: String(number), kind: 'string' }
    const text = textOf(batch.value(name, row))
    if (text === undefined) {
      throw searchError('bad-argument', `map has no value for ${written}: the row has no field "${name}".`)
    }
    // A field of this name brings ready search text, as in subsearches.
    return { text, kind: name === 'search' ? 'verbatim' : 'string' }
  })
}
