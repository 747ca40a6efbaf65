// karst events PATH…: prints the events of evidence, with the fields that a search would see or as they were decoded.

import { type EvidenceReport, openKarst } from '../../engine/engine.ts'
import { rowFormats, rowWriter } from '../../output/rows.ts'
import { resultRow } from '../../value/result-row.ts'
import { evidenceExitCode, evidenceSummary } from '../evidence-summary.ts'
import { evidenceOptionNames, knowledgeOptionNames, openOptions } from '../open-options.ts'
import { type OptionValues, UsageError } from '../options.ts'
import { guardEvidence, openOutputs } from '../output-options.ts'
import type { Terminal } from '../terminal.ts'
import { defineVerb } from '../verb.ts'

export const events = defineVerb({
  name: 'events',
  usage: 'events PATH…',
  summary: 'decodes evidence and prints the events with the fields that a search would see',
  options: ['decoded', 'model', ...knowledgeOptionNames, ...evidenceOptionNames, 'strict', 'output'],
  examples: [
    'karst events samples/ | head -3',
    'karst events --model Endpoint.Processes samples/',
    'karst events --decoded Security.evtx -o ndjson=records.ndjson',
  ],
  async run(invocation) {
    const { positionals, options, terminal, signal } = invocation
    if (positionals.length === 0) {
      throw new UsageError(
        'karst events needs evidence: a file, a folder, an archive, or - for standard input.',
      )
    }
    guardEvidence(positionals, options)
    const { engine } = openOptions(invocation)
    const karst = await openKarst(engine)
    const outputs = openOutputs(options, terminal, rowFormats)
    const isOpen = (): boolean | Promise<boolean> => !signal.aborted && terminal.drained()

    if (options.decoded === true && options.model !== undefined)
      throw new UsageError('Give either --decoded or --model: decoded records have no data model yet.')
    if (options.decoded === true) {
      const { records, report } = karst.decoded(positionals)
      const prints = outputs.map(({ format, write }) => {
        if (format !== 'ndjson')
          throw new UsageError(`--decoded prints ndjson only, not ${format}; add -o ndjson.`)
        return (record: object) => write(`${JSON.stringify(record)}\n`)
      })
      for await (const record of records) {
        for (const print of prints) print(record)
        if (!(await isOpen())) break
      }
      return finish(report, outputs, options, terminal)
    }
    const { model } = options
    const { rows, evidence } =
      model === undefined ? karst.events(positionals) : karst.search(datasetSearch(model), positionals)
    const writers = outputs.map((output) => rowWriter(output.format, output.write, output.columns))
    for await (const batch of rows) {
      const names = batch.names()
      for (let row = 0; row < batch.length; row++) {
        const shown = resultRow(batch.row(row))
        for (const writer of writers) writer.row(shown, names)
      }
      if (!(await isOpen())) break
    }
    for (const writer of writers) writer.end()
    return finish(evidence()!, outputs, options, terminal)
  },
})

/** The search for the rows of `Model.Dataset`. */
function datasetSearch(name: string): string {
  const [, model, dataset = ''] = /^(\w+)(?:\.([\w.]+))?$/.exec(name) ?? []
  if (model === undefined)
    throw new UsageError(`--model needs a dataset such as Endpoint.Processes, found "${name}".`)
  return `| datamodel ${model} ${dataset} search`
}

function finish(
  report: EvidenceReport,
  outputs: readonly { close(): void }[],
  options: OptionValues,
  terminal: Terminal,
): number {
  for (const output of outputs) output.close()
  for (const line of evidenceSummary(report, options.verbose === true)) terminal.error(line)
  return evidenceExitCode(report, options.strict === true)
}
