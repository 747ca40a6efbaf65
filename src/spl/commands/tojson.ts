// Makes a JSON object of the fields of a row.

import { plain } from '../../value/column.ts'
import { isMultivalue, numberOf, textOf, type Value } from '../../value/value.ts'
import { type Json, parseJson, printJson } from '../eval/json.ts'
import { defineCommand } from './command.ts'
import { fieldTest, isInternal } from './shared/field-patterns.ts'

const types = ['auto', 'bool', 'json', 'none', 'num', 'str'] as const
type Type = (typeof types)[number]

interface TojsonArguments {
  /** Which fields are written as what; the first that fits counts. Empty: all, as the default type. */
  readonly fields: readonly { readonly type: Type; readonly pattern: string }[]
  readonly defaultType: Type
  readonly fillNull: boolean
  readonly includeInternal: boolean
  readonly output: string
}

export const tojson = defineCommand<TojsonArguments>({
  name: 'tojson',
  type: 'distributable streaming',
  summary: 'Makes a JSON object of the fields of each row.',
  syntax:
    'tojson [auto(<wc-field>) | bool(<wc-field>) | json(<wc-field>) | none(<wc-field>) | num(<wc-field>) | str(<wc-field>)]… [default_type=<datatype>] [fill_null=<bool>] [include_internal=<bool>] [output_field=<string>]',
  options: {
    default_type: 'How fields without a function are written. Default: none.',
    fill_null:
      'Whether values that do not fit their type are written as null instead of left out. Default: false.',
    include_internal: 'Whether internal fields are written. Default: false.',
    output_field: 'The field that gets the object. Default: _raw.',
    'auto(field)': 'Numbers, truth values and JSON as such, anything else as a string.',
    'bool(field)': 't, true, yes, 1 as true; f, false, no, 0 as false.',
    'json(field)': 'Text that is JSON, as JSON.',
    'none(field)': 'Numbers as numbers, anything else as a string.',
    'num(field)': 'Numbers.',
    'str(field)': 'Strings.',
  },
  examples: [
    {
      search: '* | tojson output_field=row num(n) str(id) | table row',
      input: [{ n: '1', id: '7', other: 'x' }],
      output: [{ row: '{"n":1,"id":"7"}' }],
    },
  ],

  parse(reader) {
    const schema = {
      default_type: types,
      fill_null: 'boolean',
      include_internal: 'boolean',
      output_field: 'string',
    } as const
    let options = reader.options(schema)
    const fields: { type: Type; pattern: string }[] = []
    while (!reader.isDone) {
      if (reader.punctuation(',')) continue
      const word = reader.requiredWord('a function such as num(field)')
      const type =
        types.find((name) => name === word.text.toLowerCase()) ??
        reader.fail(
          'bad-argument',
          `tojson has no function "${word.text}".`,
          word.span,
          `It has: ${types.join(', ')}.`,
        )
      if (!reader.punctuation('(')) reader.missing(`"(" after "${word.text}"`)
      for (const pattern of reader.fields()) fields.push({ type, pattern })
      if (!reader.punctuation(')')) reader.missing('")"')
      options = { ...options, ...reader.options(schema) }
    }
    return {
      fields,
      defaultType: options.default_type ?? 'none',
      fillNull: options.fill_null ?? false,
      includeInternal: options.include_internal ?? false,
      output: options.output_field ?? '_raw',
    }
  },

  async *run({ fields, defaultType, fillNull, includeInternal, output }, input) {
    const tests = fields.map(({ type, pattern }) => ({ type, fits: fieldTest(pattern) }))
    const typeOf = (name: string): Type | undefined =>
      fields.length === 0
        ? includeInternal || !isInternal(name)
          ? defaultType
          : undefined
        : tests.find(({ fits }) => fits(name))?.type
    for await (const batch of input) {
      const chosen = batch.names().flatMap((name) => {
        const type = typeOf(name)
        return type === undefined ? [] : [{ name, type }]
      })
      const objects = Array.from({ length: batch.length }, (_, row) => {
        const members = new Map<string, Json>()
        for (const { name, type } of chosen) {
          const json = jsonOf(batch.value(name, row), type)
          if (json !== undefined) members.set(name, json)
          else if (fillNull) members.set(name, null)
        }
        return printJson(members)
      })
      yield batch.with([[output, plain(objects)]])
    }
  },
})

/** Undefined for null and for what does not fit the type. */
function jsonOf(value: Value, type: Type): Json | undefined {
  if (value === undefined) return undefined
  if (isMultivalue(value)) return value.flatMap((text) => jsonOf(text, type) ?? [])
  const text = textOf(value) ?? ''
  switch (type) {
    case 'str':
      return text
    case 'num':
      return numberOf(text)
    case 'none':
      return numberOf(text) ?? text
    case 'bool':
      return truthOf(text)
    case 'json':
      return parseJson(text)
    case 'auto':
      return parseJson(text) ?? truthOf(text) ?? text
  }
}

function truthOf(text: string): boolean | undefined {
  if (/^(t|true|yes|1)$/i.test(text)) return true
  return /^(f|false|no|0)$/i.test(text) ? false : undefined
}
