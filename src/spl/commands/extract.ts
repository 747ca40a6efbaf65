// Takes pairs of names and values out of the text of events.

import { suggest } from '../../base/suggest.ts'
import { cleanKey } from '../../base/text/clean-key.ts'
import { delimiterSet, eachDelimitedPair, eachPair } from '../../base/text/key-value.ts'
import { searchError } from '../../diagnostics/diagnostic.ts'
import type { Batch } from '../../value/batch.ts'
import { plain, valuesOf } from '../../value/column.ts'
import { multivalue, textOf, textsOf } from '../../value/value.ts'
import type { NamedExtraction } from '../host.ts'
import { union } from '../plan/wanted-fields.ts'
import type { RunContext } from '../run/context.ts'
import { defineCommand } from './command.ts'
import { extractFields, type FieldVisitor } from './shared/extract-fields.ts'
import { readFieldsAndOptions } from './shared/fields-and-options.ts'

interface ExtractArguments {
  /** Stanzas of transforms.conf; none: pairs. */
  readonly extractors: readonly string[]
  /** Absent: `name=value` as automatic extraction finds it. */
  readonly delimiters: { readonly pairs: string; readonly values: string } | undefined
  /** Whether a value that holds a delimiter of names and values is left out. */
  readonly strictValues: boolean
  readonly limit: number
  readonly maxchars: number
  /** Undefined: as the stanza says, true for pairs. */
  readonly cleanKeys: boolean | undefined
  readonly mvAdd: boolean | undefined
}

export const extract = defineCommand<ExtractArguments>({
  name: 'extract',
  aliases: ['kv'],
  type: 'distributable streaming',
  summary:
    'Takes name=value pairs out of _raw, or what stanzas of transforms.conf find; a field that a row has already keeps its value.',
  syntax:
    'extract [<stanza>…] [pairdelim=<string> kvdelim=<string>] [limit=<int>] [maxchars=<int>] [clean_keys=<bool>] [mv_add=<bool>] [auto=<bool>] [reload=<bool>] [segment=<bool>]',
  options: {
    pairdelim: 'The characters that separate pairs.',
    kvdelim:
      'The characters that separate a name from its value. A value that holds one of them is left out.',
    limit: 'How many pairs of an event are used. Default: 50.',
    maxchars: 'How many characters of an event are read. Default: 10240.',
    clean_keys:
      'Whether characters other than letters, digits and _ in names become _. Default: true, or CLEAN_KEYS of the stanza.',
    mv_add:
      'Whether a name that comes again, or is there already, becomes a multivalue field. Default: false, or MV_ADD of the stanza.',
    auto: 'Accepted, and without effect: fields that were extracted automatically stay.',
    reload: 'Accepted, and without effect.',
    segment: 'Accepted, and without effect.',
  },
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
    const { fields: extractors, options } = readFieldsAndOptions(reader, {
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
    const {
      pairdelim,
      kvdelim,
      limit = 50,
      maxchars = 10_240,
      clean_keys: cleanKeys,
      mv_add: mvAdd,
    } = options
    const isDelimited = pairdelim !== undefined || kvdelim !== undefined
    if (extractors.length > 0 && isDelimited) {
      reader.fail(
        'bad-argument',
        `extract takes either delimiters or a stanza of transforms.conf such as "${extractors[0]}".`,
      )
    }
    return {
      extractors,
      delimiters: isDelimited
        ? { pairs: delimiterSet(pairdelim ?? ' ,;'), values: delimiterSet(kvdelim ?? '=') }
        : undefined,
      strictValues: kvdelim !== undefined,
      limit,
      maxchars,
      cleanKeys,
      mvAdd,
    }
  },

  // A stanza may read another field than _raw.
  needs: ({ extractors }, wanted) => (extractors.length > 0 ? 'all' : union(wanted, ['_raw'])),

  async *run(args, input, context) {
    const extractors = args.extractors.map((name) => findExtraction(name, args.cleanKeys, context))
    for await (const batch of input) {
      if (extractors.length === 0) {
        yield extracted(
          batch,
          '_raw',
          (text, visit) => visitPairs(text, args, visit),
          args.mvAdd ?? false,
          context,
        )
        continue
      }
      yield extractors.reduce(
        (rows, extractor) =>
          extracted(
            rows,
            extractor.source,
            (text, visit) => extractor.extract(text.slice(0, args.maxchars), visit),
            args.mvAdd ?? extractor.adds,
            context,
          ),
        batch,
      )
    }
  },
})

/** @throws SearchError when transforms.conf has no such stanza */
function findExtraction(
  name: string,
  cleansKeys: boolean | undefined,
  { extractions }: RunContext,
): NamedExtraction {
  const found = extractions.get(name, cleansKeys)
  if (found !== undefined) return found
  const [nearest] = suggest(name, [...extractions.names()])
  throw searchError(
    'bad-argument',
    `There is no stanza [${name}] in transforms.conf.`,
    nearest === undefined ? 'Give the app that has it with --app.' : `Did you mean "${nearest}"?`,
  )
}

/** @param adds whether further values of a field, also of one that a row has, make it multivalue */
function extracted(
  batch: Batch,
  source: string,
  extract: (text: string, visit: FieldVisitor) => void,
  adds: boolean,
  context: RunContext,
): Batch {
  const onlyFirst = (text: string, visit: FieldVisitor): void => {
    const seen = new Set<string>()
    extract(text, (name, found) => {
      if (seen.has(name)) return
      seen.add(name)
      visit(name, found)
    })
  }
  const found = extractFields(
    batch,
    source,
    (value, visit) => (adds ? extract : onlyFirst)(textOf(value) ?? '', visit),
    context,
    { keepsOld: !adds },
  )
  if (!adds) return found
  // What a row had comes first, then what was found.
  const grown = found.names().flatMap((name) => {
    const old = batch.column(name)
    const now = found.column(name)
    if (old === undefined || now === undefined || old === now) return []
    const before = valuesOf(old, batch.length)
    const after = valuesOf(now, batch.length)
    const values = before.map((value, row) =>
      value === after[row] ? value : multivalue([...textsOf(value), ...textsOf(after[row])]),
    )
    return [[name, plain(values)] as const]
  })
  return found.with(grown)
}

function visitPairs(
  text: string,
  { delimiters, strictValues, limit, maxchars, cleanKeys = true, mvAdd }: ExtractArguments,
  visit: FieldVisitor,
): void {
  const seen = new Set<string>()
  let left = limit
  const take: FieldVisitor = (name, found) => {
    const key = cleanKeys ? cleanKey(name) : name
    if (left <= 0 || (mvAdd !== true && seen.has(key))) return
    if (strictValues && [...delimiters!.values].some((character) => found.includes(character))) return
    left--
    seen.add(key)
    visit(key, found)
  }
  const read = text.slice(0, maxchars)
  if (delimiters === undefined) eachPair(read, false, take)
  else eachDelimitedPair(read, delimiters.pairs, delimiters.values, take)
}
