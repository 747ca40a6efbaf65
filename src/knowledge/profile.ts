// What is to be done with the events that the same stanzas of props.conf apply to, in Splunk's order:
// EXTRACT, REPORT, automatic extraction (KV_MODE), FIELDALIAS, EVAL, LOOKUP. Eventtypes and tags follow for all alike.
// (Knowledge Manager Manual: The sequence of search-time operations.) Doing it is left to source/field-reader.ts.

import { SearchError } from '../diagnostics/diagnostic.ts'
import { compileExpression } from '../spl/eval/compile.ts'
import type { ColumnExpression } from '../spl/eval/function.ts'
import type { ExpressionContext } from '../spl/run/context.ts'
import { parseExpression } from '../spl/syntax/parser.ts'
import { type Alias, type AutomaticLookup, readAliases, readAutomaticLookup } from './aliases.ts'
import { aboutSetting, type Conf, type ConfValue, confBoolean, type Report } from './conf-file.ts'
import { type Extraction, inlineExtraction } from './extract/extraction.ts'
import { compilePattern } from './extract/pattern.ts'
import type { Settings } from './props.ts'
import { readTimestampRule, type TimestampRule } from './timestamp.ts'
import { readExtraction } from './transforms.ts'

/**
 * How fields are found without a rule of their own (KV_MODE).
 *
 * `windows_event` is Karst's addition to Splunk's values: it takes the fields of a decoded Windows event (EVTX, event
 * XML, JSON of a collector), or else of the classic multi-line text, without a regular expression over the text. These
 * fields are there before any EXTRACT runs, so that one may read them.
 */
export type AutomaticMode = 'none' | 'auto' | 'auto_escaped' | 'multi' | 'json' | 'xml' | 'windows_event'

/** Settings of automatic extraction. */
export interface AutomaticOptions {
  /** Modes `auto` and `auto_escaped` also read JSON (AUTO_KV_JSON). */
  readonly readsJson: boolean
  /** Values of pairs lose the blanks around them (KV_TRIM_SPACES). */
  readonly trimsBlanks: boolean
  /** Arrays of JSON give `a` rather than `a{}` (JSON_TRIM_BRACES_IN_ARRAY_NAMES with INDEXED_EXTRACTIONS = JSON). */
  readonly trimsBraces: boolean
}

/** A calculated field. It sees fields, aliases, but no other calculated field. */
export interface CalculatedField {
  readonly name: string
  readonly origin: string
  /** Undefined when the expression is wrong, which was reported. */
  readonly evaluate: ColumnExpression | undefined
}

/** What is done with events of one kind. */
export interface Profile {
  readonly key: string
  /** What it was made of, by key: `EVAL-user`. */
  readonly settings: Settings
  /** In the order they run; automatic extraction comes after all of them, `windows_event` before. */
  readonly extractions: readonly Extraction[]
  readonly automatic: AutomaticMode
  /** What automatic extraction does besides. */
  readonly automaticOptions: AutomaticOptions
  readonly aliases: readonly Alias[]
  readonly calculated: ReadonlyMap<string, CalculatedField>
  readonly lookups: readonly AutomaticLookup[]
  readonly timestamp: TimestampRule
}

/** Makes a profile of the settings that apply. */
export function compileProfile(
  key: string,
  settings: Settings,
  transforms: Conf,
  context: ExpressionContext,
  report: Report,
): Profile {
  const isOn = (key: string, usually: boolean): boolean => confBoolean(settings.get(key)?.value) ?? usually
  const classes = (prefix: RegExp): [name: string, value: ConfValue][] =>
    [...settings]
      .filter(([name]) => prefix.test(name))
      .map(([name, value]): [string, ConfValue] => [name, value])
      // Classes are taken in ASCII order. (Knowledge Manager Manual: The sequence of search-time operations)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))

  const extractions: Extraction[] = []
  for (const [origin, setting] of classes(/^EXTRACT-/)) {
    const { regex, source } = readExtract(setting)
    const pattern = compilePattern(regex, origin, report)
    if (pattern !== undefined) extractions.push(inlineExtraction(pattern, source, origin))
  }
  for (const [origin, setting] of classes(/^REPORT-/)) {
    for (const name of setting.value.split(',').map((part) => part.trim())) {
      if (name === '') continue
      const stanza = transforms.get(name)
      if (stanza === undefined) {
        report(
          aboutSetting(
            'bad-content',
            `${origin} uses "${name}", which transforms.conf does not define; it was skipped.`,
            setting,
          ),
        )
        continue
      }
      const extraction = readExtraction(stanza, origin, transforms, report)
      if (extraction !== undefined) extractions.push(extraction)
    }
  }

  const calculated = new Map<string, CalculatedField>()
  for (const [origin, setting] of classes(/^EVAL-/)) {
    const name = origin.slice('EVAL-'.length).replace(/^"(.*)"$|^'(.*)'$/, '$1$2')
    calculated.set(name, lazily(name, origin, setting, context, report))
  }

  return {
    key,
    settings,
    extractions,
    automatic: readAutomaticMode(settings, report),
    automaticOptions: {
      readsJson: isOn('AUTO_KV_JSON', true),
      trimsBlanks: isOn('KV_TRIM_SPACES', true),
      trimsBraces: isIndexedJson(settings) && isOn('JSON_TRIM_BRACES_IN_ARRAY_NAMES', false),
    },
    aliases: classes(/^FIELDALIAS-/).flatMap(([origin, setting]) => readAliases(origin, setting, report)),
    calculated,
    lookups: classes(/^LOOKUP/i).flatMap(
      ([origin, setting]) => readAutomaticLookup(origin, setting, report) ?? [],
    ),
    timestamp: readTimestampRule(settings, report),
  }
}

/** An expression is compiled when its field is first wanted. */
function lazily(
  name: string,
  origin: string,
  setting: ConfValue,
  context: ExpressionContext,
  report: Report,
): CalculatedField {
  let compiled: ColumnExpression | undefined
  let isCompiled = false
  return {
    name,
    origin,
    get evaluate() {
      if (!isCompiled) {
        isCompiled = true
        try {
          compiled = compileExpression(
            parseExpression(setting.value, `${setting.source.name}: ${origin}`),
            context,
          )
        } catch (error) {
          if (!(error instanceof SearchError)) throw error
          for (const diagnostic of error.diagnostics) {
            report(
              aboutSetting(diagnostic.code, `${origin}: ${diagnostic.message}`, setting, diagnostic.help),
            )
          }
        }
      }
      return compiled
    },
  }
}

/**
 * Splits `regex in field`. In the expression `.` also matches line breaks, `^` and `$` the ends of lines: "internally,
 * the regex becomes (?ms)<regex>". (props.conf.spec: EXTRACT)
 */
function readExtract(setting: ConfValue): { regex: ConfValue; source: string } {
  const match = /^(.*\S)\s+in\s+([A-Za-z_][\w.:{}-]*)$/s.exec(setting.value)
  const [written, source] = match === null ? [setting.value, '_raw'] : [match[1]!, match[2]!]
  return { regex: { ...setting, value: `(?ms)${written}` }, source }
}

const isIndexedJson = (settings: Settings): boolean =>
  settings.get('INDEXED_EXTRACTIONS')?.value.toLowerCase() === 'json'

function readAutomaticMode(settings: Settings, report: Report): AutomaticMode {
  const setting = settings.get('KV_MODE')
  const mode = setting?.value.toLowerCase()
  // Fields that Splunk would have extracted while indexing are extracted here.
  if (isIndexedJson(settings) && (mode === undefined || mode === 'none')) return 'json'
  switch (mode) {
    case undefined:
    case 'auto':
      return 'auto'
    case 'none':
    case 'auto_escaped':
    case 'multi':
    case 'json':
    case 'xml':
    case 'windows_event':
      return mode
    default:
      report(
        aboutSetting(
          'unsupported',
          `KV_MODE = ${setting!.value} is not supported; no fields are extracted automatically.`,
          setting!,
        ),
      )
      return 'none'
  }
}
