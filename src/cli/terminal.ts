// Standard output and standard error, and what may be done with them.

import { printableLines } from '../diagnostics/render.ts'

/** Where a verb writes. Results go to `print`, everything that is for people to `error`. */
export interface Terminal {
  /** Writes a line of results; resolves to nothing, waits for nobody. Use `drained` in long loops. */
  print(line: string): void
  /** Writes text of results without a line break. */
  write(text: string): void
  /** Control characters are shown as pictures: names and reasons come from evidence. */
  error(line: string): void
  /** Resolves when standard output takes more; false when its reader is gone. */
  drained(): Promise<boolean>
  readonly isTerminal: boolean
  readonly errorIsTerminal: boolean
  readonly hasColor: boolean
  readonly columns: number
}

/** The process's own streams. A reader that goes away (`karst … | head`) is no error: writing just stops. */
export function processTerminal(options: { readonly color: boolean; readonly quiet: boolean }): Terminal {
  const { stdout, stderr } = process
  let open = true
  const closed = (error: NodeJS.ErrnoException): void => {
    if (error.code !== 'EPIPE') throw error
    open = false
  }
  stdout.on('error', closed)
  stderr.on('error', closed)
  const write = (text: string): void => {
    if (open) stdout.write(text)
  }
  return {
    write,
    print: (line) => write(`${line}\n`),
    error: (line) => {
      if (!options.quiet) stderr.write(`${printableLines(line)}\n`)
    },
    drained: async () => {
      if (open && stdout.writableNeedDrain) {
        await new Promise<void>((resolve) => {
          stdout.once('drain', resolve)
          stdout.once('close', resolve)
          stdout.once('error', () => resolve())
        })
      }
      return open
    },
    isTerminal: stdout.isTTY === true,
    errorIsTerminal: stderr.isTTY === true,
    hasColor: options.color && stdout.isTTY === true,
    columns: stdout.columns ?? 120,
  }
}
