// What Karst tells people about their searches and content: one shape for terminal, JSON and editor.

import type { DiagnosticCode } from './codes.ts'
import type { Label } from './source.ts'

/** @typeParam Code the codes of a room that has further ones: the checks of content */
export interface Diagnostic<Code extends string = DiagnosticCode> {
  readonly code: Code
  readonly severity: 'error' | 'warning' | 'note'
  /** A sentence: what is wrong, with the user's own text quoted. */
  readonly message: string
  readonly labels: readonly Label[]
  /** What to do: a sentence. */
  readonly help?: string
}

/**
 * A search or a content file is wrong. Users' mistakes are thrown as this; damaged input is reported and read past.
 */
export class SearchError extends Error {
  readonly diagnostics: readonly Diagnostic[]

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map((diagnostic) => sentence(diagnostic)).join('\n'))
    this.name = 'SearchError'
    this.diagnostics = diagnostics
  }
}

function sentence({ message, help }: Diagnostic): string {
  return help === undefined ? message : `${message} ${help}`
}

/** Makes an error without a place in a text, for values met while running. */
export function searchError(code: DiagnosticCode, message: string, help?: string): SearchError {
  return new SearchError([
    { code, severity: 'error', message, labels: [], ...(help === undefined ? {} : { help }) },
  ])
}

/** Whether the stack ended: on texts that nest by many means at once, before any limit of one of them is reached. */
export const isStackOverflow = (error: unknown): boolean =>
  error instanceof RangeError && error.message.startsWith('Maximum call stack size exceeded')

/** What to say then. */
export const tooDeep =
  'The search is too long or nested too deeply. Split it, or use IN or a lookup for lists.'

/** States something that only a mistake of ours could make untrue. */
export function assert(claim: unknown, what: string): asserts claim {
  if (!claim)
    throw new Error(`Karst made a mistake: ${what}. Please report it with the search or file that led here.`)
}
