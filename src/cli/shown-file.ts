// How files are named in what other programs read.

import { isAbsolute, relative, sep } from 'node:path'

/** A file from the working directory, with `/`, as CI systems look it up; one outside of it stays as it is. */
export function shownFile(file: string): string {
  const inside = isAbsolute(file) ? relative(process.cwd(), file) : file
  return (inside.startsWith('..') && isAbsolute(file) ? file : inside).split(sep).join('/')
}

/** What follows `datasets/`, or the path as people would name it. */
export function datasetName(path: string): string {
  const shown = shownFile(path)
  const at = shown.lastIndexOf('datasets/')
  return at === -1 ? shown : shown.slice(at + 'datasets/'.length)
}
