import { expect, test } from 'vitest'
import { confItems, confPosition } from './conf.ts'

test('stanzas, settings and what is neither come in order with their places', () => {
  const text = '# remark\n[one]\na = 1\nnonsense\n'
  expect([...confItems(text)]).toEqual([
    { kind: 'stanza', name: 'one', start: 9 },
    { kind: 'setting', key: 'a', value: '1', start: 19 },
    { kind: 'unreadable', line: 'nonsense', start: 21 },
  ])
})

test('characters after a continued line are found where the file has them', () => {
  for (const lineBreak of ['\n', '\r\n']) {
    const text = `[s]${lineBreak}search = \\${lineBreak}  index=main \\${lineBreak}| head 5${lineBreak}`
    const setting = [...confItems(text)].find((item) => item.kind === 'setting')!
    expect(setting).toMatchObject({ key: 'search', value: 'index=main \n| head 5' })
    for (const word of ['index', 'head', '5'])
      expect(confPosition(text, setting.start, 'index=main \n| head 5'.indexOf(word))).toBe(
        text.indexOf(word),
      )
  }
})
