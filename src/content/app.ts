// Finds and reads Splunk apps that hold detections as saved searches: what contentctl builds, what people write in
// Splunk. Here it is their searches; their macros, lookups and other configuration is knowledge's to read.

import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { confItems } from '../base/text/conf.ts'
import { type AnalyticStories, readAnalyticStories } from './analyticstories-conf.ts'
import { readSavedSearches, type SavedSearches, type SavedSearchFile } from './savedsearches-conf.ts'

/** An app, or a lone savedsearches.conf and the configuration beside it. */
export interface App {
  /** As loaded for its macros and lookups. */
  readonly folder: string
  /** The files of saved searches, of rising precedence, from the app's folder. */
  readonly files: readonly string[]
}

/** The folders of an app that hold conf files, of rising precedence. */
const layers = ['', 'default', 'local'] as const

/** Tells whether a path given as content is an app's folder or a file of saved searches; undefined when it is neither. */
export async function findApp(path: string): Promise<App | undefined> {
  const found = await stat(path).catch(() => undefined)
  if (found?.isFile() && path.toLowerCase().endsWith('.conf')) {
    const folder = dirname(path)
    const isLayer = ['default', 'local'].includes(basename(folder))
    return isLayer
      ? { folder: dirname(folder), files: [join(basename(folder), basename(path))] }
      : { folder, files: [basename(path)] }
  }
  if (!found?.isDirectory()) return undefined
  const files: string[] = []
  for (const layer of layers) {
    const file = join(layer, 'savedsearches.conf')
    if (await isFile(join(path, file))) files.push(file)
  }
  return files.length === 0 ? undefined : { folder: path, files }
}

/** Reads an app's searches and stories, and the names of the macros that it defines. */
export async function readApp({ folder, files }: App): Promise<{
  readonly searches: SavedSearches
  readonly stories: AnalyticStories
  readonly macros: readonly string[]
}> {
  const read = async (file: string): Promise<SavedSearchFile> => ({
    name: join(folder, file),
    path: file.replaceAll('\\', '/'),
    text: await readFile(join(folder, file), 'utf8'),
  })
  const macros: string[] = []
  for (const layer of layers) {
    const file = join(folder, layer, 'macros.conf')
    if (!(await isFile(file))) continue
    for (const item of confItems(await readFile(file, 'utf8')))
      if (item.kind === 'stanza') macros.push(item.name)
  }
  const told: string[] = []
  for (const layer of layers) {
    const file = join(layer, 'analyticstories.conf')
    if (await isFile(join(folder, file))) told.push(file)
  }
  const stories = readAnalyticStories(await Promise.all(told.map(read)))
  const searches = readSavedSearches(await Promise.all(files.map(read)), stories.notes)
  return { searches, stories, macros }
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
