// Finds the data that a detection's test names: in the content, or in a folder that mirrors the datasets of attack_data.
// Fetches what is missing where that was asked for. Reading it is left to test-content.ts.

import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, isAbsolute, join, normalize, sep } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout } from 'node:timers/promises'
import type { Detection } from '../content/detection.ts'

/** Where a test's data is, or why it is not there. */
export type FoundData =
  | { readonly kind: 'found'; readonly path: string }
  | { readonly kind: 'missing'; readonly reason: string; readonly help: string }

export interface DataOptions {
  /** A copy of attack_data, or of its folder `datasets`. */
  readonly folder?: string | undefined
  /** Fetches a URL into the folder; absent where that was not asked for. */
  readonly download?:
    | ((url: string, target: string, pointer: LfsPointer | undefined) => Promise<void>)
    | undefined
}

/** Finds a test's data. */
export async function findTestData(
  detection: Detection,
  data: string,
  options: DataOptions,
): Promise<FoundData> {
  const candidates = placesOf(detection, data, options.folder)
  let pointer: { path: string; pointer: LfsPointer } | undefined
  for (const path of candidates) {
    const found = await stat(path).catch(() => undefined)
    if (found === undefined) continue
    const lfs = found.isFile() ? await readLfsPointer(path, found.size) : undefined
    if (lfs === undefined) return { kind: 'found', path }
    pointer ??= { path, pointer: lfs }
  }
  const target = isUrl(data) && options.folder !== undefined ? candidates[0] : undefined
  if (options.download !== undefined && target !== undefined) {
    try {
      await options.download(data, target, pointer?.pointer)
      return { kind: 'found', path: target }
    } catch (error) {
      return { kind: 'missing', reason: `fetching ${data} failed: ${(error as Error).message}`, help: '' }
    }
  }
  if (pointer !== undefined) {
    return {
      kind: 'missing',
      reason: `${pointer.path} is only a Git LFS pointer to ${megabytes(pointer.pointer.size)} MB of data`,
      help: `Fetch it in that repository: git lfs pull --include="${lfsPath(pointer.path)}"`,
    }
  }
  const looked =
    candidates.length === 0 ? 'no folder was given with --data' : `looked for ${candidates.join(' and ')}`
  return { kind: 'missing', reason: `its data is not here: ${looked}`, help: howToGet(data) }
}

const isUrl = (data: string): boolean => /^https?:\/\//i.test(data)

/** The paths at which data may be, the preferred one first. */
export function placesOf(detection: Detection, data: string, folder: string | undefined): readonly string[] {
  const root = contentRoot(detection)
  if (!isUrl(data)) {
    if (isAbsolute(data)) return [data]
    const inside = mirrored(data)
    return [join(root, data), ...(folder === undefined || inside === undefined ? [] : [join(folder, inside)])]
  }
  const path = URL.canParse(data) ? mirrored(decodedPath(data)) : undefined
  if (path === undefined) return []
  const mirrors = folder === undefined ? [] : [folder]
  // contentctl keeps its copy of attack_data beside or inside the content.
  const beside = [join(root, 'attack_data'), join(root, '..', 'attack_data')]
  return [...mirrors, ...(folder === undefined ? beside : [])].flatMap((mirror) => [
    join(mirror, 'datasets', path),
    join(mirror, path),
  ])
}

/** The folder from which a detection's paths are meant. */
export function contentRoot({ file, path }: Detection): string {
  const plain = file.split(sep).join('/')
  return plain.endsWith(path) ? plain.slice(0, plain.length - path.length) || '.' : dirname(file)
}

function decodedPath(url: string): string {
  const path = new URL(url).pathname
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** The part of a path behind `datasets/`; undefined when it leads out of it. */
function mirrored(path: string): string | undefined {
  const at = path.indexOf('/datasets/')
  const inside = normalize((at === -1 ? path : path.slice(at + '/datasets/'.length)).replace(/^\/+/, ''))
  return inside.startsWith('..') || isAbsolute(inside) ? undefined : inside
}

function howToGet(data: string): string {
  if (!isUrl(data)) return 'The path counts from the root of the content.'
  return `Give a copy of https://github.com/splunk/attack_data with --data DIR, or fetch ${data} into it with --download.`
}

const lfsPath = (path: string): string => path.slice(Math.max(0, path.lastIndexOf('datasets/')))

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1)

/** What Git LFS leaves in place of a file. */
export interface LfsPointer {
  /** The SHA-256 of the file, in hexadecimal digits. */
  readonly sha256: string
  readonly size: number
}

/** Pointers are about 130 bytes. (git-lfs, spec.md) */
const longestPointer = 1024

async function readLfsPointer(path: string, size: number): Promise<LfsPointer | undefined> {
  if (size > longestPointer) return undefined
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(longestPointer), 0, longestPointer, 0)
    return parseLfsPointer(buffer.subarray(0, bytesRead).toString('utf8'))
  } finally {
    await file.close()
  }
}

/** Reads a pointer; undefined for any other text. */
export function parseLfsPointer(text: string): LfsPointer | undefined {
  if (!text.startsWith('version https://git-lfs.github.com/spec/')) return undefined
  const sha256 = /^oid sha256:([0-9a-f]{64})$/m.exec(text)?.[1]
  const size = /^size (\d{1,15})$/m.exec(text)?.[1]
  return sha256 === undefined || size === undefined ? undefined : { sha256, size: Number(size) }
}

export interface DownloadOptions {
  readonly signal?: AbortSignal
  /** How long a server may say nothing. */
  readonly idleMs?: number
  /** The first wait before a fault that may pass is tried again; the second one is twice as long. */
  readonly backoffMs?: number
  /** Called before a file is fetched: it may be large. */
  onStart?(url: string): void
}

/** A fault that may be gone a moment later: the server is busy, the connection broke. */
class PassingFault extends Error {}

const attempts = 3

/**
 * Makes a function that fetches files. A file appears under its name only when it is complete and is what its pointer
 * promises; it fails with the reason in words.
 */
export function downloader(options: DownloadOptions = {}): NonNullable<DataOptions['download']> {
  return async (url, target, pointer) => {
    options.onStart?.(url)
    for (let attempt = 1; ; attempt++) {
      try {
        return await fetchFile(url, target, pointer, options)
      } catch (error) {
        if (!(error instanceof PassingFault) || attempt === attempts || options.signal?.aborted) throw error
        await setTimeout((options.backoffMs ?? 1000) * 2 ** (attempt - 1))
      }
    }
  }
}

async function fetchFile(
  url: string,
  target: string,
  pointer: LfsPointer | undefined,
  { signal, idleMs = 60_000 }: DownloadOptions,
): Promise<void> {
  const silence = new AbortController()
  const timer = globalThis.setTimeout(() => silence.abort(), idleMs)
  const part = `${target}.part-${process.pid}`
  try {
    const ending = signal === undefined ? silence.signal : AbortSignal.any([signal, silence.signal])
    const response = await fetch(url, { redirect: 'follow', signal: ending })
    if (!response.ok) {
      const said = `the server answered ${response.status} ${response.statusText}`.trim()
      await response.body?.cancel()
      throw response.status === 429 || response.status >= 500 ? new PassingFault(said) : new Error(said)
    }
    if (response.body === null) throw new Error('the server sent nothing')
    await mkdir(dirname(target), { recursive: true })
    async function* chunks(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const chunk of body) {
        timer.refresh()
        yield chunk
      }
    }
    const body = Readable.fromWeb(response.body as never) as AsyncIterable<Uint8Array>
    await pipeline(chunks(body), createWriteStream(part))
    const got = await readLfsPointer(part, (await stat(part)).size)
    if (got !== undefined) throw new Error('the server sent a Git LFS pointer instead of the file')
    if (pointer !== undefined && (await sha256Of(part)) !== pointer.sha256)
      throw new Error('what came is not the file that the Git LFS pointer names')
    await rename(part, target)
  } catch (error) {
    await rm(part, { force: true })
    if (signal?.aborted) throw new Error('it was interrupted')
    if (silence.signal.aborted) throw new PassingFault(`the server said nothing for ${idleMs / 1000} s`)
    throw isNetworkFault(error) ? new PassingFault(`the connection failed: ${networkReason(error)}`) : error
  } finally {
    clearTimeout(timer)
  }
}

/** What fetch throws is a TypeError, and a body that breaks off one with a cause. */
const isNetworkFault = (error: unknown): boolean =>
  error instanceof TypeError ||
  (error instanceof Error &&
    'code' in error &&
    /^(?:ECONN|UND_ERR|EPIPE|ERR_STREAM)/.test(String(error.code)))

function networkReason(error: unknown): string {
  const { cause, message } = error as Error
  return cause instanceof Error ? cause.message || String((cause as { code?: unknown }).code) : message
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
