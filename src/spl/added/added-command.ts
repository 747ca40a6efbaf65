// Commands of a user's own: what a module must export, and a guard around it, so that its mistakes are told as its own
// and never as Karst's. Finding and loading modules is left to engine.

import { isStackOverflow, SearchError, searchError } from '../../diagnostics/diagnostic.ts'
import { Batch } from '../../value/batch.ts'
import type { AnyCommand, CommandType } from '../commands/command.ts'
import { type CommandTools, commandTools } from './command-tools.ts'

/** What a module of a command exports by default: the command, or a function that makes it with Karst's tools. */
export type CommandModule = AnyCommand | ((tools: CommandTools) => AnyCommand)

const types: readonly CommandType[] = [
  'generating',
  'distributable streaming',
  'centralized streaming',
  'transforming',
  'dataset processing',
]

/** Methods that a command may leave out. */
const optionalMethods = ['mayFollow', 'pipelines', 'scans', 'holdsBack', 'needs'] as const

const guide = 'docs/commands-of-your-own.md shows a whole one.'

/**
 * Makes a command of what a module exports by default.
 * @param origin the module's file, for messages
 * @throws SearchError that says what is wrong with it
 */
export function readAddedCommand(exported: unknown, origin: string): AnyCommand {
  const wrong = (what: string): never => {
    throw searchError('bad-command', `${origin}: ${what}`, guide)
  }
  if (exported === undefined) wrong('there is no default export, so it gives no command.')
  let made = exported
  if (typeof exported === 'function') {
    try {
      made = (exported as (tools: CommandTools) => unknown)(commandTools)
    } catch (error) {
      wrong(`its default export failed: ${String(error)}.`)
    }
  }
  if (typeof made !== 'object' || made === null) wrong('its default export is no command and makes none.')
  const given = made as Readonly<Record<string, unknown>>
  const { name, type, aliases } = given
  const isName = (text: unknown): boolean => typeof text === 'string' && /^[a-z_][\w.-]*$/.test(text)
  if (!isName(name)) wrong(`"name" must be a word in lower case, found ${shown(name)}.`)
  if (aliases !== undefined && !(Array.isArray(aliases) && aliases.every(isName)))
    wrong(`"aliases" must be a list of words in lower case, found ${shown(aliases)}.`)
  if (!types.includes(type as CommandType))
    wrong(`"type" must be one of ${types.join(', ')}, found ${shown(type)}.`)
  for (const method of ['parse', 'run'])
    if (typeof given[method] !== 'function') wrong(`it has no method "${method}".`)
  for (const method of optionalMethods)
    if (given[method] !== undefined && typeof given[method] !== 'function')
      wrong(`"${method}" is there and is no method.`)
  return guarded(made as AnyCommand, origin)
}

const shown = (value: unknown): string => {
  const text = value === undefined ? 'nothing' : (JSON.stringify(value) ?? String(value))
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}

/** The command with every error of its own told as such. */
function guarded(definition: AnyCommand, origin: string): AnyCommand {
  const { name } = definition
  const failed = (method: string, error: unknown): unknown =>
    error instanceof SearchError || isStackOverflow(error)
      ? error
      : searchError(
          'bad-command',
          `The command "${name}" failed in ${method}(): ${String(error)} (${origin})`,
        )
  const call = <Result>(method: string, body: () => Result): Result => {
    try {
      return body()
    } catch (error) {
      throw failed(method, error)
    }
  }
  const { aliases, summary = '', syntax = name, options, examples = [], missing, leftOpen } = definition
  const { mayFollow, pipelines, scans, holdsBack, needs } = definition
  return {
    name,
    type: definition.type,
    summary,
    syntax,
    examples,
    ...(aliases && { aliases }),
    ...(options && { options }),
    ...(missing && { missing }),
    ...(leftOpen && { leftOpen }),
    parse: (reader) => call('parse', () => definition.parse(reader)),
    ...(mayFollow && { mayFollow: (args) => call('mayFollow', () => mayFollow.call(definition, args)) }),
    ...(pipelines && { pipelines: (args) => call('pipelines', () => pipelines.call(definition, args)) }),
    ...(scans && { scans: (args, context) => call('scans', () => scans.call(definition, args, context)) }),
    ...(holdsBack && { holdsBack: (args) => call('holdsBack', () => holdsBack.call(definition, args)) }),
    ...(needs && {
      needs: (args, wanted) =>
        call('needs', () => {
          const fields = needs.call(definition, args, wanted)
          if (fields === 'all' || fields instanceof Set) return fields
          throw new TypeError("it must return a Set of names or 'all'")
        }),
    }),
    async *run(args, input, context) {
      let upstream: unknown
      // What fails before the command is not its fault.
      async function* rows(): AsyncIterable<Batch> {
        try {
          yield* input
        } catch (error) {
          upstream = error
          throw error
        }
      }
      try {
        for await (const batch of definition.run(args, rows(), context)) {
          if (!(batch instanceof Batch))
            throw new TypeError('it must yield batches, such as Batch.fromRows([…]) makes')
          yield batch
        }
      } catch (error) {
        throw error === upstream || context.signal.aborted ? error : failed('run', error)
      }
    },
  }
}
