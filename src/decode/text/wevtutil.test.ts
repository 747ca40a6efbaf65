import { expect, test } from 'vitest'
import { decodeAll, differencesWhenCut } from '../../../test/support/decode-all.ts'
import { detectFormat } from '../detect-format.ts'
import { wevtutilDecoder } from './wevtutil.ts'

const printed = `Event[0]:
  Log Name: Security
  Source: Microsoft-Windows-Security-Auditing
  Date: 2020-10-08T11:03:46.617
  Event ID: 4624
  Task: Logon
  Level: Information
  Keyword: Audit Success
  User: N/A
  Computer: dc1.example.com
  Description:
An account was successfully logged on.

New Logon:
\tAccount Name:\t\tanna

Event[1]
  Log Name: System
  Date: 2020-10-08T23:03:46.5Z
  Event ID: 7036
  Computer: dc1
  Description:
Event[9] is part of the message.
`

test('events become the classic text that Splunk would have made of them', async () => {
  const { events, damages } = await decodeAll(wevtutilDecoder, printed)
  expect(damages).toEqual([])
  expect(events.map((event) => [event.position, event.time, event.localTime])).toEqual([
    ['line 1', 1602155026.617, 1602155026.617],
    ['line 17', 1602198226.5, undefined],
  ])
  expect(events[0]!.raw()).toBe(
    '10/08/2020 11:03:46.617 AM\nLogName=Security\nSourceName=Microsoft-Windows-Security-Auditing\nEventCode=4624\n' +
      'Type=Information\nComputerName=dc1.example.com\nTaskCategory=Logon\nKeywords=Audit Success\n' +
      'Message=An account was successfully logged on.\n\nNew Logon:\n\tAccount Name:\t\tanna',
  )
  expect(events[1]!.raw()).toBe(
    '10/08/2020 11:03:46.500 PM\nLogName=System\nEventCode=7036\nComputerName=dc1\nMessage=Event[9] is part of the message.',
  )
  expect(events[0]!.metadata.form).toEqual({
    source: 'WinEventLog:Security',
    sourcetype: 'WinEventLog',
    host: 'dc1.example.com',
  })
})

test('gives the same wherever chunks end, also with CRLF', async () => {
  expect(await differencesWhenCut(wevtutilDecoder, `rest\n${printed}`)).toEqual([])
  expect(await differencesWhenCut(wevtutilDecoder, printed.replaceAll('\n', '\r\n'))).toEqual([])
})

test('what is no event is reported', async () => {
  const { events, damages } = await decodeAll(
    wevtutilDecoder,
    `rest\nEvent[0]\n  Log Name: x\n  Event ID: \n`,
  )
  expect(events).toEqual([])
  expect(damages).toEqual([
    { position: 'line 1', reason: 'text before the first event was passed over', lostEvents: undefined },
    { position: 'line 2', reason: 'an event without a log name or an id was passed over', lostEvents: 1 },
  ])
})

test('it is told by its first lines', () => {
  const decision = detectFormat(Buffer.from(printed))
  expect(decision.kind === 'known' && decision.decoder).toBe(wevtutilDecoder)
})
