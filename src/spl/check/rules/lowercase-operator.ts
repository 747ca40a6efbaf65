// a=1 or b=2  —  operators of search are written in capitals; in lower case they are words to look for.

import type { Rule } from '../rule.ts'
import { eachTerm, searchTermsOf } from '../walk.ts'

export const lowercaseOperator: Rule = function* ({ command }) {
  for (const root of searchTermsOf(command)) {
    for (const term of eachTerm(root)) {
      if (term.kind !== 'Keyword' || term.quoted || term.mode !== 'plain') continue
      if (!/^(and|or|not)$/i.test(term.text)) continue
      yield {
        code: 'lowercase-operator',
        severity: 'warning',
        message: `"${term.text}" is a word to look for here: search knows its operators in capitals only.`,
        span: term.span,
        help: `Write ${term.text.toUpperCase()}.`,
      }
    }
  }
}
