import { expect, test } from 'vitest'
import { decodeAll, differencesWhenCut } from '../../../test/support/decode-all.ts'
import { mergedLinesDecoder } from './merged-lines.ts'

const decoder = mergedLinesDecoder({ begins: (line) => /^\d/.test(line), mostLines: 4 })
const raws = async (input: string) => (await decodeAll(decoder, input)).events.map((event) => event.raw())

test.each([
  ['1 a\n  at b\n  at c\n2 d\n3 e\n', ['1 a\n  at b\n  at c', '2 d', '3 e']],
  ['1 a\r\n  b\r\n\r\n2 c', ['1 a\r\n  b', '2 c']],
  ['no digit\nnor here\n1 a', ['no digit\nnor here', '1 a']],
  ['\n\n1 a\n\n  b\n\n', ['1 a\n\n  b']],
  ['1\na\nb\nc\nd\ne\n2', ['1\na\nb\nc', 'd\ne', '2']],
  ['', []],
])('%j is cut where a line begins an event', async (input, events) => {
  expect(await raws(input)).toEqual(events)
  expect(await differencesWhenCut(decoder, input)).toEqual([])
})

test('the line before may tell as well', async () => {
  const ending = mergedLinesDecoder({ begins: (_, before) => before.endsWith(';'), mostLines: 100 })
  const { events } = await decodeAll(ending, 'select 1\nfrom a;\nselect 2;\nselect 3')
  expect(events.map((event) => event.raw())).toEqual(['select 1\nfrom a;', 'select 2;', 'select 3'])
})

test('an event that never ends takes linear time', async () => {
  const endless = mergedLinesDecoder({ begins: () => false, mostLines: 1_000_000_000 })
  const started = performance.now()
  const { events } = await decodeAll(endless, ...Array.from({ length: 200 }, () => 'a line\n'.repeat(100)))
  expect(events).toHaveLength(1)
  expect(performance.now() - started).toBeLessThan(2_000)
})
