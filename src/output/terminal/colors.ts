// Colours of the terminal, by what they mean.

import type { Severity } from '../../detect/finding.ts'

const codes: Readonly<Record<Severity, string>> = {
  critical: '1;31',
  high: '31',
  medium: '33',
  low: '36',
  informational: '2',
}

/** Wraps text in the colour of a severity. */
export const paintSeverity = (text: string, severity: Severity): string =>
  `\u001b[${codes[severity]}m${text}\u001b[0m`
