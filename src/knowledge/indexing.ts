// What Splunk does to events while it indexes them, compiled from props.conf and transforms.conf: SEDCMD changes their
// text, TRANSFORMS set their metadata, their text and index-time fields, and the rules of their time apply before both.
// Which kind an event is of, before and after, is identify.ts's to tell.

import type { FieldText } from '../decode/reader.ts'
import { SearchError } from '../diagnostics/diagnostic.ts'
import { compileSed, type SedScript } from '../spl/commands/shared/sed.ts'
import { warnAtBudget } from '../spl/regex/pcre.ts'
import {
  aboutSetting,
  type Conf,
  type ConfStanza,
  type ConfValue,
  confBoolean,
  type Report,
} from './conf-file.ts'
import { regexExtraction } from './extract/extraction.ts'
import { compilePattern } from './extract/pattern.ts'
import type { Settings } from './props.ts'
import { readTimestampRule, type TimestampRule } from './timestamp.ts'

/** An event while it is indexed. */
export interface IndexedEvent {
  raw: string
  index: string
  source: string
  sourcetype: string
  host: string
  fields: Map<string, FieldText> | undefined
}

/** A transform: changes an event in place. */
export type IndexTransform = (event: IndexedEvent) => void

/** What is done to events of one kind. */
export interface IndexRules {
  readonly timestamp: TimestampRule
  /** All SEDCMD of the kind; absent when there is none. */
  readonly edit?: SedScript
  readonly transforms: readonly IndexTransform[]
}

/** Makes the rules of the settings that apply. What is wrong in them is reported; what is not supported, checkProps names. */
export function compileIndexRules(settings: Settings, transforms: Conf, report: Report): IndexRules {
  const classes = (pattern: RegExp): (readonly [name: string, value: ConfValue])[] =>
    [...settings].filter(([name]) => pattern.test(name)).sort(([a], [b]) => (a < b ? -1 : 1))
  const scripts = classes(/^SEDCMD-/).flatMap(([origin, setting]) => readSed(origin, setting, report) ?? [])
  return {
    timestamp: readTimestampRule(settings, report),
    ...(scripts.length === 0
      ? {}
      : { edit: (text: string) => scripts.reduce((changed, script) => script(changed), text) }),
    // "If a data source matches both a TRANSFORMS and a RULESET, the processor applies the TRANSFORMS setting before the
    // RULESET setting." (props.conf.spec)
    transforms: [...classes(/^TRANSFORMS(?:-|$)/), ...classes(/^RULESET-/)]
      .flatMap(([, setting]) => setting.value.split(','))
      .flatMap((name) => readTransform(transforms.get(name.trim()), report) ?? []),
  }
}

function readSed(origin: string, setting: ConfValue, report: Report): SedScript | undefined {
  try {
    return compileSed(setting.value, warnAtBudget(report))
  } catch (error) {
    if (!(error instanceof SearchError)) throw error
    for (const { code, message, help } of error.diagnostics)
      report(aboutSetting(code, `${origin}: ${message}`, setting, help))
    return undefined
  }
}

/** Where a transform writes. */
type Destination = 'host' | 'source' | 'sourcetype' | 'index' | 'raw' | 'fields'

const destinations: ReadonlyMap<string, Destination> = new Map([
  ['MetaData:Host', 'host'],
  ['MetaData:Source', 'source'],
  ['MetaData:Sourcetype', 'sourcetype'],
  ['_MetaData:Index', 'index'],
  ['_raw', 'raw'],
  ['_meta', 'fields'],
])

/** Metadata keys hold values with a prefix: `host::dc1`. (transforms.conf.spec: KEYS) */
const sources: ReadonlyMap<string, (event: IndexedEvent) => string> = new Map([
  ['_raw', ({ raw }) => raw],
  ['MetaData:Host', ({ host }) => `host::${host}`],
  ['MetaData:Source', ({ source }) => `source::${source}`],
  ['MetaData:Sourcetype', ({ sourcetype }) => `sourcetype::${sourcetype}`],
  ['_MetaData:Index', ({ index }) => index],
])

/** How much of a text is looked at. transforms.conf.spec: LOOKAHEAD */
const usualLookahead = 4096

function destinationOf(stanza: ConfStanza): Destination | undefined {
  const key = stanza.settings.get('DEST_KEY')?.value
  if (key !== undefined) return destinations.get(key)
  return confBoolean(stanza.settings.get('WRITE_META')?.value) === true ? 'fields' : undefined
}

/**
 * Why a transform cannot be done here, as the end of a sentence; undefined when it can, or when it is none of events'
 * contents (routing).
 */
export function whyUnsupported(stanza: ConfStanza): string | undefined {
  const value = (key: string): string | undefined => stanza.settings.get(key)?.value
  if (value('INGEST_EVAL') !== undefined)
    return 'computes fields while indexing (INGEST_EVAL), which is not supported'
  if (value('CLONE_SOURCETYPE') !== undefined)
    return 'copies events (CLONE_SOURCETYPE), which is not supported'
  const key = value('DEST_KEY')
  if (key === 'queue') return 'drops or routes events (DEST_KEY = queue); Karst keeps them all'
  if (key === '_TCP_ROUTING' || key === '_SYSLOG_ROUTING') return undefined
  if (key !== undefined && !destinations.has(key)) return `writes to ${key}, which is not supported`
  const from = value('SOURCE_KEY') ?? '_raw'
  if (!sources.has(from)) return `reads ${from}, which is not supported while indexing`
  return destinationOf(stanza) === undefined || value('REGEX') === undefined
    ? 'says nothing that is done while indexing'
    : undefined
}

function readTransform(stanza: ConfStanza | undefined, report: Report): IndexTransform | undefined {
  const destination = stanza && destinationOf(stanza)
  const regex = stanza?.settings.get('REGEX')
  if (
    stanza === undefined ||
    destination === undefined ||
    regex === undefined ||
    whyUnsupported(stanza) !== undefined
  )
    return undefined
  const setting = (key: string): string | undefined => stanza.settings.get(key)?.value
  const pattern = compilePattern(regex, `REGEX of [${stanza.name}]`, report)
  if (pattern === undefined) return undefined
  const lookahead = Number(setting('LOOKAHEAD')) || usualLookahead
  const from = sources.get(setting('SOURCE_KEY') ?? '_raw')!
  const format = setting('FORMAT')

  if (destination === 'fields') {
    const extraction = regexExtraction(pattern, {
      origin: stanza.name,
      stanza: stanza.name,
      source: '',
      format,
      adds: true,
      cleansKeys: false,
      keepsEmpty: false,
      isRepeated: confBoolean(setting('REPEAT_MATCH')) ?? false,
    })
    return (event) => {
      extraction.extract(from(event).slice(0, lookahead), (name, value) => {
        event.fields ??= new Map()
        const before = event.fields.get(name)
        event.fields.set(name, before === undefined ? value : [before, value].flat())
      })
    }
  }
  const template = (format ?? `${stanza.name}::$1`).replace(/^(?:host|source|sourcetype)::/, '')
  const otherwise = setting('DEFAULT_VALUE')
  return (event) => {
    const match = pattern.regex.exec(from(event).slice(0, lookahead))
    const before = event[destination]
    const value =
      match === undefined
        ? otherwise
        : template.replace(/\$(\d+)/g, (_, group: string) =>
            group === '0' ? before : (match.groups[Number(group)] ?? ''),
          )
    // Metadata are never empty.
    if (value !== undefined && (destination === 'raw' || value.trim() !== ''))
      event[destination] = destination === 'raw' ? value : value.trim()
  }
}
