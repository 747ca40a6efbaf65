// A file of the cache folder: values by key that an earlier process computed. It only ever saves time, so whatever is
// wrong with it (damage, somebody else's hand, a full disk) means that there is nothing. What is kept and when that still
// holds is the caller's business: a key has to tell all that its value was made from.

import { createHash, randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { deserialize, serialize } from 'node:v8'

/** Where values are kept, and for whom. */
export interface KeepingPlace {
  readonly folder: string
  /** Tells the code that computes the values: another one finds none of them. */
  readonly build: string
  /** Hears why something could not be kept or was not taken. */
  note?(message: string): void
}

/** Begins every file, before the SHA-256 digest of what follows. */
const mark = Buffer.from('karst kept 1\n')
const digestLength = 32

/** Beyond it only what was used this time is written again. */
const usualBytes = 32 * 1024 * 1024
/** Larger files are neither written nor read. */
const mostBytes = 256 * 1024 * 1024
/** Files of other content, of other builds: the oldest beyond these are removed. */
const mostFiles = 16
const oldestMs = 60 * 24 * 3600 * 1000

/** Values that were kept by one kind and subject. What is added is written by `save`. */
export class KeptFile {
  readonly #place: KeepingPlace
  readonly #name: string
  /** Values of earlier processes, not yet read. */
  readonly #kept: ReadonlyMap<string, Uint8Array>
  readonly #known = new Map<string, unknown>()
  readonly #added = new Map<string, Uint8Array>()

  /**
   * @param kind    what sort of values, as the beginning of the file's name
   * @param subject what they belong to, so that different work does not push each other out: the paths of the content
   */
  constructor(place: KeepingPlace, kind: string, subject: readonly string[]) {
    this.#place = place
    const key = JSON.stringify([place.build, process.version, process.arch, subject])
    this.#name = `${kind}-${createHash('sha256').update(key).digest('hex').slice(0, 32)}.kept`
    this.#kept = this.#guarded(() => this.#read()) ?? new Map()
  }

  get(key: string): unknown {
    if (this.#known.has(key)) return this.#known.get(key)
    const bytes = this.#added.get(key) ?? this.#kept.get(key)
    if (bytes === undefined) return undefined
    const value: unknown = this.#guarded(() => deserialize(bytes))
    this.#known.set(key, value)
    return value
  }

  /** Keeps a value of plain data. Others are passed over: a class would come back without its methods. */
  set(key: string, value: unknown): void {
    if (!isPlainData(value)) return
    this.#known.set(key, value)
    this.#added.set(key, serialize(value))
  }

  /** Writes what was added. */
  save(): void {
    if (this.#added.size === 0) return
    this.#guarded(() => {
      this.#write()
      this.#added.clear()
      removeOld(this.#place.folder, this.#name)
    })
  }

  /** Nothing that goes wrong here may stop the work. */
  #guarded<T>(action: () => T): T | undefined {
    try {
      return action()
    } catch (error) {
      this.#place.note?.(`cache ${join(this.#place.folder, this.#name)}: ${(error as Error).message}`)
      return undefined
    }
  }

  #read(): Map<string, Uint8Array> {
    const { folder } = this.#place
    const path = join(folder, this.#name)
    if (!existsSync(path)) return new Map()
    demandOurs(statSync(folder), folder)
    const handle = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
    let bytes: Buffer
    try {
      const found = fstatSync(handle)
      demandOurs(found, path)
      if (!found.isFile() || found.size > mostBytes) throw new Error('it is none of our files')
      bytes = Buffer.allocUnsafe(found.size)
      let length = 0
      for (let part = -1; part !== 0; length += part)
        part = readSync(handle, bytes, length, bytes.length - length, null)
      bytes = bytes.subarray(0, length)
      if (Date.now() - found.mtimeMs > 24 * 3600 * 1000) touch(path)
    } finally {
      closeSync(handle)
    }
    const start = mark.length + digestLength
    const isWhole =
      bytes.length > start + 4 &&
      bytes.subarray(0, mark.length).equals(mark) &&
      bytes.subarray(mark.length, start).equals(digestOf(bytes.subarray(start)))
    if (!isWhole) throw new Error('it is damaged, and will be written anew')
    const indexLength = bytes.readUInt32LE(start)
    const values = start + 4 + indexLength
    const index = JSON.parse(bytes.toString('utf8', start + 4, values)) as [key: string, length: number][]
    const kept = new Map<string, Uint8Array>()
    let at = values
    for (const [key, length] of index) {
      kept.set(key, bytes.subarray(at, at + length))
      at += length
    }
    return kept
  }

  #write(): void {
    const { folder } = this.#place
    makeFolder(folder)
    demandOurs(statSync(folder), folder)
    const values = new Map([...this.#kept, ...this.#added])
    const size = (): number => [...values.values()].reduce((sum, { length }) => sum + length, 0)
    if (size() > usualBytes)
      for (const key of this.#kept.keys()) if (!this.#known.has(key)) values.delete(key)
    if (size() > mostBytes) throw new Error('there is too much to keep')
    const index = Buffer.from(JSON.stringify([...values].map(([key, { length }]) => [key, length])))
    const indexLength = Buffer.alloc(4)
    indexLength.writeUInt32LE(index.length)
    const content = Buffer.concat([indexLength, index, ...values.values()])
    // Another process may do the same at this moment: each writes a whole file, and the last one stays.
    const path = join(folder, this.#name)
    const fresh = `${path}.${randomBytes(6).toString('hex')}.new`
    try {
      writeFileSync(fresh, Buffer.concat([mark, digestOf(content), content]), { flag: 'wx', mode: 0o600 })
      renameSync(fresh, path)
    } catch (error) {
      rmSync(fresh, { force: true })
      throw error
    }
  }
}

const digestOf = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()

/** Makes a folder and those above it. Node's own way never ends under /proc, where a folder that is there can hold none. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return
    if (code !== 'ENOENT' || dirname(folder) === folder) throw error
    makeFolder(dirname(folder))
    mkdirSync(folder, { mode: 0o700 })
  }
}

/** What others can write says what others want. On Windows a home is its owner's by other means. */
function demandOurs({ uid, mode }: Stats, path: string): void {
  if (process.getuid === undefined) return
  if (uid !== process.getuid()) throw new Error(`${path} belongs to another user`)
  if ((mode & 0o022) !== 0) throw new Error(`${path} can be written by other users`)
}

function touch(path: string): void {
  try {
    utimesSync(path, new Date(), new Date())
  } catch {
    // Then it only looks older than it is.
  }
}

/** Removes files that were not used for long, and those that a process left when it was ended. */
function removeOld(folder: string, own: string): void {
  const files = readdirSync(folder)
    .filter((name) => /^[a-z]+-[0-9a-f]{32}\.kept(?:\.[0-9a-f]{12}\.new)?$/.test(name) && name !== own)
    .map((name) => ({ path: join(folder, name), age: Date.now() - statSync(join(folder, name)).mtimeMs }))
    .sort((a, b) => a.age - b.age)
  files.forEach(({ path, age }, place) => {
    const isLeft = path.endsWith('.new') ? age > 3600 * 1000 : age > oldestMs || place >= mostFiles
    if (isLeft) rmSync(path, { force: true })
  })
}

/** Whether a value comes back as it was: texts, numbers, lists, maps, sets and objects without a class. */
function isPlainData(value: unknown): boolean {
  if (typeof value !== 'object' || value === null)
    return typeof value !== 'function' && typeof value !== 'symbol'
  switch (Object.getPrototypeOf(value)) {
    case Object.prototype:
      return Object.values(value).every(isPlainData)
    case Array.prototype:
      return (value as unknown[]).every(isPlainData)
    case Map.prototype:
      return [...(value as Map<unknown, unknown>)].every((pair) => pair.every(isPlainData))
    case Set.prototype:
      return [...(value as Set<unknown>)].every(isPlainData)
    default:
      return false
  }
}
