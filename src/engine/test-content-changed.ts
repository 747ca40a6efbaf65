// Which detections a branch touches: their own files, and the macros, lookups and local test data that they use.

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { Detection } from '../content/detection.ts'
import type { Content } from '../content/load.ts'
import { SearchError } from '../diagnostics/diagnostic.ts'
import type { Knowledge } from '../knowledge/knowledge.ts'
import { parseSearch } from '../spl/run/run.ts'
import { contentRoot, placesOf } from './test-content-data.ts'

/** Git says no: there is no repository, or no such revision. */
export class GitError extends Error {}

const run = promisify(execFile)

/**
 * The detections that differ from a revision, committed or not.
 * @param base a branch, tag or commit
 * @throws GitError
 */
export async function changedDetections(
  content: Content,
  knowledge: Knowledge,
  base: string,
): Promise<readonly Detection[]> {
  const [first] = content.detections
  if (first === undefined) return []
  const changed = await changedFiles(contentRoot(first), base)
  const isChanged = async (path: string): Promise<boolean> =>
    changed.has(await realpath(path).catch(() => resolve(path)))
  const touchedMacros = new Set<string>()
  for (const { name, origin } of content.macros.values()) if (await isChanged(origin)) touchedMacros.add(name)
  const touchedLookups = new Set<string>()
  for (const { name, origin, store } of content.lookups.values()) {
    if ((await isChanged(origin)) || (store.kind !== 'kvstore' && (await isChanged(store.file))))
      touchedLookups.add(name)
  }
  const touched: Detection[] = []
  for (const detection of content.detections) {
    const paths = [detection.file, ...localData(detection)]
    const own = await Promise.all(paths.map(isChanged))
    if (own.includes(true) || uses(detection, knowledge, touchedMacros, touchedLookups))
      touched.push(detection)
  }
  return touched
}

const localData = (detection: Detection): string[] =>
  detection.tests
    .flatMap(({ attackData }) => attackData)
    .filter(({ data }) => !/^https?:/i.test(data))
    .flatMap(({ data }) => placesOf(detection, data, undefined).filter((path) => existsSync(path)))

function uses(
  { search }: Detection,
  { macros, context }: Knowledge,
  touchedMacros: ReadonlySet<string>,
  touchedLookups: ReadonlySet<string>,
): boolean {
  if (touchedMacros.size === 0 && touchedLookups.size === 0) return false
  try {
    const { expanded } = parseSearch(search, macros, context)
    if (expanded.macros.some(({ name }) => touchedMacros.has(name))) return true
    const words = expanded.text.match(/[\w.-]+/g) ?? []
    return words.some((word) => touchedLookups.has(word))
  } catch (error) {
    if (!(error instanceof SearchError)) throw error
    // Perhaps a touched macro is why it cannot be read.
    return [...touchedMacros].some((name) => search.text.includes(name.replace(/\(\d+\)$/, '')))
  }
}

/** The files that differ from a revision, and new ones, as absolute paths. */
async function changedFiles(folder: string, base: string): Promise<ReadonlySet<string>> {
  // A revision is no option, whatever it looks like.
  if (base.startsWith('-')) throw new GitError(`"${base}" is not a revision.`)
  const git = async (...args: readonly string[]): Promise<string[]> => {
    try {
      const { stdout } = await run('git', ['-C', folder, ...args], { maxBuffer: 64 * 1024 * 1024 })
      return stdout.split('\0').filter((line) => line !== '')
    } catch (error) {
      const { stderr = '', code } = error as { stderr?: string; code?: string }
      const reason = code === 'ENOENT' ? 'git is not installed' : stderr.trim().split('\n')[0]
      throw new GitError(`git cannot compare ${folder} with "${base}": ${reason}.`)
    }
  }
  const [top = folder] = (await git('rev-parse', '--show-toplevel')).map((line) => line.trim())
  // From where the branch left: what others changed on the base since then is not this branch's doing.
  const [start = base] = (await git('merge-base', base, 'HEAD')).map((line) => line.trim())
  const names = [
    ...(await git('diff', '--name-only', '-z', start, '--')),
    ...(await git('ls-files', '--others', '--exclude-standard', '--full-name', '-z')),
  ]
  return new Set(
    await Promise.all(names.map((name) => realpath(join(top, name)).catch(() => join(top, name)))),
  )
}
