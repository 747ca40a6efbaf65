// … | stats count by src dest | search src=dest  —  search compares a field with text, never with another field.

import type { Rule } from '../rule.ts'
import { comparisonsOf } from '../walk.ts'

export const fieldAsValue: Rule = function* ({ command, before }) {
  if (command.name !== 'search' || before.known === undefined) return
  for (const term of comparisonsOf(command)) {
    if (term.kind !== 'Comparison' || term.subsearch !== undefined || term.mode !== 'plain') continue
    if (!before.known.has(term.value) || !isBare(command.text, command.textStart, term)) continue
    yield {
      code: 'field-as-value',
      severity: 'warning',
      message: `search compares "${term.field}" with the text "${term.value}", not with the field of that name.`,
      span: term.span,
      help: `Use where ${term.field}${term.operator}${term.value}, or put the text in quotation marks.`,
    }
  }
}

/** Whether the value stands there without quotation marks. */
const isBare = (
  text: string,
  textStart: number,
  { span }: { span: { start: number; end: number } },
): boolean => !text.slice(span.start - textStart, span.end - textStart).includes('"')
