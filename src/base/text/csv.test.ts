import { expect, test } from 'vitest'
import { parseCsv } from './csv.ts'

test('rows end with any line break and empty lines are skipped', () => {
  expect(parseCsv('\ufeffa,b\r\n1,2\n\n3,4\r5,6')).toEqual([
    ['a', 'b'],
    ['1', '2'],
    ['3', '4'],
    ['5', '6'],
  ])
})

test('quoted cells hold commas, line breaks and quotation marks', () => {
  expect(parseCsv('"a,1","b ""x""","c\nd"\n')).toEqual([['a,1', 'b "x"', 'c\nd']])
})

test('blanks stay, except around quotation marks', () => {
  expect(parseCsv('a , b, "c" ')).toEqual([['a ', ' b', 'c']])
})

test('a quotation mark inside a cell is a character, and one that is never closed ends with the text', () => {
  expect(parseCsv('5" disk,x\n"open, y')).toEqual([['5" disk', 'x'], ['open, y']])
})

test('empty cells stay', () => {
  expect(parseCsv(',\n"",')).toEqual([
    ['', ''],
    ['', ''],
  ])
})
