import { expect, test } from 'vitest'
import { compileSearch } from '../../spl/match/compile-search.ts'
import { Batch } from '../../value/batch.ts'
import { countRows } from '../../value/mask.ts'
import type { Value } from '../../value/value.ts'
import { bundledPacks, knowledgeOf, loadKnowledge } from '../knowledge.ts'

const context = { now: 0, timeZone: 'UTC', warn: () => {} }
const said: string[] = []
const report = ({ message }: { message: string }): void => void said.push(message)
const { dataModels } = await loadKnowledge({ folders: await bundledPacks(), context, report })

const rowsOf = (model: string, object: string | undefined, rows: readonly Record<string, Value>[]): Batch => {
  const dataset = dataModels.get(model, object)!
  const events = Batch.fromRows(rows)
  return dataset.map(events.filter(compileSearch(dataset.constraint, context)(events)))
}

test('all bundled models load, and all their datasets can be searched', () => {
  expect(said).toEqual([])
  expect([...dataModels.names()]).toHaveLength(18)
  for (const name of dataModels.names()) {
    const dataset = dataModels.get(name)!
    expect(() => compileSearch(dataset.constraint, context)).not.toThrow()
    const mapped = dataset.map(Batch.fromRows([{ _time: 1 }]))
    for (const field of dataset.fields) mapped.column(field)
  }
  expect(said).toEqual([])
})

test('fields carry the path of their dataset, base fields none', () => {
  const mapped = rowsOf('Endpoint', 'Processes', [
    {
      _time: 5,
      host: 'h',
      tag: ['process', 'report'],
      process_name: 'cmd.exe',
      dest: 'pc',
      process: 'cmd /c x',
    },
    { _time: 6, tag: 'process', process_name: 'not.exe' },
  ])
  expect(mapped.length).toBe(1)
  expect(
    ['_time', 'host', 'Processes.process_name', 'Processes.process', 'process_name'].map((name) =>
      mapped.value(name, 0),
    ),
  ).toEqual([5, 'h', 'cmd.exe', 'cmd /c x', undefined])
})

test('declared text that is missing or empty is "unknown"; numbers and what assets would fill in stay null', () => {
  const mapped = rowsOf('Endpoint', 'Processes', [{ tag: ['process', 'report'], user: '' }])
  expect(
    ['user', 'parent_process_guid', 'cpu_load_percent', 'dest_category'].map((name) =>
      mapped.value(`Processes.${name}`, 0),
    ),
  ).toEqual(['unknown', 'unknown', undefined, undefined])
})

test('a model without a dataset is its root, whose rows also have the fields of children they are in', () => {
  const rows = [
    { tag: ['change', 'instance'], image_id: 'ami-1', user: 'a' },
    { tag: ['change'], image_id: 'ami-2', user: 'b' },
    { tag: ['change'], object_category: 'file' },
  ]
  const mapped = rowsOf('Change', undefined, rows)
  expect(mapped.rows().length).toBe(2)
  expect([0, 1].map((row) => mapped.value('All_Changes.Instance_Changes.image_id', row))).toEqual([
    'ami-1',
    undefined,
  ])
  expect([0, 1].map((row) => mapped.value('All_Changes.user', row))).toEqual(['a', 'b'])
  expect([0, 1].map((row) => mapped.value('nodename', row))).toEqual([
    ['All_Changes', 'All_Changes.Instance_Changes'],
    'All_Changes',
  ])
})

test('a child holds what fits it and its parents, and has its parents’ fields', () => {
  const rows = [
    { tag: 'authentication', action: 'failure', user: 'eve', src_ip: '1' },
    { tag: 'authentication', action: 'success', user: 'eve' },
    { tag: 'authentication', action: 'success', user: 'pc$' },
  ]
  const failed = rowsOf('Authentication', 'Authentication.Failed_Authentication', rows)
  expect(failed.rows().length).toBe(1)
  expect(failed.value('Authentication.user', 0)).toBe('eve')
  expect(failed.value('Authentication.Failed_Authentication.user', 0)).toBe('eve')
  expect(rowsOf('Authentication', undefined, rows).rows().length).toBe(2)
})

test('lengths and domains of web requests are calculated where no field says them', () => {
  const mapped = rowsOf('Web', undefined, [
    { tag: 'web', url: 'https://evil.example/a/b.php?x=1', url_length: '7' },
    { tag: 'web', url: 'http://h/' },
  ])
  expect(['url_length', 'url_domain', 'uri_path'].map((name) => mapped.value(`Web.${name}`, 0))).toEqual([
    '7',
    'evil.example',
    '/a/b.php',
  ])
  expect(mapped.value('Web.url_length', 1)).toBe(9)
})

test('a path that is not a dataset is none', () => {
  expect(dataModels.get('Change', 'Instance_Changes')).toBeDefined()
  expect(dataModels.get('Change', 'Wrong.Instance_Changes')).toBeUndefined()
  expect(dataModels.get('Nothing')).toBeUndefined()
})

test('a model of an add-on may name index macros, and calculations see earlier ones', () => {
  const text = JSON.stringify({
    modelName: 'Mine',
    objects: [
      {
        objectName: 'Root',
        fields: [{ fieldName: 'a' }],
        constraints: [{ search: '(`cim_Mine_indexes`) tag=x' }],
        calculations: [
          { calculationType: 'Eval', expression: 'a . "!"', outputFields: [{ fieldName: 'b' }] },
          { calculationType: 'Eval', expression: 'b . "?"', outputFields: [{ fieldName: 'c' }] },
          { calculationType: 'GeoIP', outputFields: [{ fieldName: 'city' }] },
        ],
      },
    ],
  })
  said.length = 0
  const mine = knowledgeOf(
    { macros: '[cim_Mine_indexes]\ndefinition = ()', models: [{ name: 'Mine.json', text }] },
    { context, report },
  )
  const dataset = mine.dataModels.get('Mine', 'Root')!
  const events = Batch.fromRows([{ tag: 'x', a: '1' }, { a: '2' }])
  expect(countRows(compileSearch(dataset.constraint, context)(events))).toBe(1)
  expect(dataset.map(events).value('Root.c', 0)).toBe('1!?')
  expect(said).toEqual([
    expect.stringContaining('"GeoIP" in the dataset "Root" of Mine.json is not supported'),
  ])
})

test('a file that is no data model is named', () => {
  said.length = 0
  knowledgeOf(
    {
      models: [
        { name: 'x.json', text: '[]' },
        { name: 'y.json', text: '{' },
      ],
    },
    { context, report },
  )
  expect(said).toEqual([
    expect.stringContaining('x.json is no data model'),
    expect.stringContaining('y.json is no data model'),
  ])
})

test('files that are no data models are named with what is wrong, and skipped', () => {
  const said: string[] = []
  const { dataModels } = knowledgeOf(
    {
      models: [
        '[',
        '7',
        '{"modelName":"M"}',
        '{"modelName":"M","objects":[{"objectName":"O","constraints":[{}]}]}',
      ].map((text) => ({ name: 'm.json', text })),
    },
    { context, report: ({ message }) => said.push(message) },
  )
  expect([...dataModels.names()]).toEqual([])
  expect(said).toHaveLength(4)
  expect(said[3]).toMatch(/^m\.json is no data model: at objects\.0\.constraints\.0\.search: /)
})
