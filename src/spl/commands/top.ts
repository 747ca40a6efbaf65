// Shows the most common values of fields.

import { defineCommand } from './command.ts'
import { frequencies, frequencyOptionDocs, readFrequencyTerms } from './shared/frequencies.ts'

export const top = defineCommand({
  name: 'top',
  type: 'transforming',
  summary: 'Shows the most common values of fields, with how often they occur.',
  syntax: 'top [<limit>] [<options>] <field-list> [BY <field-list>]',
  options: frequencyOptionDocs,
  examples: [
    {
      search: '* | top limit=1 user BY host',
      input: [
        { host: 'a', user: 'x' },
        { host: 'a', user: 'x' },
        { host: 'a', user: 'y' },
        { host: 'b', user: 'y' },
      ],
      output: [
        { host: 'a', user: 'x', count: '2', percent: '66.666667' },
        { host: 'b', user: 'y', count: '1', percent: '100.000000' },
      ],
    },
  ],

  parse: readFrequencyTerms,
  needs: ({ fields, by }) => new Set([...by, ...fields]),
  run: (terms, input, context) => frequencies(terms, 'most common', input, context),
})
