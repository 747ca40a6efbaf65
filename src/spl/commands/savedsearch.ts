// Runs a search that is saved under a name.

import { searchError } from '../../diagnostics/diagnostic.ts'
import { defineCommand } from './command.ts'
import { findSavedSearch, runSavedSearch } from './shared/saved-search.ts'

interface SavedsearchArguments {
  readonly name: string
  /** Absent: nothing is replaced. */
  readonly replacements: readonly (readonly [token: string, text: string])[] | undefined
}

/** `$replace_me$`: no blanks, so that the dollar signs of two regular expressions are no token. */
const token = /\$([A-Za-z_][\w.:-]*)\$/g

export const savedsearch = defineCommand<SavedsearchArguments>({
  name: 'savedsearch',
  type: 'generating',
  summary:
    'Runs a saved search of --content or --app, and puts the given texts in the places of its tokens such as $user$.',
  syntax: 'savedsearch <name> [nosubstitution=<bool>] [<token>=<string>]…',
  options: {
    nosubstitution: 'Leaves $tokens$ as they are. Default: false.',
    '<token>': 'The text for $token$; each token of the search needs one.',
  },
  examples: ['| savedsearch "Logons of a user" user=alice'],
  missing: ['federated searches (federated:<name>)'],
  leftOpen: [
    'What evidence is to a saved time range, which Splunk uses when no other is given: the range has no effect, and a warning says so.',
  ],

  parse(reader) {
    const replacements = new Map<string, string>()
    let nosubstitution = false
    let name: string | undefined
    for (;;) {
      while (reader.punctuation(',')) {
        // Commas may separate arguments.
      }
      const option = reader.peekOption()
      if (option === 'nosubstitution') {
        nosubstitution = reader.options({ nosubstitution: 'boolean' }, { stopAtUnknown: true })
          .nosubstitution!
      } else if (option !== undefined) {
        const word = reader.requiredWord('a token')
        reader.punctuation('=')
        replacements.set(word.text, reader.requiredWord(`a text for $${word.text}$`).text)
      } else if (name === undefined) name = reader.requiredWord('the name of a saved search').text
      else break
    }
    if (name.startsWith('federated:'))
      reader.fail('unsupported', `savedsearch does not support "${name}": there is no other Splunk to ask.`)
    return { name, replacements: nosubstitution ? undefined : [...replacements] }
  },

  async *run({ name, replacements }, _input, context) {
    const saved = findSavedSearch(name, context)
    if (replacements === undefined) {
      yield* runSavedSearch(saved, saved.search, context)
      return
    }
    const texts = new Map(replacements)
    const text = saved.search.replace(token, (written, name: string) => {
      const found = texts.get(name)
      if (found !== undefined) return found
      throw searchError(
        'missing-argument',
        `The saved search "${saved.name}" needs a text for ${written}.`,
        `Write: savedsearch "${saved.name}" ${name}="…", or nosubstitution=true to leave it.`,
      )
    })
    yield* runSavedSearch(saved, text, context)
  },
})
