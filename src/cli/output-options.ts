// Reads `-o FORMAT[=FILE]` and opens where results go.

import { closeSync, openSync, writeSync } from 'node:fs'
import { suggest } from '../base/suggest.ts'
import { type RowFormat, rowFormats } from '../output/rows.ts'
import { type OptionValues, UsageError } from './options.ts'
import type { Terminal } from './terminal.ts'

/** Somewhere that results go, in one format. */
export interface OutputTarget {
  readonly format: RowFormat
  write(text: string): void
  /** Columns to fit a table into. */
  readonly columns: number
  readonly hasColor: boolean
  close(): void
}

/** Formats that the command line promises and that are still to come. */
const laterFormats = ['html', 'junit', 'sarif', 'navigator', 'timesketch', 'markdown']

/** Opens every output that was asked for; without `-o`, a table on a terminal and NDJSON otherwise. */
export function openOutputs({ output = [] }: OptionValues, terminal: Terminal): OutputTarget[] {
  const wanted = output.length > 0 ? output : [terminal.isTerminal ? 'table' : 'ndjson']
  const parsed = wanted.map(parseOutput)
  if (parsed.filter(({ file }) => file === undefined).length > 1) {
    throw new UsageError(
      'Only one output can go to standard output; give the others a file: -o csv=findings.csv',
    )
  }
  return parsed.map(({ format, file }) =>
    file === undefined ? terminalTarget(format, terminal) : fileTarget(format, file),
  )
}

function parseOutput(text: string): { format: RowFormat; file: string | undefined } {
  const [name = '', ...rest] = text.split('=')
  const format = rowFormats.find((candidate) => candidate === name)
  if (format === undefined) {
    if (laterFormats.includes(name)) {
      throw new UsageError(
        `The output format "${name}" is not there yet. There is: ${rowFormats.join(', ')}.`,
      )
    }
    const [nearest] = suggest(name, rowFormats)
    const advice =
      nearest === undefined ? `There is: ${rowFormats.join(', ')}.` : `Did you mean "${nearest}"?`
    throw new UsageError(`Unknown output format "${name}". ${advice}`)
  }
  const file = rest.join('=')
  return { format, file: file === '' ? undefined : file }
}

const terminalTarget = (format: RowFormat, terminal: Terminal): OutputTarget => ({
  format,
  write: terminal.write,
  columns: terminal.isTerminal ? terminal.columns : 200,
  hasColor: terminal.hasColor,
  close: () => {},
})

function fileTarget(format: RowFormat, file: string): OutputTarget {
  const handle = openSync(file, 'w')
  return {
    format,
    write: (text) => writeSync(handle, text),
    columns: 200,
    hasColor: false,
    close: () => closeSync(handle),
  }
}
