// Reads `-o FORMAT[=FILE]` and opens where results go.

import { closeSync, openSync, realpathSync, statSync, writeSync } from 'node:fs'
import { sep } from 'node:path'
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

/** The files that a verb was asked to write. */
export function outputFiles({ output = [], ...options }: OptionValues): readonly string[] {
  const named = output.map((text) => text.split('=').slice(1).join('='))
  const others = [options.report, options['left-out'], options.rejected, options.junit, options.matrix]
  return [...named, ...others].filter((file): file is string => file !== undefined && file !== '')
}

/**
 * Sees to it that evidence is not overwritten: neither a file that was named, nor one that lies in a folder of evidence.
 * @throws UsageError
 */
export function guardEvidence(evidence: readonly string[], options: OptionValues): void {
  const real = (path: string): string => realpathSync.native(path)
  const places = evidence.flatMap((path) =>
    statSync(path, { throwIfNoEntry: false }) === undefined ? [] : [real(path)],
  )
  for (const file of outputFiles(options)) {
    const stats = statSync(file, { throwIfNoEntry: false })
    if (stats?.isFile() !== true || stats.size === 0) continue
    const place = real(file)
    if (places.some((path) => place === path))
      throw new UsageError(`${file} is evidence, which is never overwritten; write to another file.`)
    if (places.some((path) => place.startsWith(`${path}${sep}`)))
      throw new UsageError(
        `${file} lies among the evidence and exists already; remove it, or write to another file.`,
      )
  }
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
