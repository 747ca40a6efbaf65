// Extracts fields with a regular expression, or changes a field with a sed expression.

import type { Batch } from '../../value/batch.ts'
import { type Column, constant, dict, mapColumn, plain, valueAt } from '../../value/column.ts'
import { multivalue, textsOf, type Value } from '../../value/value.ts'
import { union } from '../plan/wanted-fields.ts'
import { type CompiledRegex, cachedPcre, successiveMatches, warnAtBudget } from '../regex/pcre.ts'
import { defineCommand } from './command.ts'
import { readingArgument } from './shared/regex-argument.ts'
import { compileSed } from './shared/sed.ts'

interface RexArguments {
  readonly field: string
  readonly expression: string
  readonly mode: 'extract' | 'sed'
  /** Infinity for all. */
  readonly maxMatch: number
  readonly offsetField: string | undefined
}

export const rex = defineCommand<RexArguments>({
  name: 'rex',
  type: 'distributable streaming',
  summary:
    'Extracts fields with the named groups of a regular expression, or changes a field with a sed expression.',
  syntax:
    'rex [field=<field>] ("<regex>" [max_match=<int>] [offset_field=<field>] | mode=sed "<sed-expression>")',
  options: {
    field: 'The field to look at. Default: _raw.',
    max_match: 'How many matches to take; 0 for all. More than one give multivalue fields. Default: 1.',
    offset_field: 'A field that gets where each group matched: user=5-9, both ends counted from 0.',
    mode: 'sed: the expression is s/regex/replacement/flags or y/abc/xyz/.',
  },
  examples: [
    {
      search: '* | rex field=savedsearch_id "(?<user>\\w+);(?<app>\\w+);(?<name>\\w+)" | table user app name',
      input: [{ savedsearch_id: 'bob;search;my_saved_search' }],
      output: [{ user: 'bob', app: 'search', name: 'my_saved_search' }],
    },
    {
      search: '* | rex field=attributes max_match=0 "(?i)upn=(?<upn>[^,]+)" | table upn',
      input: [{ attributes: 'UPN=alice,dns=dc1,upn=bob' }],
      output: [{ upn: ['alice', 'bob'] }],
    },
    {
      search: '* | rex field=card mode=sed "s/(\\d{4}-){3}/XXXX-XXXX-XXXX-/g"',
      input: [{ card: '1234-5678-9012-3456' }],
      output: [{ card: 'XXXX-XXXX-XXXX-3456' }],
    },
  ],

  parse(reader) {
    const schema = { field: 'string', max_match: 'integer', offset_field: 'string', mode: ['sed'] } as const
    const before = reader.options(schema)
    const word = reader.requiredWord('a regular expression in quotation marks')
    const options = { ...before, ...reader.options(schema) }
    const { field = '_raw', max_match = 1, offset_field: offsetField, mode = 'extract' } = options
    if (max_match < 0) {
      reader.fail('bad-argument', `"max_match" must not be negative, found "${max_match}".`, word.span)
    }
    const maxMatch = max_match === 0 ? Number.POSITIVE_INFINITY : max_match
    if (mode === 'sed') {
      readingArgument(reader, word, (text) => compileSed(text, () => {}))
    } else if (readingArgument(reader, word, compilePattern).groupNames.length === 0) {
      reader.fail(
        'bad-argument',
        `rex needs a named group for each field, found none in "${word.text}".`,
        word.span,
        'Write (?<name>…) around what the field is to hold.',
      )
    }
    return { field, expression: word.text, mode, maxMatch, offsetField }
  },

  needs: ({ field }, wanted) => union(wanted, [field]),

  async *run({ field, expression, mode, maxMatch, offsetField }, input, context) {
    const onBudget = warnAtBudget((diagnostic) => context.warn(diagnostic))
    if (mode === 'sed') {
      const script = compileSed(expression, onBudget)
      const change = (value: Value): Value => multivalue(textsOf(value).map(script))
      for await (const batch of input) {
        const column = batch.column(field)
        yield column === undefined ? batch : batch.with([[field, mapColumn(column, change)]])
      }
      return
    }
    const regex = cachedPcre(expression, { onBudget })
    for (const warning of regex.warnings) context.warn(warning)
    const extract = extractor(regex, maxMatch, offsetField)
    for await (const batch of input) {
      const column = batch.column(field)
      yield column === undefined ? batch : batch.with(extracted(batch, column, extract))
    }
  },
})

const compilePattern = (pattern: string): CompiledRegex => cachedPcre(pattern)

interface Extractor {
  /** The fields that it fills, in the order of the pattern. */
  readonly fields: readonly string[]
  /** By field; undefined leaves the field as it is. The whole is undefined when nothing matches. */
  of(value: Value): readonly Value[] | undefined
}

function extractor(regex: CompiledRegex, maxMatch: number, offsetField: string | undefined): Extractor {
  const names = [...new Set(regex.groupNames.map(({ name }) => name))]
  const fields = offsetField === undefined ? names : [...names, offsetField]
  const indexes = regex.groupNames.map(({ name, number }) => ({ index: names.indexOf(name), number }))
  return {
    fields,
    of(value) {
      const found = fields.map((): string[] => [])
      let isFound = false
      for (const text of textsOf(value)) {
        let left = maxMatch
        for (const { match, from } of successiveMatches(regex, text)) {
          isFound = true
          for (const { index, number } of indexes) {
            const group = match.groups[number]
            if (group !== undefined) found[index]!.push(group)
          }
          if (offsetField !== undefined) found.at(-1)!.push(offsets(regex, text, from))
          if (--left === 0) break
        }
      }
      return isFound ? found.map(multivalue) : undefined
    },
  }
}

/** `user=5-9&domain=11-14`: where the named groups of the next match are, the last character included. */
function offsets(regex: CompiledRegex, text: string, from: number): string {
  const spans = regex.spans(text, from) ?? []
  return regex.groupNames
    .flatMap(({ name, number }) => {
      const span = spans[number]
      return span === undefined ? [] : [`${name}=${span[0]}-${span[1] - 1}`]
    })
    .join('&')
}

/** The columns of the extracted fields. Where nothing was found a row keeps what it had. */
function extracted(batch: Batch, column: Column, { fields, of }: Extractor): [string, Column][] {
  // Once per distinct value, where values repeat.
  const found = column.kind === 'const' ? [of(column.value)] : column.values.map(of)
  return fields.map((name, index) => {
    const made = sameShape(
      column,
      found.map((values) => values?.[index]),
    )
    const old = batch.column(name)
    if (old === undefined) return [name, made]
    return [
      name,
      plain(Array.from({ length: batch.length }, (_, row) => valueAt(made, row) ?? valueAt(old, row))),
    ]
  })
}

/** A column with other values in the places of those of the given one. */
function sameShape(column: Column, values: readonly Value[]): Column {
  switch (column.kind) {
    case 'const':
      return constant(values[0])
    case 'dict':
      return dict(values, column.codes)
    case 'plain':
      return plain(values)
  }
}
