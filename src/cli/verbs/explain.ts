// karst explain SPL: the search after macro expansion and its plan after each rewrite.

import { openKarst } from '../../engine/engine.ts'
import { knowledgeOptionNames, openOptions } from '../open-options.ts'
import { UsageError } from '../options.ts'
import { defineVerb } from '../verb.ts'

export const explain = defineVerb({
  name: 'explain',
  usage: "explain 'SPL' | --detection ID",
  summary: 'prints what a search will do: expanded, planned, and after each rewrite',
  options: ['content', 'detection', ...knowledgeOptionNames],
  examples: ["karst explain '`powershell` EventCode=4104 | search x=1 | stats count by Computer'"],
  async run(invocation) {
    const { positionals, options, terminal } = invocation
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
