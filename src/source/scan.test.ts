import { describe, expect, test } from 'vitest'
import { detectFormat } from '../decode/index.ts'
import type { RawEvent } from '../decode/reader.ts'
import { bundledPacks, type Knowledge, knowledgeOf, loadKnowledge } from '../knowledge/knowledge.ts'
import { compileSearch } from '../spl/match/compile-search.ts'
import { parseSearchTerms } from '../spl/syntax/parser.ts'
import type { Batch } from '../value/batch.ts'
import { countRows } from '../value/mask.ts'
import type { Value } from '../value/value.ts'
import { blocksOf, type EventGroup } from './scan.ts'

const context = { now: 1_700_000_000, timeZone: 'UTC', warn: () => {} }
const said: string[] = []
const bundled = await loadKnowledge({
  folders: await bundledPacks(),
  context,
  report: ({ message }) => said.push(message),
})

/** Decodes a text as evidence of the form that it is found to have. */
async function decoded(text: string): Promise<readonly RawEvent[]> {
  const bytes = new TextEncoder().encode(text)
  const decision = detectFormat(bytes)
  if (decision.kind !== 'known') throw new Error(`no decoder for ${text.slice(0, 40)}`)
  async function* chunks() {
    yield bytes
  }
  const events: RawEvent[] = []
  for await (const group of decision.decoder.decode(
    { name: 'evidence', chunks },
    { recover: false, onDamage: () => {} },
  ))
    events.push(...group)
  return events
}

async function batchesOf(
  events: readonly RawEvent[],
  knowledge: Knowledge = bundled,
  file = 'evidence',
): Promise<Batch[]> {
  async function* groups(): AsyncGenerator<EventGroup> {
    yield { file, events }
  }
  const batches: Batch[] = []
  for await (const batch of blocksOf(groups(), knowledge, {})) batches.push(batch)
  return batches
}

const batchOf = async (text: string, knowledge: Knowledge = bundled): Promise<Batch> =>
  (await batchesOf(await decoded(text), knowledge))[0]!

const fields = (batch: Batch, row: number, ...names: string[]): Value[] =>
  names.map((name) => batch.value(name, row))

const matches = (batch: Batch, search: string): number =>
  countRows(compileSearch(parseSearchTerms(search), context)(batch))

const script =
  '$com = [activator]::CreateInstance(x); $com.Document.ActiveView.ExecuteShellCommand("cmd &amp; x")'

const xml = `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-PowerShell' Guid='{a0c1853b-5c40-4b15-8766-3cf1c58f985a}'/><EventID>4104</EventID><Version>1</Version><Level>5</Level><Task>2</Task><Opcode>15</Opcode><Keywords>0x0</Keywords><TimeCreated SystemTime='2021-11-15T14:19:27.123456700Z'/><EventRecordID>42</EventRecordID><Correlation/><Execution ProcessID='10' ThreadID='20'/><Channel>Microsoft-Windows-PowerShell/Operational</Channel><Computer>win-dc.attackrange.local</Computer><Security UserID='S-1-5-21-500'/></System><EventData><Data Name='MessageNumber'>1</Data><Data Name='MessageTotal'>1</Data><Data Name='ScriptBlockText'>${script}</Data><Data Name='ScriptBlockId'>abc</Data><Data Name='Path'></Data></EventData></Event>`

const flat = JSON.stringify({
  EventID: 4104,
  Channel: 'Microsoft-Windows-PowerShell/Operational',
  Hostname: 'win-dc.attackrange.local',
  TimeCreated: '2021-11-15T14:19:27.123Z',
  UserID: 'S-1-5-21-500',
  SourceName: 'Microsoft-Windows-PowerShell',
  ScriptBlockText: script.replace('&amp;', '&'),
})

const classic = `11/15/2021 02:19:27 PM
LogName=Microsoft-Windows-PowerShell/Operational
EventCode=4104
EventType=5
ComputerName=win-dc.attackrange.local
User=ATTACKRANGE\\administrator
Sid=S-1-5-21-500
SidType=0
SourceName=Microsoft-Windows-PowerShell
Type=Verbose
RecordNumber=42
Keywords=None
TaskCategory=Execute a Remote Command
OpCode=On create calls
Message=Creating Scriptblock text (1 of 1):
${script.replace('&amp;', '&')}

ScriptBlock ID: abc
Path:`

test('the bundled packs load without a complaint', () => {
  expect(said).toEqual([])
})

describe('a script block event', () => {
  test.each([
    ['XML', xml],
    ['flat JSON', flat],
  ])('read from %s has the fields that the analytic of 2024 reads', async (_, text) => {
    const batch = await batchOf(text)
    expect(fields(batch, 0, 'EventCode', 'Computer', 'user_id', 'dvc', 'source', 'sourcetype')).toEqual([
      '4104',
      'win-dc.attackrange.local',
      'S-1-5-21-500',
      'win-dc.attackrange.local',
      'XmlWinEventLog:Microsoft-Windows-PowerShell/Operational',
      'XmlWinEventLog',
    ])
    expect(batch.value('ScriptBlockText', 0)).toBe(script.replace('&amp;', '&'))
    expect(Math.floor(batch.value('_time', 0) as number)).toBe(1_636_985_967)
    expect(
      matches(
        batch,
        '(source=WinEventLog:Microsoft-Windows-PowerShell/Operational OR source="XmlWinEventLog:Microsoft-Windows-PowerShell/Operational") EventCode=4104 (ScriptBlockText="*Document.Application.ShellExecute*" OR ScriptBlockText="*Document.ActiveView.ExecuteShellCommand*")',
      ),
    ).toBe(1)
  })

  test('read from classic text has the fields that the analytic of 2021 reads', async () => {
    const batch = await batchOf(classic)
    expect(
      fields(batch, 0, 'EventCode', 'ComputerName', 'User', 'source', 'sourcetype', '_time', 'severity'),
    ).toEqual([
      '4104',
      'win-dc.attackrange.local',
      'ATTACKRANGE\\administrator',
      'WinEventLog:Microsoft-Windows-PowerShell/Operational',
      'WinEventLog',
      1_636_985_967,
      'informational',
    ])
    expect(batch.value('Message', 0)).toContain(script.replace('&amp;', '&'))
    expect(
      matches(
        batch,
        'source=WinEventLog:* EventCode=4104 Message="*Document.ActiveView.ExecuteShellCommand*"',
      ),
    ).toBe(1)
  })

  test('a value that is empty is no field, and nothing names a destination', async () => {
    const batch = await batchOf(xml)
    expect(fields(batch, 0, 'Path', 'dest', 'user', 'tag')).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ])
    expect(batch.value('eventtype', 0)).toBe('endpoint_services_processes')
  })

  test('values keep their entities for those who want that', async () => {
    const escaping = await loadKnowledge({
      folders: await bundledPacks(),
      context,
      report: () => {},
      keepsXmlEscapes: true,
    })
    expect((await batchOf(xml, escaping)).value('ScriptBlockText', 0)).toBe(script)
  })

  test('a row says which record it came from', async () => {
    const [batch] = await batchesOf(await decoded(xml), bundled, 'logs/ps.xml')
    expect(batch!.origins?.(0)).toEqual([{ file: 'logs/ps.xml', record: expect.any(String) }])
  })
})

/** An event of text. */
const textEvent = (raw: string, sourcetype = 'st', source = 's'): RawEvent => ({
  time: undefined,
  raw: () => raw,
  position: 'line 1',
  content: { kind: 'text' },
  metadata: { sourcetype, source, host: 'h' },
})

const fieldsOf = async (
  conf: Parameters<typeof knowledgeOf>[0],
  raw: string,
  ...names: string[]
): Promise<Value[]> => {
  const knowledge = knowledgeOf(conf, { context, report: ({ message }) => said.push(message) })
  const [batch] = await batchesOf([textEvent(raw)], knowledge)
  return fields(batch!, 0, ...names)
}

describe('the stages of a field', () => {
  test('EXTRACT comes before REPORT, REPORT before automatic extraction, and the first to find a field keeps it', async () => {
    const props = '[st]\nEXTRACT-a = first=(?<x>\\w+)\nREPORT-b = second'
    const transforms = '[second]\nREGEX = second=(\\w+)\nFORMAT = x::$1 y::$1'
    expect(await fieldsOf({ props, transforms }, 'first=1 second=2 third=3', 'x', 'y', 'third')).toEqual([
      '1',
      '2',
      '3',
    ])
  })

  test('an extraction may read a field that an earlier one found', async () => {
    expect(
      await fieldsOf(
        { props: '[st]\nEXTRACT-a = path=(?<path>\\S+)\nEXTRACT-b = (?<name>[^/]+)$ in path' },
        'path=/a/b.txt',
        'name',
      ),
    ).toEqual(['b.txt'])
  })

  test('MV_ADD collects values, names come from the event and are cleaned', async () => {
    const transforms = '[pairs]\nREGEX = <([^>]+)>([^<]+)\nFORMAT = $1::$2\nMV_ADD = true'
    expect(
      await fieldsOf(
        { props: '[st]\nKV_MODE = none\nREPORT-p = pairs', transforms },
        '<a b>1<c>2<a b>3',
        'a_b',
        'c',
      ),
    ).toEqual([['1', '3'], '2'])
  })

  test('DELIMS names fields by position', async () => {
    const transforms = '[columns]\nDELIMS = " "\nFIELDS = "one", "two", "three"'
    expect(
      await fieldsOf({ props: '[st]\nREPORT-c = columns', transforms }, 'a "b c" -', 'one', 'two', 'three'),
    ).toEqual(['a', 'b c', '-'])
  })

  test('aliases follow extractions, calculated fields follow aliases and do not see each other', async () => {
    const props = '[st]\nFIELDALIAS-a = user AS src_user\nEVAL-user = upper(src_user)\nEVAL-copy = user'
    expect(await fieldsOf({ props }, 'user=bob', 'src_user', 'user', 'copy')).toEqual(['bob', 'BOB', 'bob'])
  })

  test('a calculated field that is null removes what was there', async () => {
    expect(await fieldsOf({ props: '[st]\nEVAL-user = null()' }, 'user=bob', 'user')).toEqual([undefined])
  })

  test('AS follows the original even into nothing, ASNEW only fills a gap', async () => {
    expect(
      await fieldsOf(
        { props: '[st]\nFIELDALIAS-a = gone AS user gone ASNEW host2 a ASNEW b' },
        'user=bob a=1 b=2',
        'user',
        'b',
      ),
    ).toEqual([undefined, '2'])
  })

  test('lookups follow calculated fields; OUTPUTNEW keeps what is there', async () => {
    const conf = {
      props:
        '[st]\nEVAL-key = lower(id)\nLOOKUP-a = names key OUTPUTNEW name role\nLOOKUP-b = names key OUTPUT role AS job',
      transforms: '[names]\nfilename = names.csv',
      lookups: new Map([['names.csv', 'key,name,role\nx1,Ann,admin']]),
    }
    expect(await fieldsOf(conf, 'id=X1 name=given', 'name', 'role', 'job')).toEqual([
      'given',
      'admin',
      'admin',
    ])
  })

  test('eventtypes may name each other and read every field; tags follow them', async () => {
    const conf = {
      props: '[st]\nEVAL-action = "failure"',
      eventtypes:
        '[any]\nsearch = sourcetype=st\n[bad]\nsearch = eventtype=any action=failure\n[other]\nsearch = sourcetype=zz',
      tags: '[eventtype=bad]\nattack = enabled\n[action=failure]\nwrong = enabled',
    }
    expect(await fieldsOf(conf, 'x=1', 'eventtype', 'tag', 'tag::action')).toEqual([
      ['any', 'bad'],
      ['attack', 'wrong'],
      'wrong',
    ])
  })

  test('index-time fields stand above extractions', async () => {
    const knowledge = knowledgeOf({ props: '' }, { context, report: () => {} })
    const event: RawEvent = {
      ...textEvent('a=1 b=2'),
      metadata: { sourcetype: 'st', fields: new Map([['a', ['8', '9']]]) },
    }
    const [batch] = await batchesOf([event], knowledge)
    expect(fields(batch!, 0, 'a', 'b')).toEqual([['8', '9'], '2'])
  })

  test('a lookup with OUTPUT takes away what it does not find, where it was asked', async () => {
    const knowledge = knowledgeOf(
      {
        props: '[text]\nLOOKUP_roles = roles user OUTPUT role',
        transforms: '[roles]\nfilename = roles.csv',
        lookups: new Map([['roles.csv', 'user,role\nann,admin']]),
      },
      { context, report: () => {} },
    )
    const batch = await batchOf('user=ann role=old\nuser=bob role=old\nrole=old\n', knowledge)
    expect([0, 1, 2].map((row) => batch.value('role', row))).toEqual(['admin', undefined, 'old'])
  })

  test('in an inline extraction a dot matches line breaks and a caret any line', async () => {
    const knowledge = knowledgeOf(
      { props: '[st]\nEXTRACT-a = ^b=(?<rest>.*)' },
      { context, report: () => {} },
    )
    const event = { ...textEvent('a=1\nb=2\nc=3'), metadata: { sourcetype: 'st' } }
    const [batch] = await batchesOf([event], knowledge)
    expect(fields(batch!, 0, 'rest')).toEqual(['2\nc=3'])
  })

  test('what an export row says stays; the rest is added', async () => {
    const knowledge = knowledgeOf(
      { props: '[st]\nEVAL-user = "calculated"\nEVAL-more = "added"' },
      { context, report: () => {} },
    )
    const row = new Map([
      ['sourcetype', 'st'],
      ['user', 'exported'],
      ['_raw', 'k=v'],
    ])
    const event: RawEvent = {
      ...textEvent('{}'),
      content: { kind: 'row', fields: row },
      metadata: { sourcetype: 'st' },
    }
    const [batch] = await batchesOf([event], knowledge)
    expect(fields(batch!, 0, 'sourcetype', 'user', 'more', 'k', '_raw')).toEqual([
      'st',
      'exported',
      'added',
      'v',
      'k=v',
    ])
  })

  test('a wrong expression is named with its file, and the field stays as it was', async () => {
    said.length = 0
    expect(await fieldsOf({ props: '[st]\nEVAL-user = nosuch(1)' }, 'user=bob', 'user')).toEqual(['bob'])
    expect(said.join()).toMatch(/EVAL-user: .*nosuch/)
    said.length = 0
  })
})

test('events of many kinds in one file keep their order', async () => {
  const knowledge = knowledgeOf(
    { props: '[a]\nEVAL-kind = "A"\n[b]\nEVAL-kind = n . "B"' },
    { context, report: () => {} },
  )
  const events = Array.from({ length: 10_000 }, (_, index) =>
    textEvent(`n=${index}`, index % 3 === 0 ? 'a' : 'b', `source${index % 7}`),
  )
  const batches = await batchesOf(events, knowledge)
  expect(batches.map((batch) => batch.length)).toEqual([4096, 4096, 1808])
  const all = batches.flatMap((batch) =>
    Array.from({ length: batch.length }, (_, row) => fields(batch, row, 'n', 'kind', 'source', 'sourcetype')),
  )
  expect(all).toEqual(
    events.map((_, index) => [
      String(index),
      index % 3 === 0 ? 'A' : `${index}B`,
      `source${index % 7}`,
      index % 3 === 0 ? 'a' : 'b',
    ]),
  )
})

test('a time that is nowhere is null, not invented', async () => {
  const knowledge = knowledgeOf({ props: '' }, { context, report: () => {} })
  const [batch] = await batchesOf([textEvent('no time'), textEvent('2021-11-15T14:19:27Z x')], knowledge)
  expect([batch!.value('_time', 0), batch!.value('_time', 1)]).toEqual([undefined, 1_636_985_967])
})
