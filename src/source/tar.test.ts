import { expect, test } from 'vitest'
import { tar, tarMember } from '../../test/support/archives.ts'
import { isTar, tarEntries } from './tar.ts'

async function* chunksOf(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function contentsOf(bytes: Buffer, size = 1000): Promise<(readonly [string, string])[]> {
  const found: (readonly [string, string])[] = []
  for await (const entry of tarEntries(chunksOf(bytes, size))) {
    if (entry.kind === 'refused') found.push([entry.name, `refused: ${entry.reason}`])
    else {
      const parts: Uint8Array[] = []
      for await (const chunk of entry.chunks()) parts.push(chunk)
      found.push([entry.name, Buffer.concat(parts).toString()])
    }
  }
  return found
}

const long = `${'folder/'.repeat(30)}name.log`
const pax = (key: string, value: string) => {
  const rest = ` ${key}=${value}\n`
  return `${rest.length + 3}${rest}`
}

const archive = tar(
  tarMember('a.log', 'first'),
  tarMember('dir/', '', '5'),
  tarMember('link', '', '2'),
  tarMember('empty', ''),
  tarMember('././@LongLink', `${long}\0`, 'L'),
  tarMember('cut', 'x'.repeat(5000)),
  tarMember('PaxHeader', pax('path', long.replace('name', 'pax')), 'x'),
  tarMember('short', 'y'),
  tarMember('sparse', 'z'.repeat(600), 'S'),
  tarMember('last', 'end', '\0'),
)
const contents = [
  ['a.log', 'first'],
  ['empty', ''],
  [long, 'x'.repeat(5000)],
  [long.replace('name', 'pax'), 'y'],
  ['sparse', 'refused: it is a sparse file in a tar archive; unpack it first'],
  ['last', 'end'],
]

test.each([1, 511, 512, 513, 100_000])(
  'reads files, long names and pax headers in chunks of %d bytes',
  async (size) => {
    expect(await contentsOf(archive, size)).toEqual(contents)
  },
)

test('what is not read of a file is passed over', async () => {
  const names: string[] = []
  for await (const entry of tarEntries(chunksOf(archive, 700))) names.push(entry.name)
  expect(names).toEqual(contents.map(([name]) => name))
})

test('an archive without its empty blocks is read to its end', async () => {
  expect(await contentsOf(archive.subarray(0, archive.length - 1024))).toEqual(contents)
})

test('damage ends the archive with a message', async () => {
  await expect(contentsOf(archive.subarray(0, 700))).rejects.toThrow('the tar archive is cut off')
  await expect(contentsOf(archive.subarray(0, 1100))).rejects.toThrow('the tar archive is cut off')
  const damaged = Buffer.from(archive)
  damaged[1024 + 3] = 0x55
  await expect(contentsOf(damaged)).rejects.toThrow('a header has a wrong checksum')
  await expect(contentsOf(tar(tarMember('L', 'n'.repeat(2_000_000), 'L')))).rejects.toThrow(
    'a header is too large',
  )
})

test('is told by its checksum', () => {
  expect(isTar(archive)).toBe(true)
  expect(isTar(archive.subarray(0, 511))).toBe(false)
  expect(isTar(Buffer.alloc(512))).toBe(false)
  expect(isTar(Buffer.alloc(512, 'text '))).toBe(false)
})
