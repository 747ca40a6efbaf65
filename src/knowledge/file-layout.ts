// What props.conf says about how files of a kind are laid out: as a table (INDEXED_EXTRACTIONS, FIELD_DELIMITER, …) or
// as text whose events may have several lines (LINE_BREAKER, SHOULD_LINEMERGE, …). Reading them is left to decode.
// @see props.conf.spec: Line breaking; Structured Data Header Extraction and configuration

import type { CellMarks, FileLayout, LineRule, TableLayout } from '../decode/reader.ts'
import { aboutSetting, type ConfValue, confBoolean, type Report } from './conf-file.ts'
import { compilePattern, type TextPattern } from './extract/pattern.ts'
import type { Settings } from './props.ts'
import { settingList } from './setting-list.ts'
import { findTime, readTimestampRule, type TimeAssumptions } from './timestamp.ts'

/** Reads the layout; undefined where nobody says anything about it. */
export function readFileLayout(
  settings: Settings,
  assumptions: TimeAssumptions,
  report: Report,
): FileLayout | undefined {
  const layout = readTable(settings, report)
  if (layout !== undefined) return { kind: 'table', layout }
  const rule = readLines(settings, assumptions, report)
  return rule && { kind: 'lines', rule }
}

// ---- tables

const indexedTables: ReadonlyMap<string, CellMarks> = new Map([
  ['csv', { delimiter: ',', quote: '"' }],
  ['tsv', { delimiter: '\t', quote: '"' }],
  ['psv', { delimiter: '|', quote: '"' }],
])

/** INDEXED_EXTRACTIONS of tables: these have a layout. JSON, W3C and HEC are told by their content. */
export const isIndexedTable = (value: string): boolean => indexedTables.has(value.toLowerCase())

/** Keys that make a file a table, whether INDEXED_EXTRACTIONS says so or not. */
const tableKeys = ['FIELD_DELIMITER', 'FIELD_NAMES', 'HEADER_FIELD_LINE_NUMBER', 'FIELD_HEADER_REGEX']

function readTable(settings: Settings, report: Report): TableLayout | undefined {
  const value = (key: string): string | undefined => settings.get(key)?.value || undefined
  const indexed = value('INDEXED_EXTRACTIONS')?.toLowerCase()
  const usual = indexedTables.get(indexed ?? '')
  if (usual === undefined && (indexed !== undefined || !tableKeys.some((key) => value(key) !== undefined)))
    return undefined
  const marks = readMarks(settings, '', usual ?? { delimiter: ',', quote: '"' }, report)
  const names = value('FIELD_NAMES')
  const headerLine = Number(value('HEADER_FIELD_LINE_NUMBER') ?? 0)
  const preamble = patternOf(settings, 'PREAMBLE_REGEX', report)
  const header = patternOf(settings, 'FIELD_HEADER_REGEX', report)
  const missing = patternOf(settings, 'MISSING_VALUE_REGEX', report)
  const allowed = new Set(value('HEADER_FIELD_ACCEPTABLE_SPECIAL_CHARACTERS') ?? '')
  return {
    ...marks,
    header: readMarks(settings, 'HEADER_', marks, report),
    ...(names === undefined ? {} : { names: settingList(names.replace(/^\[|\]$/g, '')) }),
    ...(Number.isInteger(headerLine) && headerLine > 0 ? { headerLine } : {}),
    ...(preamble === undefined ? {} : { isPreamble: (line) => preamble.regex.test(line) }),
    ...(header === undefined
      ? {}
      : {
          headerIn(line) {
            const match = header.regex.exec(line)
            return match === undefined ? undefined : line.slice(match.end)
          },
        }),
    ...(missing === undefined ? {} : { isMissing: (cell) => missing.regex.test(cell) }),
    fieldOf: (name) =>
      name.replace(/[^A-Za-z0-9 ]/g, (character) => (allowed.has(character) ? character : '_')),
  }
}

function readMarks(settings: Settings, prefix: string, usual: CellMarks, report: Report): CellMarks {
  const delimiter = settings.get(`${prefix}FIELD_DELIMITER`)
  const quote = settings.get(`${prefix}FIELD_QUOTE`)
  const isBlankSeparated = delimiter && /^(?:whitespace|ws)$/i.test(delimiter.value)
  const isUnquoted = quote?.value.toLowerCase() === 'none'
  return {
    delimiter:
      delimiter === undefined || isBlankSeparated
        ? usual.delimiter
        : (characterOf(delimiter, report) ?? usual.delimiter),
    quote: isUnquoted ? undefined : ((quote && characterOf(quote, report)) ?? usual.quote),
    ...((delimiter === undefined ? usual.isBlankSeparated : isBlankSeparated)
      ? { isBlankSeparated: true }
      : {}),
  }
}

const namedCharacters: ReadonlyMap<string, string> = new Map([
  ['space', ' '],
  ['tab', '\t'],
  ['\\t', '\t'],
  ['fs', '\x1c'],
  ['gs', '\x1d'],
  ['rs', '\x1e'],
  ['us', '\x1f'],
])

/** One character of ASCII: as itself, by name, or as `\x1f`. */
function characterOf(setting: ConfValue, report: Report): string | undefined {
  const { value } = setting
  if (value === '') return undefined
  const code = /^\\x([\da-f]{2})$/i.exec(value)?.[1]
  const character =
    code === undefined
      ? (namedCharacters.get(value.toLowerCase()) ?? value)
      : String.fromCharCode(Number.parseInt(code, 16))
  if (character.length === 1 && character.charCodeAt(0) < 0x80) return character
  report(
    aboutSetting(
      'bad-content',
      `"${value}" is not one character of ASCII, nor a name for one; it was ignored.`,
      setting,
      'Write the character, tab, space, whitespace, none, or its code such as \\x1f.',
    ),
  )
  return undefined
}

function patternOf(settings: Settings, key: string, report: Report): TextPattern | undefined {
  const setting = settings.get(key)
  return setting === undefined || setting.value === '' ? undefined : compilePattern(setting, key, report)
}

// ---- lines

/** props.conf.spec: MAX_EVENTS */
const usualMostLines = 256

const lineKeys = [
  'LINE_BREAKER',
  'SHOULD_LINEMERGE',
  'BREAK_ONLY_BEFORE',
  'BREAK_ONLY_BEFORE_DATE',
  'MUST_BREAK_AFTER',
  'MUST_NOT_BREAK_BEFORE',
]

/** Breakers that cut at every line end, as text is cut without being told. */
const plainBreaker = /^\(\[?(?:\\r|\\n)+\]?\+?\)$/

/**
 * Splunk first cuts a file where LINE_BREAKER matches, then (SHOULD_LINEMERGE, true by default) puts together what the
 * BREAK_ and MUST_ rules leave together. Here a breaker is tried on each line and the one before it.
 */
function readLines(settings: Settings, assumptions: TimeAssumptions, report: Report): LineRule | undefined {
  const value = (key: string): string | undefined => settings.get(key)?.value || undefined
  if (!lineKeys.some((key) => value(key) !== undefined)) return undefined
  const isBreaker = !plainBreaker.test(value('LINE_BREAKER') ?? '([\\r\\n]+)')
  const breaker = isBreaker ? patternOf(settings, 'LINE_BREAKER', report) : undefined
  const isCut = (line: string, before: string): boolean =>
    breaker === undefined || breaksBetween(breaker, before, line)

  const merges = confBoolean(value('SHOULD_LINEMERGE')) ?? true
  if (!merges) return breaker && { begins: isCut, mostLines: Infinity }
  const onlyBefore = patternOf(settings, 'BREAK_ONLY_BEFORE', report)
  const mustAfter = patternOf(settings, 'MUST_BREAK_AFTER', report)
  const mustNotBefore = patternOf(settings, 'MUST_NOT_BREAK_BEFORE', report)
  const beforeDates = confBoolean(value('BREAK_ONLY_BEFORE_DATE')) ?? true
  const times = readTimestampRule(settings, () => {})
  const mostLines = Number(value('MAX_EVENTS'))
  return {
    mostLines: Number.isInteger(mostLines) && mostLines > 0 ? mostLines : usualMostLines,
    begins(line, before) {
      if (!isCut(line, before)) return false
      if (mustAfter?.regex.test(before)) return true
      if (mustNotBefore?.regex.test(line)) return false
      if (onlyBefore !== undefined) return onlyBefore.regex.test(line)
      return beforeDates ? findTime(line, times, assumptions) !== undefined : mustAfter === undefined
    },
  }
}

/** Whether the first group of a breaker covers the line end between two lines. */
function breaksBetween(breaker: TextPattern, before: string, line: string): boolean {
  const text = `${before}\n${line}`
  const end = before.length
  for (let from = 0; ; ) {
    const spans = breaker.regex.spans(text, from)
    const [start, stop] = spans?.[1] ?? spans?.[0] ?? [-1, -1]
    if (start < 0 || start > end) return false
    if (stop > end) return true
    from = Math.max(stop, spans![0]![1], from + 1)
  }
}
