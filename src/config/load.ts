// Finds and reads karst.yaml, adds environment variables and options, and remembers where each value came from.
// A file is read as strictly as possible: a key that means nothing is a mistake, not an extension.

import { existsSync, readFileSync } from 'node:fs'
import { delimiter, dirname, join, resolve } from 'node:path'
import { isAlias, isMap, isScalar, isSeq, type Node, parseDocument } from 'yaml'
import { suggest } from '../base/suggest.ts'
import { isDeepYaml } from '../base/text/yaml-depth.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { lineAndColumn, type Source, type Span } from '../diagnostics/source.ts'
import {
  environmentName,
  type Setting,
  type SettingName,
  type SettingValues,
  settingNames,
  settings,
} from './config.ts'

/** Where a value came from. */
export type Origin =
  | { readonly kind: 'default' }
  | { readonly kind: 'file'; readonly file: string; readonly line: number }
  | { readonly kind: 'environment'; readonly name: string }
  | { readonly kind: 'option'; readonly name: string }

export interface Config {
  readonly values: SettingValues
  readonly origins: ReadonlyMap<SettingName, Origin>
  /** The file that was read; undefined where there is none. */
  readonly file: string | undefined
  /** Variables that look like settings and are none. */
  readonly warnings: readonly Diagnostic[]
}

/** The configuration is wrong; exit code 3. */
export class ConfigError extends Error {
  readonly diagnostics: readonly Diagnostic[]

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(({ message }) => message).join('\n'))
    this.name = 'ConfigError'
    this.diagnostics = diagnostics
  }
}

export interface ConfigSources {
  /** Where the search for karst.yaml begins; it goes upwards. */
  readonly folder: string
  /** The folder that holds `.config/karst/karst.yaml`. */
  readonly home: string
  /** This file instead of one that is searched for; false: none. */
  readonly file?: string | false
  readonly environment: Readonly<Record<string, string | undefined>>
  /** What options of the command line set: texts, lists, or `NAME=VALUE` for settings with names. */
  readonly options: ReadonlyMap<SettingName, { readonly option: string; readonly value: OptionValue }>
}

export type OptionValue = string | boolean | readonly string[]

/** The name of the file. */
export const configFileName = 'karst.yaml'

/** A configuration is a page; what is larger is something else. */
const maxFileBytes = 1024 * 1024

/**
 * Loads the configuration: option over environment variable over file over default. Settings with names (lookups, macros)
 * are put together name by name, the others replaced whole.
 *
 * @throws ConfigError
 */
export function loadConfig(sources: ConfigSources): Config {
  const values = new Map<SettingName, unknown>(settingNames.map((name) => [name, settingOf(name).default]))
  const origins = new Map<SettingName, Origin>(settingNames.map((name) => [name, { kind: 'default' }]))
  const set = (name: SettingName, value: unknown, origin: Origin): void => {
    values.set(
      name,
      isNamed(name) ? { ...(values.get(name) as object | undefined), ...(value as object) } : value,
    )
    origins.set(name, origin)
  }
  const file = findFile(sources)
  if (file !== undefined)
    for (const [name, { value, line }] of readFile(file)) set(name, value, { kind: 'file', file, line })
  for (const name of settingNames) {
    const variable = environmentName(name)
    const text = sources.environment[variable]
    if (text !== undefined && text !== '')
      set(name, checked(name, textValue(name, text), variable), { kind: 'environment', name: variable })
    const given = sources.options.get(name)
    if (given !== undefined) {
      const value = isNamed(name) ? named(name, given.value as readonly string[], given.option) : given.value
      set(name, checked(name, value, given.option), { kind: 'option', name: given.option })
    }
  }
  const warnings = unknownVariables(sources.environment)
  return { values: Object.fromEntries(values) as unknown as SettingValues, origins, file, warnings }
}

const settingOf = (name: SettingName): Setting => settings[name]
const isNamed = (name: SettingName): boolean => settingOf(name).form.startsWith('named')

// ---- the file

function findFile({ folder, home, file, environment }: ConfigSources): string | undefined {
  if (file === false) return undefined
  const named = file ?? environment[configVariable]
  if (named !== undefined && named !== '') {
    if (existsSync(named)) return resolve(folder, named)
    throw mistake(`The configuration file "${named}" does not exist.`)
  }
  for (let at = resolve(folder); ; at = dirname(at)) {
    const candidate = join(at, configFileName)
    if (existsSync(candidate)) return candidate
    if (dirname(at) === at) break
  }
  const own = join(home, '.config', 'karst', configFileName)
  return existsSync(own) ? own : undefined
}

const configVariable = 'KARST_CONFIG'

/** Where the cache is. No setting: a karst.yaml that lies beside evidence must not bring a cache of its own. */
export const cacheVariable = 'KARST_CACHE_DIR'

interface FileValue {
  readonly value: unknown
  readonly line: number
}

function readFile(file: string): ReadonlyMap<SettingName, FileValue> {
  const bytes = readFileSync(file)
  if (bytes.length > maxFileBytes) throw mistake(`${file} is larger than 1 MiB: that is no configuration.`)
  const source: Source = { name: file, text: bytes.toString('utf8').replace(/^\ufeff/, '') }
  return new ConfigFile(source).read()
}

/** Reads the values of one file and gathers what is wrong with it. */
class ConfigFile {
  readonly #source: Source
  readonly #values = new Map<SettingName, FileValue>()
  readonly #problems: Diagnostic[] = []

  constructor(source: Source) {
    this.#source = source
  }

  read(): ReadonlyMap<SettingName, FileValue> {
    if (isDeepYaml(this.#source.text))
      this.#report('This is nested too deeply to be a configuration.', { start: 0, end: 0 })
    else {
      const contents = this.#parse()
      if (contents !== null && !isNothing(contents)) this.#readLevel(contents, '')
    }
    if (this.#problems.length > 0) throw new ConfigError(this.#problems)
    return this.#values
  }

  /** Aliases stay nodes of their own, so nothing unfolds. */
  #parse(): Node | null {
    const { errors, contents } = parseDocument(this.#source.text, { logLevel: 'error' })
    // What follows the first mistake in the form of a text follows from it.
    const [first] = errors
    if (first !== undefined) {
      const [reason = ''] = first.message.split(/ at line \d|\n/)
      this.#report(`This is not valid YAML: ${reason}.`, { start: first.pos[0], end: first.pos[1] })
    }
    return errors.length > 0 ? null : contents
  }

  /** Reads a map of settings, or of further levels (`limits`). */
  #readLevel(node: Node, prefix: string): void {
    if (!isMap(node)) {
      const what = prefix === '' ? 'The file' : `"${prefix.slice(0, -1)}"`
      this.#report(`${what} needs names with values.`, spanOf(node))
      return
    }
    for (const { key, value } of node.items as { key: Node; value: Node | null }[]) {
      const name = `${prefix}${isScalar(key) ? String(key.value) : ''}`
      if (isSettingName(name)) this.#readSetting(name, value ?? key, key)
      else if (settingNames.some((known) => known.startsWith(`${name}.`))) {
        // A level with nothing below it sets nothing.
        if (value !== null && !isNothing(value)) this.#readLevel(value, `${name}.`)
      } else this.#report(`There is no setting "${name}".`, spanOf(key), `${adviceFor(name)}`)
    }
  }

  #readSetting(name: SettingName, node: Node, key: Node): void {
    const { schema, form } = settingOf(name)
    const alias = findAlias(node)
    if (alias !== undefined) {
      this.#report(`"${name}" uses an alias.`, spanOf(alias), 'Write the value out.')
      return
    }
    const found = schema.safeParse(node === key ? null : node.toJSON())
    if (!found.success) {
      const [issue] = found.error.issues
      const place = nodeAt(node, issue?.path ?? [])
      this.#report(`"${name}": ${issue?.message}, found ${shown(place)}.`, spanOf(place))
      return
    }
    const value = form.endsWith('path') || form.endsWith('paths') ? this.#fromHere(found.data) : found.data
    const { line } = lineAndColumn(this.#source, spanOf(key).start)
    this.#values.set(name, { value, line })
  }

  /** Paths are meant from the folder of the file. */
  #fromHere(value: unknown): unknown {
    const folder = dirname(this.#source.name)
    if (typeof value === 'string') return resolve(folder, value)
    if (Array.isArray(value)) return value.map((path: string) => resolve(folder, path))
    return Object.fromEntries(
      Object.entries(value as Record<string, string>).map(([name, path]) => [name, resolve(folder, path)]),
    )
  }

  #report(message: string, span: Span, help?: string): void {
    this.#problems.push({
      code: 'bad-configuration',
      severity: 'error',
      message,
      labels: [{ source: this.#source, span, primary: true }],
      ...(help === undefined ? {} : { help }),
    })
  }
}

const isNothing = (node: Node): boolean => isScalar(node) && node.value === null

const isSettingName = (name: string): name is SettingName => Object.hasOwn(settings, name)

function spanOf(node: Node): Span {
  const [start, end] = node.range ?? [0, 0]
  return { start, end }
}

function shown(node: Node): string {
  if (isSeq(node)) return 'a list'
  if (isMap(node)) return 'names with values'
  return isScalar(node) && node.value !== null ? `"${String(node.value)}"` : 'nothing'
}

function nodeAt(node: Node, path: readonly PropertyKey[]): Node {
  let at = node
  for (const step of path) {
    const inner: unknown = isMap(at) || isSeq(at) ? at.get(step, true) : undefined
    if (inner === undefined || inner === null) break
    at = inner as Node
  }
  return at
}

/** An alias at most two levels down: nothing that is deeper is a value of a setting. */
function findAlias(node: Node, depth = 2): Node | undefined {
  if (isAlias(node)) return node
  if (depth === 0 || !(isMap(node) || isSeq(node))) return undefined
  for (const item of node.items) {
    const inner = (isMap(node) ? (item as { value: unknown }).value : item) as Node | null
    const found = inner === null ? undefined : findAlias(inner, depth - 1)
    if (found !== undefined) return found
  }
  return undefined
}

// ---- environment and options

function textValue(name: SettingName, text: string): unknown {
  switch (settingOf(name).form) {
    case 'text':
    case 'path':
      return text
    case 'paths':
      return text.split(delimiter).filter((path) => path !== '')
    case 'named paths':
    case 'named texts':
      return named(name, text.split('\n'), environmentName(name))
  }
}

/** Reads `NAME=VALUE`. */
function named(name: SettingName, texts: readonly string[], from: string): Readonly<Record<string, string>> {
  const pairs = texts
    .filter((text) => text.trim() !== '')
    .map((text): [string, string] => {
      const at = text.indexOf('=')
      if (at < 1) throw mistake(`${from} needs NAME=VALUE for "${name}", found "${text}".`)
      return [text.slice(0, at).trim(), text.slice(at + 1)]
    })
  return Object.fromEntries(pairs)
}

function checked(name: SettingName, value: unknown, from: string): unknown {
  const found = settingOf(name).schema.safeParse(value)
  if (found.success) return found.data
  throw mistake(`${from}: ${found.error.issues[0]?.message}, found "${String(value)}".`)
}

function unknownVariables(environment: ConfigSources['environment']): Diagnostic[] {
  const known = [configVariable, cacheVariable, ...settingNames.map(environmentName)]
  return Object.keys(environment)
    .filter((name) => name.startsWith('KARST_') && !known.includes(name))
    .map((name) => {
      const [nearest] = suggest(name, known)
      const help = nearest === undefined ? '"karst config" lists all settings.' : `Did you mean ${nearest}?`
      const message = `The environment variable ${name} sets nothing.`
      return { code: 'bad-configuration', severity: 'warning', message, labels: [], help }
    })
}

/** The setting that a wrong name may mean. */
export function adviceFor(name: string): string {
  const [nearest] = suggest(name, settingNames)
  // People write the last part alone: `maxout` for `limits.subsearch.maxout`.
  const last = name.slice(name.lastIndexOf('.') + 1)
  const found = nearest ?? settingNames.find((known) => known.endsWith(`.${last}`))
  return found === undefined ? '"karst config" lists all settings.' : `Did you mean "${found}"?`
}

const mistake = (message: string): ConfigError =>
  new ConfigError([{ code: 'bad-configuration', severity: 'error', message, labels: [] }])
