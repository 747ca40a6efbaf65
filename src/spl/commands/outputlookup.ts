// Writes rows into a lookup table and hands them on.

import { searchError } from '../../diagnostics/diagnostic.ts'
import { textOf } from '../../value/value.ts'
import { defineCommand } from './command.ts'
import { collectRows, inBatches } from './shared/collect-rows.ts'
import { isInternal } from './shared/field-patterns.ts'

interface OutputlookupArguments {
  readonly table: string
  readonly append: boolean
  readonly createEmpty: boolean
  readonly overrideIfEmpty: boolean
  readonly max: number
}

export const outputlookup = defineCommand<OutputlookupArguments>({
  name: 'outputlookup',
  type: 'centralized streaming',
  summary:
    'Writes rows into a lookup table and hands them on; where writing is not allowed, a warning says so.',
  syntax:
    'outputlookup [append=<bool>] [create_empty=<bool>] [override_if_empty=<bool>] [max=<int>] [createinapp=<bool>] [create_context=(app|user|system)] [output_format=splunk_sv_csv] <filename | tablename>',
  options: {
    append: 'Adds the rows to the table. Default: false, which replaces it.',
    create_empty: 'Whether no rows make an empty table where there was none. Default: true.',
    override_if_empty: 'Whether no rows empty a table. Default: true.',
    max: 'How many rows are written. Default: all.',
    createinapp: 'Accepted, and without effect.',
    create_context: 'Accepted, and without effect.',
    output_format: 'splunk_sv_csv: a multivalue field is one cell with line breaks.',
  },
  missing: ['key_field', 'output_format=splunk_mv_csv', 'allow_updates'],
  examples: ['| makeresults | eval user="alice" | table user | outputlookup users.csv'],

  parse(reader) {
    const schema = {
      append: 'boolean',
      create_empty: 'boolean',
      override_if_empty: 'boolean',
      max: 'integer',
      createinapp: 'boolean',
      create_context: ['app', 'user', 'system'],
      output_format: ['splunk_sv_csv'],
      key_field: 'string',
    } as const
    let options = reader.options(schema)
    const table = reader.requiredWord('the name of a lookup').text
    options = { ...options, ...reader.options(schema) }
    if (options.key_field !== undefined) {
      reader.fail('unsupported', 'outputlookup does not support key_field: there is no KV store.')
    }
    return {
      table,
      append: options.append ?? false,
      createEmpty: options.create_empty ?? true,
      overrideIfEmpty: options.override_if_empty ?? true,
      max: options.max ?? Number.POSITIVE_INFINITY,
    }
  },

  async *run({ table, append, createEmpty, overrideIfEmpty, max }, input, context) {
    const rows = await collectRows(input, context, 'outputlookup')
    const { lookups } = context
    const names = rows.names().filter((name) => !isInternal(name))
    const isThere = lookups.get(table) !== undefined
    const isWritten = rows.length > 0 || (isThere ? overrideIfEmpty && !append : createEmpty)
    if (lookups.write === undefined) {
      context.warn({
        code: 'no-effect',
        severity: 'warning',
        message: `outputlookup did not write "${table}": this search may not write lookups.`,
        labels: [],
      })
    } else if (isWritten) {
      if (/[/\\]/.test(table))
        throw searchError('bad-argument', `A lookup's name is no path, found "${table}".`)
      const cells = rows
        .slice(0, max)
        .rows()
        .map((row) => names.map((name) => textOf(row.get(name)) ?? ''))
      lookups.write(table, names, cells, append)
    }
    yield* inBatches(rows)
  },
})
