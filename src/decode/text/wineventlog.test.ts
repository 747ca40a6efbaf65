import { expect, test } from 'vitest'
import { decodeAll, differencesWhenCut, summary } from '../../../test/support/decode-all.ts'
import { wineventlogDecoder } from './wineventlog.ts'

const logon = `10/08/2020 11:03:46.617 AM
LogName=Security
EventCode=4624
EventType=0
ComputerName=dc1.example.com
SourceName=Microsoft Windows security auditing.
Keywords=Audit Success
Message=An account was successfully logged on.

Subject:
	Security ID:		NT AUTHORITY\\SYSTEM

10/08/2020 11:03:45 AM
This line and the next are part of the message.
LogName=Forged
`
const service = `10/08/2020 11:03:47 PM\nLogName=System\nEventCode=7045\nComputerName=ws2\nMessage=A service was installed.\n`

test('reads events with time and metadata; text is left to knowledge', async () => {
  const decoded = await decodeAll(wineventlogDecoder, `${logon}\n${service}`)
  expect(summary(decoded)).toEqual({
    damages: [],
    events: [
      {
        raw: logon.trimEnd(),
        time: 1602155026.617,
        position: 'line 1',
        metadata: {
          form: { source: 'WinEventLog:Security', sourcetype: 'WinEventLog', host: 'dc1.example.com' },
        },
        content: { kind: 'text' },
      },
      {
        raw: service.trimEnd(),
        time: 1602198227,
        position: 'line 17',
        metadata: { form: { source: 'WinEventLog:System', sourcetype: 'WinEventLog', host: 'ws2' } },
        content: { kind: 'text' },
      },
    ],
  })
})

test('its times state no zone and are those of a clock in the zone of the options', async () => {
  const chunks = async function* () {
    yield Buffer.from(service)
  }
  const options = { recover: false, onDamage() {}, timeZone: 'America/New_York' }
  for await (const [event] of wineventlogDecoder.decode({ name: 'x', chunks }, options)) {
    expect(event!.time).toBe(1602198227 + 4 * 3600)
    expect(event!.localTime).toBe(1602198227)
  }
})

test('reads CRLF, which stays in the text', async () => {
  const { events } = await decodeAll(wineventlogDecoder, (logon + service).replaceAll('\n', '\r\n'))
  expect(events).toHaveLength(2)
  expect(events[0]!.raw()).toBe(logon.trimEnd().replaceAll('\n', '\r\n'))
  expect(events[0]!.metadata.form?.host).toBe('dc1.example.com')
})

test('gives the same wherever chunks end', async () => {
  expect(await differencesWhenCut(wineventlogDecoder, `junk\n${logon}${service}`)).toEqual([])
  expect(await differencesWhenCut(wineventlogDecoder, service.replaceAll('\n', '\r\n').repeat(2))).toEqual([])
})

test('text before the first event is reported', async () => {
  const { events, damages } = await decodeAll(wineventlogDecoder, `rest of a message\n\n${service}`)
  expect(events).toHaveLength(1)
  expect(damages).toEqual([
    { position: 'line 1', reason: 'text before the first event was passed over', lostEvents: undefined },
  ])
})

test('is told by its first two lines', () => {
  expect(wineventlogDecoder.detects(Buffer.from(`\ufeff\r\n${service.replaceAll('\n', '\r\n')}`))).toBe(true)
  expect(wineventlogDecoder.detects(Buffer.from('10/08/2020 11:03:47 PM some log\nLogName=x'))).toBe(false)
  expect(wineventlogDecoder.detects(Buffer.from('10/08/2020 11:03:47 PM\nother'))).toBe(false)
  expect(wineventlogDecoder.detects(Buffer.from(''))).toBe(false)
})

test.each(['\nLogName=', '10/08/2020 11:03:47 PM\n', '10/08/2020 11:03:47 PM\nLogName=\n'])(
  'a flood of %j takes linear time',
  async (flood) => {
    const started = performance.now()
    const { events } = await decodeAll(
      wineventlogDecoder,
      flood.repeat((512 * 1024) / flood.length),
      `\n${service}`,
    )
    expect(events.at(-1)!.raw()).toContain('EventCode=7045')
    expect(performance.now() - started).toBeLessThan(3_000)
  },
)
