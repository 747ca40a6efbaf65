// karst explain SPL [PATH…]: the search after macro expansion, its plan after each rewrite and, with evidence, which
// step let how many rows pass.
// karst explain --fields PATH…: which fields events have, and where each comes from.

import { openKarst } from '../../engine/engine.ts'
import { evidenceExitCode, evidenceSummary } from '../evidence-summary.ts'
import { evidenceOptionNames, knowledgeOptionNames, openOptions } from '../open-options.ts'
import { UsageError } from '../options.ts'
import { defineVerb, type Invocation } from '../verb.ts'

export const explain = defineVerb({
  name: 'explain',
  usage: "explain 'SPL' [PATH…] | --detection ID [PATH…] | --fields PATH…",
  summary: 'prints what a search will do, and with evidence why it fired or not; or where fields come from',
  options: ['content', 'detection', 'fields', ...knowledgeOptionNames, ...evidenceOptionNames],
  examples: [
    'karst explain --fields Security.evtx',
    "karst explain '`powershell` EventCode=4104 | search x=1 | stats count by Computer'",
  ],
  async run(invocation) {
    const { positionals, options, terminal } = invocation
    if (options.fields === true) return explainFields(invocation)
    const isContent = options.detection !== undefined
    const spl = isContent ? undefined : positionals[0]
    const further = isContent ? positionals : positionals.slice(1)
    if (spl === undefined && !isContent) {
      throw new UsageError('karst explain needs a search in quotation marks, or --detection ID.')
    }
    const karst = await openKarst(openOptions(invocation).engine)
    const explained =
      spl === undefined ? karst.explainDetections(options.detection ?? []) : [karst.explain(spl)]
    for (const { title, pipeline, expanded, macros, stages } of explained) {
      if (title !== undefined) terminal.print(`# ${title}\n`)
      terminal.print('expanded')
      for (const line of expanded.trim().split(/\s*\n\s*/)) terminal.print(`  ${line}`)
      if (macros.length > 0) terminal.print('\nmacros')
      for (const { name, definition } of macros)
        terminal.print(`  ${name}${definition.origin === undefined ? '' : ` (${definition.origin})`}`)
      for (const stage of stages) {
        terminal.print(`\nplan, ${stage.title}`)
        stage.lines.forEach((line, index) => {
          terminal.print(`  ${index + 1}. ${line}`)
        })
      }
      if (further.length > 0) {
        const { events, steps, verdict } = await karst.explainOver(pipeline, further)
        terminal.print(`\nover the evidence, ${events} events`)
        for (const { text, before, after } of steps) terminal.print(`  ${before} → ${after}  ${text}`)
        terminal.print(`  ${verdict}`)
      }
      terminal.print('')
    }
    return 0
  },
})

async function explainFields(invocation: Invocation): Promise<number> {
  const { positionals, options, terminal } = invocation
  if (positionals.length === 0 || options.detection !== undefined)
    throw new UsageError('karst explain --fields needs evidence alone: a file, a folder or an archive.')
  const karst = await openKarst(openOptions(invocation).engine)
  const { kinds, evidence } = await karst.explainFields(positionals)
  for (const { sourcetype, source, eventId, count, examined, fields, datasets } of kinds) {
    const event = eventId === undefined ? '' : `, EventID ${eventId}`
    const some = examined < count ? `, of which the first ${examined} were looked at` : ''
    terminal.print(`# ${sourcetype}${event}: ${count} of "${source}"${some}\n`)
    const width = Math.min(40, Math.max(...fields.map(({ name }) => name.length)))
    for (const field of fields) {
      const some = field.count < examined ? ` (in ${field.count})` : ''
      terminal.print(`  ${field.name.padEnd(width)}  ${field.rules.join('; ')}${some}`)
    }
    for (const { name, empty, count: rows } of datasets) {
      const some = rows < examined ? ` (${rows} of them)` : ''
      const missing = empty.length === 0 ? 'every field has values' : `empty: ${empty.join(', ')}`
      terminal.print(`\n  ${name}${some}, ${missing}`)
    }
    terminal.print('')
  }
  for (const line of evidenceSummary(evidence, options.verbose === true)) terminal.error(line)
  return evidenceExitCode(evidence, options.strict === true)
}
