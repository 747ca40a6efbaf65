// Splunk's .conf format: stanzas of settings, each with the place where it was written.
// What a setting means is left to props.ts, transforms.ts and their neighbours.

import { confItems } from '../base/text/conf.ts'
import type { DiagnosticCode } from '../diagnostics/codes.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Source } from '../diagnostics/source.ts'

export { confBoolean } from '../base/text/conf.ts'

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
  let stanzaName = 'default'
  for (const item of confItems(text)) {
    switch (item.kind) {
      case 'stanza':
        stanzaName = item.name
        settings = stanza(stanzaName)
        break
      case 'setting':
        settings ??= stanza(stanzaName)
        settings.set(item.key, { value: item.value, source, start: item.start, stanza: stanzaName })
        break
      case 'unreadable':
        report({
          code: 'bad-content',
          severity: 'warning',
          message: `"${item.line.trim().slice(0, 80)}" is neither a stanza nor a setting; the line was skipped.`,
          labels: [
            { source, span: { start: item.start, end: item.start + item.line.length }, primary: true },
          ],
          help: 'Write "key = value", "[stanza]" or "# comment".',
        })
        break
    }
  }
  return stanzas
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
