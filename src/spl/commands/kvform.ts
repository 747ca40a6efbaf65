// Takes fields out of events by forms: texts with places for fields.

import { suggest } from '../../base/suggest.ts'
import { searchError } from '../../diagnostics/diagnostic.ts'
import { type Batch, concatBatches } from '../../value/batch.ts'
import { nullColumn, valuesOf } from '../../value/column.ts'
import { textOf } from '../../value/value.ts'
import type { NamedExtraction } from '../host.ts'
import { union } from '../plan/wanted-fields.ts'
import type { RunContext } from '../run/context.ts'
import { defineCommand } from './command.ts'
import { extractFields } from './shared/extract-fields.ts'

type FormChoice = { readonly form: string } | { readonly field: string }

export const kvform = defineCommand<FormChoice>({
  name: 'kvform',
  type: 'distributable streaming',
  summary:
    'Takes fields out of _raw by a form: a text NAME.form in the folder forms of an app, with [[int:age]] where a field stands.',
  syntax: 'kvform [form=<string>] [field=<field>]',
  options: {
    form: 'The name of the form, without .form.',
    field:
      'The field whose value names the form of a row; a row without one stays as it is. Default: sourcetype.',
  },
  examples: ['* | kvform form=sales_order'],
  leftOpen: [
    'How the static text of a form matches: as it is, and blanks and line breaks match any of these.',
    'What a second match in an event gives: nothing, the first one counts.',
  ],

  parse(reader) {
    const { form, field } = reader.options({ form: 'string', field: 'string' })
    if (form !== undefined && field !== undefined)
      reader.fail('bad-argument', 'kvform takes either "form" or "field".')
    return form === undefined ? { field: field ?? 'sourcetype' } : { form: form.replace(/\.form$/, '') }
  },

  needs: (choice, wanted) => union(wanted, 'form' in choice ? ['_raw'] : ['_raw', choice.field]),

  async *run(choice, input, context) {
    const { forms } = context
    if ([...forms.names()].length === 0) {
      throw searchError(
        'unsupported',
        'kvform needs forms, and there are none.',
        'Give an app whose folder "forms" holds them: --app DIR.',
      )
    }
    if ('form' in choice) {
      const form = forms.get(choice.form)
      if (form === undefined) {
        const [nearest] = suggest(choice.form, [...forms.names()])
        const help = nearest === undefined ? undefined : `Did you mean "${nearest}"?`
        throw searchError('bad-argument', `There is no form "${choice.form}".`, help)
      }
      for await (const batch of input) yield filledIn(batch, form, context)
      return
    }
    for await (const batch of input) yield* byField(batch, choice.field, context)
  },
})

const filledIn = (batch: Batch, form: NamedExtraction, context: RunContext): Batch =>
  extractFields(batch, '_raw', (value, visit) => form.extract(textOf(value) ?? '', visit), context)

/** Each run of rows with the same form is filled in by it. */
function* byField(batch: Batch, field: string, context: RunContext): Iterable<Batch> {
  const names = valuesOf(batch.column(field) ?? nullColumn, batch.length).map(textOf)
  const parts: Batch[] = []
  for (let start = 0, end = 0; start < names.length; start = end) {
    while (end < names.length && names[end] === names[start]) end++
    const rows = batch.slice(start, end)
    const name = names[start]
    const form = name === undefined ? undefined : context.forms.get(name)
    parts.push(form === undefined ? rows : filledIn(rows, form, context))
  }
  if (parts.length > 0) yield concatBatches(parts)
}
