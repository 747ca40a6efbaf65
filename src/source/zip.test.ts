import { expect, test } from 'vitest'
import { zip } from '../../test/support/archives.ts'
import { type RandomAccess, zipEntries } from './zip.ts'

function inMemory(bytes: Buffer): RandomAccess {
  return { size: bytes.length, read: async (position, length) => bytes.subarray(position, position + length) }
}

async function contentsOf(bytes: Buffer): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for await (const entry of zipEntries(inMemory(bytes))) {
    if (entry.kind === 'refused') {
      found[entry.name] = `refused: ${entry.reason}`
      continue
    }
    const parts: Uint8Array[] = []
    try {
      for await (const chunk of entry.chunks()) parts.push(chunk)
      found[entry.name] = Buffer.concat(parts).toString()
    } catch (error) {
      found[entry.name] = `${Buffer.concat(parts)} then ${(error as Error).message}`
    }
  }
  return found
}

const members = [
  { name: 'a.log', bytes: Buffer.from('deflated '.repeat(1000)) },
  { name: 'dir/', bytes: Buffer.alloc(0), method: 0 },
  { name: 'dir/ü.log', bytes: Buffer.from('stored'), method: 0 },
  { name: 'empty', bytes: Buffer.alloc(0) },
] as const
const contents = { 'a.log': 'deflated '.repeat(1000), 'dir/ü.log': 'stored', empty: '' }

test.each([
  ['plain', {}],
  ['Zip64', { zip64: true }],
  ['with a comment', { comment: 'made by PK\u0005\u0006 hand' }],
  ['after other bytes', { prefix: '#!/bin/sh self-extracting' }],
  ['Zip64 after other bytes', { prefix: 'x'.repeat(100) }],
])('reads an archive %s', async (_name, options) => {
  expect(await contentsOf(zip(members, options))).toEqual(contents)
})

test('an empty archive has no entries', async () => {
  expect(await contentsOf(zip([]))).toEqual({})
})

test('what macOS adds is no evidence', async () => {
  expect(await contentsOf(zip([{ name: '__MACOSX/dir/._a.log', bytes: Buffer.from('x') }]))).toEqual({})
})

test('encrypted entries and foreign methods are refused by name, the rest is read', async () => {
  const mixed = zip([
    { name: 'secret', bytes: Buffer.from('x'), flags: 1 },
    { name: 'new', bytes: Buffer.from('x'), method: 9 },
    ...members,
  ])
  expect(await contentsOf(mixed)).toEqual({
    ...contents,
    secret: 'refused: it is encrypted; unpack it with its password first',
    new: 'refused: it is packed with Deflate64, which Karst does not unpack; unpack it first',
  })
})

test('damage in an entry is reported after what could be read', async () => {
  const bytes = Buffer.from('content')
  const wrong = zip([
    { name: 'checksum', bytes, claims: { checksum: 1 } },
    { name: 'size', bytes, claims: { size: 3 } },
    { name: 'offset', bytes, claims: { offset: 5 } },
    { name: 'far', bytes, claims: { offset: 0xfffffff0 } },
    { name: 'good', bytes },
  ])
  expect(await contentsOf(wrong)).toEqual({
    checksum: 'content then the zip entry is damaged: its size or checksum is wrong',
    size: 'content then the zip entry is damaged: its size or checksum is wrong',
    offset: ' then the zip archive is damaged: the entry is not where the directory says',
    far: ' then the zip archive is damaged: the entry is not where the directory says',
    good: 'content',
  })
})

test('an archive that is cut off is named as such', async () => {
  const whole = zip(members)
  await expect(contentsOf(whole.subarray(0, whole.length - 30))).rejects.toThrow('has no directory')
  await expect(contentsOf(Buffer.from('PK\u0003\u0004'))).rejects.toThrow('has no directory')
})

test('every single damaged byte ends in a report, never in a fault or a hang', async () => {
  const whole = zip([{ name: 'a', bytes: Buffer.from('some content') }], { zip64: true, comment: 'c' })
  for (let at = 0; at < whole.length; at++) {
    for (const value of [0, 0xff, whole[at]! ^ 1]) {
      const damaged = Buffer.from(whole)
      damaged[at] = value
      const error = await contentsOf(damaged).catch((caught: unknown) => caught)
      if (error instanceof Error) expect(error.message).toMatch(/zip/)
    }
  }
})
