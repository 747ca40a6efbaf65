// Computes fields from expressions.

import { type Assignment, compileAssignments } from '../eval/assign.ts'
import { namedFields } from '../eval/named-fields.ts'
import { returnsBoolean } from '../eval/static-type.ts'
import type { WantedFields } from '../host.ts'
import { union, without } from '../plan/wanted-fields.ts'
import { defineCommand } from './command.ts'

/** `{name}` inside a target stands for the value of a field; `{}` alone is part of a name. */
const template = /\{[^{}]+\}/

export const evalCommand = defineCommand<{ readonly assignments: readonly Assignment[] }>({
  name: 'eval',
  type: 'distributable streaming',
  summary: 'Computes fields from expressions, from left to right; a null result removes the value.',
  syntax: 'eval <field>=<expression>["," <field>=<expression>]…',
  leftOpen: [
    'Which escapes a string knows besides \\" and \\\\: the Search Manual reads \\t as a tab, the Search Reference keeps it; it is kept, so that the paths of Windows survive.',
    'What "+" makes of a number and a text that come from fields: it joins them.',
  ],
  examples: [
    {
      search: '* | eval size=len(process), long=if(size > 8, "yes", "no") | table process size long',
      input: [{ process: 'cmd.exe' }, { process: 'powershell.exe' }],
      output: [
        { process: 'cmd.exe', size: '7', long: 'no' },
        { process: 'powershell.exe', size: '14', long: 'yes' },
      ],
    },
    {
      search: '* | eval count_{action}=n | table count_*',
      input: [{ action: 'blocked', n: '2' }],
      output: [{ count_blocked: '2' }],
    },
  ],

  parse(reader) {
    const assignments: Assignment[] = []
    do {
      // A comma may trail.
      if (reader.isDone && assignments.length > 0) break
      const target = reader.requiredWord('a field')
      if (!reader.punctuation('=')) reader.missing(`"=" after "${target.text}"`)
      const expression = reader.expression()
      if (returnsBoolean(expression)) {
        reader.fail(
          'boolean-result',
          `The Boolean result cannot be assigned to "${target.text}".`,
          expression.span,
          'Wrap it in if(…, "true", "false") or tostring().',
        )
      }
      assignments.push({
        field: template.test(target.text) ? { template: target.text } : target.text,
        expression,
      })
    } while (reader.punctuation(','))
    return { assignments }
  },

  needs: ({ assignments }, wanted) =>
    assignments.toReversed().reduce<WantedFields>((needed, { field, expression }) => {
      // The name that a template makes is not known yet, and the old values of that field stay in other rows.
      const rest = typeof field === 'string' ? without(needed, [field]) : needed
      const parts =
        typeof field === 'string'
          ? []
          : [...field.template.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => name!)
      return union(rest, [...namedFields(expression), ...parts])
    }, wanted),

  async *run({ assignments }, input, context) {
    const assign = compileAssignments(assignments, context)
    for await (const batch of input) yield assign(batch)
  },
})
