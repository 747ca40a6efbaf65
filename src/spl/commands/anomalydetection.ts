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
  method: ['histogram', 'zscore', 'iqr'],
  pthresh: 'number',
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
  missing: [
    'method=histogram, the default: how its histograms are built is not documented',
    'method=zscore: how its scores are computed is not documented',
  ],

  parse(reader: ArgumentReader) {
    const options: Options<typeof optionSchema> = {}
    const patterns: string[] = []
    while (!reader.isDone) {
      Object.assign(options, reader.options(optionSchema))
      const names = readFieldNames(reader)
      if (names.length === 0 && reader.peekOption() === undefined) break
      patterns.push(...names)
    }
    const { method = 'histogram', action, pthresh, cutoff, ...others } = options
    if (method !== 'iqr') {
      reader.fail(
        'unsupported',
        `anomalydetection with method=${method} is not supported: how Splunk computes it is not documented, so the result would be a guess.`,
        undefined,
        'Use method=iqr, or compare with eventstats avg() and stdev().',
      )
    }
    if (pthresh !== undefined || cutoff !== undefined) {
      reader.fail(
        'bad-argument',
        `${pthresh === undefined ? '"cutoff"' : '"pthresh"'} does not go with method=iqr.`,
      )
    }
    if (action === 'annotate' || action === 'filter' || action === 'summary') {
      reader.fail('bad-argument', `action=${action} does not go with method=iqr: use remove or transform.`)
    }
    return outlierTerms({ ...others, ...(action === undefined ? {} : { action }) }, patterns)
  },

  needs: outlierFields,
  run: (terms, input, context) => withoutOutliers(terms, input, context, 'anomalydetection'),
})
