#!/usr/bin/env node
// The command line: finds the verb, parses its options, turns mistakes into messages and exit codes.

import { setFlagsFromString } from 'node:v8'
import { suggest } from '../base/suggest.ts'
import { limitsOf } from '../config/limits.ts'
import { ConfigError } from '../config/load.ts'
import { isStackOverflow, SearchError, tooDeep } from '../diagnostics/diagnostic.ts'
import { printable, printableLines, renderDiagnostic } from '../diagnostics/render.ts'
import { enableLinearFallback } from '../spl/regex/guard.ts'
import { readConfig, withConfig } from './config-options.ts'
import { optionHelp, parseArguments, UsageError } from './options.ts'
import { processTerminal, type Terminal } from './terminal.ts'
import type { Verb } from './verb.ts'
import { baseline } from './verbs/baseline.ts'
import { config as configVerb } from './verbs/config.ts'
import { conform } from './verbs/conform.ts'
import { diff } from './verbs/diff.ts'
import { docs } from './verbs/docs.ts'
import { events } from './verbs/events.ts'
import { explain } from './verbs/explain.ts'
import { replay } from './verbs/replay.ts'
import { scan } from './verbs/scan.ts'
import { search } from './verbs/search.ts'
import { test } from './verbs/test.ts'
import { validate } from './verbs/validate.ts'
import { versionText } from './version.ts'

const verbs: readonly Verb[] = [
  scan,
  search,
  events,
  validate,
  test,
  diff,
  explain,
  docs,
  baseline,
  replay,
  conform,
  configVerb,
]

/** Exit codes, as docs/command-line.md promises them. */
const exitCodes = { wrongContent: 2, wrongUsage: 3, interrupted: 130, internal: 70 } as const

async function main(args: readonly string[]): Promise<number> {
  const isPlain = process.env['NO_COLOR'] !== undefined && process.env['NO_COLOR'] !== ''
  const terminal = processTerminal({
    color: !isPlain && !args.includes('--no-color'),
    quiet: args.includes('-q') || args.includes('--quiet'),
  })
  const [name, ...rest] = args
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const verb = name === 'help' ? verbs.find((candidate) => candidate.name === rest[0]) : undefined
    terminal.print((verb === undefined ? generalHelp() : verbHelp(verb, terminal)).join('\n'))
    return name === undefined ? exitCodes.wrongUsage : 0
  }
  if (name === '--version' || name === '-V') {
    terminal.print(versionText())
    return 0
  }
  try {
    const verb = verbs.find((candidate) => candidate.name === name)
    if (verb === undefined) throw new UsageError(unknownVerb(name))
    const { values, positionals } = parseArguments(verb.name, verb.options, rest)
    if (values.help === true) {
      terminal.print(verbHelp(verb, terminal).join('\n'))
      return 0
    }
    const config = readConfig(values)
    if (verb !== configVerb && config.file !== undefined)
      terminal.error(`settings:   ${printable(config.file)}`)
    for (const warning of config.warnings) terminal.error(renderDiagnostic(warning))
    // Before any pattern of a search is compiled: see docs/adr/0003.
    enableLinearFallback(setFlagsFromString)
    // Memory that is free counts as much as memory in use: collect when the heap has grown by half, not when it has
    // quadrupled. (942 detections over EVTX: 490 MB become 410, for 3 % more CPU time)
    setFlagsFromString('--heap-growing-percent=50')
    const signal = interruptSignal(terminal)
    const options = withConfig(values, verb, config)
    const limits = limitsOf(config.values)
    const code = await verb.run({ options, config, limits, positionals, terminal, signal })
    return signal.aborted ? exitCodes.interrupted : code
  } catch (error) {
    return report(error, name)
  }
}

function report(error: unknown, verb: string): number {
  // These go to standard error even with --quiet: they are why nothing else comes.
  const say = (text: string): boolean => process.stderr.write(`${printableLines(text)}\n`)
  if (error instanceof UsageError) {
    say(`karst: ${printable(error.message)}`)
    say(`Try "karst ${verbs.some(({ name }) => name === verb) ? `${verb} ` : ''}--help".`)
    return exitCodes.wrongUsage
  }
  if (error instanceof ConfigError) {
    for (const diagnostic of error.diagnostics) say(renderDiagnostic(diagnostic))
    return exitCodes.wrongUsage
  }
  if (error instanceof SearchError) {
    for (const diagnostic of error.diagnostics) say(renderDiagnostic(diagnostic))
    return exitCodes.wrongContent
  }
  if (isStackOverflow(error)) {
    say(`karst: ${tooDeep}`)
    return exitCodes.wrongContent
  }
  if (isFileError(error)) {
    say(`karst: ${printable(error.path ?? 'a file')}: ${fileProblems[error.code] ?? error.message}.`)
    return exitCodes.wrongUsage
  }
  say(`karst made a mistake: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  say('Please report it with the command that led here.')
  return exitCodes.internal
}

const fileProblems: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EACCES: 'reading it is not allowed',
  EPERM: 'reading it is not allowed',
  EISDIR: 'it is a folder, and a file is needed',
  ENOTDIR: 'a part of the path is a file',
  ENOSPC: 'the disk is full',
}

const isFileError = (error: unknown): error is NodeJS.ErrnoException & { code: string } =>
  error instanceof Error && typeof (error as NodeJS.ErrnoException).code === 'string' && 'syscall' in error

function unknownVerb(name: string): string {
  const [nearest] = suggest(
    name,
    verbs.map((verb) => verb.name),
  )
  return `Unknown command "${name}".${nearest === undefined ? '' : ` Did you mean "${nearest}"?`}`
}

/** The first Ctrl-C ends the work in hand properly, the second at once. */
function interruptSignal(terminal: Terminal): AbortSignal {
  const controller = new AbortController()
  process.on('SIGINT', () => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted)
    terminal.error('Stopping after the block in hand; press Ctrl-C again to stop at once.')
    controller.abort()
  })
  return controller.signal
}

function generalHelp(): string[] {
  const width = Math.max(...verbs.map(({ name }) => name.length))
  return [
    "Runs Splunk's detection content, unmodified, on raw logs, without Splunk.",
    '',
    'usage: karst VERB [OPTIONS] [ARGUMENTS]',
    '',
    ...verbs.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    '"karst VERB --help" shows the options of a verb, "karst --version" the version.',
    '',
    'exit codes: 0 done; 1 findings above --fail-on, or failed tests; 2 the content or search is wrong;',
    '            3 wrong usage or configuration; 4 done, but some input could not be read',
  ]
}

function verbHelp(verb: Verb, terminal: Terminal): string[] {
  const summary = verb.summary.charAt(0).toUpperCase() + verb.summary.slice(1)
  return [
    `usage: karst ${verb.usage}`,
    '',
    `${summary}.`,
    '',
    'options:',
    ...optionHelp(verb.options, terminal.columns),
    ...(verb.examples === undefined
      ? []
      : ['', 'examples:', ...verb.examples.map((example) => `  ${example}`)]),
  ]
}

process.exitCode = await main(process.argv.slice(2))
