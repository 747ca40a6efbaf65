// Which index, source, sourcetype and host an event has, and what else indexing makes of it.
//
// What the evidence states (an envelope, an export) comes first, then what the user states, then what the form of a text
// tells; a log of Windows (EVTX) has names by its form alone. Where all are silent, source:: stanzas and `[rule::name]`
// stanzas of props.conf recognise a text (Splunk's own form: `MORE_THAN_0 = regex`, `sourcetype = name`; the key `source`
// is Karst's addition). Then TRANSFORMS and SEDCMD of that kind run, as in Splunk: they may change everything but what
// the user states as source and host. Rows of exports were indexed before, and Windows events keep their names.

import type { EventMetadata, FieldText, RawEvent } from '../decode/reader.ts'
import { aboutSetting, type ConfStanza, type Report } from './conf-file.ts'
import { compilePattern, type TextPattern } from './extract/pattern.ts'
import type { IndexedEvent, IndexRules } from './indexing.ts'
import type { EventKind, Props } from './props.ts'
import type { TimestampRule } from './timestamp.ts'

/** What indexing makes of an event. */
export interface Identity extends EventKind {
  readonly index: string
  /** Index-time fields. */
  readonly fields?: ReadonlyMap<string, FieldText>
  /** Its text as indexing leaves it; absent where it leaves it alone. */
  readonly readText?: () => string
  /** How its time is found, where that is not its sourcetype's to say: transforms run after times were read. */
  readonly timestamp?: TimestampRule
}

/** What the user states about evidence. */
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

/** How much of an event's text is looked at. */
const readLength = 4096

/** Identities are remembered for this many channels and computers, so that hostile logs cannot fill the memory. */
const mostComplete = 1000

/**
 * Makes identifiers for files.
 * @param indexRules of a kind of events; remembered by who gives them
 */
export function metadataRules(
  props: Props,
  indexRules: (kind: EventKind) => IndexRules,
  report: Report,
): (file: string, defaults: DefaultMetadata) => Identify {
  const rules = props.rules.flatMap((stanza) => readRule(stanza, report) ?? [])

  return (file, defaults) => {
    let lastRule: Rule | undefined
    const recognise = (event: RawEvent): Rule | undefined => {
      const text = event.raw().slice(0, readLength)
      const fits = ({ patterns }: Rule): boolean => patterns.every(({ regex }) => regex.test(text))
      if (lastRule !== undefined && fits(lastRule)) return lastRule
      lastRule = rules.find(fits)
      return lastRule
    }
    const windows = windowsNames()
    /** Events of a file are of few kinds, one after the other. */
    let lastKind: EventKind | undefined
    let lastRules: IndexRules | undefined
    const rulesOf = (kind: EventKind): IndexRules => {
      if (lastKind === undefined || lastRules === undefined || !isSameKind(kind, lastKind)) {
        lastKind = kind
        lastRules = indexRules(kind)
      }
      return lastRules
    }

    /** Of Windows events that brought all metadata: those of a channel and computer share them. */
    const complete = new Map<EventMetadata, Identity>()

    return (event) => {
      const { metadata, content } = event
      if (content.kind === 'windows') {
        const known = complete.get(metadata)
        if (known !== undefined) return known
      }
      const { form = {}, fields } = metadata
      const index = metadata.index ?? defaults.index ?? 'main'
      let source = metadata.source ?? defaults.source ?? form.source
      let sourcetype = metadata.sourcetype ?? defaults.sourcetype ?? form.sourcetype
      const host = metadata.host ?? defaults.host ?? form.host
      if (content.kind === 'windows') {
        const isComplete = source !== undefined && sourcetype !== undefined && host !== undefined
        const known = isComplete
          ? undefined
          : windows(content.record.system('Channel') ?? '', content.record.system('Computer') ?? '')
        const identity = withEdits(event, {
          index,
          source: (source ?? known?.source)!,
          sourcetype: (sourcetype ?? known?.sourcetype)!,
          host: (host ?? known?.host)!,
          ...(fields && { fields }),
        })
        if (isComplete && identity.readText === undefined) {
          if (complete.size >= mostComplete) complete.clear()
          complete.set(metadata, identity)
        }
        return identity
      }
      if (content.kind === 'row') {
        return {
          index,
          source: source ?? file,
          sourcetype: props.renamed(sourcetype ?? 'text'),
          host: host ?? 'unknown',
          ...(fields && { fields }),
        }
      }
      if (sourcetype === undefined) {
        sourcetype = props.assignedSourcetype(source ?? file)
        if (sourcetype === undefined) {
          const rule = recognise(event)
          sourcetype = rule?.sourcetype
          source ??= rule?.source
        }
      }
      sourcetype ??= content.kind === 'json' ? '_json' : 'text'
      return indexed(event, {
        index,
        source: source ?? file,
        sourcetype,
        host: host ?? 'unknown',
        ...(fields && { fields }),
      })
    }

    /** A Windows event under its final name, its text as SEDCMD leaves it. */
    function withEdits(event: RawEvent, identity: Identity): Identity {
      const { edit } = rulesOf(identity)
      const renamed = { ...identity, sourcetype: props.renamed(identity.sourcetype) }
      return edit === undefined ? renamed : { ...renamed, readText: editedText(event, edit) }
    }

    function indexed(event: RawEvent, identity: Identity): Identity {
      const { edit, transforms, timestamp } = rulesOf(identity)
      const { index, source, sourcetype, host, fields } = identity
      if (edit === undefined && transforms.length === 0)
        return { index, source, sourcetype: props.renamed(sourcetype), host, ...(fields && { fields }) }
      const raw = event.raw()
      const draft: IndexedEvent = {
        raw: edit === undefined ? raw : edit(raw),
        index,
        source,
        sourcetype,
        host,
        fields: fields && new Map(fields),
      }
      for (const transform of transforms) transform(draft)
      return {
        index: draft.index,
        source: defaults.source ?? draft.source,
        sourcetype: props.renamed(draft.sourcetype),
        host: defaults.host ?? draft.host,
        ...(draft.fields && { fields: draft.fields }),
        ...(draft.raw === raw ? undefined : { readText: textReader(draft.raw) }),
        ...(draft.sourcetype === sourcetype ? undefined : { timestamp }),
      }
    }
  }
}

const isSameKind = (a: EventKind, b: EventKind): boolean =>
  a.source === b.source && a.sourcetype === b.sourcetype && a.host === b.host

const textReader =
  (text: string): (() => string) =>
  () =>
    text

/** An edited text, made when it is wanted: Windows events are rarely read as text. */
function editedText(event: RawEvent, edit: (text: string) => string): () => string {
  let text: string | undefined
  return () => {
    text ??= edit(event.raw())
    return text
  }
}

/** `XmlWinEventLog:<Channel>`, and the computer's name up to its first dot. Names are made once each. */
function windowsNames(): (channel: string, computer: string) => EventKind {
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
