// index=* | stats count by user  —  a search that narrows nothing down before it counts.

import type { SearchExpression } from '../../syntax/ast.ts'
import type { Rule } from '../rule.ts'
import { searchTermsOf } from '../walk.ts'

export const readsEverything: Rule = function* ({ command, index, isOutermost, pipeline }) {
  if (index !== 0 || !isOutermost || command.name !== 'search') return
  const [terms] = searchTermsOf(command)
  if (terms === undefined || command.subsearches.length > 0 || !isOpen(terms)) return
  const narrows = pipeline.commands
    .slice(1)
    .some(({ name }) => ['search', 'where', 'regex', 'head'].includes(name))
  if (narrows) return
  yield {
    code: 'reads-everything',
    severity: 'note',
    message: 'The search narrows nothing down: it is true of every event.',
    span: command.span,
    help: 'Name the source, sourcetype or eventtype that it is about.',
  }
}

/** Whether terms are true of every event, or of every event with some field. */
function isOpen(term: SearchExpression): boolean {
  switch (term.kind) {
    case 'And':
      return term.terms.every(isOpen)
    case 'Or':
      return term.terms.some(isOpen)
    case 'Comparison':
      return term.operator === '=' && term.value === '*' && term.subsearch === undefined
    case 'Keyword':
      return term.text === '*'
    case 'TimeModifier':
      return true
    case 'In':
    case 'Not':
    case 'Subsearch':
      return false
  }
}
