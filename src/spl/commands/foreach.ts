// Runs commands once for each of several fields, or for each item of a field, with names put into their text.

import { hasWildcard, wildcardCapture } from '../../base/text/wildcard.ts'
import { searchError } from '../../diagnostics/diagnostic.ts'
import type { Batch } from '../../value/batch.ts'
import { type Column, constant, nullColumn, plain, valuesOf } from '../../value/column.ts'
import { isMultivalue, type Value } from '../../value/value.ts'
import { type Assignment, compileAssignments } from '../eval/assign.ts'
import { isJsonArray, parseContainer, valueOfJson } from '../eval/json.ts'
import type { RunContext } from '../run/context.ts'
import { defineCommand } from './command.ts'
import { collectRows, inBatches } from './shared/collect-rows.ts'
import { fieldTest, isInternal } from './shared/field-patterns.ts'
import { readFieldsAndOptions } from './shared/fields-and-options.ts'
import { fillTemplate, type TokenValue } from './shared/search-template.ts'

type Mode = 'multifield' | 'multivalue' | 'json_array' | 'auto_collections'

interface ForeachArguments {
  readonly mode: Mode
  readonly fields: readonly string[]
  /** The commands as text, with tokens. */
  readonly template: string
  /** What the tokens are called: `<<FIELD>>`, … */
  readonly tokens: Readonly<Record<TokenName, string>>
}

const defaultTokens = {
  fieldstr: '<<FIELD>>',
  matchstr: '<<MATCHSTR>>',
  matchseg1: '<<MATCHSEG1>>',
  matchseg2: '<<MATCHSEG2>>',
  matchseg3: '<<MATCHSEG3>>',
  itemstr: '<<ITEM>>',
  iterstr: '<<ITER>>',
} as const

type TokenName = keyof typeof defaultTokens

export const foreach = defineCommand<ForeachArguments>({
  name: 'foreach',
  type: 'distributable streaming',
  summary:
    'Runs commands once for each field that fits a list, or for each item of a multivalue field or a JSON array.',
  syntax:
    'foreach [mode=(multifield|multivalue|json_array|auto_collections)] [<wc-field-list>] [fieldstr=<string>] [matchstr=<string>] [matchseg1=<string>]… [itemstr=<string>] [iterstr=<string>] <subsearch>',
  options: {
    mode: 'multifield: once per field. multivalue, json_array, auto_collections: once per item of one field, with one eval. auto_collections without a field takes the only multivalue field or JSON array of a row. Default: multifield.',
    fieldstr: 'What stands for the name of the field. Default: <<FIELD>>.',
    matchstr: 'What stands for the part of the name that the wildcards took. Default: <<MATCHSTR>>.',
    matchseg1: 'What stands for the part that the first wildcard took. Default: <<MATCHSEG1>>.',
    matchseg2: 'The same for the second. Default: <<MATCHSEG2>>.',
    matchseg3: 'The same for the third. Default: <<MATCHSEG3>>.',
    itemstr: 'What stands for the item. Default: <<ITEM>>.',
    iterstr: 'What stands for the number of the item, counted from 0. Default: <<ITER>>.',
  },
  leftOpen: [
    'Which field mode=auto_collections goes through when none is named: the only one of the row with several values or a JSON array; with several of these the search stops.',
  ],
  examples: [
    {
      search:
        "* | eval total=0 | foreach cpu_* [eval total=total+'<<FIELD>>', max_<<MATCHSTR>>=max('<<FIELD>>', 50)] | table total max_*",
      input: [{ cpu_a: '10', cpu_b: '90' }],
      output: [{ total: '100', max_a: '50', max_b: '90' }],
    },
    {
      search: '* | eval total=0 | foreach mode=multivalue sizes [eval total=total+<<ITEM>>] | table total',
      input: [{ sizes: ['1', '2', '3'] }],
      output: [{ total: '6' }],
    },
  ],

  parse(reader) {
    const schema = {
      mode: ['multifield', 'multivalue', 'json_array', 'auto_collections'],
      fieldstr: 'string',
      matchstr: 'string',
      matchseg1: 'string',
      matchseg2: 'string',
      matchseg3: 'string',
      itemstr: 'string',
      iterstr: 'string',
    } as const
    const { fields, options } = readFieldsAndOptions(reader, schema)
    const { start, end } = reader.brackets()
    const { mode = 'multifield', ...tokens } = { ...options, ...reader.options(schema) }
    if (fields.length === 0 && mode !== 'auto_collections') reader.missing('at least one field')
    if (mode !== 'multifield' && fields.length > 1) {
      reader.fail('bad-argument', `foreach mode=${mode} takes one field, found ${fields.length}.`)
    }
    const template = reader.text.slice(start, end).trim()
    return { mode, fields, template, tokens: { ...defaultTokens, ...tokens } }
  },

  async *run(args, input, context) {
    if (args.mode !== 'multifield') {
      const apply = itemRunner(args, context)
      for await (const batch of input) yield apply(batch)
      return
    }
    if (!args.fields.some(hasWildcard)) {
      // The fields are known, so that rows need not be held.
      let rows = input
      for (const field of args.fields) rows = context.runOver(fieldPipeline(args, field, [], context), rows)
      yield* rows
      return
    }
    // Which fields there are is known only when all rows are. Each round ends before the next begins.
    let rows = await collectRows(input, context, 'foreach')
    for (const [field, pieces] of matchedFields(args.fields, rows.namesWithValues())) {
      if (unwritable.test(field)) {
        warnUnwritable(field, context)
        continue
      }
      const made = context.runOver(fieldPipeline(args, field, pieces, context), asyncBatches(rows))
      rows = await collectRows(made, context, 'foreach')
    }
    yield* inBatches(rows)
  },
})

async function* asyncBatches(rows: Batch): AsyncIterable<Batch> {
  yield* inBatches(rows)
}

/** Names with these characters cannot be written in a search outside of strings, not even in quotation marks. */
const unwritable = /[|[\]"`]/

function warnUnwritable(field: string, context: RunContext): void {
  context.warn({
    code: 'limit-reached',
    severity: 'warning',
    message: `foreach left out the field "${field}": such a name cannot be written in a search.`,
    labels: [],
    help: 'Rename the field before.',
  })
}

/** The fields with what the wildcards took, each field once. */
function matchedFields(patterns: readonly string[], names: readonly string[]): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const pattern of patterns) {
    const matches = fieldTest(pattern)
    for (const name of hasWildcard(pattern) ? names : [pattern]) {
      if (!found.has(name) && matches(name)) found.set(name, wildcardCapture(pattern, name) ?? [])
    }
  }
  return found
}

/** Commands written without a pipe before them are commands all the same. */
const asCommands = (template: string): string => (template.startsWith('|') ? template : `| ${template}`)

function fieldPipeline(
  { template, tokens }: ForeachArguments,
  field: string,
  pieces: readonly string[],
  context: RunContext,
) {
  const values = new Map<string, TokenValue>([
    [tokens.fieldstr, { text: field, kind: 'field' }],
    [tokens.matchstr, { text: pieces.length === 0 ? field : pieces.join(''), kind: 'field' }],
    [tokens.matchseg1, { text: pieces[0] ?? '', kind: 'field' }],
    [tokens.matchseg2, { text: pieces[1] ?? '', kind: 'field' }],
    [tokens.matchseg3, { text: pieces[2] ?? '', kind: 'field' }],
  ])
  return context.parseSearch(
    fillTemplate(asCommands(template), anyOf(values.keys()), ([token]) => values.get(token)),
  )
}

const anyOf = (texts: Iterable<string>): RegExp =>
  new RegExp([...texts].map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'g')

/** Fields that hold the item and its number while the assignments run; no event has such names. */
const itemField = '\u0000item'
const iterField = '\u0000iter'

/**
 * Runs assignments for the first item of every row, then for the second, and so on. Items are not put into the text:
 * the tokens become fields, so that no item can change the expression.
 */
function itemRunner(
  { mode, fields, template, tokens }: ForeachArguments,
  context: RunContext,
): (batch: Batch) => Batch {
  const [field] = fields
  const values = new Map([
    [tokens.itemstr, itemField],
    [tokens.iterstr, iterField],
  ])
  const text = fillTemplate(asCommands(template), anyOf(values.keys()), ({ 0: token, index }) => {
    const name = values.get(token)!
    return {
      text: isInString(asCommands(template), index) ? `" . '${name}' . "` : `'${name}'`,
      kind: 'verbatim',
    }
  })
  const { commands } = context.parseSearch(text)
  const [first, second] = commands
  const wrong = first?.name === 'eval' ? second : first
  if (first === undefined || wrong !== undefined) {
    throw searchError(
      'bad-argument',
      `foreach mode=${mode} takes one eval, found ${second === undefined ? `"${wrong?.name}"` : `${commands.length} commands`}.`,
      'One eval may have several assignments, separated by commas.',
    )
  }
  const assign = compileAssignments(
    (first.args as { readonly assignments: readonly Assignment[] }).assignments,
    context,
  )
  return (batch) => {
    const items =
      field === undefined
        ? onlyCollections(batch)
        : valuesOf(batch.column(field) ?? nullColumn, batch.length).map((value) => itemsOf(value, mode))
    const most = Math.max(0, ...items.map((list) => list.length))
    let current = batch
    for (let turn = 0; turn < most; turn++) {
      context.signal.throwIfAborted()
      const rows = Uint32Array.from([...items.keys()].filter((row) => turn < items[row]!.length))
      const part = current.gather(rows).with([
        [itemField, plain(Array.from(rows, (row) => items[row]![turn]))],
        [iterField, constant(turn)],
      ])
      current = putBack(current, rows, part, assign(part))
    }
    return current
  }
}

/** Whether a place of a text is between double quotation marks. */
function isInString(text: string, place: number): boolean {
  let isOpen = false
  for (let at = 0; at < place; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === '"') isOpen = !isOpen
  }
  return isOpen
}

function itemsOf(value: Value, mode: Mode): readonly Value[] {
  if (value === undefined) return []
  if (mode !== 'json_array' && isMultivalue(value)) return value
  if (mode !== 'multivalue') {
    const items = jsonItems(value)
    if (items !== undefined) return items
  }
  return mode === 'json_array' ? [] : [value]
}

/** The items of a JSON array; undefined for anything else. */
function jsonItems(value: Value): readonly Value[] | undefined {
  const json = typeof value === 'string' ? parseContainer(value) : undefined
  return json !== undefined && isJsonArray(json) ? json.map(valueOfJson) : undefined
}

/** For each row the items of its only field that has several values or holds a JSON array. */
function onlyCollections(batch: Batch): readonly (readonly Value[])[] {
  const names = batch.names().filter((name) => !isInternal(name))
  return Array.from({ length: batch.length }, (_, row) => {
    const collections = names.flatMap((name) => {
      const value = batch.value(name, row)
      const items = isMultivalue(value) ? value : jsonItems(value)
      return items === undefined ? [] : [{ name, items }]
    })
    if (collections.length > 1) {
      const found = collections.map(({ name }) => name).sort()
      throw searchError(
        'bad-argument',
        `foreach mode=auto_collections finds several fields to go through: ${found.join(', ')}.`,
        'Name one of them.',
      )
    }
    return collections[0]?.items ?? []
  })
}

/** The batch with the columns that the assignments changed in some of its rows. */
function putBack(batch: Batch, rows: Uint32Array, before: Batch, after: Batch): Batch {
  const changed: [string, Column][] = []
  for (const name of new Set([...after.names(), ...before.names()])) {
    if (name === itemField || name === iterField || before.column(name) === after.column(name)) continue
    const cells = [...valuesOf(batch.column(name) ?? nullColumn, batch.length)]
    const values = valuesOf(after.column(name) ?? nullColumn, rows.length)
    rows.forEach((row, index) => {
      cells[row] = values[index]
    })
    changed.push([name, plain(cells)])
  }
  return batch.with(changed)
}
