import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { KeptFile } from './kept-file.ts'

let parent = ''
let folder = ''
let notes: string[] = []
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'karst-kept-'))
  folder = join(parent, 'cache')
  notes = []
})
afterEach(() => rm(parent, { recursive: true }))

const open = (build = 'one', subject: readonly string[] = ['/content']): KeptFile =>
  new KeptFile({ folder, build, note: (message) => notes.push(message) }, 'test', subject)

function keep(values: Readonly<Record<string, unknown>>, build?: string): void {
  const file = open(build)
  for (const [key, value] of Object.entries(values)) file.set(key, value)
  file.save()
}

/** The only file that was kept. */
function keptFile(): string {
  const [name, ...others] = readdirSync(folder)
  expect(others).toEqual([])
  return join(folder, name!)
}

test('values come back as they were, in another process', () => {
  const shared = { deep: [1, -0, Number.NaN, undefined, null, true] }
  const value = { text: 'ä😀', shared, again: shared, map: new Map([['a', new Set([1])]]) }
  keep({ key: value, other: 'x' })
  const found = open().get('key') as typeof value
  expect(found).toEqual(value)
  expect(found.shared).toBe(found.again)
  expect(open().get('missing')).toBeUndefined()
  expect(notes).toEqual([])
})

test('what is added does not push out what is there, and replaces it by key', () => {
  keep({ a: 1, b: 2 })
  keep({ b: 3, c: 4 })
  const file = open()
  expect(['a', 'b', 'c'].map((key) => file.get(key))).toEqual([1, 3, 4])
})

test('another build and other content find nothing', () => {
  keep({ a: 1 })
  expect(open('two').get('a')).toBeUndefined()
  expect(open('one', ['/other']).get('a')).toBeUndefined()
})

test('only plain data is kept: a class would lose its methods', () => {
  class Thing {
    readonly name = 'thing'
  }
  keep({
    thing: { inside: [new Thing()] },
    call: () => 1,
    symbol: Symbol('s'),
    bare: Object.create(null),
    plain: 1,
  })
  const file = open()
  expect(['thing', 'call', 'symbol', 'bare', 'plain'].map((key) => file.get(key))).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    1,
  ])
})

test('a damaged file holds nothing, whatever is damaged, and is written anew', () => {
  keep({ a: 'x'.repeat(100) })
  const path = keptFile()
  const whole = readFileSync(path)
  const damaged = [
    Buffer.alloc(0),
    whole.subarray(0, 20),
    whole.subarray(0, -1),
    Buffer.concat([whole, Buffer.from('!')]),
    Buffer.from('something else altogether, and long enough to be a file of ours at first sight'),
  ]
  for (let at = 0; at < whole.length; at++) {
    const flipped = Buffer.from(whole)
    flipped[at] = flipped[at]! ^ 1
    damaged.push(flipped)
  }
  for (const bytes of damaged) {
    writeFileSync(path, bytes)
    expect(open().get('a')).toBeUndefined()
  }
  expect(notes).toHaveLength(damaged.length)
  expect(notes[0]).toContain('damaged')
  keep({ b: 1 })
  expect(open().get('b')).toBe(1)
})

test.skipIf(process.getuid === undefined)('what others can write is not believed', async () => {
  keep({ a: 1 })
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  expect(statSync(keptFile()).mode & 0o777).toBe(0o600)
  chmodSync(keptFile(), 0o622)
  expect(open().get('a')).toBeUndefined()
  expect(notes.at(-1)).toMatch(/can be written by other users$/)
  chmodSync(keptFile(), 0o600)
  expect(open().get('a')).toBe(1)
  chmodSync(folder, 0o777)
  expect(open().get('a')).toBeUndefined()
  keep({ b: 1 })
  chmodSync(folder, 0o700)
  expect(open().get('b')).toBeUndefined()
  expect(open().get('a')).toBe(1)
})

test.skipIf(process.getuid === undefined)('a link in the place of the file is not followed', async () => {
  keep({ a: 1 })
  const path = keptFile()
  const elsewhere = join(parent, 'elsewhere')
  writeFileSync(elsewhere, readFileSync(path), { mode: 0o600 })
  await rm(path)
  await symlink(elsewhere, path)
  expect(open().get('a')).toBeUndefined()
  keep({ b: 1 })
  expect(open().get('b')).toBe(1)
  expect(readFileSync(elsewhere).length).toBeGreaterThan(0)
})

test('where nothing can be written, nothing is kept and nothing fails', async () => {
  writeFileSync(folder, 'a file where the folder should be')
  keep({ a: 1 })
  expect(open().get('a')).toBeUndefined()
  expect(notes.length).toBeGreaterThan(0)
})

test.skipIf(!existsSync('/proc/self'))(
  'a folder that cannot be made anywhere does not hold up the work',
  () => {
    folder = '/proc/nowhere/at/all'
    keep({ a: 1 })
    expect(notes.length).toBeGreaterThan(0)
  },
)

test('two processes that write at once leave one whole file', () => {
  const [first, second] = [open(), open()]
  first.set('a', 1)
  second.set('b', 2)
  first.save()
  second.save()
  expect(open().get('b')).toBe(2)
  expect(notes).toEqual([])
  expect(existsSync(keptFile())).toBe(true)
})

test('old files go, and what an ended process left half written', async () => {
  await mkdir(folder, { mode: 0o700 })
  const name = (letter: string): string => join(folder, `test-${letter.repeat(32)}.kept`)
  const old = new Date(Date.now() - 100 * 24 * 3600 * 1000)
  for (const path of [name('a'), `${name('b')}.0123456789ab.new`, join(folder, 'mine.txt')]) {
    writeFileSync(path, '')
    utimesSync(path, old, old)
  }
  writeFileSync(name('c'), '')
  writeFileSync(`${name('d')}.0123456789ab.new`, '')
  for (let n = 0; n < 30; n++) writeFileSync(join(folder, `test-${String(n).padStart(32, '0')}.kept`), '')
  keep({ a: 1 })
  const names = readdirSync(folder)
  expect(names).toContain('mine.txt')
  expect(names).not.toContain(`test-${'a'.repeat(32)}.kept`)
  expect(names.filter((one) => one.endsWith('.new'))).toEqual([
    `test-${'d'.repeat(32)}.kept.0123456789ab.new`,
  ])
  expect(names.filter((one) => one.endsWith('.kept')).length).toBeLessThanOrEqual(17)
  expect(open().get('a')).toBe(1)
})
