// Reads `-o FORMAT[=FILE]` and opens where results go.

import { closeSync, openSync, writeSync } from 'node:fs'
import { suggest } from '../base/suggest.ts'
import { type OptionValues, UsageError } from './options.ts'
import type { Terminal } from './terminal.ts'

/** Somewhere that results go, in one format. */
export interface OutputTarget<Format extends string> {
  readonly format: Format
  write(text: string): void
  /** Columns to fit a table into. */
  readonly columns: number
  readonly hasColor: boolean
  close(): void
}

/**
 * Opens every output that was asked for; without `-o`, a table on a terminal and NDJSON otherwise.
 * @param formats  those that the verb can write
 */
export function openOutputs<Format extends string>(
  { output = [] }: OptionValues,
  terminal: Terminal,
  formats: readonly Format[],
): OutputTarget<Format>[] {
  const wanted = output.length > 0 ? output : [terminal.isTerminal ? 'table' : 'ndjson']
  const parsed = wanted.map((text) => parseOutput(text, formats))
  if (parsed.filter(({ file }) => file === undefined).length > 1) {
    throw new UsageError(
      'Only one output can go to standard output; give the others a file: -o csv=findings.csv',
    )
  }
  return parsed.map(({ format, file }) =>
    file === undefined ? terminalTarget(format, terminal) : fileTarget(format, file),
  )
}

function parseOutput<Format extends string>(
  text: string,
  formats: readonly Format[],
): { format: Format; file: string | undefined } {
  const [name = '', ...rest] = text.split('=')
  const format = formats.find((candidate) => candidate === name)
  if (format === undefined) {
    const [nearest] = suggest(name, formats)
    const advice = nearest === undefined ? `There is: ${formats.join(', ')}.` : `Did you mean "${nearest}"?`
    throw new UsageError(`Unknown output format "${name}". ${advice}`)
  }
  const file = rest.join('=')
  return { format, file: file === '' ? undefined : file }
}

const terminalTarget = <Format extends string>(format: Format, terminal: Terminal): OutputTarget<Format> => ({
  format,
  write: terminal.write,
  columns: terminal.isTerminal ? terminal.columns : 200,
  hasColor: terminal.hasColor,
  close: () => {},
})

function fileTarget<Format extends string>(format: Format, file: string): OutputTarget<Format> {
  return { format, columns: 200, hasColor: false, ...openTextFile(file) }
}

/** A file that is written piece by piece. */
export interface TextFile {
  write(text: string): void
  close(): void
}

/**
 * Opens a file for writing; what was in it is gone.
 * @throws UsageError that says why it cannot be written
 */
export function openTextFile(file: string): TextFile {
  let handle: number
  try {
    handle = openSync(file, 'w')
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    throw new UsageError(`${file} cannot be written: ${writeProblems[code] ?? message}.`)
  }
  return {
    // A write may take a part only; the rest is written again.
    write(text) {
      let bytes = Buffer.from(text)
      while (bytes.length > 0) bytes = bytes.subarray(writeSync(handle, bytes))
    },
    close: () => closeSync(handle),
  }
}

const writeProblems: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  EACCES: 'writing there is not allowed',
  EPERM: 'writing there is not allowed',
  EROFS: 'nothing can be written on this disk',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is a file',
  ENAMETOOLONG: 'its name is too long',
}
