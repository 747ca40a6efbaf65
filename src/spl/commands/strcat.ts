// Joins texts and field values.

import { nullColumn, plain, valueAt } from '../../value/column.ts'
import { textOf } from '../../value/value.ts'
import { union } from '../plan/wanted-fields.ts'
import { defineCommand } from './command.ts'

interface Source {
  readonly kind: 'field' | 'text'
  readonly text: string
}

interface StrcatArguments {
  readonly sources: readonly Source[]
  readonly target: string
  readonly allrequired: boolean
}

export const strcat = defineCommand<StrcatArguments>({
  name: 'strcat',
  type: 'distributable streaming',
  summary: 'Joins field values and texts in quotation marks into a field.',
  syntax: 'strcat [allrequired=<bool>] <source-fields> <dest-field>',
  options: { allrequired: 'Whether nothing is written where one of the fields is missing. Default: false.' },
  examples: [
    {
      search: '* | strcat domain "\\\\" user account',
      input: [{ domain: 'CORP', user: 'alice' }],
      output: [{ domain: 'CORP', user: 'alice', account: 'CORP\\alice' }],
    },
  ],

  parse(reader) {
    let { allrequired } = reader.options({ allrequired: 'boolean' })
    const sources: Source[] = []
    while (!reader.isDone) {
      if (reader.punctuation(',')) continue
      allrequired = reader.options({ allrequired: 'boolean' }).allrequired ?? allrequired
      const word = reader.word()
      if (word === undefined) break
      sources.push({ kind: word.quoted ? 'text' : 'field', text: word.text })
    }
    const target = sources.pop()?.text
    if (target === undefined || sources.length < 2)
      reader.missing('at least two sources and a field for the result')
    return { sources, target: target as string, allrequired: allrequired ?? false }
  },

  needs: ({ sources, target }, wanted) =>
    union(wanted, [target, ...sources.filter(({ kind }) => kind === 'field').map(({ text }) => text)]),

  async *run({ sources, target, allrequired }, input) {
    for await (const batch of input) {
      const parts = sources.map(({ kind, text }) => ({
        kind,
        text,
        column: batch.column(text) ?? nullColumn,
      }))
      const old = batch.column(target) ?? nullColumn
      const joined = Array.from({ length: batch.length }, (_, row) => {
        const texts = parts.map(({ kind, text, column }) =>
          kind === 'text' ? text : textOf(valueAt(column, row)),
        )
        return allrequired && texts.includes(undefined) ? valueAt(old, row) : texts.join('')
      })
      yield batch.with([[target, plain(joined)]])
    }
  },
})
