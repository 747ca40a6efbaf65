import { expect, test } from 'vitest'
import { decodeAll, decodeChunks, differencesWhenCut } from '../../../test/support/decode-all.ts'
import { textDecoder } from './file.ts'

test.each([
  ['a\nb\n', ['a', 'b']],
  ['a\r\nb', ['a', 'b']],
  ['\n\na\n\n\nb\n\n', ['a', 'b']],
  ['a\n  indented\n\tb', ['a', '  indented', '\tb']],
  ['\0\0a\0\n\0\0\nb', ['\0\0a', 'b']],
  ['\ufeffa\n\ufeffb', ['a', '\ufeffb']],
  ['   \n', []],
  ['', []],
])('reads the lines of %j', async (input, lines) => {
  const { events, damages } = await decodeAll(textDecoder, input)
  expect(events.map((event) => event.raw())).toEqual(lines)
  expect(events.every(({ time, content }) => time === undefined && content.kind === 'text')).toBe(true)
  expect(damages).toEqual([])
  expect(await differencesWhenCut(textDecoder, input)).toEqual([])
})

test('names lines', async () => {
  const { events } = await decodeAll(textDecoder, '\na\n\nb')
  expect(events.map(({ position }) => position)).toEqual(['line 2', 'line 4'])
})

test('a line of 100 MB is passed over and reported, within bounded memory', async () => {
  async function* input() {
    yield Buffer.from('first\n')
    const chunk = Buffer.alloc(1024 * 1024, 'x')
    for (let done = 0; done < 100; done++) yield chunk
    yield Buffer.from('\nlast')
  }
  const before = process.memoryUsage().arrayBuffers
  const { events, damages } = await decodeChunks(textDecoder, input())
  expect(events.map((event) => [event.raw(), event.position])).toEqual([
    ['first', 'line 1'],
    ['last', 'line 3'],
  ])
  expect(damages).toEqual([
    {
      position: 'line 2',
      reason: 'the event is larger than 16 MiB (limits.max_event_bytes), so it was passed over',
      lostEvents: 1,
    },
  ])
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(160 * 1024 * 1024)
})

test('events keep no more alive than themselves', async () => {
  const { events } = await decodeAll(textDecoder, `${'x'.repeat(1_000_000)}\nshort`)
  expect(events[1]!.raw()).toBe('short')
})

test.each([
  ['syslog', 'Oct  8 11:03:46 host sshd[1]: Accepted\n', true],
  ['Latin-1', Buffer.from('Größe\n', 'latin1'), true],
  ['UTF-16', Buffer.from('\ufeffabc', 'utf16le'), true],
  ['terminal colours', '\u001b[31mred\u001b[0m\n', true],
  ['padding after a crash', `${'\0'.repeat(40)}${'a line of text\n'.repeat(10)}`, true],
  ['nothing', '', false],
  ['only padding', '\0'.repeat(100), false],
  [
    'binary',
    Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 37 + (index >> 3)) & 255)),
    false,
  ],
])('%s is told from binary content', (_name, input, isText) => {
  expect(textDecoder.detects(Buffer.from(input))).toBe(isText)
})
