// File name patterns on the command line, for shells that do not expand them: `*`, `?`, `[a-z]`, `{a,b}`, and `**` for
// any number of folders. Hidden files match like any others: evidence hides there.

import { readdir, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'

/** Whether a path is a pattern. */
export function isGlob(path: string): boolean {
  return /[*?[{]/.test(path)
}

/** The paths that match a pattern, sorted. Folders that cannot be read match nothing. */
export async function expandGlob(pattern: string): Promise<string[]> {
  const segments = pattern.split(sep === '\\' ? /[\\/]+/ : /\/+/)
  const isAbsolute = segments[0] === ''
  const found = new Set<string>()
  await expand(isAbsolute ? sep : '', isAbsolute ? segments.slice(1) : segments, found)
  return [...found].sort(byCodeUnits)
}

/** The same order on every machine. */
export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

async function expand(folder: string, segments: readonly string[], found: Set<string>): Promise<void> {
  const [segment, ...rest] = segments
  if (segment === undefined) {
    found.add(folder)
    return
  }
  if (!isGlob(segment)) {
    const path = join(folder, segment)
    if (await stat(path).catch(() => undefined)) await expand(path, rest, found)
    return
  }
  const entries = await readdir(folder || '.', { withFileTypes: true }).catch(() => [])
  if (segment === '**') {
    await expand(folder, rest.length === 0 ? ['*'] : rest, found)
    // Links are not followed here, as they may lead in circles.
    for (const entry of entries)
      if (entry.isDirectory()) await expand(join(folder, entry.name), segments, found)
    return
  }
  const matches = segmentMatcher(segment)
  for (const entry of entries) if (matches(entry.name)) await expand(join(folder, entry.name), rest, found)
}

/** What cannot be read as a pattern (`[z-a]`, an unclosed brace) matches as it is written. */
function segmentMatcher(segment: string): (name: string) => boolean {
  try {
    const pattern = new RegExp(`^${patternSource(segment)}$`, 'su')
    return (name) => pattern.test(name)
  } catch {
    return (name) => name === segment
  }
}

function patternSource(segment: string): string {
  let pattern = ''
  let braces = 0
  for (let at = 0; at < segment.length; at++) {
    const character = segment[at]!
    const classEnd = character === '[' ? segment.indexOf(']', at + 2) : -1
    if (character === '*') {
      if (segment[at + 1] !== '*') pattern += '.*'
    } else if (character === '?') pattern += '.'
    else if (classEnd > 0) {
      const members = segment
        .slice(at + 1, classEnd)
        .replace(/^!/, '^')
        .replace(/[\\\]]/g, '\\$&')
      pattern += `[${members}]`
      at = classEnd
    } else if (character === '{' && segment.includes('}', at)) {
      pattern += '(?:'
      braces++
    } else if (character === '}' && braces > 0) {
      pattern += ')'
      braces--
    } else if (character === ',' && braces > 0) pattern += '|'
    else pattern += character.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
  }
  return pattern
}
