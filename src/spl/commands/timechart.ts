// Makes a table over time: a row for each time bin, a series for each value of a field.

import { union } from '../plan/wanted-fields.ts'
import { defineCommand } from './command.ts'
import { binSizesLeftOpen } from './shared/binning.ts'
import { type ChartTerms, chartFields, chartOptionDocs, readChartTerms } from './shared/chart-terms.ts'
import { timeChart } from './shared/time-chart.ts'

export const timechart = defineCommand<ChartTerms>({
  name: 'timechart',
  type: 'transforming',
  summary: 'Makes a table over time: a row for each time bin, a series for each value of a field.',
  syntax:
    'timechart [<options>] [span=<span>] (<aggregate>(<field>) | eval(<expression>)) [AS <name>]... [BY <field> [<options>] [WHERE <choice>]]',
  options: {
    ...chartOptionDocs,
    fixedrange: 'Whether bins cover the whole time range of the search. Default: true.',
    partial:
      'Whether the first and last bin are shown when the search covers only part of them. Default: true.',
  },
  leftOpen: [
    binSizesLeftOpen,
    'Whether the numbers of the BY field are put into bins without any option of bins: they are not.',
  ],
  examples: [
    {
      search: '* | timechart span=1h count BY host | eval hour=strftime(_time, "%H") | table hour a b',
      input: [
        { _time: '1700010000', host: 'b' },
        { _time: '1700001000', host: 'a' },
        { _time: '1700000500', host: 'a' },
      ],
      output: [
        { hour: '22', a: '2', b: '0' },
        { hour: '23', a: '0', b: '0' },
        { hour: '00', a: '0', b: '0' },
        { hour: '01', a: '0', b: '1' },
      ],
      note: 'Bins without events are there, too.',
    },
  ],

  parse(reader) {
    const terms = readChartTerms(reader)
    if (terms.timeBinning?.span?.kind === 'log') {
      reader.fail('bad-argument', 'The bins of a time axis need a time as span, such as 5m.')
    }
    return terms
  },

  holdsBack: () => true,
  needs: (terms) => union(chartFields(terms), ['_time']),

  run: timeChart,
})
