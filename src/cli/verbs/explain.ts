// karst explain SPL: the search after macro expansion and its plan after each rewrite.
// karst explain --fields PATH…: which fields events have, and where each comes from.

import { openKarst } from '../../engine/engine.ts'
import { evidenceExitCode, evidenceSummary } from '../evidence-summary.ts'
import { evidenceOptionNames, knowledgeOptionNames, openOptions } from '../open-options.ts'
import { UsageError } from '../options.ts'
import { defineVerb, type Invocation } from '../verb.ts'

export const explain = defineVerb({
  name: 'explain',
  usage: "explain 'SPL' | --detection ID | --fields PATH…",
  summary:
    'prints what a search will do: expanded, planned, and after each rewrite; or where fields come from',
  options: ['content', 'detection', 'fields', ...knowledgeOptionNames, ...evidenceOptionNames],
  examples: [
    'karst explain --fields Security.evtx',
    "karst explain '`powershell` EventCode=4104 | search x=1 | stats count by Computer'",
  ],
  async run(invocation) {
    const { positionals, options, terminal } = invocation
    if (options.fields === true) return explainFields(invocation)
    const [spl, ...more] = positionals
    if (more.length > 0) throw new UsageError('karst explain takes one search. Put it in quotation marks.')
    if ((spl === undefined) === (options.detection === undefined)) {
      throw new UsageError('karst explain needs a search in quotation marks, or --detection ID.')
    }
    const karst = await openKarst(openOptions(invocation).engine)
    const explained =
      spl === undefined ? karst.explainDetections(options.detection ?? []) : [karst.explain(spl)]
    for (const { title, expanded, macros, stages } of explained) {
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
