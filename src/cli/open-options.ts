// Turns command-line options into what the engine opens with.

import { statSync } from 'node:fs'
import { parseTimeBound } from '../base/time/relative.ts'
import { isZone } from '../base/time/zone.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { renderDiagnostic } from '../diagnostics/render.ts'
import type { KarstOptions } from '../engine/engine.ts'
import type { MacroDefinition } from '../spl/host.ts'
import { type OptionName, UsageError } from './options.ts'
import type { Invocation } from './verb.ts'

/** Options that say what events are and when. */
export const evidenceOptionNames: readonly OptionName[] = [
  'from', 'to', 'now', 'tz', 'index', 'source', 'sourcetype', 'host', 'input', 'recover',
] // biome-ignore format: a list

/** Options that say what searches may use. */
export const knowledgeOptionNames: readonly OptionName[] = [
  'app', 'lookup', 'macro', 'geoip', 'xml-escaped', 'allow-write', 'state', 'limit',
] // biome-ignore format: a list

/** What was heard while running: warnings are counted, so that `--strict` can act on them. */
export interface Heard {
  readonly warnings: readonly Diagnostic[]
}

/**
 * Reads the options that verbs share.
 * @throws UsageError
 */
export function openOptions({ options, limits, terminal, signal }: Invocation): {
  readonly engine: KarstOptions
  readonly heard: Heard
} {
  const timeZone = options.tz ?? 'UTC'
  if (!isZone(timeZone))
    throw new UsageError(`Unknown time zone "${timeZone}". Give an IANA name such as Europe/Berlin.`)
  const clock = Math.floor(Date.now() / 1000)
  const time = (name: 'now' | 'from' | 'to', now: number): number | undefined => {
    const text = options[name]
    if (text === undefined) return undefined
    const found = parseTimeBound(text, now, timeZone)
    if (found !== undefined) return found
    throw new UsageError(
      `--${name} needs a time such as 2024-05-12T08:00:00Z, 1715500800 or -24h@h, found "${text}".`,
    )
  }
  const now = time('now', clock) ?? clock
  const warnings: Diagnostic[] = []
  const { index, source, sourcetype, host, input } = options
  const engine: KarstOptions = {
    ...(options.content === undefined ? {} : { content: options.content }),
    ...(options.app === undefined ? {} : { apps: options.app }),
    ...(options.filters === undefined ? {} : { filters: options.filters }),
    ...(options.geoip === undefined ? {} : { geoip: options.geoip }),
    ...(options['allow-write'] === undefined
      ? {}
      : { writeFolder: existingFolder('allow-write', options['allow-write']) }),
    ...(options.state === undefined ? {} : { state: existingFolder('state', options.state) }),
    keepsXmlEscapes: options['xml-escaped'] ?? false,
    lookups: new Map((options.lookup ?? []).map((text) => nameAndValue('lookup', text))),
    macros: (options.macro ?? []).map(macroDefinition),
    now,
    timeZone,
    earliest: time('from', now),
    latest: time('to', now),
    defaults: {
      ...(index === undefined ? {} : { index }),
      ...(source === undefined ? {} : { source }),
      ...(sourcetype === undefined ? {} : { sourcetype }),
      ...(host === undefined ? {} : { host }),
    },
    ...(input === undefined ? {} : { format: input }),
    recover: options.recover ?? false,
    limits: limits.search,
    decodeLimits: limits.decode,
    archiveLimits: limits.archive,
    stdin: process.stdin,
    signal,
    // Reading a thousand searches once more takes seconds, so only who wants to know waits for it.
    checksSearches: options.verbose === true || options.strict === true,
    report: (diagnostic) => {
      if (diagnostic.severity !== 'note') warnings.push(diagnostic)
      if (diagnostic.severity === 'error' || options.verbose === true)
        terminal.error(renderDiagnostic(diagnostic))
    },
  }
  return { engine, heard: { warnings } }
}

function existingFolder(option: OptionName, path: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return path
  throw new UsageError(`--${option} needs a folder that exists, found "${path}".`)
}

function nameAndValue(option: OptionName, text: string): [name: string, value: string] {
  const at = text.indexOf('=')
  if (at < 1 || at === text.length - 1) throw new UsageError(`--${option} needs NAME=VALUE, found "${text}".`)
  return [text.slice(0, at).trim(), text.slice(at + 1)]
}

/** Reads `name(a, b)=definition`. */
function macroDefinition(text: string): MacroDefinition {
  const found = /^\s*([\w.:-]+)\s*(?:\(([^)]*)\))?\s*=(.*)$/s.exec(text)
  if (found === null) throw new UsageError(`--macro needs 'NAME(ARGUMENTS)=DEFINITION', found "${text}".`)
  const [, name = '', list, definition = ''] = found
  const args = (list ?? '')
    .split(',')
    .map((arg) => arg.trim())
    .filter((arg) => arg !== '')
  return {
    name: args.length === 0 ? name : `${name}(${args.length})`,
    args,
    definition,
    isEval: false,
    origin: '--macro',
  }
}
