// match(process, "(a+)+b")  —  a pattern that can take a text in so many ways that a backtracking engine does not end.

import { SearchError } from '../../../diagnostics/diagnostic.ts'
import type { Span } from '../../../diagnostics/source.ts'
import { growthOf } from '../../regex/ambiguity.ts'
import { parsePcre } from '../../regex/pcre-parser.ts'
import type { Command } from '../../syntax/ast.ts'
import { placeOf } from '../place.ts'
import { pumpedText } from '../pumped-text.ts'
import type { Finding, Rule } from '../rule.ts'
import { eachExpression, expressionsOf } from '../walk.ts'

export const costlyRegex: Rule = function* ({ command }) {
  for (const { pattern, span } of patternsOf(command)) {
    if (isCostly(pattern)) yield describe(pattern, span)
  }
}

interface WrittenPattern {
  readonly pattern: string
  readonly span: Span
}

/** Functions whose second argument is a regular expression. */
const regexFunctions = new Set(['match', 'replace', 'mvfind'])

/** The regular expressions that a command states as text. */
export function* patternsOf(command: Command): Iterable<WrittenPattern> {
  if (command.name === 'rex') {
    const { expression, mode } = command.args as { expression: string; mode: string }
    if (mode !== 'sed') yield { pattern: expression, span: placeOf(command, expression) }
  } else if (command.name === 'regex') {
    const { pattern } = command.args as { pattern: string }
    yield { pattern, span: placeOf(command, pattern) }
  }
  for (const root of expressionsOf(command)) {
    for (const expression of eachExpression(root)) {
      if (expression.kind !== 'Call' || !regexFunctions.has(expression.name)) continue
      const [, pattern] = expression.args
      if (pattern?.kind === 'String') yield { pattern: pattern.value, span: pattern.span }
    }
  }
}

function isCostly(pattern: string): boolean {
  try {
    const parsed = parsePcre(pattern)
    // The analysis rather says too much; with a text at hand it is certain.
    return growthOf(parsed.root).exponential && pumpedText(parsed) !== undefined
  } catch (error) {
    // What is wrong with a pattern is said where it is compiled.
    if (error instanceof SearchError) return false
    throw error
  }
}

function describe(pattern: string, span: Span): Finding {
  return {
    code: 'costly-regex',
    severity: 'warning',
    message: `The regular expression "${shortened(pattern)}" can take a short text in so many ways that it hardly ends.`,
    span,
    help: 'Splunk gives up on such a text. Make its loops exclude each other, or use an atomic group (?>…).',
  }
}

const shortened = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text)
