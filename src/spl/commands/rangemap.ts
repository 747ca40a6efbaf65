// Names the ranges that a number lies in.

import { mapColumn, nullColumn } from '../../value/column.ts'
import { isMultivalue, multivalue, numberOf, type Value } from '../../value/value.ts'
import { union, without } from '../plan/wanted-fields.ts'
import { defineCommand } from './command.ts'

interface Range {
  readonly name: string
  readonly from: number
  readonly to: number
}

interface RangemapArguments {
  readonly field: string
  readonly ranges: readonly Range[]
  readonly fallback: string
}

export const rangemap = defineCommand<RangemapArguments>({
  name: 'rangemap',
  type: 'distributable streaming',
  summary: 'Sets the field "range" to the names of the ranges that a number lies in.',
  syntax: 'rangemap field=<string> [<attribute_name>=<numeric_range>]… [default=<string>]',
  options: {
    field: 'The field with the number.',
    '<name>': 'A range such as low=0-10; both ends belong to it.',
    default: 'The name when no range fits. Default: None.',
  },
  examples: [
    {
      search: '* | rangemap field=score low=0-10 high=11-100 default=severe',
      input: [{ score: '5' }, { score: '500' }],
      output: [
        { score: '5', range: 'low' },
        { score: '500', range: 'severe' },
      ],
    },
  ],

  parse(reader) {
    let field: string | undefined
    let fallback = 'None'
    const ranges: Range[] = []
    while (!reader.isDone) {
      if (reader.punctuation(',')) continue
      const name = reader.requiredWord('name=range')
      if (!reader.punctuation('=')) reader.missing(`"=" after "${name.text}"`)
      const value = reader.requiredWord(`a value for "${name.text}"`)
      const key = name.text.toLowerCase()
      if (key === 'field') field = value.text
      else if (key === 'default') fallback = value.text
      else {
        const [, from, to] = /^([+-]?\d+(?:\.\d+)?)-([+-]?\d+(?:\.\d+)?)$/.exec(value.text) ?? []
        if (from === undefined || to === undefined) {
          reader.fail(
            'bad-argument',
            `"${name.text}" needs a range such as 0-10, found "${value.text}".`,
            value.span,
          )
        }
        ranges.push({ name: name.text, from: Number(from), to: Number(to) })
      }
    }
    return { field: field ?? reader.missing('field=<field>'), ranges, fallback }
  },

  needs: ({ field }, wanted) => union(without(wanted, ['range']), [field]),

  async *run({ field, ranges, fallback }, input) {
    const nameOf = (value: Value): Value => {
      const number = numberOf(isMultivalue(value) ? value[0] : value)
      if (number === undefined) return fallback
      const names = ranges.filter(({ from, to }) => number >= from && number <= to).map(({ name }) => name)
      return names.length === 0 ? fallback : multivalue(names)
    }
    for await (const batch of input)
      yield batch.with([['range', mapColumn(batch.column(field) ?? nullColumn, nameOf)]])
  },
})
