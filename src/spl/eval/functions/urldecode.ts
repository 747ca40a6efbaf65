// urldecode()

import { eachText } from '../arguments.ts'
import { defineFunction } from '../function.ts'

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

export const urldecode = defineFunction({
  name: 'urldecode',
  category: 'text',
  parameters: [{ name: 'url', type: 'string' }],
  returns: 'string',
  summary: 'A text in which %XX sequences are replaced by the UTF-8 characters they stand for.',
  examples: [
    { expression: 'urldecode("http%3A%2F%2Fx.org%2F%C3%A9")', result: 'http://x.org/é' },
    { expression: 'urldecode("100%")', result: '100%' },
  ],
  call: ([value]) =>
    eachText(value, (item) =>
      item.replace(/(?:%[\da-fA-F]{2})+/g, (run) =>
        utf8.decode(Uint8Array.from(run.slice(1).split('%'), (byte) => Number.parseInt(byte, 16))),
      ),
    ),
})
