// Finds unusual rows. Only the method that the manual describes exactly is here.

import type { ArgumentReader, Options } from '../syntax/argument-reader.ts'
import { defineCommand } from './command.ts'
import { readFieldNames } from './shared/field-names.ts'
import { outlierOptionDocs, outlierOptionSchema, outlierTerms } from './shared/outlier-terms.ts'
import { type OutlierTerms, outlierFields, withoutOutliers } from './shared/outliers.ts'

const optionSchema = {
  ...outlierOptionSchema,
  action: [...outlierOptionSchema.action, 'annotate', 'filter', 'summary'],
  cutoff: 'boolean',
  maxanofreq: 'number',
  method: ['histogram', 'zscore', 'iqr'],
  minnormfreq: 'number',
  minsupcount: 'integer',
  minsupfreq: 'number',
  pthresh: 'number',
} as const

/** What would have to be known of the other methods. */
const unknownMethods = {
  histogram: 'how the numbers of a field are put into bins, and how cutoff=true lowers the threshold,',
  zscore: 'when a field counts as numerical, and how rare a value of another field must be,',
} as const

export const anomalydetection = defineCommand<OutlierTerms>({
  name: 'anomalydetection',
  type: 'dataset processing',
  summary: 'Cuts off or removes unusual numbers with method=iqr; other methods are refused.',
  syntax:
    'anomalydetection method=iqr [action=remove|transform] [mark=<bool>] [param=<num>] [uselower=<bool>] [<wc-field-list>]',
  options: { ...outlierOptionDocs, method: 'How unusual is defined; only iqr is supported.' },
  examples: [
    {
      search: '* | anomalydetection method=iqr action=remove count | table count',
      input: [{ count: '1' }, { count: '2' }, { count: '3' }, { count: '2' }, { count: '900' }],
      output: [{ count: '1' }, { count: '2' }, { count: '3' }, { count: '2' }],
    },
  ],
  missing: Object.entries(unknownMethods).map(
    ([method, reason]) =>
      `method=${method}${method === 'histogram' ? ', the default' : ''}: ${reason} is not documented`,
  ),

  parse(reader: ArgumentReader) {
    const options: Options<typeof optionSchema> = {}
    const patterns: string[] = []
    while (!reader.isDone) {
      Object.assign(options, reader.options(optionSchema))
      const names = readFieldNames(reader)
      if (names.length === 0 && reader.peekOption() === undefined) break
      patterns.push(...names)
    }
    const { method = 'histogram', action, mark, param, type, uselower, ...others } = options
    if (method !== 'iqr') {
      reader.fail(
        'unsupported',
        `anomalydetection with method=${method} is not supported: ${unknownMethods[method]} is not documented, so the result would be a guess.`,
        undefined,
        'Use method=iqr, or compare with eventstats avg() and stdev().',
      )
    }
    const [other] = Object.keys(others).filter((name) => name !== 'method')
    if (other !== undefined) reader.fail('bad-argument', `"${other}" does not go with method=iqr.`)
    if (action === 'annotate' || action === 'filter' || action === 'summary') {
      reader.fail('bad-argument', `action=${action} does not go with method=iqr: use remove or transform.`)
    }
    const given = Object.entries({ action, mark, param, type, uselower }).filter(
      ([, value]) => value !== undefined,
    )
    return outlierTerms(Object.fromEntries(given), patterns)
  },

  needs: outlierFields,
  run: (terms, input, context) => withoutOutliers(terms, input, context, 'anomalydetection'),
})
