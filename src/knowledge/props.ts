// Which stanzas of props.conf apply to an event, and the settings they come to.
// What the settings do is left to profile.ts.
//
// Later wins: [default], the sourcetype, matching host:: stanzas, matching source:: stanzas. Among host:: or source::
// stanzas the higher `priority` wins (100 for a literal stanza, 0 for a pattern), then the name that comes first in
// ASCII order. (props.conf.spec: priority; "[source::…] settings override both [host::…] and [<sourcetype>] settings")
//
// Sourcetype and source are compared without regard to case: Splunk's add-ons extract fields for `xmlwineventlog`,
// and a Windows channel is written `Security` by one collector and `security` by another.

import { type Conf, type ConfStanza, type ConfValue, parseConf, type Report } from './conf-file.ts'

/** What an event's metadata select settings by. */
export interface EventKind {
  readonly source: string
  readonly sourcetype: string
  readonly host: string
}

export type Settings = ReadonlyMap<string, ConfValue>

/** The settings of one combination of stanzas. */
export interface PropsMatch {
  /** The same for all events that the same stanzas apply to. */
  readonly key: string
  readonly settings: Settings
}

export interface Props {
  match(kind: EventKind): PropsMatch
  /** The sourcetype that searches see: `rename` of the sourcetype's stanza, else itself. */
  renamed(sourcetype: string): string
  /** The `sourcetype` that a source:: stanza assigns to evidence that brings none. */
  assignedSourcetype(source: string): string | undefined
  /** Stanzas `[rule::name]`: how to recognise a sourcetype by content. */
  readonly rules: readonly ConfStanza[]
}

interface Candidate {
  readonly stanza: ConfStanza
  readonly id: number
  readonly matches: (text: string) => boolean
  readonly priority: number
}

/** Metadata are remembered up to this many distinct values, so that hostile logs cannot fill the memory. */
const mostRemembered = 20_000

/** Prepares the stanzas of props.conf for matching. */
export function compileProps(conf: Conf, report: Report): Props {
  const bySourcetype = new Map<string, Candidate[]>()
  const sourcetypePatterns: Candidate[] = []
  const sources: Candidate[] = []
  const hosts: Candidate[] = []
  const rules: ConfStanza[] = []
  let id = 0
  for (const stanza of conf.values()) {
    const { name } = stanza
    if (name === 'default') continue
    if (name.startsWith('rule::') || name.startsWith('delayedrule::')) {
      rules.push(stanza)
      continue
    }
    const kind = name.startsWith('source::') ? 'source' : name.startsWith('host::') ? 'host' : 'sourcetype'
    const pattern = kind === 'sourcetype' ? name : name.slice(kind.length + 2)
    const candidate = { stanza, id: id++, ...compilePattern(pattern, kind, stanza, report) }
    if (kind === 'source') sources.push(candidate)
    else if (kind === 'host') hosts.push(candidate)
    else if (candidate.literal)
      bySourcetype.set(name.toLowerCase(), [...(bySourcetype.get(name.toLowerCase()) ?? []), candidate])
    else sourcetypePatterns.push(candidate)
  }
  for (const list of [sources, hosts, sourcetypePatterns]) list.sort(weakestFirst)
  // Rules of a later file come first, as what it says wins; within a file they are tried as they are written.
  const fileOf = ({ settings }: ConfStanza): string => settings.values().next().value?.source.name ?? ''
  const files = [...new Set(rules.map(fileOf))]
  rules.sort((a, b) => files.indexOf(fileOf(b)) - files.indexOf(fileOf(a)))

  const remember = <Result>(find: (text: string) => Result): ((text: string) => Result) => {
    const known = new Map<string, Result>()
    return (text) => {
      let result = known.get(text)
      if (result === undefined) {
        if (known.size >= mostRemembered) known.clear()
        result = find(text)
        known.set(text, result)
      }
      return result
    }
  }
  const ofSourcetype = remember((sourcetype) => [
    ...sourcetypePatterns.filter(({ matches }) => matches(sourcetype)),
    ...(bySourcetype.get(sourcetype.toLowerCase()) ?? []),
  ])
  const ofSource = remember((source) => sources.filter(({ matches }) => matches(source)))
  const ofHost =
    hosts.length === 0 ? () => [] : remember((host) => hosts.filter(({ matches }) => matches(host)))

  const defaults = conf.get('default')?.settings ?? new Map<string, ConfValue>()
  const merged = new Map<string, PropsMatch>()
  return {
    rules,
    match({ source, sourcetype, host }) {
      const applying = [...ofSourcetype(sourcetype), ...ofHost(host), ...ofSource(source)]
      const key = applying.map((candidate) => candidate.id).join(' ')
      let match = merged.get(key)
      if (match === undefined) {
        const settings = new Map(defaults)
        for (const { stanza } of applying)
          for (const [name, value] of stanza.settings) settings.set(name, value)
        match = { key, settings }
        merged.set(key, match)
      }
      return match
    },
    renamed(sourcetype) {
      return ofSourcetype(sourcetype).at(-1)?.stanza.settings.get('rename')?.value ?? sourcetype
    },
    assignedSourcetype(source) {
      return ofSource(source)
        .findLast(({ stanza }) => stanza.settings.has('sourcetype'))
        ?.stanza.settings.get('sourcetype')?.value
    },
  }
}

const weakestFirst = (a: Candidate, b: Candidate): number =>
  a.priority - b.priority || (a.stanza.name < b.stanza.name ? 1 : -1)

/**
 * Compiles the pattern of a stanza: `...` is any text, `*` any text without a path separator, `|` and `( )` as in
 * regular expressions; a sourcetype is a pattern only when it begins with `(?::){0}`.
 */
function compilePattern(
  pattern: string,
  kind: 'source' | 'host' | 'sourcetype',
  stanza: ConfStanza,
  report: Report,
): { matches: (text: string) => boolean; priority: number; literal: boolean } {
  const literal = kind === 'sourcetype' ? !pattern.startsWith('(?::){0}') : !/[*|()]|\.\.\./.test(pattern)
  const stated = Number(stanza.settings.get('priority')?.value ?? Number.NaN)
  const priority = Number.isInteger(stated) ? stated : literal ? 100 : 0
  if (literal) {
    const folded = pattern.toLowerCase()
    return { literal, priority, matches: (text) => text.toLowerCase() === folded }
  }
  const body = pattern.replace('(?::){0}', '')
  const minding = body.startsWith('(?-i)')
  const expression = body
    .replace(/^\(\?-?i\)/, '')
    .replace(/\.\.\.|\*|[.+^$[\]{}]/g, (part) =>
      part === '...' ? '[\\s\\S]*' : part === '*' ? '[^\\\\/]*' : `\\${part}`,
    )
  try {
    const regex = new RegExp(`^(?:${expression})$`, minding ? '' : 'i')
    return { literal, priority, matches: (text) => regex.test(text) }
  } catch {
    report({
      code: 'bad-regex',
      severity: 'warning',
      message: `The stanza "[${stanza.name}]" of props.conf is not a pattern that can be matched; it applies to nothing.`,
      labels: [],
    })
    return { literal, priority, matches: () => false }
  }
}

/** Reads props.conf from text, for tests and small sets. */
export const propsOf = (text: string, report: Report): Props =>
  compileProps(parseConf(text, 'props.conf', report), report)
