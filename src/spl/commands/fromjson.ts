// Makes fields of the keys of a JSON object.

import { textOf, textsOf } from '../../value/value.ts'
import { isJsonArray, isJsonObject, parseContainer, valueOfJson } from '../eval/json.ts'
import { union } from '../plan/wanted-fields.ts'
import { defineCommand } from './command.ts'
import { extractFields } from './shared/extract-fields.ts'

export const fromjson = defineCommand<{ readonly field: string; readonly prefix: string }>({
  name: 'fromjson',
  type: 'distributable streaming',
  summary: 'Makes a field of each key at the top of a JSON object; objects inside it stay JSON text.',
  syntax: 'fromjson <field> [prefix=<string>]',
  options: { prefix: 'What is put before the names of the fields.' },
  examples: [
    {
      search: '* | fromjson Data prefix=d_ | fields - Data',
      input: [{ Data: '{"user":"alice","rule":{"id":7}}' }],
      output: [{ d_user: 'alice', d_rule: '{"id":7}' }],
    },
  ],

  parse(reader) {
    const before = reader.options({ prefix: 'string' })
    const field = reader.field()
    const { prefix = '' } = { ...before, ...reader.options({ prefix: 'string' }) }
    return { field, prefix }
  },

  needs: ({ field }, wanted) => union(wanted, [field]),

  async *run({ field, prefix }, input, context) {
    for await (const batch of input) {
      yield extractFields(
        batch,
        field,
        (value, visit) => {
          const json = parseContainer(textOf(value) ?? '')
          if (json === undefined || !isJsonObject(json)) return
          for (const [key, part] of json) {
            const parts = isJsonArray(part) ? part : [part]
            for (const text of parts.flatMap((item) => textsOf(valueOfJson(item)))) visit(prefix + key, text)
          }
        },
        context,
      )
    }
  },
})
