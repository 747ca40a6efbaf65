// What props.conf and transforms.conf of an add-on make of texts before they are searched.

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { batchOfText, rowsOf, type TextReading } from '../../test/support/batch-of-text.ts'
import { type ConfTexts, knowledgeOf, loadKnowledge } from '../knowledge/knowledge.ts'

const now = Date.UTC(2022, 2, 1) / 1000

/** The fields of a text's events under some configuration, and what was said about it. */
async function read(
  confs: ConfTexts,
  text: string,
  names: readonly string[],
  reading: TextReading & { readonly zone?: string } = {},
) {
  const said: string[] = []
  const timeZone = reading.zone ?? 'UTC'
  const knowledge = knowledgeOf(confs, {
    context: { now, timeZone, warn: () => {} },
    report: ({ message }) => said.push(message),
  })
  const batch = await batchOfText(text, knowledge, { ...reading, timeZone })
  return { rows: rowsOf(batch, ...names), said }
}

const hec = (envelope: object): string => JSON.stringify(envelope)

describe('metadata', () => {
  const named = ['index', 'source', 'sourcetype', 'host']

  test('what the evidence states wins over what the user states', async () => {
    const text = hec({ event: 'x', source: 's', sourcetype: 'st', host: 'h', index: 'i' })
    const defaults = { source: 'my', sourcetype: 'my', host: 'my', index: 'my' }
    expect((await read({}, text, named, { defaults })).rows).toEqual([['i', 's', 'st', 'h']])
  })

  test('what the user states wins over what the form of a text tells', async () => {
    const defaults = { source: 'my', sourcetype: 'my:type', host: 'me', index: 'mine' }
    const windows = '{"EventID":1,"Channel":"Security","Hostname":"ws5","SourceModuleName":"x"}'
    const classic = '10/08/2020 11:03:46 AM\nLogName=Security\nEventCode=4624\nComputerName=dc1\nMessage=x\n'
    const zeek = '#separator \\x09\n#path\tconn\n#fields\tts\tuid\n#types\ttime\tstring\n1.5\tC1\n'
    for (const text of [windows, classic, zeek, 'a,b\n1,2\n', '{"a": 1}', 'text'])
      expect((await read({}, text, named, { defaults })).rows).toEqual([['mine', 'my', 'my:type', 'me']])
    expect((await read({}, windows, named)).rows).toEqual([
      ['main', 'XmlWinEventLog:Security', 'XmlWinEventLog', 'ws5'],
    ])
  })

  test('transforms change what is stated, in the order of their classes, from one to the next', async () => {
    const confs = {
      props: '[pan:log]\nTRANSFORMS-b = traffic\nTRANSFORMS-a = host, index\nRULESET-r = last',
      transforms:
        '[host]\nREGEX = host=(\\w+)\nFORMAT = host::$1.example\nDEST_KEY = MetaData:Host\n' +
        '[index]\nSOURCE_KEY = MetaData:Host\nREGEX = ^host::(\\w+)\nFORMAT = idx_$1\nDEST_KEY = _MetaData:Index\n' +
        '[traffic]\nREGEX = ,TRAFFIC,\nFORMAT = sourcetype::pan:traffic\nDEST_KEY = MetaData:Sourcetype\n' +
        '[last]\nSOURCE_KEY = MetaData:Sourcetype\nREGEX = sourcetype::pan:(.*)\nFORMAT = source::$1\nDEST_KEY = MetaData:Source',
    }
    const text = hec({ event: '1,TRAFFIC,host=fw1', sourcetype: 'pan:log', host: 'collector' })
    expect((await read(confs, text, named)).rows).toEqual([
      ['idx_fw1', 'traffic', 'pan:traffic', 'fw1.example'],
    ])
    const { rows } = await read(confs, '1,TRAFFIC,host=fw1', named, {
      defaults: { sourcetype: 'pan:log', host: 'mine' },
    })
    expect(rows).toEqual([['idx_fw1', 'traffic', 'pan:traffic', 'mine']])
  })

  test('a rule of a later add-on wins over those before it', async () => {
    const rule = (sourcetype: string): string =>
      `[rule::${sourcetype}]\nsourcetype = ${sourcetype}\nMORE_THAN_0 = door`
    const folders = ['early', 'late'].map((name) => {
      const folder = join(mkdtempSync(join(tmpdir(), 'karst-rules-')), name)
      mkdirSync(folder)
      writeFileSync(join(folder, 'props.conf'), `${rule(`${name}:first`)}\n${rule(`${name}:second`)}`)
      return folder
    })
    const context = { now, timeZone: 'UTC', warn: () => {} }
    const knowledge = await loadKnowledge({ folders, context, report: () => {} })
    expect(rowsOf(await batchOfText('door open', knowledge), 'sourcetype')).toEqual([['late:first']])
  })

  test('rows of exports were indexed before', async () => {
    const confs = {
      props: '[st]\nSEDCMD-a = s/x/y/\nTRANSFORMS-a = t',
      transforms: '[t]\nREGEX = .\nFORMAT = host::no\nDEST_KEY = MetaData:Host',
    }
    const text = hec({ result: { _raw: 'x', sourcetype: 'st', host: 'h' } })
    expect((await read(confs, text, ['host', '_raw'])).rows).toEqual([['h', 'x']])
  })
})

describe('the text', () => {
  test('SEDCMD changes it before fields are extracted, in the order of the classes', async () => {
    const props =
      '[cards]\nSEDCMD-b = y/b/c/\nSEDCMD-a = s/card=\\d+(\\d{4})/card=xxxx\\1/g s/a/b/2\nKV_MODE = auto'
    const { rows, said } = await read({ props }, 'card=12345678 aa', ['_raw', 'card'], {
      defaults: { sourcetype: 'cards' },
    })
    expect(rows).toEqual([['card=xxxx5678 ca', 'xxxx5678']])
    expect(said).toEqual([])
  })

  test('JSON that was changed is read anew', async () => {
    const props = '[j]\nSEDCMD-a = s/"secret"\\s*:\\s*"[^"]*"/"secret":"-"/\nKV_MODE = json'
    const { rows } = await read({ props }, '{"secret": "abc", "b": 1}', ['secret', 'b', '_raw'], {
      defaults: { sourcetype: 'j' },
    })
    expect(rows).toEqual([['-', '1', '{"secret":"-", "b": 1}']])
  })

  test('of Windows events it is changed where searches see it; their fields stay', async () => {
    const props =
      '[XmlWinEventLog]\nSEDCMD-a = s/<Data Name=.User.>[^<]*/<Data Name="User">-/\nKV_MODE = windows_event'
    const xml =
      "<Event><System><EventID>1</EventID><Channel>Security</Channel><Computer>a</Computer></System><EventData><Data Name='User'>anna</Data></EventData></Event>"
    const { rows } = await read({ props }, xml, ['User', '_raw'])
    expect(rows[0]![0]).toBe('anna')
    expect(rows[0]![1]).toContain('<Data Name="User">-</Data>')
  })

  test('a transform may write it, and index-time fields', async () => {
    const confs = {
      props: '[st]\nTRANSFORMS-a = cut, meta, more',
      transforms:
        '[cut]\nREGEX = ^\\S+ (.*)\nFORMAT = $1\nDEST_KEY = _raw\n' +
        '[meta]\nREGEX = user (\\w+)\nFORMAT = user::$1 kind::"a $1"\nWRITE_META = true\n' +
        '[more]\nREGEX = (\\d)\nFORMAT = digit::$1\nWRITE_META = true\nREPEAT_MATCH = true',
    }
    const { rows } = await read(confs, 'header user anna 1 2', ['_raw', 'user', 'kind', 'digit'], {
      defaults: { sourcetype: 'st' },
    })
    expect(rows).toEqual([['user anna 1 2', 'anna', 'a anna', ['1', '2']]])
  })
})

describe('time', () => {
  const at = (iso: string): number => Date.parse(iso) / 1000

  test('a zone in the text wins over TZ, TZ over the zone of the run', async () => {
    const props = '[host::ny]\nTZ = America/New_York'
    const lines = '2021-11-15 14:19:27 a\n2021-11-15 14:19:27 +0100 b'
    const times = async (host: string) =>
      (await read({ props }, lines, ['_time'], { defaults: { host }, zone: 'Europe/Berlin' })).rows.flat()
    expect(await times('ny')).toEqual([at('2021-11-15T19:19:27Z'), at('2021-11-15T13:19:27Z')])
    expect(await times('other')).toEqual([at('2021-11-15T13:19:27Z'), at('2021-11-15T13:19:27Z')])
  })

  test('times that a form states without a zone are those of the same zones', async () => {
    const classic = '11/15/2021 02:19:27 PM\nLogName=Security\nEventCode=1\nComputerName=ny\nMessage=x\n'
    const nxlog =
      '{"EventID":1,"Channel":"x","Hostname":"ny","EventTime":"2021-11-15 14:19:27","SourceModuleName":"x"}'
    const row = '{"_raw":"x","_time":"2021-11-15 14:19:27","host":"ny"}'
    for (const text of [classic, nxlog, row]) {
      const berlin = await read({}, text, ['_time'], { zone: 'Europe/Berlin' })
      expect(berlin.rows).toEqual([[at('2021-11-15T13:19:27Z')]])
      const props = '[host::ny]\nTZ = America/New_York'
      const newYork = await read({ props }, text, ['_time'], { zone: 'Europe/Berlin' })
      expect(newYork.rows).toEqual([[at('2021-11-15T19:19:27Z')]])
    }
  })

  test('without a year it is the last such day before now, and that is said', async () => {
    const lines = 'Mar  1 00:00:01 a\nMar  3 00:00:01 b\nFeb 29 10:00:00 c\nDec 31 23:59:59 d'
    const { rows, said } = await read({}, lines, ['_time'])
    expect(rows.flat()).toEqual(
      ['2022-03-01T00:00:01Z', '2021-03-03T00:00:01Z', '2020-02-29T10:00:00Z', '2021-12-31T23:59:59Z'].map(
        at,
      ),
    )
    expect(said).toEqual([
      'Times of "stdin" (sourcetype text) state no year; they were taken for the last ones before 2022-03-01.',
    ])
  })

  test('prefix, format and lookahead of the sourcetype before transforms apply', async () => {
    const confs = {
      props:
        '[raw:log]\nTIME_PREFIX = at=\nTIME_FORMAT = %d-%m-%Y %H:%M\nTRANSFORMS-s = real\n[real:log]\nTIME_PREFIX = no such',
      transforms: '[real]\nREGEX = .\nFORMAT = sourcetype::real:log\nDEST_KEY = MetaData:Sourcetype',
    }
    const { rows } = await read(confs, '2020-01-01 00:00:00 at=15-11-2021 14:19', ['sourcetype', '_time'], {
      defaults: { sourcetype: 'raw:log' },
    })
    expect(rows).toEqual([['real:log', at('2021-11-15T14:19:00Z')]])
  })

  test('what a time was read from can be searched, where the text holds it', async () => {
    const names = [
      ...['date_hour', 'date_minute', 'date_second', 'date_mday', 'date_month', 'date_wday', 'date_year'],
      ...['date_zone', 'timestartpos', 'timeendpos'],
    ]
    const of = async (text: string, confs: ConfTexts = {}) =>
      (await read(confs, text, names, { zone: 'Europe/Berlin' })).rows[0]
    const parts = ['14', '19', '27', '15', 'november', 'monday', '2021']
    expect(await of('x 2021-11-15 14:19:27 y')).toEqual([...parts, 'local', '2', '21'])
    expect(await of('[15/Nov/2021:14:19:27 -0730]')).toEqual([...parts, '-450', '1', '27'])
    expect(await of('{"a":1,"time":"2021-11-15T14:19:27Z"}')).toEqual([...parts, '0', '15', '35'])
    expect(
      await of(
        "<Event><System><EventID>1</EventID><TimeCreated SystemTime='2021-11-15T14:19:27.5Z'/></System></Event>",
      ),
    ).toEqual([...parts, '0', '60', '82'])
    const given = hec({ time: 1_636_985_967, event: 'x 2021-11-15 14:19:27 y' })
    const props = '[text]\nADD_EXTRA_TIME_FIELDS = false'
    for (const none of [await of(given), await of('nothing'), await of('2021-11-15 14:19:27', { props })])
      expect(none).toEqual(names.map(() => undefined))
  })

  test('DATETIME_CONFIG = NONE leaves the text alone', async () => {
    const props = '[text]\nDATETIME_CONFIG = NONE'
    expect((await read({ props }, '2021-11-15 14:19:27', ['_time'])).rows).toEqual([[undefined]])
  })
})

describe('facts', () => {
  test('punctuation, lines and the server are there by name', async () => {
    const line =
      '172.26.34.223 - - [01/Jul/2005:12:05:27 -0700] "GET /trade/app?action=logout HTTP/1.1" 200 2953'
    const { rows } = await read({}, line, ['punct', 'linecount', 'splunk_server'])
    expect(rows).toEqual([['..._-_-_[//:::_-]_"_//?=_/."__', '1', 'karst']])
  })

  test('an event that has such a field itself keeps it', async () => {
    const text = hec({ event: 'x', fields: { punct: 'mine', date_hour: '3' } })
    expect((await read({}, text, ['punct', 'date_hour'])).rows).toEqual([['mine', '3']])
  })
})

describe('files with a layout', () => {
  test('a table with its own marks, header line and times', async () => {
    const props = `[report]
INDEXED_EXTRACTIONS = csv
FIELD_DELIMITER = ;
FIELD_QUOTE = '
HEADER_FIELD_LINE_NUMBER = 2
MISSING_VALUE_REGEX = ^n/a$
TIMESTAMP_FIELDS = day, clock
TIME_FORMAT = %d.%m.%Y %H:%M
TZ = Europe/Berlin
EVAL-user = upper(user)
KV_MODE = none`
    const text =
      "made by hand\nuser;day;clock;src.ip\n'a;b';15.11.2021;14:19;10.0.0.1\nc;16.11.2021;14:19;n/a\n"
    const { rows, said } = await read({ props }, text, ['user', '_time', 'src_ip', 'sourcetype'], {
      defaults: { sourcetype: 'report' },
    })
    expect(rows).toEqual([
      ['A;B', 1_636_982_340, '10.0.0.1', 'report'],
      ['C', 1_637_068_740, undefined, 'report'],
    ])
    expect(said).toEqual([])
  })

  test('names that the file does not give, blanks between cells, a header behind a prefix', async () => {
    const named = '[x]\nFIELD_NAMES = a,b\nFIELD_DELIMITER = whitespace'
    expect(
      (await read({ props: named }, '1 \t 2\n3 4', ['a', 'b'], { defaults: { sourcetype: 'x' } })).rows,
    ).toEqual([
      ['1', '2'],
      ['3', '4'],
    ])
    const prefixed =
      '[x]\nFIELD_HEADER_REGEX = ^#fields:\\s*\nPREAMBLE_REGEX = ^#!\nFIELD_DELIMITER = tab\nHEADER_FIELD_DELIMITER = ,'
    const { rows } = await read({ props: prefixed }, '#! v1\n#fields: a,b\n1\t2\n', ['a', 'b'], {
      defaults: { sourcetype: 'x' },
    })
    expect(rows).toEqual([['1', '2']])
  })

  test('a source:: stanza says it as well as a sourcetype', async () => {
    const props = '[source::stdin]\nINDEXED_EXTRACTIONS = psv'
    expect((await read({ props }, 'a|b\n1|2\n', ['a', 'b'])).rows).toEqual([['1', '2']])
  })

  test('a table of any other origin has the time of its column and every rule of its sourcetype', async () => {
    const props = '[csv]\nKV_MODE = none\nEVAL-b = b . "!"'
    const text = 'timestamp,a,b\n2021-11-15 14:19:27,k=v,2\n'
    const { rows } = await read({ props }, text, ['_time', 'a', 'b', 'k', 'sourcetype'])
    expect(rows).toEqual([[1_636_985_967, 'k=v', '2!', undefined, 'csv']])
  })

  test('lines belong together as the breakers say', async () => {
    const raws = async (props: string, text: string) =>
      (await read({ props }, text, ['_raw'], { defaults: { sourcetype: 'x' } })).rows.flat()
    const dated = '2021-11-15 14:19:27 a\n  at b\n2021-11-15 14:19:28 c'
    const two = ['2021-11-15 14:19:27 a\n  at b', '2021-11-15 14:19:28 c']
    expect(await raws('[x]\nSHOULD_LINEMERGE = true', dated)).toEqual(two)
    expect(await raws('[x]\nSHOULD_LINEMERGE = false\nLINE_BREAKER = ([\\r\\n]+)\\d{4}-', dated)).toEqual(two)
    expect(await raws('[x]\nBREAK_ONLY_BEFORE = ^2021', dated)).toEqual(two)
    expect(await raws('[x]\nSHOULD_LINEMERGE = false', dated)).toHaveLength(3)
    expect(await raws('[x]\nMUST_BREAK_AFTER = ;$\nBREAK_ONLY_BEFORE_DATE = false', 'a\nb;\nc')).toEqual([
      'a\nb;',
      'c',
    ])
    expect(await raws('[x]\nBREAK_ONLY_BEFORE = ^s\nMAX_EVENTS = 2', 's\na\nb\ns')).toEqual([
      's\na',
      'b',
      's',
    ])
  })

  test('KV_MODE = multi reads tables of text', async () => {
    const props = '[ps]\nKV_MODE = multi\nSHOULD_LINEMERGE = true\nBREAK_ONLY_BEFORE = ^USER'
    const text = 'USER  PID  COMMAND\nroot  1    init\nanna  42   bash\n'
    const { rows } = await read({ props }, text, ['USER', 'PID', 'COMMAND'], {
      defaults: { sourcetype: 'ps' },
    })
    expect(rows).toEqual([
      [
        ['root', 'anna'],
        ['1', '42'],
        ['init', 'bash'],
      ],
    ])
  })
})

test('automatic extraction trims blanks, reads JSON and keeps braces unless it is told not to', async () => {
  const of = async (props: string, text: string, name: string) =>
    (await read({ props }, text, [name], { defaults: { sourcetype: 'x' } })).rows[0]![0]
  expect(await of('', 'a=" b "', 'a')).toBe('b')
  expect(await of('[x]\nKV_TRIM_SPACES = false', 'a=" b "', 'a')).toBe(' b ')
  expect(await of('', '{"a": "b=c"}', 'a')).toBe('b=c')
  expect(await of('[x]\nAUTO_KV_JSON = false', '{"a": "b=c"}', 'a')).toBeUndefined()
  expect(await of('', '{"a": [1]}', 'a{}')).toBe('1')
  expect(
    await of('[x]\nINDEXED_EXTRACTIONS = JSON\nJSON_TRIM_BRACES_IN_ARRAY_NAMES = true', '{"a": [1]}', 'a'),
  ).toBe('1')
})
