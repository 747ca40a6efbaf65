// Unpacks apps and repositories that come as one file (.spl, .tgz, .tar.gz, .zip) into a folder of the system's for
// temporary files, as content and knowledge read folders. Reading archives and their limits are source's.

import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { type ArchiveLimits, archiveForm } from '../source/archives.ts'
import { type EvidenceFile, evidenceAt } from '../source/files.ts'

/** What apps and repositories are read for; everything else in them, code above all, stays packed. */
const readFiles = /\.(?:conf|ya?ml|csv|csv\.gz|form|json|mlmodel)$/i

/** All of a packed app's files together; the largest of Splunk's own has 100 MB. */
const mostAppBytes = 1024 ** 3

/**
 * Replaces packed apps among paths by the folders that they unpack to; other paths stay. What cannot be unpacked is
 * reported, and the rest is there. The folders are gone when the process ends.
 */
export async function unpackApps(
  paths: readonly string[],
  limits: ArchiveLimits | undefined,
  report: (diagnostic: Diagnostic) => void,
): Promise<readonly string[]> {
  const places: string[] = []
  for (const path of paths) {
    if (isPacked(path)) places.push(...(await unpackApp(path, limits, report)))
    else places.push(path)
  }
  return places
}

/** Whether a path is a file that begins as an archive does. */
function isPacked(path: string): boolean {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false
  const head = Buffer.alloc(512)
  const file = openSync(path, 'r')
  try {
    return archiveForm(head.subarray(0, readSync(file, head, 0, head.length, 0))) !== undefined
  } finally {
    closeSync(file)
  }
}

async function unpackApp(
  path: string,
  limits: ArchiveLimits | undefined,
  report: (diagnostic: Diagnostic) => void,
): Promise<readonly string[]> {
  const problem = (message: string, help?: string): void =>
    report({
      code: 'bad-content',
      severity: 'error',
      message: `${path}: ${message}`,
      labels: [],
      ...(help === undefined ? {} : { help }),
    })
  const folder = join(temporaryFolder(), basename(path))
  mkdirSync(folder, { recursive: true })
  let left = mostAppBytes
  let files = 0
  const archive = { kind: 'place', path, sizeBytes: statSync(path).size } as const
  for await (const found of evidenceAt([archive], limits === undefined ? {} : { limits })) {
    const inside = found.name.slice(path.length + 1)
    if (found.kind === 'problem') {
      problem(found.name === path ? `${found.reason}.` : `"${inside}" cannot be unpacked: ${found.reason}.`)
      continue
    }
    if (!readFiles.test(inside)) continue
    // A name in an archive is only a wish: it may not lead anywhere but down.
    const parts = inside.split(/[/\\]/)
    if (inside.includes('!') || parts.some((part) => /^\.*$|^[a-z]:|\0/i.test(part))) {
      // What an archive inside the app holds is of no use to it.
      if (!inside.includes('!')) problem(`"${inside}" leads out of the archive and was left out.`)
      continue
    }
    const bytes = await bytesOf(found, left).catch((error: Error) => {
      problem(`"${inside}" cannot be unpacked: ${error.message}.`)
    })
    if (bytes === undefined) continue
    if (bytes === 'too large') {
      problem('it unpacks to more than 1 GiB, which no app has; the rest was left out.')
      break
    }
    left -= bytes.length
    const target = join(folder, ...parts)
    try {
      mkdirSync(dirname(target), { recursive: true })
      writeFileSync(target, bytes)
      files++
    } catch (error) {
      // One entry is a folder's name in another one's path.
      problem(`"${inside}" cannot be unpacked: ${(error as Error).message}.`)
    }
  }
  if (files === 0) {
    problem(
      'it holds no app and no content.',
      'A packed app holds a folder with "default/", a packed repository one with "detections/".',
    )
    return []
  }
  return roots(folder)
}

/** The bytes of a file, no more than so many. */
async function bytesOf(file: EvidenceFile, most: number): Promise<Buffer | 'too large'> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const chunk of file.open().chunks()) {
    size += chunk.length
    if (size > most) return 'too large'
    parts.push(chunk)
  }
  return Buffer.concat(parts)
}

/** The folders of apps in what was unpacked: an archive holds a folder for each, or one app's files directly. */
function roots(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true })
  const isRoot = entries.some(
    (entry) => !entry.isDirectory() || ['default', 'local', 'detections', 'lookups'].includes(entry.name),
  )
  return isRoot ? [folder] : entries.map(({ name }) => join(folder, name)).sort((a, b) => (a < b ? -1 : 1))
}

const temporaryFolders = new Set<string>()

function temporaryFolder(): string {
  if (temporaryFolders.size === 0) {
    process.once('exit', () => {
      for (const folder of temporaryFolders) rmSync(folder, { recursive: true, force: true })
    })
  }
  const folder = mkdtempSync(join(tmpdir(), 'karst-app-'))
  temporaryFolders.add(folder)
  return folder
}

/** Says so when a folder given as an app holds nothing that an app is read for: often it is the folder above. */
export function reportStrayFolder(folder: string, report: (diagnostic: Diagnostic) => void): void {
  const isFolder = statSync(folder).isDirectory()
  if (isFolder && isApp(folder)) return
  const inside = isFolder ? foldersIn(folder).find((name) => isApp(join(folder, name))) : undefined
  report({
    code: 'bad-configuration',
    severity: 'error',
    message: `${folder} is no app: it has neither "default" nor "local" nor conf files, so nothing was read from it.`,
    labels: [],
    ...(inside === undefined ? {} : { help: `An app is in ${join(folder, inside)}.` }),
  })
}

const isApp = (folder: string): boolean =>
  readdirSync(folder, { withFileTypes: true }).some((entry) =>
    entry.isDirectory()
      ? ['default', 'local', 'lookups', 'karst'].includes(entry.name)
      : /\.(?:conf|json)$/i.test(entry.name),
  )

const foldersIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
