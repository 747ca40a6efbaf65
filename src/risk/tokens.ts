// Fills `$field$` tokens of messages and drilldowns with a row's values.

import { textsOf, type Value } from '../value/value.ts'

/** A piece of a template: text as it stands, or the values of a field. */
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'field'; readonly field: string; readonly values: readonly string[] }

/**
 * Splits a template at the tokens whose field the row has. Names may hold dots, braces and blanks. Everything else stays
 * text: a `$` that opens no complete token, and a token whose field the row lacks, which Splunk too leaves as written
 * (contentctl's integration test looks for just that). Values are never looked at for tokens again.
 */
export function splitTemplate(template: string, row: ReadonlyMap<string, Value>): TemplatePart[] {
  const parts: TemplatePart[] = []
  let textStart = 0
  let open = template.indexOf('$')
  while (open !== -1) {
    const close = template.indexOf('$', open + 1)
    if (close === -1) break
    const field = template.slice(open + 1, close)
    const values = textsOf(row.get(field)).filter((value) => value !== '')
    if (values.length === 0) {
      open = close
      continue
    }
    if (open > textStart) parts.push({ kind: 'text', text: template.slice(textStart, open) })
    parts.push({ kind: 'field', field, values })
    textStart = close + 1
    open = template.indexOf('$', textStart)
  }
  if (textStart < template.length) parts.push({ kind: 'text', text: template.slice(textStart) })
  return parts
}

/**
 * Fills a message's tokens. Several values of a field stand on lines of their own, as in the result file that Splunk's
 * risk action reads.
 */
export function fillMessage(message: string, row: ReadonlyMap<string, Value>): string {
  return splitTemplate(message, row)
    .map((part) => (part.kind === 'text' ? part.text : part.values.join('\n')))
    .join('')
}
