// Takes fields out of JSON and XML text.

import { textsOf } from '../../value/value.ts'
import { spathValues } from '../eval/spath.ts'
import { union } from '../plan/wanted-fields.ts'
import { defineCommand } from './command.ts'
import { visitDocument } from './shared/document-fields.ts'
import { extractFields } from './shared/extract-fields.ts'

interface SpathArguments {
  readonly input: string
  /** Absent: every field. */
  readonly path: string | undefined
  readonly output: string | undefined
}

export const spath = defineCommand<SpathArguments>({
  name: 'spath',
  type: 'distributable streaming',
  summary: 'Takes one field, or all fields, out of JSON or XML text, however long the text is.',
  syntax: 'spath [input=<field>] [output=<field>] [path=<datapath> | <datapath>]',
  options: {
    input: 'The field to read. Default: _raw.',
    output: 'The field that gets what is at the path. Default: the path.',
    path: 'Where the value is: a.b, items{0}.id, items{}.id for all items; in XML element{@attribute}.',
  },
  examples: [
    {
      search: '* | spath input=rule path=Statement{}.Action output=action | table action',
      input: [{ rule: '{"Statement":[{"Action":"s3:Get"},{"Action":"*"}]}' }],
      output: [{ action: ['s3:Get', '*'] }],
    },
    {
      search: '* | spath | fields - _raw',
      input: [{ _raw: '{"user":{"name":"alice"},"ports":[80,443]}' }],
      output: [{ 'user.name': 'alice', 'ports{}': ['80', '443'] }],
    },
  ],

  parse(reader) {
    const schema = { input: 'string', output: 'string', path: 'string' } as const
    let options = reader.options(schema)
    const positional = reader.word()?.text
    options = { ...options, ...reader.options(schema) }
    const path = options.path ?? positional
    if (path === undefined && options.output !== undefined) reader.missing('a path for its output')
    return { input: options.input ?? '_raw', path, output: options.output }
  },

  needs: ({ input }, wanted) => union(wanted, [input]),

  async *run({ input, path, output }, rows, context) {
    const name = output ?? path ?? ''
    for await (const batch of rows) {
      yield extractFields(
        batch,
        input,
        (value, visit) => {
          for (const text of textsOf(value)) {
            if (path === undefined) visitDocument(text, visit)
            else for (const found of spathValues(text, path)) visit(name, found)
          }
        },
        context,
      )
    }
  },
})
