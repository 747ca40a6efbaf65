import { expect, test } from 'vitest'
import { textOf } from './encoding.ts'
import { RepeatedTexts } from './repeated-texts.ts'

const read = (texts: RepeatedTexts, bytes: Buffer) => texts.read(bytes, 0, bytes.length)

test('gives the text of the bytes, whatever was read before', () => {
  const texts = new RepeatedTexts(4)
  const inputs = [
    '',
    'a',
    'b',
    'é',
    'Grüße',
    '\u{1f680}',
    'x'.repeat(64),
    'x'.repeat(65),
    '\0',
    'ab',
    'ba',
  ].map((text) => Buffer.from(text))
  // The second and third are of no valid UTF-8; the last differ where no byte tells the place.
  inputs.push(
    Buffer.from([0xe9]),
    Buffer.from([0xe9, 0x41]),
    Buffer.from([0xc3, 0xa9, 0xe9]),
    Buffer.from('\ufffd'),
  )
  for (let place = 0; place < 40; place++)
    inputs.push(Buffer.from(`${'y'.repeat(place)}z${'y'.repeat(40 - place)}`))
  for (const bytes of [...inputs, ...inputs]) expect(read(texts, bytes)).toBe(textOf(bytes, 0, bytes.length))
})

test('makes what is asked for once per text that repeats', () => {
  let count = 0
  const texts = new RepeatedTexts(16, (text) => {
    count++
    return text.toUpperCase()
  })
  const before = count
  expect([1, 2, 3].map(() => read(texts, Buffer.from('security')))).toEqual([
    'SECURITY',
    'SECURITY',
    'SECURITY',
  ])
  expect(count - before).toBe(1)
  expect(read(texts, Buffer.alloc(0))).toBe('')
})
