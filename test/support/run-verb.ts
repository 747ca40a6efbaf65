// Runs a verb of the command line in this process, with a terminal that keeps what is written.

import { tmpdir } from 'node:os'
import { parseArguments } from '../../src/cli/options.ts'
import type { Verb } from '../../src/cli/verb.ts'
import { limitsOf } from '../../src/config/limits.ts'
import { loadConfig } from '../../src/config/load.ts'

export interface VerbRun {
  readonly code: number
  /** Standard output. */
  readonly out: string
  /** Lines of standard error. */
  readonly said: readonly string[]
}

/** Runs a verb as if standard output were a pipe. */
export async function runVerb(verb: Verb, ...args: string[]): Promise<VerbRun> {
  const { values, positionals } = parseArguments(verb.name, verb.options, args)
  const folder = tmpdir()
  const config = loadConfig({ folder, home: folder, file: false, environment: {}, options: new Map() })
  const said: string[] = []
  let out = ''
  const code = await verb.run({
    options: values,
    positionals,
    config,
    limits: limitsOf(config.values),
    signal: new AbortController().signal,
    terminal: {
      print: (line) => {
        out += `${line}\n`
      },
      write: (text) => {
        out += text
      },
      error: (line) => said.push(line),
      drained: async () => true,
      isTerminal: false,
      errorIsTerminal: false,
      hasColor: false,
      columns: 120,
    },
  })
  return { code, out, said }
}
