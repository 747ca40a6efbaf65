// Which index, source, sourcetype and host an event has, where its evidence does not say.
//
// Windows events get what Splunk's add-on gives them. Other text is recognised by `[rule::name]` stanzas of props.conf
// (Splunk's own form: `MORE_THAN_0 = regex`, `sourcetype = name`; the key `source` is Karst's addition) and by source::
// stanzas; TRANSFORMS with DEST_KEY = MetaData:Host, :Source, :Sourcetype fill in what is still missing. Metadata that
// the evidence or the user gives always stay.

import type { EventMetadata, FieldText, RawEvent } from '../decode/reader.ts'
import { aboutSetting, type Conf, type ConfStanza, type Report } from './conf-file.ts'
import { compilePattern, type TextPattern } from './extract/pattern.ts'
import type { EventKind, Props } from './props.ts'

/** The metadata of an event, complete. */
export interface Identity extends EventKind {
  readonly index: string
  /** Index-time fields that came with the event. */
  readonly fields?: ReadonlyMap<string, FieldText>
}

/** What the user says about evidence that carries no metadata. */
export interface DefaultMetadata {
  readonly index?: string
  readonly source?: string
  readonly sourcetype?: string
  readonly host?: string
}

/** Identifies the events of one file, in order; it remembers what the last event was. */
export type Identify = (event: RawEvent) => Identity

interface Rule {
  readonly sourcetype: string
  readonly source: string | undefined
  readonly patterns: readonly TextPattern[]
}

interface MetadataTransform {
  readonly target: 'source' | 'sourcetype' | 'host'
  readonly from: string
  readonly pattern: TextPattern
  readonly format: string
}

/** How much of an event's text is looked at. */
const readLength = 4096

/** Makes identifiers for files. */
export function metadataRules(
  props: Props,
  transforms: Conf,
  report: Report,
): (file: string, defaults: DefaultMetadata) => Identify {
  const rules = props.rules.flatMap((stanza) => readRule(stanza, report) ?? [])
  const transformsOf = new Map<string, readonly MetadataTransform[]>()
  const metadataTransforms = (kind: EventKind): readonly MetadataTransform[] => {
    const { key, settings } = props.match(kind)
    let found = transformsOf.get(key)
    if (found === undefined) {
      found = [...settings]
        .filter(([name]) => name === 'TRANSFORMS' || name.startsWith('TRANSFORMS-'))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([, setting]) => setting.value.split(','))
        .flatMap((name) => readTransform(transforms.get(name.trim()), report) ?? [])
      transformsOf.set(key, found)
    }
    return found
  }

  return (file, defaults) => {
    let lastRule: Rule | undefined
    const recognise = (event: RawEvent): Rule | undefined => {
      const text = event.raw().slice(0, readLength)
      const fits = ({ patterns }: Rule): boolean => patterns.every(({ regex }) => regex.test(text))
      if (lastRule !== undefined && fits(lastRule)) return lastRule
      lastRule = rules.find(fits)
      return lastRule
    }
    const windows = windowsIdentity()

    /** Of the last Windows event that brought all metadata: many share them. */
    let last: { readonly metadata: EventMetadata; readonly identity: Identity } | undefined

    return (event) => {
      const { metadata, content } = event
      if (last !== undefined && metadata === last.metadata && content.kind === 'windows') return last.identity
      const index = metadata.index ?? defaults.index ?? 'main'
      const given = metadata.fields && { fields: metadata.fields }
      const row = content.kind === 'row' ? content.fields : undefined
      const rowText = (name: string): string | undefined => {
        const value = row?.get(name)
        return typeof value === 'string' ? value : value?.[0]
      }
      let source = metadata.source ?? rowText('source') ?? defaults.source
      let sourcetype = metadata.sourcetype ?? rowText('sourcetype') ?? defaults.sourcetype
      let host = metadata.host ?? rowText('host') ?? defaults.host
      if (content.kind === 'windows') {
        const isComplete = source !== undefined && sourcetype !== undefined && host !== undefined
        const known = isComplete
          ? undefined
          : windows(content.record.system('Channel') ?? '', content.record.system('Computer') ?? '')
        const identity = {
          index,
          source: (source ?? known?.source)!,
          sourcetype: props.renamed((sourcetype ?? known?.sourcetype)!),
          host: (host ?? known?.host)!,
          ...given,
        }
        last = isComplete ? { metadata, identity } : undefined
        return identity
      }
      if (sourcetype === undefined && content.kind !== 'row') {
        sourcetype = props.assignedSourcetype(source ?? file)
        if (sourcetype === undefined) {
          const rule = recognise(event)
          sourcetype = rule?.sourcetype
          source ??= rule?.source
        }
      }
      const generic = content.kind === 'json' ? '_json' : content.kind === 'row' ? 'csv' : 'text'
      if (source === undefined || host === undefined || sourcetype === undefined) {
        const kind = { source: source ?? file, sourcetype: sourcetype ?? generic, host: host ?? '' }
        for (const transform of metadataTransforms(kind)) {
          const value = runTransform(transform, event, kind)
          if (value === undefined) continue
          if (transform.target === 'source') source ??= value
          else if (transform.target === 'host') host ??= value
          else sourcetype ??= value
        }
      }
      return {
        index,
        source: source ?? file,
        sourcetype: props.renamed(sourcetype ?? generic),
        host: host ?? 'unknown',
        ...given,
      }
    }
  }
}

/** `XmlWinEventLog:<Channel>`, and the computer's name up to its first dot. Names are made once each. */
function windowsIdentity(): (channel: string, computer: string) => EventKind {
  const sources = new Map<string, string>()
  const hosts = new Map<string, string>()
  const remember = (map: Map<string, string>, key: string, make: () => string): string => {
    let value = map.get(key)
    if (value === undefined) {
      if (map.size > 10_000) map.clear()
      value = make()
      map.set(key, value)
    }
    return value
  }
  return (channel, computer) => ({
    source: remember(sources, channel, () => `XmlWinEventLog:${channel}`),
    sourcetype: 'XmlWinEventLog',
    host: remember(
      hosts,
      computer,
      () => (/^\d+(\.\d+){3}$/.test(computer) ? computer : computer.split('.', 1)[0]!) || 'unknown',
    ),
  })
}

function readRule(stanza: ConfStanza, report: Report): Rule | undefined {
  const patterns: TextPattern[] = []
  for (const [key, setting] of stanza.settings) {
    if (key === 'sourcetype' || key === 'source') continue
    if (key !== 'MORE_THAN_0') {
      report(
        aboutSetting(
          'unsupported',
          `"${key}" in [${stanza.name}] is not supported; the rule was skipped.`,
          setting,
          'Use MORE_THAN_0.',
        ),
      )
      return undefined
    }
    const pattern = compilePattern(setting, `${key} in [${stanza.name}]`, report)
    if (pattern === undefined) return undefined
    patterns.push(pattern)
  }
  const sourcetype = stanza.settings.get('sourcetype')?.value
  if (sourcetype === undefined || patterns.length === 0) return undefined
  return { sourcetype, source: stanza.settings.get('source')?.value, patterns }
}

const targets = new Map([
  ['MetaData:Host', 'host'],
  ['MetaData:Source', 'source'],
  ['MetaData:Sourcetype', 'sourcetype'],
] as const)

function readTransform(stanza: ConfStanza | undefined, report: Report): MetadataTransform | undefined {
  const setting = (key: string): string | undefined => stanza?.settings.get(key)?.value
  const target = targets.get(setting('DEST_KEY') as 'MetaData:Host')
  const regex = stanza?.settings.get('REGEX')
  const format = setting('FORMAT')
  if (stanza === undefined || target === undefined || regex === undefined || format === undefined)
    return undefined
  const pattern = compilePattern(regex, `REGEX of [${stanza.name}]`, report)
  if (pattern === undefined) return undefined
  return {
    target,
    pattern,
    from: setting('SOURCE_KEY') ?? '_raw',
    format: format.replace(/^(?:host|source|sourcetype)::/, ''),
  }
}

function runTransform(
  { pattern, from, format }: MetadataTransform,
  event: RawEvent,
  kind: EventKind,
): string | undefined {
  const text =
    from === 'MetaData:Source'
      ? kind.source
      : from === 'MetaData:Sourcetype'
        ? kind.sourcetype
        : from === 'MetaData:Host'
          ? kind.host
          : event.raw()
  const match = pattern.regex.exec(text.slice(0, readLength))
  if (match === undefined) return undefined
  const value = format.replace(/\$(\d+)/g, (_, number: string) => match.groups[Number(number)] ?? '').trim()
  return value === '' ? undefined : value
}
