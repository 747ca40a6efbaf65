// How options of the command line and settings of the configuration go together: options set settings, and settings stand
// in for options that were not given.

import { homedir } from 'node:os'
import { type SettingName, settingNames } from '../config/config.ts'
import { adviceFor, type Config, loadConfig, type OptionValue } from '../config/load.ts'
import { type OptionName, type OptionValues, optionTable, UsageError } from './options.ts'
import type { Verb } from './verb.ts'

/** Settings that are options of the same name. `output` is none: `-o` takes more formats, and files. */
const sharedNames = settingNames.filter(
  (name): name is SettingName & OptionName => Object.hasOwn(optionTable, name) && name !== 'output',
)

/** Verbs that print rows, whose format the setting `output` gives. */
const rowVerbs: ReadonlySet<string> = new Set(['scan', 'search', 'events'])

/**
 * Loads the configuration for the process: options, then its environment, then the nearest file.
 * @throws ConfigError, UsageError
 */
export function readConfig(options: OptionValues): Config {
  const given = new Map<SettingName, { option: string; value: OptionValue }>()
  for (const name of sharedNames) {
    const value = options[name]
    if (value !== undefined) given.set(name, { option: `--${name}`, value })
  }
  const memory = options['max-memory']
  if (memory !== undefined) given.set('limits.max_memory', { option: '--max-memory', value: memory })
  for (const text of options.limit ?? []) {
    const [, short = '', value = ''] = /^\s*(?:limits\.)?([^=\s]+)\s*=(.*)$/.exec(text) ?? []
    const name = settingNames.find((known) => known === `limits.${short}`)
    if (short === '') throw new UsageError(`--limit needs NAME=VALUE, found "${text}".`)
    if (name === undefined)
      throw new UsageError(`There is no limit "${short}". ${adviceFor(`limits.${short}`)}`)
    given.set(name, { option: '--limit', value: value.trim() })
  }
  return loadConfig({
    folder: process.cwd(),
    home: homedir(),
    ...(options['no-config'] === true ? { file: false } : {}),
    ...(options.config === undefined ? {} : { file: options.config }),
    environment: process.env,
    options: given,
  })
}

/** The options of a verb, with the settings for those that were not given. */
export function withConfig(options: OptionValues, verb: Verb, { values, origins }: Config): OptionValues {
  const all: Record<string, OptionValue> = { ...options }
  for (const name of sharedNames) {
    const value = values[name]
    if (!verb.options.includes(name) || value === undefined || origins.get(name)?.kind === 'default') continue
    all[name] = asOption(value)
  }
  if (rowVerbs.has(verb.name) && options.output === undefined && values.output !== undefined)
    all['output'] = [values.output]
  return all as OptionValues
}

/** Settings with names become `NAME=VALUE`. */
function asOption(value: OptionValue | Readonly<Record<string, string>>): OptionValue {
  if (typeof value !== 'object' || Array.isArray(value)) return value as OptionValue
  return Object.entries(value).map(([name, text]) => `${name}=${text}`)
}
