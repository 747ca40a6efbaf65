// What commands do beside their rows: warn at limits, refuse to fill the memory, stop early, and keep origins.

import { describe, expect, test } from 'vitest'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { locatedText } from '../../diagnostics/source.ts'
import { Batch } from '../../value/batch.ts'
import { plain } from '../../value/column.ts'
import type { Value } from '../../value/value.ts'
import type { EventSource, Lookups } from '../host.ts'
import { defaultLimits, type Limits } from '../run/context.ts'
import { parseSearch, runSearch } from '../run/run.ts'

const noMacros = { get: () => undefined, names: () => [] }
const noLookups: Lookups = { get: () => undefined, names: () => [] }

/** Batches of events that know where they came from: `events.log`, one record a row. */
function originSource(rows: readonly Readonly<Record<string, Value>>[], size = 2): EventSource {
  async function* batches(): AsyncGenerator<Batch> {
    for (let start = 0; start < rows.length; start += size) {
      const part = rows.slice(start, start + size)
      const names = [...new Set(part.flatMap((row) => Object.keys(row)))]
      const columns = names.map((name) => [name, plain(part.map((row) => row[name]))] as const)
      yield new Batch(part.length, columns, undefined, (row) => [
        { file: 'events.log', record: String(start + row) },
      ])
    }
  }
  return { scan: () => ({ batches: batches(), applied: { filter: false, times: false } }) }
}

interface Outcome {
  readonly rows: Map<string, Value>[]
  readonly origins: string[]
  readonly warnings: string[]
}

async function search(
  spl: string,
  source: EventSource,
  {
    limits = {},
    lookups = noLookups,
  }: { readonly limits?: Partial<Limits>; readonly lookups?: Lookups } = {},
): Promise<Outcome> {
  const warnings: string[] = []
  const options = {
    now: 1_700_000_000,
    timeZone: 'UTC',
    limits: { ...defaultLimits, ...limits },
    warn: ({ message }: Diagnostic) => warnings.push(message),
  }
  const { pipeline } = parseSearch(locatedText({ name: 'search', text: spl }), noMacros, options)
  const rows: Map<string, Value>[] = []
  const origins: string[] = []
  const dataModels = { get: () => undefined, names: () => [] }
  for await (const batch of runSearch(pipeline, { source, macros: noMacros, lookups, dataModels }, options)) {
    rows.push(...batch.rows())
    for (let row = 0; row < batch.length; row++) {
      origins.push((batch.origins?.(row) ?? []).map(({ record }) => record).join('+'))
    }
  }
  return { rows, origins, warnings }
}

const events = [
  { _time: '40', user: 'alice', n: '1', tag: ['x', 'y'] },
  { _time: '30', user: 'bob', n: '2', tag: 'z' },
  { _time: '20', user: 'alice', n: '3' },
  { _time: '10', user: 'bob', n: '4' },
]

describe('a limit that was reached is told', () => {
  test.each([
    ['| makeresults count=10001 | sort _time', /sort kept 10000 of 10001 rows/],
    ['* | append maxout=1 [search n>2]', /subsearch of append gave more than 1 rows/],
    ['* | appendcols maxout=1 [search n>2]', /subsearch of appendcols gave more than 1 rows/],
    ['* | map maxsearches=1 search="| makeresults | eval m=$n$"', /first 1 rows only/],
  ])('%s', async (spl, message) => {
    const { warnings } = await search(spl, originSource(events))
    expect(warnings).toEqual([expect.stringMatching(message)])
  })

  test('of join', async () => {
    const { warnings } = await search('* | join user [search n>0]', originSource(events), {
      limits: { joinSubsearchMaxout: 3 },
    })
    expect(warnings).toEqual([expect.stringMatching(/subsearch of join gave more than 3 rows/)])
  })

  test('sort 0 and a count that is asked for do not warn', async () => {
    expect((await search('| makeresults count=10001 | sort 0 _time', originSource([]))).warnings).toEqual([])
    expect((await search('* | sort 1 n', originSource(events))).warnings).toEqual([])
  })
})

test.each([
  'sort n',
  'reverse',
  'fillnull',
  'appendpipe [stats count]',
  'transaction user',
  'mvcombine n',
  'format',
  'foreach * [eval a=1]',
])('%s refuses to hold more rows than the limit', async (command) => {
  await expect(search(`* | ${command}`, originSource(events), { limits: { maxRows: 3 } })).rejects.toThrow(
    /needs all rows at once, and there are more than 3/,
  )
})

test('head ends the scan', async () => {
  let given = 0
  const endless: EventSource = {
    scan: () => ({
      batches: (async function* () {
        for (;;) yield Batch.fromRows([{ n: String(++given) }])
      })(),
      applied: { filter: false, times: false },
    }),
  }
  expect((await search('* | head 3', endless)).rows).toHaveLength(3)
  expect(given).toBe(3)
  expect((await search('* | head (n<6)', endless)).rows).toHaveLength(2)
  expect(given).toBe(6)
})

describe('rows know the events they came from', () => {
  test.each([
    ['* | sort n', ['0', '1', '2', '3']],
    ['* | sort - n', ['3', '2', '1', '0']],
    ['* | dedup user', ['0', '1']],
    ['* | dedup user sortby -n', ['3', '2']],
    ['* | tail 2', ['3', '2']],
    ['* | rename user as u | table u', ['0', '1', '2', '3']],
    ['* | fields n | eval m=n | where m>2', ['2', '3']],
    ['* | mvexpand tag', ['0', '0', '1', '2', '3']],
    ['* | transaction user', ['3+1', '2+0'].reverse()],
    ['* | join user [search n=1 | table user]', ['0', '2']],
    ['* | fillnull | filldown | uniq', ['0', '1', '2', '3']],
    ['* | foreach n [eval n=n+1]', ['0', '1', '2', '3']],
    ['* | append [search n=1]', ['0', '1', '2', '3', '0']],
    ['| multisearch [search n=2] [search n=1]', ['0', '1']],
  ])('%s', async (spl, origins) => {
    expect((await search(spl, originSource(events))).origins).toEqual(origins)
  })
})

describe('outputlookup', () => {
  const written: unknown[] = []
  const writing: Lookups = {
    ...noLookups,
    write: (name, fields, rows, how) => {
      written.push({ name, fields, rows, how })
      return { droppedFields: ['tag'], skippedRows: 2 }
    },
  }

  test('writes the fields that are not internal, a multivalue as lines', async () => {
    const { warnings } = await search(
      '* | head 1 | fields user tag | outputlookup append=t seen.csv',
      originSource(events),
      { lookups: writing },
    )
    const how = { append: true, allowUpdates: true }
    expect(written).toEqual([{ name: 'seen.csv', fields: ['user', 'tag'], rows: [['alice', 'x\ny']], how }])
    expect(warnings).toEqual([
      expect.stringMatching(/"seen.csv" has no column "tag"/),
      expect.stringMatching(/"seen.csv" has 2 of the keys already/),
    ])
  })

  test('warns where writing is not allowed', async () => {
    const { warnings, rows } = await search('* | outputlookup seen.csv', originSource(events))
    expect(warnings).toEqual([expect.stringMatching(/did not write "seen.csv"/)])
    expect(rows).toHaveLength(4)
  })

  test('adds records by their key unless told otherwise', async () => {
    written.length = 0
    const spl = '* | head 1 | fields user | eval _key="k" | outputlookup'
    await search(`${spl} key_field=_key seen`, originSource(events), { lookups: writing })
    await search(`${spl} key_field=user append=f allow_updates=f seen`, originSource(events), {
      lookups: writing,
    })
    expect(written).toEqual([
      {
        name: 'seen',
        fields: ['user', '_key'],
        rows: [['alice', 'k']],
        how: { append: true, allowUpdates: true, keyField: '_key' },
      },
      {
        name: 'seen',
        fields: ['user', '_key'],
        rows: [['alice', 'k']],
        how: { append: false, allowUpdates: false, keyField: 'user' },
      },
    ])
  })

  test('takes no path', async () => {
    await expect(
      search('* | outputlookup ../x.csv', originSource(events), { lookups: writing }),
    ).rejects.toThrow(/no path/)
  })
})

test('names of fields may be anything', async () => {
  const hostile = JSON.parse('{"__proto__": "1", "constructor": "2", "a|b": "3"}') as Record<string, string>
  const { rows } = await search(
    '* | rename constructor as c | fillnull | sort __proto__ | dedup __proto__',
    originSource([hostile]),
  )
  expect([...rows[0]!]).toEqual(
    expect.arrayContaining([
      ['__proto__', '1'],
      ['c', '2'],
      ['a|b', '3'],
    ]),
  )
})
