// What the fuzzer of searches has found, each with the rows that are right, run in all ways in which rows must not differ.

import { expect, test } from 'vitest'
import { locatedText } from '../../src/diagnostics/source.ts'
import { runConformanceCase } from '../../src/engine/conform.ts'
import { mayHave, resultFields } from '../../src/spl/check/check.ts'
import { parseSearch } from '../../src/spl/run/run.ts'

type Row = Readonly<Record<string, string | readonly string[]>>

const finds: readonly (readonly [what: string, spl: string, input: readonly Row[], rows: readonly Row[]])[] =
  [
    [
      'streamstats leaves rows out that have no group, and fillnull fills them',
      '* | streamstats count by c | fillnull count',
      [{ a: '1' }, { a: '2', c: 'x' }],
      [
        { a: '1', count: '0' },
        { a: '2', c: 'x', count: '1' },
      ],
    ],
    [
      'fillnull without a list fills fields that some row has, not those of rows that went',
      '* | where a=1 | fillnull',
      [{ a: '1' }, { a: '2', gone: 'x' }, { a: '1', b: 'x' }],
      [
        { a: '1', b: '0' },
        { a: '1', b: 'x' },
      ],
    ],
    [
      'foreach goes through fields that some row has',
      '* | where a=1 | foreach g* [eval seen="<<FIELD>>"]',
      [{ a: '1' }, { a: '2', gone: 'x' }],
      [{ a: '1' }],
    ],
    [
      'join without fields compares those that both sides have in some row',
      '* | where a=1 | join [search b=x]',
      [{ a: '1' }, { a: '2', b: 'x' }],
      [],
    ],
    [
      'convert leaves the new field of a row without the old one alone',
      '* | convert num(n) AS a',
      [{ a: 'x' }, { a: 'y', n: '1' }],
      [{ a: 'x' }, { a: '1', n: '1' }],
    ],
    [
      'fields keeps the internal fields of a source, whatever else begins with _',
      '* | fields a',
      [{ _raw: 'r', __proto__x: 'p', _value: '1', a: '1' }],
      [{ _raw: 'r', a: '1' }],
    ],
    [
      'multisearch gives rows of the same time in the order of its searches',
      '| multisearch [search a=1 | eval z=1] [search * | eval z=2] | fields a, z',
      [
        { _time: '30', a: '2' },
        { _time: '20', a: '2' },
        { _time: '20', a: '1' },
      ],
      [
        { _time: '30', a: '2', z: '2' },
        { _time: '20', a: '1', z: '1' },
        { _time: '20', a: '2', z: '2' },
        { _time: '20', a: '1', z: '2' },
      ],
    ],
    [
      'a later search or where with a subsearch reads the fields that the subsearch names',
      '* | eval x=a | search [search a=1 | fields b] | where n=[search a=1 | return $n] | table x',
      [
        { a: '1', b: 'q', n: '7' },
        { a: '2', b: 'q', n: '7' },
        { a: '3', b: 'r', n: '7' },
      ],
      [{ x: '1' }, { x: '2' }],
    ],
    [
      'mvrange() of a number that is too large is null and ends nothing',
      '* | eval r=mvcount(mvrange(0, n)) | fields r',
      [{ n: '2' }, { n: '1e308' }],
      [{ r: '2' }, {}],
    ],
    [
      'a time in a later search removes rows and is not the time range of the search',
      '* | search earliest=-1h | addinfo | fields info_min_time',
      [{ _time: '1699999000' }, { _time: '1690000000' }],
      [{ _time: '1699999000', info_min_time: '0.000' }],
    ],
  ]

test.each(finds)('%s', async (_what, spl, input, rows) => {
  for (const options of [{}, { optimise: false }, { batchRows: 1 }, { batchRows: 2 }]) {
    const found = await runConformanceCase({ id: 'find', spl, input, now: 1_700_000_000 }, options)
    expect('rows' in found ? found.rows.map((row) => ({ ...row })) : found, JSON.stringify(options)).toEqual(
      rows,
    )
  }
})

const fieldFinds: readonly (readonly [spl: string, input: readonly Row[]])[] = [
  ['* | fields *, c | spath input=json', [{ c: '1', json: '{"__proto__": 1}' }]],
  ['* | chart count over _time by a | table _* | fields + * c', [{ _time: '1699999000', a: '1' }]],
  ['* | table x n | transaction n keeporphans=true', [{ x: '1' }]],
  ['* | fields a | eval {a}=1', [{ a: '_b' }]],
]

test.each(fieldFinds)('the checks know which fields there can be: %s', async (spl, input) => {
  const macros = { get: () => undefined, names: () => [] }
  const text = locatedText({ name: 'search', text: spl })
  const fields = resultFields(parseSearch(text, macros, { now: 0, timeZone: 'UTC' }).pipeline)
  const found = await runConformanceCase({ id: 'find', spl, input, now: 1_700_000_000 })
  const names = 'rows' in found ? found.rows.flatMap((row) => Object.keys(row)) : []
  expect(names.length).toBeGreaterThan(0)
  expect(names.filter((name) => !mayHave(fields, name))).toEqual([])
})
