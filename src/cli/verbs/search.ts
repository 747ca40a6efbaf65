// karst search SPL [PATH…]: runs one search over evidence and prints its rows.

import { openKarst } from '../../engine/engine.ts'
import { rowFormats, rowWriter } from '../../output/rows.ts'
import { resultRow } from '../../value/result-row.ts'
import { evidenceExitCode, evidenceSummary } from '../evidence-summary.ts'
import { evidenceOptionNames, knowledgeOptionNames, openOptions } from '../open-options.ts'
import { UsageError } from '../options.ts'
import { guardEvidence, openOutputs } from '../output-options.ts'
import { defineVerb } from '../verb.ts'

export const search = defineVerb({
  name: 'search',
  usage: "search 'SPL' [PATH…]",
  summary: 'runs one search over evidence and prints its rows',
  options: ['content', ...knowledgeOptionNames, ...evidenceOptionNames, 'strict', 'output'],
  examples: [
    "karst search 'EventCode=4104 | stats count by Computer' logs/",
    "zcat events.json.gz | karst search 'EventID=1 | table _time Image CommandLine' -",
    'karst search \'| makeresults | eval x=upper("abc")\'',
  ],
  async run(invocation) {
    const { positionals, options, terminal, signal } = invocation
    const [spl, ...paths] = positionals
    if (spl === undefined)
      throw new UsageError("karst search needs a search: karst search 'EventCode=4104' logs/")
    guardEvidence(paths, options)
    const { engine, heard } = openOptions(invocation)
    const karst = await openKarst(engine)
    const { rows, evidence } = karst.search(spl, paths)
    const outputs = openOutputs(options, terminal, rowFormats)
    const writers = outputs.map((output) => rowWriter(output.format, output.write, output.columns))
    for await (const batch of rows) {
      const names = batch.names()
      for (let row = 0; row < batch.length; row++) {
        const shown = resultRow(batch.row(row))
        for (const writer of writers) writer.row(shown, names)
      }
      if (signal.aborted || !(await terminal.drained())) break
    }
    for (const writer of writers) writer.end()
    for (const output of outputs) output.close()
    const report = evidence()
    if (report === undefined) return options.strict === true && heard.warnings.length > 0 ? 1 : 0
    for (const line of evidenceSummary(report, options.verbose === true)) terminal.error(line)
    if (options.strict === true && heard.warnings.length > 0) return 1
    return evidenceExitCode(report, options.strict === true)
  },
})
