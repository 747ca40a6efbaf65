import { describe, expect, test } from 'vitest'
import { Batch } from '../../value/batch.ts'
import { constant, dictOf } from '../../value/column.ts'
import { rowsOf } from '../../value/mask.ts'
import type { Value } from '../../value/value.ts'
import { parseSearchTerms } from '../syntax/parser.ts'
import { compileSearch } from './compile-search.ts'

const context = { now: 1_700_000_000, timeZone: 'UTC' }

const events = Batch.fromRows([
  {
    n: '0',
    host: 'web1',
    status: '200',
    user: 'alice',
    ip: '10.1.2.3',
    _time: 1_699_999_000,
    _raw: 'Failed password for root',
  },
  {
    n: '1',
    host: 'WEB2',
    status: '404',
    user: 'Bob',
    ip: '10.9.2.3',
    _time: 1_699_990_000,
    _raw: 'failure of CASE Error',
  },
  { n: '2', host: 'db1', status: '0500', tag: ['a', 'b'], _time: 1_600_000_000, _raw: 'ok' },
  { n: '3', host: 'db2', status: '', path: 'C:\\Windows\\x.exe' },
])

const matching = (text: string, batch = events): number[] => [
  ...rowsOf(compileSearch(parseSearchTerms(text), context)(batch)),
]

describe('search terms select rows', () => {
  const cases: readonly (readonly [text: string, rows: number[]])[] = [
    ['*', [0, 1, 2, 3]],
    ['host=web*', [0, 1]],
    ['host=WEB1', [0]],
    ['Host=web1', []],
    ['user=*', [0, 1]],
    ['NOT user=*', [2, 3]],
    ['user!=alice', [1]],
    ['NOT user=alice', [1, 2, 3]],
    ['user!=*', []],
    ['status=500', [2]],
    ['status>300', [1, 2]],
    ['status<=404', [0, 1, 3]],
    ['status=""', [3]],
    ['tag=b', [2]],
    ['tag!=b', []],
    ['NOT tag=c', [0, 1, 2, 3]],
    ['tag=a tag=b', [2]],
    ['host IN (web1, db*)', [0, 2, 3]],
    ['NOT user IN (alice, bob)', [2, 3]],
    ['ip="10.0.0.0/13"', [0]],
    ['path="*\\\\x.exe"', [3]],
    ['path="c:\\\\windows\\\\X.EXE"', [3]],
    ['fail', []],
    ['fail*', [0, 1]],
    ['"failed password"', [0]],
    ['CASE(error)', []],
    ['CASE(Error)', [1]],
    ['ok OR failed host=web1', [0]],
    ['index=*', [0, 1, 2, 3]],
    ['index=main', []],
    ['earliest=-1h', [0]],
    ['latest=-1h', [1, 2]],
    ['earliest=1699990000 latest=1699999000', [1]],
    ['hoursago=1', [0]],
    ['NOT ( )', []],
  ]
  test.each(cases)('%s', (text, rows) => {
    expect(matching(text)).toEqual(rows)
  })

  test('dict and const columns give what plain ones give', () => {
    const values: Value[] = ['a', 'B', undefined, ['x', 'a'], 7]
    const plain = Batch.fromRows(values.map((f) => ({ f })))
    const dict = new Batch(values.length, [['f', dictOf(values)]])
    for (const text of ['f=a', 'f!=a', 'NOT f=a', 'f=*', 'f>6', 'f IN (b, 7)']) {
      expect(matching(text, dict), text).toEqual(matching(text, plain))
    }
    expect(matching('f=a', new Batch(2, [['f', constant('A')]]))).toEqual([0, 1])
    expect(matching('f=a', new Batch(2, [['f', constant(undefined)]]))).toEqual([])
  })

  test('a wrong time is refused by name', () => {
    expect(() => matching('earliest=yesterdayish')).toThrow('"earliest" needs a time such as -24h@h')
  })
})

test('a literal with XML references also stands for what they mean', () => {
  const commands = Batch.fromRows([
    { process: 'cmd /c whoami 2>&1' },
    { process: 'cmd /c whoami 2&gt;&amp;1' },
    { process: 'cmd /c whoami' },
  ])
  expect(matching('process="*2&gt;&amp;1"', commands)).toEqual([0, 1])
  expect(matching('process IN ("cmd /c whoami 2&gt;&amp;1", "other")', commands)).toEqual([0, 1])
  expect(matching('process!="*2&gt;&amp;1*"', commands)).toEqual([2])
  expect(matching('process="*2>&1"', commands)).toEqual([0])
})
