// Turns command-line options into what the engine opens with.

import { statSync } from 'node:fs'
import { parseTimeBound } from '../base/time/relative.ts'
import { isZone } from '../base/time/zone.ts'
import type { Config } from '../config/load.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { printable, renderDiagnostic } from '../diagnostics/render.ts'
import type { KarstOptions } from '../engine/engine.ts'
import type { MacroDefinition } from '../spl/host.ts'
import { cacheFolder } from './cache-folder.ts'
import { type OptionName, UsageError } from './options.ts'
import { outputFiles } from './output-options.ts'
import { entityOptions } from './risk-options.ts'
import type { Invocation } from './verb.ts'

/** Options that say what events are and when. */
export const evidenceOptionNames: readonly OptionName[] = [
  'from', 'to', 'now', 'tz', 'index', 'source', 'sourcetype', 'host', 'input', 'recover',
] // biome-ignore format: a list

/** Options that say what searches may use. */
export const knowledgeOptionNames: readonly OptionName[] = [
  'app', 'lookup', 'macro', 'geoip', 'assets', 'identities', 'risk-factors', 'xml-escaped', 'allow-write', 'state', 'limit',
] // biome-ignore format: a list

/** What was heard while running: warnings are counted, so that `--strict` can act on them. */
export interface Heard {
  readonly warnings: readonly Diagnostic[]
}

/**
 * Reads the options that verbs share.
 * @throws UsageError
 */
export function openOptions({ options, config, limits, terminal, signal }: Invocation): {
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
  const note = (text: string): void => {
    if (options.verbose === true) terminal.error(printable(text))
  }
  const { index, source, sourcetype, host, input } = options
  const engine: KarstOptions = {
    ...(options.content === undefined ? {} : { content: options.content }),
    ...(options['no-cache'] === true ? {} : { cache: { folder: cacheFolder(process.env), note } }),
    ...(options.app === undefined ? {} : { apps: options.app.map(existingApp) }),
    ...(options.app === undefined || !isNamedByUser(config) ? {} : { appsWithCode: options.app }),
    ...(options.filters === undefined ? {} : { filters: options.filters }),
    ...(options.geoip === undefined ? {} : { geoip: options.geoip }),
    ...(options['allow-write'] === undefined
      ? {}
      : { writeFolder: existingFolder('allow-write', options['allow-write']) }),
    ...(options.state === undefined ? {} : { state: existingFolder('state', options.state) }),
    ...entityOptions(options),
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
    outputs: outputFiles(options),
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

/**
 * Whether the user named the apps, rather than a karst.yaml that was found: it may lie beside evidence or in somebody
 * else's repository, and must not bring code to run.
 */
const isNamedByUser = ({ origins }: Config): boolean => origins.get('app')?.kind !== 'file'

function existingApp(path: string): string {
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) return path
  throw new UsageError(`--app needs the folder of an app, or a packed one, found nothing at "${path}".`)
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
