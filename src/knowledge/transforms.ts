// Search-time extractions from transforms.conf. Lookup definitions of the same file are read by lookups.ts.

import { delimiterSet } from '../base/text/key-value.ts'
import { aboutSetting, type ConfStanza, confBoolean, type Report } from './conf-file.ts'
import { delimitedExtraction, type Extraction, regexExtraction } from './extract/extraction.ts'
import { compilePattern } from './extract/pattern.ts'

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
 * Reads a stanza that a REPORT names. Keys without a meaning at search time are reported by name.
 * Undefined (and reported) when the stanza extracts nothing.
 */
export function readExtraction(stanza: ConfStanza, origin: string, report: Report): Extraction | undefined {
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
    cleansKeys: confBoolean(setting('CLEAN_KEYS')) ?? true,
    keepsEmpty: confBoolean(setting('KEEP_EMPTY_VALS')) ?? false,
  }
  const delims = stanza.settings.get('DELIMS')
  if (delims !== undefined) {
    const fields = setting('FIELDS')
    return delimitedExtraction({
      ...shared,
      delimiters: readList(delims.value).map(delimiterSet),
      fields: fields === undefined ? undefined : readList(fields),
    })
  }
  const regex = stanza.settings.get('REGEX')
  if (regex === undefined) {
    report({
      code: 'bad-content',
      severity: 'warning',
      message: `The transform [${stanza.name}] that ${origin} uses has neither REGEX nor DELIMS; it extracts nothing.`,
      labels: [],
    })
    return undefined
  }
  const pattern = compilePattern(regex, `REGEX of [${stanza.name}]`, report)
  if (pattern === undefined) return undefined
  return regexExtraction(pattern, { ...shared, format: setting('FORMAT'), stanza: stanza.name })
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

/** Reads a list of quoted or bare words: `"a", "b c", d`. */
function readList(text: string): string[] {
  return [...text.matchAll(/"((?:[^"\\]|\\[\s\S])*)"|([^\s,"]+)/g)].map(
    ([, quoted, bare]) => quoted ?? bare ?? '',
  )
}
