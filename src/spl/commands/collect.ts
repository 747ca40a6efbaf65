// Stands for writing rows into a summary index. There is no index to write to, so rows are handed on and a warning says so.

import { defineCommand } from './command.ts'

export const collect = defineCommand<{ readonly index: string; readonly testmode: boolean }>({
  name: 'collect',
  type: 'centralized streaming',
  summary: 'Hands rows on; nothing is stored, as there is no summary index, and a warning says so.',
  syntax: 'collect index=<string> [<options>]',
  options: {
    index: 'The summary index.',
    testmode:
      'Whether the search says itself that nothing is to be stored; then there is no warning. Default: false.',
    addtime: 'Accepted, and without effect.',
    addinfo: 'Accepted, and without effect.',
    file: 'Accepted, and without effect.',
    host: 'Accepted, and without effect.',
    marker: 'Accepted, and without effect.',
    output_format: 'Accepted, and without effect.',
    run_in_preview: 'Accepted, and without effect.',
    source: 'Accepted, and without effect.',
    sourcetype: 'Accepted, and without effect.',
    spool: 'Accepted, and without effect.',
    uselb: 'Accepted, and without effect.',
  },
  examples: ['| makeresults | collect index=summary testmode=true'],

  parse(reader) {
    const { index, testmode = false } = reader.options({
      index: 'string',
      testmode: 'boolean',
      addtime: 'boolean',
      addinfo: 'boolean',
      file: 'string',
      host: 'string',
      marker: 'string',
      output_format: ['raw', 'hec'],
      run_in_preview: 'boolean',
      source: 'string',
      sourcetype: 'string',
      spool: 'boolean',
      uselb: 'boolean',
    })
    return { index: index ?? reader.missing('index='), testmode }
  },

  needs: (_args, wanted) => wanted,

  async *run({ index, testmode }, input, context) {
    if (!testmode) {
      context.warn({
        code: 'no-effect',
        severity: 'warning',
        message: `collect stored nothing: there is no index "${index}" to write to.`,
        labels: [],
      })
    }
    yield* input
  },
})
