// Cuts off or removes numbers that lie far outside the middle half of a field's numbers.

import { defineCommand } from './command.ts'
import { outlierOptionDocs, readOutlierTerms } from './shared/outlier-terms.ts'
import { outlierFields, withoutOutliers } from './shared/outliers.ts'

export const outlier = defineCommand({
  name: 'outlier',
  type: 'dataset processing',
  summary:
    "Cuts off numbers that lie far outside the middle half of a field's numbers, or removes their rows.",
  syntax: 'outlier [action=remove|transform] [mark=<bool>] [param=<num>] [uselower=<bool>] [<wc-field-list>]',
  options: outlierOptionDocs,
  examples: [
    {
      search: '* | outlier action=RM count | table count',
      input: [{ count: '1' }, { count: '2' }, { count: '3' }, { count: '2' }, { count: '900' }],
      output: [{ count: '1' }, { count: '2' }, { count: '3' }, { count: '2' }],
    },
  ],

  parse: readOutlierTerms,
  needs: outlierFields,
  run: (terms, input, context) => withoutOutliers(terms, input, context, 'outlier'),
})
