// How files are named in what other programs read.

import { isAbsolute, relative, sep } from 'node:path'

/** A file from the working directory, with `/`, as CI systems look it up; one outside of it stays as it is. */
export function shownFile(file: string): string {
  const inside = isAbsolute(file) ? relative(process.cwd(), file) : file
  return (inside.startsWith('..') && isAbsolute(file) ? file : inside).split(sep).join('/')
}
