// Takes pairs of names and values out of the text of events.

import { cleanKey } from '../../base/text/clean-key.ts'
import { delimiterSet, eachDelimitedPair, eachPair } from '../../base/text/key-value.ts'
import { plain, valuesOf } from '../../value/column.ts'
import { multivalue, textOf, textsOf } from '../../value/value.ts'
import { union } from '../plan/wanted-fields.ts'
import { defineCommand } from './command.ts'
import { extractFields, type FieldVisitor } from './shared/extract-fields.ts'

interface ExtractArguments {
  /** Absent: `name=value` as automatic extraction finds it. */
  readonly delimiters: { readonly pairs: string; readonly values: string } | undefined
  readonly limit: number
  readonly maxchars: number
  readonly cleanKeys: boolean
  readonly mvAdd: boolean
}

export const extract = defineCommand<ExtractArguments>({
  name: 'extract',
  aliases: ['kv'],
  type: 'distributable streaming',
  summary: 'Takes name=value pairs out of _raw; a field that a row has already keeps its value.',
  syntax:
    'extract [pairdelim=<string> kvdelim=<string>] [limit=<int>] [maxchars=<int>] [clean_keys=<bool>] [mv_add=<bool>] [auto=<bool>] [reload=<bool>] [segment=<bool>]',
  options: {
    pairdelim: 'The characters that separate pairs.',
    kvdelim: 'The characters that separate a name from its value.',
    limit: 'How many pairs of an event are used. Default: 50.',
    maxchars: 'How many characters of an event are read. Default: 10240.',
    clean_keys: 'Whether characters other than letters, digits and _ in names become _. Default: true.',
    mv_add:
      'Whether a name that comes again, or is there already, becomes a multivalue field. Default: false.',
    auto: 'Accepted, and without effect.',
    reload: 'Accepted, and without effect.',
    segment: 'Accepted, and without effect.',
  },
  missing: ['names of extractions in transforms.conf'],
  examples: [
    {
      search: '* | extract pairdelim=";" kvdelim=":" | fields - _raw',
      input: [{ _raw: 'user:alice;src ip:10.0.0.1' }],
      output: [{ user: 'alice', src_ip: '10.0.0.1' }],
    },
    {
      search: '* | kv | fields - _raw',
      input: [{ _raw: 'action=allowed msg="two words"' }],
      output: [{ action: 'allowed', msg: 'two words' }],
    },
  ],

  parse(reader) {
    const options = reader.options({
      pairdelim: 'string',
      kvdelim: 'string',
      limit: 'integer',
      maxchars: 'integer',
      clean_keys: 'boolean',
      mv_add: 'boolean',
      auto: 'boolean',
      reload: 'boolean',
      segment: 'boolean',
    })
    const name = reader.peekWord()
    if (name !== undefined) {
      reader.fail(
        'unsupported',
        `extract does not support extractions of transforms.conf such as "${name.text}".`,
        name.span,
      )
    }
    const {
      pairdelim,
      kvdelim,
      limit = 50,
      maxchars = 10_240,
      clean_keys: cleanKeys = true,
      mv_add: mvAdd = false,
    } = options
    const delimiters =
      pairdelim === undefined && kvdelim === undefined
        ? undefined
        : { pairs: delimiterSet(pairdelim ?? ' ,;'), values: delimiterSet(kvdelim ?? '=') }
    return { delimiters, limit, maxchars, cleanKeys, mvAdd }
  },

  needs: (_args, wanted) => union(wanted, ['_raw']),

  async *run(args, input, context) {
    for await (const batch of input) {
      const extracted = extractFields(
        batch,
        '_raw',
        (value, visit) => visitPairs(textOf(value) ?? '', args, visit),
        context,
        { keepsOld: !args.mvAdd },
      )
      if (!args.mvAdd) {
        yield extracted
        continue
      }
      // What a row had comes first, then what was found.
      const grown = extracted.names().flatMap((name) => {
        const old = batch.column(name)
        const found = extracted.column(name)
        if (old === undefined || found === undefined || old === found) return []
        const before = valuesOf(old, batch.length)
        const after = valuesOf(found, batch.length)
        const values = before.map((value, row) =>
          value === after[row] ? value : multivalue([...textsOf(value), ...textsOf(after[row])]),
        )
        return [[name, plain(values)] as const]
      })
      yield extracted.with(grown)
    }
  },
})

function visitPairs(
  text: string,
  { delimiters, limit, maxchars, cleanKeys, mvAdd }: ExtractArguments,
  visit: FieldVisitor,
): void {
  const seen = new Set<string>()
  let left = limit
  const take: FieldVisitor = (name, found) => {
    const key = cleanKeys ? cleanKey(name) : name
    if (left <= 0 || (!mvAdd && seen.has(key))) return
    left--
    seen.add(key)
    visit(key, found)
  }
  const read = text.slice(0, maxchars)
  if (delimiters === undefined) eachPair(read, false, take)
  else eachDelimitedPair(read, delimiters.pairs, delimiters.values, take)
}
