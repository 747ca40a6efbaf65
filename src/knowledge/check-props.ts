// Names every setting of props.conf that Karst does not know or does not do, with its place.

import { aboutSetting, type Conf, type ConfValue, type Report } from './conf-file.ts'
import { isIndexedTable } from './file-layout.ts'
import { whyUnsupported } from './indexing.ts'

/** Settings that are read, by their beginnings and by name. */
const readClasses = /^(?:EXTRACT-|REPORT-|FIELDALIAS-|EVAL-|SEDCMD-|LOOKUP)/i
const readKeys = new Set(
  `ADD_EXTRA_TIME_FIELDS AUTO_KV_JSON BREAK_ONLY_BEFORE BREAK_ONLY_BEFORE_DATE DATETIME_CONFIG FIELD_DELIMITER
  FIELD_HEADER_REGEX FIELD_NAMES FIELD_QUOTE HEADER_FIELD_ACCEPTABLE_SPECIAL_CHARACTERS HEADER_FIELD_DELIMITER
  HEADER_FIELD_LINE_NUMBER HEADER_FIELD_QUOTE INDEXED_EXTRACTIONS JSON_TRIM_BRACES_IN_ARRAY_NAMES KV_MODE KV_TRIM_SPACES
  LINE_BREAKER MAX_EVENTS MAX_TIMESTAMP_LOOKAHEAD MISSING_VALUE_REGEX MUST_BREAK_AFTER MUST_NOT_BREAK_BEFORE
  PREAMBLE_REGEX SHOULD_LINEMERGE TIMESTAMP_FIELDS TIME_FORMAT TIME_PREFIX TZ priority rename sourcetype`.split(
    /\s+/,
  ),
)

/**
 * Settings that change nothing here: how Splunk's forwarders and indexes work, what its own web pages show, character
 * sets (told by content), and limits whose purpose Karst's own limits serve.
 */
const quietKeys =
  /^(?:ANNOTATE_PUNCT|CHARSET|CHECK_METHOD|DEPTH_LIMIT|EVENT_BREAKER(?:_ENABLE)?|HEADER_MODE|LB_CHUNK_BREAKER.*|LEARN_(?:MODEL|SOURCETYPE)|LINE_BREAKER_LOOKBEHIND|MATCH_LIMIT|MAX_(?:DAYS_(?:AGO|HENCE)|DIFF_SECS_(?:AGO|HENCE)|EXPECTED_EVENT_LINES)|NO_BINARY_CHECK|PREFIX_SOURCETYPE|RULESET_DESC-.*|SEGMENTATION.*|TRUNCATE|category|description|detect_trailing_nulls|disabled|force_local_processing|given_type|invalid_cause|is_valid|maxDist|pulldown_type|sourcetype_priority|termFrequencyWeightedDist|unarchive_cmd(?:_.*)?)$/

/** Reports the settings that are not supported: as warnings, or as notes where events are merely more complete here. */
export function checkProps(conf: Conf, transforms: Conf, report: Report): void {
  for (const { name, settings } of conf.values()) {
    if (name.startsWith('rule::') || name.startsWith('delayedrule::')) continue
    for (const [key, setting] of settings) {
      if (/^(?:TRANSFORMS|RULESET)(?:-|$)/.test(key)) checkTransforms(key, name, setting, transforms, report)
      else if (key === 'INDEXED_EXTRACTIONS') checkIndexed(setting, report)
      else if (key === 'DATETIME_CONFIG' && !/^(?:none|current|\/etc\/datetime\.xml|)$/i.test(setting.value))
        unsupported(`${key} = ${setting.value}`, name, setting, report)
      else if (!readClasses.test(key) && !readKeys.has(key) && !quietKeys.test(key))
        unsupported(`"${key}"`, name, setting, report)
    }
  }
}

const unsupported = (what: string, stanza: string, setting: ConfValue, report: Report): void =>
  report(
    aboutSetting(
      'unsupported',
      `${what} in [${stanza}] of props.conf is not supported; it was ignored.`,
      setting,
    ),
  )

function checkIndexed(setting: ConfValue, report: Report): void {
  if (isIndexedTable(setting.value) || /^(?:json|w3c|hec|)$/i.test(setting.value)) return
  unsupported(`INDEXED_EXTRACTIONS = ${setting.value}`, setting.stanza, setting, report)
}

function checkTransforms(
  key: string,
  stanza: string,
  setting: ConfValue,
  transforms: Conf,
  report: Report,
): void {
  for (const name of setting.value.split(',').map((part) => part.trim())) {
    if (name === '') continue
    const transform = transforms.get(name)
    const why = transform === undefined ? 'is not defined in transforms.conf' : whyUnsupported(transform)
    if (why === undefined) continue
    const message = `${key} in [${stanza}] names [${name}], which ${why}.`
    const diagnostic = aboutSetting(transform === undefined ? 'bad-content' : 'unsupported', message, setting)
    // Without a transform that drops events, there are more events, not other ones.
    report(why.includes('Karst keeps') ? { ...diagnostic, severity: 'note' } : diagnostic)
  }
}
