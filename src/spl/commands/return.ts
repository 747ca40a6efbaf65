// Turns the first rows into search text in a short form: `user="bob"`, or the value alone.

import { Batch } from '../../value/batch.ts'
import { constant } from '../../value/column.ts'
import { textsOf } from '../../value/value.ts'
import { union } from '../plan/wanted-fields.ts'
import { defineCommand } from './command.ts'

interface Returned {
  readonly field: string
  /** The name in the text; absent: the value stands alone. */
  readonly name: string | undefined
}

export const returnCommand = defineCommand<{ readonly count: number; readonly fields: readonly Returned[] }>({
  name: 'return',
  type: 'transforming',
  summary: 'Turns fields of the first row, or of the first few, into text for the search around a subsearch.',
  syntax: 'return [<count>] [<alias>=<field>]… [<field>]… [$<field>]…',
  examples: [
    {
      search: '* | return 2 ip=src user | table search',
      input: [
        { src: '10.0.0.1', user: 'alice' },
        { src: '10.0.0.2', user: 'bob' },
      ],
      output: [{ search: '(ip="10.0.0.1" user="alice") OR (ip="10.0.0.2" user="bob")' }],
    },
    { search: '* | return $user | table search', input: [{ user: 'alice' }], output: [{ search: 'alice' }] },
  ],

  parse(reader) {
    const count = reader.integer() ?? 1
    if (count < 1) reader.fail('bad-argument', `return needs a number of rows above 0, found "${count}".`)
    const fields: Returned[] = []
    while (!reader.isDone) {
      if (reader.punctuation(',')) continue
      const name = reader.field()
      if (reader.punctuation('=')) fields.push({ name, field: reader.field() })
      else if (name.startsWith('$') && name.length > 1) fields.push({ name: undefined, field: name.slice(1) })
      else fields.push({ name, field: name })
    }
    if (fields.length === 0) reader.missing('at least one field')
    return { count, fields }
  },

  needs: ({ fields }) =>
    union(
      new Set(),
      fields.map(({ field }) => field),
    ),

  async *run({ count, fields }, input) {
    const rows: string[] = []
    for await (const batch of input) {
      for (let row = 0; row < batch.length && rows.length < count; row++) {
        const parts = fields.flatMap(({ field, name }) => {
          const texts = textsOf(batch.value(field, row)).map((text) =>
            name === undefined ? text : `${name}="${escaped(text)}"`,
          )
          return texts.length > 1 ? `(${texts.join(' OR ')})` : texts
        })
        rows.push(parts.join(' '))
      }
      if (rows.length >= count) break
    }
    const filled = rows.filter((row) => row !== '')
    const text = count === 1 ? (filled[0] ?? '') : filled.map((row) => `(${row})`).join(' OR ')
    yield new Batch(1, [['search', constant(text)]])
  },
})

const escaped = (text: string): string => text.replace(/[\\"]/g, '\\$&')
