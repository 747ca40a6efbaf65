// Replaces whole values of fields.

import {
  compileWildcard,
  hasWildcard,
  substituteWildcards,
  wildcardCapture,
} from '../../base/text/wildcard.ts'
import { type Column, mapColumn } from '../../value/column.ts'
import { isMultivalue, multivalue, scalarText, type Value } from '../../value/value.ts'
import { defineCommand } from './command.ts'
import { anyFieldTest } from './shared/field-patterns.ts'

interface Replacement {
  readonly pattern: string
  readonly replacement: string
}

interface ReplaceArguments {
  readonly replacements: readonly Replacement[]
  /** Empty: all fields but the internal ones. */
  readonly fields: readonly string[]
}

export const replace = defineCommand<ReplaceArguments>({
  name: 'replace',
  type: 'distributable streaming',
  summary:
    'Replaces values that equal a text or fit a wildcard; what the wildcards took can go into the replacement.',
  syntax: 'replace (<wc-string> WITH <wc-string>)… [IN <field-list>]',
  examples: [
    {
      search: '* | replace "::ffff:*" WITH * IN src',
      input: [{ src: '::ffff:10.0.0.1' }, { src: 'fe80::1' }],
      output: [{ src: '10.0.0.1' }, { src: 'fe80::1' }],
    },
    {
      search: '* | replace 0 WITH 1, 1 WITH 0 IN a b',
      input: [{ a: '0', b: '1', c: '1' }],
      output: [{ a: '1', b: '0', c: '1' }],
      note: 'A value is replaced once.',
    },
  ],

  parse(reader) {
    const replacements: Replacement[] = []
    while (!reader.isDone) {
      if (reader.punctuation(',')) continue
      if (replacements.length > 0 && reader.keyword('in')) {
        return { replacements, fields: reader.fields() }
      }
      const pattern = reader.requiredWord('a value')
      if (!reader.keyword('with')) reader.missing(`"WITH" after "${pattern.text}"`)
      const replacement = reader.requiredWord('a replacement').text
      if (replacement.split('*').length > pattern.text.split('*').length) {
        reader.fail(
          'bad-argument',
          `"${replacement}" has more wildcards than "${pattern.text}".`,
          pattern.span,
        )
      }
      replacements.push({ pattern: pattern.text, replacement })
    }
    if (replacements.length === 0) reader.missing('a value and its replacement')
    return { replacements, fields: [] }
  },

  needs: (_args, wanted) => wanted,

  async *run({ replacements, fields }, input) {
    const replaceText = replacer(replacements)
    const isReplaced = anyFieldTest(fields.length === 0 ? ['*'] : fields)
    for await (const batch of input) {
      const columns: [string, Column][] = []
      for (const name of batch.names()) {
        const column = isReplaced(name) ? batch.column(name) : undefined
        if (column !== undefined)
          columns.push([name, mapColumn(column, (value) => replaceValue(value, replaceText))])
      }
      yield batch.with(columns)
    }
  },
})

function replaceValue(value: Value, replaceText: (text: string) => string | undefined): Value {
  if (value === undefined) return undefined
  if (isMultivalue(value)) return multivalue(value.map((text) => replaceText(text) ?? text))
  return replaceText(scalarText(value)) ?? value
}

/** Exact values come first, the later of two equal ones; then wildcards, the one with the longest text before others. */
function replacer(replacements: readonly Replacement[]): (text: string) => string | undefined {
  const exact = new Map(
    replacements
      .filter(({ pattern }) => !hasWildcard(pattern))
      .map(({ pattern, replacement }) => [pattern, replacement]),
  )
  const literalLength = ({ pattern }: Replacement): number => pattern.replaceAll('*', '').length
  const wild = replacements
    .filter(({ pattern }) => hasWildcard(pattern))
    .sort((a, b) => literalLength(b) - literalLength(a))
    .map((item) => ({ ...item, fits: compileWildcard(item.pattern, { ignoreCase: false }) }))
  return (text) => {
    const found = exact.get(text)
    if (found !== undefined) return found
    for (const { pattern, replacement, fits } of wild) {
      if (fits(text)) return substituteWildcards(replacement, wildcardCapture(pattern, text) ?? [])
    }
    return undefined
  }
}
