import { expect, test } from 'vitest'
import { decoders, detectFormat, findDecoder } from './detect-format.ts'

function formatOf(head: string | Uint8Array): string {
  const decision = detectFormat(Buffer.from(head))
  return decision.kind === 'known' ? decision.decoder.format : decision.reason
}

test.each([
  ['xml', "<Event xmlns='x'><System>"],
  ['xml', '\ufeff<?xml version="1.0"?>\r\n<Events><Event>'],
  ['json', '{"event": "<Event><System>"}'],
  ['json', '[{"a,b": 1}]'],
  ['csv', '_time,_raw\n1,"<Event><System></System></Event>"\n'],
  ['wineventlog', '10/08/2020 11:03:46 AM\r\nLogName=Security\r\n'],
  ['text', 'Oct  8 11:03:46 host sshd[1]: {"a": 1}, <Event>'],
  ['text', 'Größe\n'],
])('tells %s by its content: %j', (format, head) => {
  expect(formatOf(head)).toBe(format)
})

test('names what is no log, and refuses what is unknown', () => {
  expect(formatOf(Buffer.from([0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0]))).toBe(
    'it is a packet capture (pcap), not a log',
  )
  expect(formatOf('regf\0\0\0\0')).toBe('it is a Windows registry hive, not a log')
  expect(formatOf(Buffer.from([1, 2, 3, 4, 5, 6, 7, 8]))).toBe(
    'its form is not known: neither a log that Karst reads nor text',
  )
})

test('decoders are found by name', () => {
  expect(decoders.map(({ format }) => format)).toEqual([
    ...['evtx', 'json', 'csv', 'tsv', 'ssv', 'psv', 'xml', 'wineventlog', 'wevtutil', 'auditd', 'text'],
  ])
  expect(findDecoder('XML')?.format).toBe('xml')
  expect(findDecoder('yaml')).toBeUndefined()
})
