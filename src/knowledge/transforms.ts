// Search-time extractions from transforms.conf. Lookup definitions of the same file are read by lookups.ts.

import { delimiterSet } from '../base/text/key-value.ts'
import {
  aboutSetting,
  type Conf,
  type ConfStanza,
  type ConfValue,
  confBoolean,
  type Report,
} from './conf-file.ts'
import { delimitedExtraction, type Extraction, regexExtraction } from './extract/extraction.ts'
import { expandModularRegex, type FindRegex, isModular } from './extract/modular-regex.ts'
import { compilePattern } from './extract/pattern.ts'
import { settingList } from './setting-list.ts'

const extractionKeys = new Set([
  'REGEX',
  'FORMAT',
  'SOURCE_KEY',
  'DELIMS',
  'FIELDS',
  'MV_ADD',
  'CLEAN_KEYS',
  'KEEP_EMPTY_VALS',
])

/** Keys that change nothing here: hints for an optimiser, and what concerns indexing. */
const quietKeys = new Set([
  'CAN_OPTIMIZE',
  'DEPTH_LIMIT',
  'MATCH_LIMIT',
  'LOOKAHEAD',
  'DEST_KEY',
  'WRITE_META',
  'DEFAULT_VALUE',
  'REPEAT_MATCH',
  'CLONE_SOURCETYPE',
  'INGEST_EVAL',
  'STOP_PROCESSING_IF',
  'disabled',
])

/**
 * Reads a stanza that a REPORT or a search names. Keys without a meaning at search time are reported by name.
 * Undefined (and reported) when the stanza extracts nothing.
 * @param transforms holds the expressions that its REGEX may name: `[[nspaces:clientip]]`
 * @param cleansKeys says instead of the stanza whether names are cleaned
 */
export function readExtraction(
  stanza: ConfStanza,
  origin: string,
  transforms: Conf,
  report: Report,
  cleansKeys?: boolean,
): Extraction | undefined {
  const setting = (key: string): string | undefined => stanza.settings.get(key)?.value
  for (const [key, value] of stanza.settings) {
    if (!extractionKeys.has(key) && !quietKeys.has(key))
      report(
        aboutSetting(
          'unsupported',
          `"${key}" in [${stanza.name}] of transforms.conf is not supported; it was ignored.`,
          value,
        ),
      )
  }
  const shared = {
    origin,
    source: readSourceKey(setting('SOURCE_KEY') ?? '_raw'),
    adds: confBoolean(setting('MV_ADD')) ?? false,
    cleansKeys: cleansKeys ?? confBoolean(setting('CLEAN_KEYS')) ?? true,
    keepsEmpty: confBoolean(setting('KEEP_EMPTY_VALS')) ?? false,
  }
  const delims = stanza.settings.get('DELIMS')
  if (delims !== undefined) {
    const fields = setting('FIELDS')
    return delimitedExtraction({
      ...shared,
      delimiters: settingList(delims.value).map(delimiterSet),
      fields: fields === undefined ? undefined : settingList(fields),
    })
  }
  const written = stanza.settings.get('REGEX')
  if (written === undefined) {
    report({
      code: 'bad-content',
      severity: 'warning',
      message: `The transform [${stanza.name}] that ${origin} uses has neither REGEX nor DELIMS; it extracts nothing.`,
      labels: [],
    })
    return undefined
  }
  const regex = isModular(written.value) ? wholeRegex(written, stanza.name, transforms, report) : written
  if (regex === undefined) return undefined
  const pattern = compilePattern(regex, `REGEX of [${stanza.name}]`, report)
  if (pattern === undefined) return undefined
  return regexExtraction(pattern, {
    ...shared,
    format: setting('FORMAT'),
    stanza: stanza.name,
    isRepeated: true,
  })
}

/** The expressions of transforms.conf by the names of their stanzas. */
export const regexesOf =
  (transforms: Conf): FindRegex =>
  (name) =>
    transforms.get(name)?.settings.get('REGEX')?.value

/** The expression with those that it names in their places; undefined (and reported) when one is not defined. */
function wholeRegex(
  setting: ConfValue,
  stanza: string,
  transforms: Conf,
  report: Report,
): ConfValue | undefined {
  const expanded = expandModularRegex(setting.value, regexesOf(transforms))
  if ('regex' in expanded) return { ...setting, value: expanded.regex }
  const message = `REGEX of [${stanza}] uses the expression "${expanded.missing}", which transforms.conf does not define; it extracts nothing.`
  report(aboutSetting('bad-content', message, setting))
  return undefined
}

/** `MetaData:Source` and its like name the event's metadata. */
function readSourceKey(key: string): string {
  switch (key) {
    case 'MetaData:Source':
      return 'source'
    case 'MetaData:Sourcetype':
      return 'sourcetype'
    case 'MetaData:Host':
      return 'host'
    default:
      return key.replace(/^field:/, '')
  }
}
