// What is to be done with the events that the same stanzas of props.conf apply to, in Splunk's order:
// EXTRACT, REPORT, automatic extraction (KV_MODE), FIELDALIAS, EVAL, LOOKUP. Eventtypes and tags follow for all alike.
// (Knowledge Manager Manual: The sequence of search-time operations.) Doing it is left to source/field-reader.ts.

import { SearchError } from '../diagnostics/diagnostic.ts'
import { compileExpression } from '../spl/eval/compile.ts'
import type { ColumnExpression } from '../spl/eval/function.ts'
import type { ExpressionContext } from '../spl/run/context.ts'
import { parseExpression } from '../spl/syntax/parser.ts'
import { type Alias, type AutomaticLookup, readAliases, readAutomaticLookup } from './aliases.ts'
import { aboutSetting, type Conf, type ConfValue, type Report } from './conf-file.ts'
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
export type AutomaticMode = 'none' | 'auto' | 'auto_escaped' | 'json' | 'xml' | 'windows_event'

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
  const classes = (prefix: string): [name: string, value: ConfValue][] =>
    [...settings]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]): [string, ConfValue] => [name, value])
      // Classes are taken in ASCII order. (Knowledge Manager Manual: The sequence of search-time operations)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))

  const extractions: Extraction[] = []
  for (const [origin, setting] of classes('EXTRACT-')) {
    const { regex, source } = readExtract(setting)
    const pattern = compilePattern(regex, origin, report)
    if (pattern !== undefined) extractions.push(inlineExtraction(pattern, source, origin))
  }
  for (const [origin, setting] of classes('REPORT-')) {
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
      const extraction = readExtraction(stanza, origin, report)
      if (extraction !== undefined) extractions.push(extraction)
    }
  }

  const calculated = new Map<string, CalculatedField>()
  for (const [origin, setting] of classes('EVAL-')) {
    const name = origin.slice('EVAL-'.length).replace(/^"(.*)"$|^'(.*)'$/, '$1$2')
    calculated.set(name, lazily(name, origin, setting, context, report))
  }

  return {
    key,
    settings,
    extractions,
    automatic: readAutomaticMode(settings, report),
    aliases: classes('FIELDALIAS-').flatMap(([origin, setting]) => readAliases(origin, setting, report)),
    calculated,
    lookups: classes('LOOKUP-').flatMap(
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

/** Splits `regex in field`. */
function readExtract(setting: ConfValue): { regex: ConfValue; source: string } {
  const match = /^(.*\S)\s+in\s+([A-Za-z_][\w.:{}-]*)$/s.exec(setting.value)
  if (match === null) return { regex: setting, source: '_raw' }
  return { regex: { ...setting, value: match[1]! }, source: match[2]! }
}

function readAutomaticMode(settings: Settings, report: Report): AutomaticMode {
  const setting = settings.get('KV_MODE')
  const indexed = settings.get('INDEXED_EXTRACTIONS')?.value.toLowerCase()
  const mode = setting?.value.toLowerCase()
  // Fields that Splunk would have extracted while indexing are extracted here.
  if (indexed === 'json' && (mode === undefined || mode === 'none')) return 'json'
  if (indexed !== undefined && indexed !== 'json' && indexed !== 'w3c') {
    const setting = settings.get('INDEXED_EXTRACTIONS')!
    report(
      aboutSetting(
        'unsupported',
        `INDEXED_EXTRACTIONS = ${setting.value} is not supported: columns are read where the file is recognised as CSV, W3C or Zeek's log format.`,
        setting,
      ),
    )
  }
  switch (mode) {
    case undefined:
    case 'auto':
      return 'auto'
    case 'none':
    case 'auto_escaped':
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

const classPrefixes = ['EXTRACT-', 'REPORT-', 'FIELDALIAS-', 'EVAL-', 'LOOKUP-']

const readKeys = new Set([
  'KV_MODE',
  'INDEXED_EXTRACTIONS',
  'rename',
  'sourcetype',
  'priority',
  'TIME_PREFIX',
  'TIME_FORMAT',
  'MAX_TIMESTAMP_LOOKAHEAD',
  'TZ',
])

/** Keys about breaking, indexing and presenting events: other parts of Karst decide these, or nobody needs to. */
const quietKeys =
  /^(?:ADD_EXTRA_TIME_FIELDS|ANNOTATE_PUNCT|AUTO_KV_JSON|BREAK_ONLY_BEFORE(?:_DATE)?|CHARSET|CHECK_METHOD|DATETIME_CONFIG|DEPTH_LIMIT|EVENT_BREAKER(?:_ENABLE)?|FIELD_(?:DELIMITER|HEADER_REGEX|NAMES|QUOTE)|HEADER_(?:FIELD_.*|MODE)|JSON_TRIM_BRACES_IN_ARRAY_NAMES|KV_TRIM_SPACES|LB_CHUNK_BREAKER.*|LEARN_(?:MODEL|SOURCETYPE)|LINE_BREAKER(?:_LOOKBEHIND)?|LOOKAHEAD|MATCH_LIMIT|MAX_(?:DAYS_(?:AGO|HENCE)|DIFF_SECS_(?:AGO|HENCE)|EVENTS|EXPECTED_EVENT_LINES)|METRICS_PROTOCOL|MISSING_VALUE_REGEX|MUST_(?:BREAK_AFTER|NOT_BREAK_(?:AFTER|BEFORE))|NO_BINARY_CHECK|PREAMBLE_REGEX|PREFIX_SOURCETYPE|SEGMENTATION.*|SHOULD_LINEMERGE|STATSD.*|TIMESTAMP_FIELDS|TRUNCATE|TZ_ALIAS|category|description|detect_trailing_nulls|disabled|force_local_processing|given_type|invalid_cause|is_valid|maxDist|pulldown_type|sourcetype_priority|termFrequencyWeightedDist|unarchive_cmd(?:_.*)?)$/

/** Names every setting of props.conf that Karst does not know or does not do. */
export function checkProps(conf: Conf, transforms: Conf, report: Report): void {
  for (const { name, settings } of conf.values()) {
    if (name.startsWith('rule::') || name.startsWith('delayedrule::')) continue
    for (const [key, setting] of settings) {
      if (classPrefixes.some((prefix) => key.startsWith(prefix)) || readKeys.has(key) || quietKeys.test(key))
        continue
      if (key.startsWith('TRANSFORMS') && setsMetadata(setting, transforms)) continue
      if (key.startsWith('TRANSFORMS') || key.startsWith('SEDCMD') || key.startsWith('RULESET')) {
        report({
          ...aboutSetting(
            'unsupported',
            `"${key}" in [${name}] changes events while they are indexed; Karst reads them as they are.`,
            setting,
          ),
          severity: 'note',
        })
      } else {
        report(
          aboutSetting(
            'unsupported',
            `"${key}" in [${name}] of props.conf is not supported; it was ignored.`,
            setting,
          ),
        )
      }
    }
  }
}

/** Whether all transforms of a setting only say which host, source or sourcetype an event has: identify.ts runs those. */
const setsMetadata = (setting: ConfValue, transforms: Conf): boolean =>
  setting.value
    .split(',')
    .every((name) => transforms.get(name.trim())?.settings.get('DEST_KEY')?.value.startsWith('MetaData:'))
