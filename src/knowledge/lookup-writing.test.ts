import { expect, test } from 'vitest'
import { writtenTable } from './lookup-writing.ts'

const append = { append: true, allowUpdates: true }
const replace = { append: false, allowUpdates: true }
const before = { fields: ['A', 'D', 'J'], rows: [['a', 'd', 'j']] }
const given = { fields: ['A', 'C', 'J'], rows: [['1', '2', '3']] }

test('a file that is replaced gets the columns of the rows', () => {
  expect(writtenTable('t', before, given, replace, undefined)).toMatchObject({
    fields: ['A', 'C', 'J'],
    rows: [['1', '2', '3']],
  })
})

test('a file that rows are added to keeps its columns, and says what was left out', () => {
  expect(writtenTable('t', before, given, append, undefined)).toEqual({
    fields: ['A', 'D', 'J'],
    rows: [
      ['a', 'd', 'j'],
      ['1', '', '3'],
    ],
    outcome: { droppedFields: ['C'], skippedRows: 0 },
  })
})

test('no rows empty a file, which keeps its columns', () => {
  expect(writtenTable('t', before, { fields: [], rows: [] }, replace, undefined)).toMatchObject({
    fields: ['A', 'D', 'J'],
    rows: [],
  })
})

test('a file has no keys', () => {
  const withKey = { fields: ['A', '_key'], rows: [['1', 'k']] }
  expect(writtenTable('t', undefined, withKey, replace, undefined)).toMatchObject({
    fields: ['A'],
    rows: [['1']],
  })
  expect(() => writtenTable('t', undefined, given, { ...append, keyField: 'A' }, undefined)).toThrow(
    /"key_field" needs a lookup of a KV store collection, and "t" is a file/,
  )
})

const collection = { fields: ['_key', 'name'] }
const records = {
  fields: ['_key', 'name'],
  rows: [
    ['k1', 'one'],
    ['k2', 'two'],
  ],
}

test('a record with the key of a row is replaced, others are added', () => {
  const rows = {
    fields: ['id', 'name'],
    rows: [
      ['k2', 'zwei'],
      ['k3', 'drei'],
    ],
  }
  const written = writtenTable('t', records, rows, { ...append, keyField: 'id' }, collection)
  expect(written.fields).toEqual(['_key', 'name', 'id'])
  expect(written.rows).toEqual([
    ['k1', 'one', ''],
    ['k2', 'zwei', 'k2'],
    ['k3', 'drei', 'k3'],
  ])
})

test('without updates, rows whose keys are there are left out and counted', () => {
  const rows = {
    fields: ['_key', 'name'],
    rows: [
      ['k2', 'zwei'],
      ['k3', 'drei'],
    ],
  }
  const how = { append: true, keyField: '_key', allowUpdates: false }
  expect(writtenTable('t', records, rows, how, collection)).toMatchObject({
    rows: [
      ['k1', 'one'],
      ['k2', 'two'],
      ['k3', 'drei'],
    ],
    outcome: { skippedRows: 1 },
  })
})

test('records without a key get one of their own', () => {
  const rows = { fields: ['name'], rows: [['x'], ['y']] }
  const { rows: written } = writtenTable('t', undefined, rows, append, collection)
  expect(new Set(written.map((row) => row[1])).size).toBe(2)
  const again = writtenTable('t', { fields: ['name', '_key'], rows: written }, rows, append, collection)
  expect(new Set(again.rows.map((row) => row[1])).size).toBe(4)
})

test('a collection whose definition names no key has none', () => {
  const rows = { fields: ['host'], rows: [['a']] }
  expect(writtenTable('t', undefined, rows, append, { fields: ['host', 'user'] })).toMatchObject({
    fields: ['host'],
    rows: [['a']],
  })
})
