import { expect, test } from 'vitest'
import { readTextTable, type TextTableOptions } from './text-table.ts'

const read = (text: string, options: Partial<TextTableOptions> = {}) =>
  readTextTable(text, { header: 'auto', multitable: true, ...options })?.map(({ cells, isUncertain }) =>
    isUncertain ? 'uncertain' : Object.fromEntries(cells),
  )

test('the header is the first line of capitalized words; what is above it is no table', () => {
  expect(read('top - 10:00 up 3 days\n\nPID %CPU COMMAND\n1 0.5 init')).toEqual([
    { PID: '1', '%CPU': '0.5', COMMAND: 'init' },
  ])
})

test('or else the first line of words above a line with a number', () => {
  expect(read('some report\nname size\na 1\nb 2')).toEqual([
    { name: 'a', size: '1' },
    { name: 'b', size: '2' },
  ])
  expect(read('1 2\n3 4')).toBeUndefined()
  expect(read('')).toBeUndefined()
})

test('rules under a header are no rows', () => {
  expect(read('NAME  SIZE\n----  ----\na     1')).toEqual([{ NAME: 'a', SIZE: '1' }])
})

test('the last column takes the rest of a line that stands under the names', () => {
  expect(read('PID   CMD\n12    ssh -D 1080 host')).toEqual([{ PID: '12', CMD: 'ssh -D 1080 host' }])
})

test('columns may be aligned to the right', () => {
  expect(read('Name    Bytes   Share\na        1024\nb                  50')).toEqual([
    { Name: 'a', Bytes: '1024' },
    { Name: 'b', Share: '50' },
  ])
})

test('a line whose words do not stand under the names is taken in order, and uncertain', () => {
  expect(read('A B C\n1 2 3 4')).toEqual([{ A: '1', B: '2', C: '3 4' }])
  expect(read('  Left    Right\naaaaaaaaaaaaaaaaaaaaaaaaa b c')).toEqual(['uncertain'])
  expect(read('Name     Age   Town\nJosh 42 Ulm\nAnn 7')).toEqual([
    { Name: 'Josh', Age: '42', Town: 'Ulm' },
    'uncertain',
  ])
})

test('a capitalized line without an empty line before it is a row', () => {
  expect(read('NAME CITY\nAnn Paris\nBob Rome')).toEqual([
    { NAME: 'Ann', CITY: 'Paris' },
    { NAME: 'Bob', CITY: 'Rome' },
  ])
  expect(read('NAME CITY\n\nAnn Paris', { multitable: false })).toEqual([{ NAME: 'Ann', CITY: 'Paris' }])
})

test('cells between tabs may hold blanks or be empty', () => {
  expect(read('Name\tAge\nAnn Lee\t\nBob\t7')).toEqual([{ Name: 'Ann Lee' }, { Name: 'Bob', Age: '7' }])
})

test('hostile lines take no more than linear time', () => {
  const start = performance.now()
  read(`${'A '.repeat(2000)}\n${'b  '.repeat(1999)}`)
  read(`A B\n${'-'.repeat(100_000)}x`)
  expect(performance.now() - start).toBeLessThan(2000)
})
