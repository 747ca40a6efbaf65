// Draws a diagnostic as text, with the line it is about and a caret below it.

import type { Diagnostic } from './diagnostic.ts'
import { type Label, lineAndColumn } from './source.ts'

/** The widest line that is shown whole; longer ones are cut around the caret. */
const widestLine = 160

/**
 * Draws a diagnostic. Control characters of the quoted text are shown as pictures, so that a hostile file cannot
 * command a terminal.
 */
export function renderDiagnostic(diagnostic: Diagnostic<string>): string {
  const { code, severity, message, labels, help } = diagnostic
  const lines = [`${severity}[${code}]: ${printable(message)}`]
  for (const label of labels) lines.push(...renderLabel(label))
  if (help !== undefined) lines.push(`help: ${printable(help)}`)
  return lines.join('\n')
}

function renderLabel(label: Label): string[] {
  const { source, span } = label
  const { line, column } = lineAndColumn(source, span.start)
  const where = `${printable(source.name)}:${line}:${column}`
  if (!label.primary) return [`  in ${where}${label.text === undefined ? '' : `: ${printable(label.text)}`}`]

  const lineStart = source.text.lastIndexOf('\n', span.start - 1) + 1
  const nextBreak = source.text.indexOf('\n', span.start)
  const lineEnd = nextBreak === -1 ? source.text.length : nextBreak
  const from = span.start - lineStart < widestLine - 20 ? lineStart : span.start - widestLine / 2
  const to = Math.min(lineEnd, from + widestLine)
  const head = from > lineStart ? '…' : ''
  const tail = to < lineEnd ? '…' : ''
  const shown = head + printable(source.text.slice(from, to)) + tail
  const caretStart = head.length + printable(source.text.slice(from, span.start)).length
  const caretLength = Math.max(1, Math.min(span.end, to) - span.start)
  const number = String(line)
  const gutter = ' '.repeat(number.length)
  const note = label.text === undefined ? '' : ` ${printable(label.text)}`
  return [
    `${gutter}--> ${where}`,
    `${number} | ${shown}`,
    `${gutter} | ${' '.repeat(caretStart)}${'^'.repeat(caretLength)}${note}`,
  ]
}

/** Text without characters that would command a terminal: C0 and C1 controls, bidirectional marks, line separators. */
export function printable(text: string): string {
  return text
    .replace(/\t/g, ' ')
    .replace(/[\u0000-\u001f]/g, (control) => String.fromCharCode(0x2400 + control.charCodeAt(0)))
    .replace(/[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, '\u{fffd}')
}

/** The same for several lines. */
export const printableLines = (text: string): string => text.split('\n').map(printable).join('\n')
