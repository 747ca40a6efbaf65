// Splunk's .conf format: stanzas of settings, each with the place where it was written.
// What a setting means is left to props.ts, transforms.ts and their neighbours.

import type { DiagnosticCode } from '../diagnostics/codes.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Source } from '../diagnostics/source.ts'

/** The value of a setting. */
export interface ConfValue {
  readonly value: string
  readonly source: Source
  /** Where the value begins in the file. */
  readonly start: number
  /** The stanza that it is in. */
  readonly stanza: string
}

/** A stanza: settings by key. */
export interface ConfStanza {
  readonly name: string
  readonly settings: ReadonlyMap<string, ConfValue>
}

/** The stanzas of one kind of file (`props`, `transforms`, …), perhaps merged from several. */
export type Conf = ReadonlyMap<string, ConfStanza>

/** What a reader of configuration says about it. */
export type Report = (diagnostic: Diagnostic) => void

/**
 * Reads a .conf file. Settings before the first stanza belong to `[default]`; of a key that is given twice in a
 * stanza the last value counts; a line that ends in a backslash goes on in the next one.
 *
 * @param name   the file's name as people know it
 * @param report hears of lines that are neither a stanza, a setting nor a comment; they are read past
 * @see Admin Manual: Configuration file structure
 */
export function parseConf(text: string, name: string, report: Report): Conf {
  const source: Source = { name, text }
  const stanzas = new Map<string, { name: string; settings: Map<string, ConfValue> }>()
  const stanza = (stanzaName: string): Map<string, ConfValue> => {
    let found = stanzas.get(stanzaName)
    if (found === undefined) {
      found = { name: stanzaName, settings: new Map() }
      stanzas.set(stanzaName, found)
    }
    return found.settings
  }
  let settings: Map<string, ConfValue> | undefined
  for (const { line, start } of logicalLines(text)) {
    const trimmed = line.trim()
    if (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith(';')) continue
    if (trimmed.startsWith('[') && trimmed.endsWith(']')) {
      settings = stanza(trimmed.slice(1, -1))
      continue
    }
    const equals = line.indexOf('=')
    const key = equals < 0 ? '' : line.slice(0, equals).trim()
    if (key === '') {
      report({
        code: 'bad-content',
        severity: 'warning',
        message: `"${trimmed.slice(0, 80)}" is neither a stanza nor a setting; the line was skipped.`,
        labels: [{ source, span: { start, end: start + line.length }, primary: true }],
        help: 'Write "key = value", "[stanza]" or "# comment".',
      })
      continue
    }
    settings ??= stanza('default')
    const after = line.slice(equals + 1)
    const value = after.trim()
    settings.set(key, { value, source, start: start + equals + 1 + after.length - after.trimStart().length })
  }
  return stanzas
}

/** Lines with their continuations joined by line breaks, and where each begins. */
function* logicalLines(text: string): Generator<{ line: string; start: number }> {
  let position = text.charCodeAt(0) === 0xfeff ? 1 : 0
  while (position < text.length) {
    const start = position
    let line = ''
    for (;;) {
      const end = text.indexOf('\n', position)
      const piece = text.slice(position, end < 0 ? text.length : end).replace(/\r$/, '')
      position = end < 0 ? text.length : end + 1
      if (!piece.endsWith('\\') || /^\s*#/.test(line + piece)) {
        line += piece
        break
      }
      line += `${piece.slice(0, -1)}\n`
      if (position >= text.length) break
    }
    yield { line, start }
  }
}

/** Merges files of one kind: of a key that several give, the last file's value counts. */
export function mergeConfs(confs: readonly Conf[]): Conf {
  const merged = new Map<string, { name: string; settings: Map<string, ConfValue> }>()
  for (const conf of confs) {
    for (const [name, stanza] of conf) {
      let target = merged.get(name)
      if (target === undefined) {
        target = { name, settings: new Map() }
        merged.set(name, target)
      }
      for (const [key, value] of stanza.settings) target.settings.set(key, value)
    }
  }
  return merged
}

/** Reads a Splunk truth value; undefined for anything else. */
export function confBoolean(value: string | undefined): boolean | undefined {
  switch (value?.toLowerCase()) {
    case '1':
    case 'true':
    case 't':
    case 'yes':
    case 'y':
    case 'enabled':
      return true
    case '0':
    case 'false':
    case 'f':
    case 'no':
    case 'n':
    case 'disabled':
      return false
    default:
      return undefined
  }
}

/** A warning about a setting, with its place. */
export function aboutSetting(
  code: DiagnosticCode,
  message: string,
  setting: ConfValue,
  help?: string,
): Diagnostic {
  const lineEnd = setting.source.text.indexOf('\n', setting.start)
  const end = lineEnd < 0 ? setting.source.text.length : lineEnd
  return {
    code,
    severity: 'warning',
    message,
    labels: [
      {
        source: setting.source,
        span: { start: setting.start, end: Math.max(end, setting.start) },
        primary: true,
      },
    ],
    ...(help === undefined ? {} : { help }),
  }
}
