// Shows the least common values of fields.

import { defineCommand } from './command.ts'
import { frequencies, frequencyOptionDocs, readFrequencyTerms } from './shared/frequencies.ts'

export const rare = defineCommand({
  name: 'rare',
  type: 'transforming',
  summary: 'Shows the least common values of fields, with how often they occur.',
  syntax: 'rare [<limit>] [<options>] <field-list> [BY <field-list>]',
  options: frequencyOptionDocs,
  examples: [
    {
      search: '* | rare limit=1 process showperc=f',
      input: [{ process: 'svchost.exe' }, { process: 'svchost.exe' }, { process: 'mimikatz.exe' }],
      output: [{ process: 'mimikatz.exe', count: '1' }],
    },
  ],

  parse: readFrequencyTerms,
  needs: ({ fields, by }) => new Set([...by, ...fields]),
  run: (terms, input, context) => frequencies(terms, 'least common', input, context),
})
