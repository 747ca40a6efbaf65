import { expect, test } from 'vitest'
import { encodingOf, textOf, textOfHead, utf8Chunks } from './encoding.ts'

async function decoded(bytes: Uint8Array, chunkBytes: number): Promise<string> {
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes)
  }
  const parts: Uint8Array[] = []
  for await (const part of utf8Chunks(chunks())) parts.push(Buffer.from(part))
  return Buffer.concat(parts).toString()
}

function utf16(text: string, isBigEndian: boolean): Buffer {
  const bytes = Buffer.from(text, 'utf16le')
  return isBigEndian ? bytes.swap16() : bytes
}

const text = `Grüße, 🚀 ${'plain text '.repeat(40)}\r\n`

test.each([1, 2, 3, 7, 255, 256, 257, 100_000])(
  'reads every character set in chunks of %d bytes',
  async (size) => {
    for (const marked of [text, `\ufeff${text}`]) {
      expect(await decoded(Buffer.from(marked), size)).toBe(text)
      expect(await decoded(utf16(marked, false), size)).toBe(text)
      expect(await decoded(utf16(marked, true), size)).toBe(text)
    }
  },
)

test('short texts keep what they are', async () => {
  for (const short of ['', 'a', 'ab', '\0', '\0\0', 'a\0b'])
    expect(await decoded(Buffer.from(short), 1)).toBe(short)
  expect(await decoded(utf16('{}', false), 1)).toBe('{}')
})

test('padding with NUL is not UTF-16', () => {
  expect(encodingOf(Buffer.from(`\0\0\0\0\0\0${text}`)).name).toBe('utf-8')
  expect(encodingOf(Buffer.alloc(100)).name).toBe('utf-8')
})

test('a lone surrogate or half a character at the end does no harm', async () => {
  expect(await decoded(utf16(`${text}\ud83d`, false), 3)).toBe(`${text}\ufffd`)
  expect(await decoded(Buffer.concat([utf16(text, false), Buffer.of(0x41)]), 3)).toBe(`${text}\ufffd`)
})

test.each([
  ['café', Buffer.from('café', 'latin1')],
  ['é', Buffer.of(0xe9)],
  ['aé🚀ÿ€', Buffer.concat([Buffer.from('aé🚀'), Buffer.of(0xff), Buffer.from('€')])],
  ['Ã', Buffer.of(0xc3)],
  ['\u00c0\u0080', Buffer.of(0xc0, 0x80)],
  ['\u00ed\u00a0\u0080', Buffer.of(0xed, 0xa0, 0x80)],
  ['\u00f4\u0090\u0080\u0080', Buffer.of(0xf4, 0x90, 0x80, 0x80)],
  ['\ufffd', Buffer.from('\ufffd')],
  ['\ufffdé', Buffer.concat([Buffer.from('\ufffd'), Buffer.of(0xe9)])],
])('reads %j: bytes that are no UTF-8 count as Latin-1', (expected, bytes) => {
  expect(textOf(bytes, 0, bytes.length)).toBe(expected)
})

test('the head of a file is read in its character set', () => {
  expect(textOfHead(utf16('\ufeff{"a": 1}', true))).toBe('{"a": 1}')
  expect(textOfHead(Buffer.from('\ufeffa'))).toBe('a')
})
