// Writes rows into a lookup table and hands them on.

import type { DiagnosticCode } from '../../diagnostics/codes.ts'
import { searchError } from '../../diagnostics/diagnostic.ts'
import { textOf } from '../../value/value.ts'
import type { LookupWriting } from '../host.ts'
import { defineCommand } from './command.ts'
import { collectRows, inBatches } from './shared/collect-rows.ts'
import { isInternal } from './shared/field-patterns.ts'

interface OutputlookupArguments {
  readonly table: string
  readonly how: LookupWriting
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
    'outputlookup [append=<bool>] [create_empty=<bool>] [override_if_empty=<bool>] [max=<int>] [key_field=<field>] [allow_updates=<bool>] [createinapp=<bool>] [create_context=(app|user|system)] [output_format=splunk_sv_csv] <filename | tablename>',
  options: {
    allow_updates:
      'Whether a row replaces the record of a KV store collection that has its key; else it is left out. Default: true.',
    append:
      'Adds the rows to the table, whose columns stay. Default: false, which replaces it; true with key_field.',
    create_empty: 'Whether no rows make an empty table where there was none. Default: false.',
    key_field: 'The field with the keys (_key) of the records of a KV store collection.',
    override_if_empty: 'Whether no rows empty a table. Default: true.',
    max: 'How many rows are written. Default: all.',
    createinapp: 'Accepted, and without effect.',
    create_context: 'Accepted, and without effect.',
    output_format: 'splunk_sv_csv: a multivalue field is one cell with line breaks.',
  },
  missing: ['output_format=splunk_mv_csv', 'compressed files (.csv.gz)'],
  examples: ['| makeresults | eval user="alice" | table user | outputlookup users.csv'],

  parse(reader) {
    const schema = {
      append: 'boolean',
      create_empty: 'boolean',
      override_if_empty: 'boolean',
      max: 'integer',
      createinapp: 'boolean',
      create_context: ['app', 'user', 'system'],
      output_format: ['splunk_sv_csv', 'splunk_mv_csv'],
      key_field: 'string',
      allow_updates: 'boolean',
    } as const
    let options = reader.options(schema)
    const table = reader.requiredWord('the name of a lookup').text
    options = { ...options, ...reader.options(schema) }
    const { key_field: keyField, output_format: format, max } = options
    if (format === 'splunk_mv_csv')
      reader.fail('unsupported', 'outputlookup does not support output_format=splunk_mv_csv.')
    if (max !== undefined && max < 0)
      reader.fail('bad-argument', `"max" needs a number of rows, 0 or more, found "${max}".`)
    return {
      table,
      how: {
        append: options.append ?? keyField !== undefined,
        allowUpdates: options.allow_updates ?? true,
        ...(keyField === undefined ? {} : { keyField }),
      },
      createEmpty: options.create_empty ?? false,
      overrideIfEmpty: options.override_if_empty ?? true,
      max: max ?? Number.POSITIVE_INFINITY,
    }
  },

  async *run({ table, how, createEmpty, overrideIfEmpty, max }, input, context) {
    const rows = await collectRows(input, context, 'outputlookup')
    const { lookups } = context
    const names = rows.names().filter((name) => !isInternal(name) || name === '_key' || name === how.keyField)
    const isThere = lookups.get(table) !== undefined
    const isWritten = rows.length > 0 || (isThere ? overrideIfEmpty && !how.append : createEmpty)
    const warn = (code: DiagnosticCode, message: string): void =>
      context.warn({ code, severity: 'warning', message, labels: [] })
    if (lookups.write === undefined) {
      warn('no-effect', `outputlookup did not write "${table}": this search may not write lookups.`)
    } else if (isWritten) {
      if (/[/\\]/.test(table))
        throw searchError('bad-argument', `A lookup's name is no path, found "${table}".`)
      const cells = rows
        .slice(0, max)
        .rows()
        .map((row) => names.map((name) => textOf(row.get(name)) ?? ''))
      const { droppedFields, skippedRows } = lookups.write(table, names, cells, how)
      if (droppedFields.length > 0) {
        const list = droppedFields.map((name) => `"${name}"`).join(', ')
        warn(
          'no-effect',
          `The lookup "${table}" has no column ${list}, so append=true left these fields out.`,
        )
      }
      if (skippedRows > 0)
        warn(
          'no-effect',
          `The lookup "${table}" has ${skippedRows} of the keys already; allow_updates=false kept its records.`,
        )
    }
    yield* inBatches(rows)
  },
})
