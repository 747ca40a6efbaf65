// The stable codes of all diagnostics, in alphabetical order. A code that was released is never used for anything else.

export const diagnosticCodes = {
  'ambiguous-content': 'Two content files claim the same thing',
  'bad-argument': 'An argument has a wrong form or value',
  'bad-content': 'A content file has a wrong form',
  'bad-macro': 'A macro call does not fit the macro, or its expansion goes too deep',
  'bad-regex': 'A regular expression is not valid PCRE',
  'boolean-result': 'A Boolean result cannot be assigned to a field',
  'limit-reached': 'A limit was reached, so the result is not complete',
  'missing-argument': 'An argument is missing',
  'missing-lookup': 'A lookup is not defined or its file is missing',
  'missing-datamodel': 'A data model is not defined',
  'no-effect': 'Something in the search has no effect',
  'regex-unsupported': 'A regular expression uses a construct that cannot be expressed here',
  suspicious: 'The search runs but surely means something else',
  syntax: 'The text cannot be read as a search',
  'unknown-command': 'There is no such command',
  'unknown-function': 'There is no such function',
  'unknown-macro': 'There is no such macro',
  'unknown-option': 'The command has no such option',
  unsupported: 'Splunk has this, Karst does not',
  'wrong-arity': 'A function was called with too few or too many arguments',
} as const

export type DiagnosticCode = keyof typeof diagnosticCodes
