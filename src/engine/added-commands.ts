// Loads the commands that apps bring as JavaScript. They are code that runs with the user's rights, so only apps that
// the caller names for it are asked; what others have is told when a search uses it.

import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, extname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Diagnostic, SearchError } from '../diagnostics/diagnostic.ts'
import { readAddedCommand } from '../spl/added/added-command.ts'
import type { AnyCommand } from '../spl/commands/command.ts'
import { commandsWith, findCommand } from '../spl/commands/index.ts'
import type { CommandSyntaxes } from '../spl/syntax/parser.ts'

/** Where an app keeps its commands. */
const commandFolder = join('karst', 'commands')

export interface AddedCommandSources {
  /** Commands of the caller, which win over those of apps. */
  readonly own: readonly AnyCommand[]
  /** Apps whose commands are loaded; later ones win. */
  readonly trusted: readonly string[]
  /** Apps whose commands are not. */
  readonly others: readonly string[]
}

/**
 * Gathers the commands that searches may use beside Karst's own. A module that is wrong is reported, and the rest loaded.
 * @returns undefined when there is nothing to add
 */
export async function loadAddedCommands(
  { own, trusted, others }: AddedCommandSources,
  report: (diagnostic: Diagnostic) => void,
): Promise<CommandSyntaxes | undefined> {
  const added = new Map<string, AnyCommand>()
  for (const app of trusted) {
    const inApp = new Set<string>()
    for (const file of await commandFiles(app, report)) {
      const command = await loadCommand(file, report)
      if (command === undefined) continue
      const names = [command.name, ...(command.aliases ?? [])]
      const taken = names.find((name) => findCommand(name) !== undefined || inApp.has(name))
      if (taken !== undefined) {
        const owner = inApp.has(taken) ? 'another file of this folder' : 'Karst itself'
        report(problem(`${file}: the command "${taken}" is there already, from ${owner}. It was left out.`))
        continue
      }
      for (const name of names) inApp.add(name)
      remove(added, names)
      added.set(command.name, command)
    }
  }
  for (const command of own) {
    remove(added, [command.name, ...(command.aliases ?? [])])
    added.set(command.name, command)
  }
  const notLoaded = new Map<string, string>()
  for (const app of others) {
    for (const file of await commandFiles(app, () => {})) notLoaded.set(basename(file, extname(file)), app)
  }
  if (added.size === 0 && notLoaded.size === 0) return undefined
  return commandsWith([...added.values()], notLoaded)
}

/** Makes room for a command that wins over others of its names. */
function remove(added: Map<string, AnyCommand>, names: readonly string[]): void {
  for (const [key, { name, aliases = [] }] of added)
    if ([name, ...aliases].some((taken) => names.includes(taken))) added.delete(key)
}

async function commandFiles(app: string, report: (diagnostic: Diagnostic) => void): Promise<string[]> {
  const folder = join(app, commandFolder)
  if (!existsSync(folder)) return []
  const files: string[] = []
  for (const name of (await readdir(folder)).sort()) {
    if (/\.test\.[cm]?[jt]s$|\.d\.[cm]?ts$/.test(name)) continue
    if (/\.[cm]?js$/.test(name)) files.push(join(folder, name))
    else if (/\.[cm]?ts$/.test(name))
      report(
        problem(`${join(folder, name)} is TypeScript, which is not loaded.`, 'Compile it to JavaScript.'),
      )
  }
  return files
}

async function loadCommand(
  file: string,
  report: (diagnostic: Diagnostic) => void,
): Promise<AnyCommand | undefined> {
  let module: { readonly default?: unknown }
  try {
    module = (await import(pathToFileURL(resolve(file)).href)) as typeof module
  } catch (error) {
    report(problem(`${file} cannot be loaded: ${String(error)}`))
    return undefined
  }
  try {
    return readAddedCommand(module.default, file)
  } catch (error) {
    if (!(error instanceof SearchError)) throw error
    for (const diagnostic of error.diagnostics) report(diagnostic)
    return undefined
  }
}

const problem = (message: string, help?: string): Diagnostic => ({
  code: 'bad-command',
  severity: 'error',
  message,
  labels: [],
  ...(help === undefined ? {} : { help }),
})
