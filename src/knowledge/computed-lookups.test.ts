import { expect, test } from 'vitest'
import { runConformanceCase } from '../engine/conform.ts'
import { shannonEntropy } from './computed-lookups.ts'

test('shannonEntropy is that of the characters of a text', () => {
  expect(shannonEntropy('')).toBe(0)
  expect(shannonEntropy('aaaa')).toBe(0)
  expect(shannonEntropy('abab')).toBe(1)
  expect(shannonEntropy('abcd')).toBe(2)
  expect(shannonEntropy('google')).toBeCloseTo(1.918, 3)
})

test('ut_shannon_lookup works as a lookup, and a table of that name wins', async () => {
  const spl = '* | lookup ut_shannon_lookup word as name | table name ut_shannon'
  const input = [{ name: 'abcd' }, { n: '1' }]
  expect(await runConformanceCase({ id: 'computed', spl, input })).toMatchObject({
    rows: [{ name: 'abcd', ut_shannon: '2' }, {}],
  })
  const lookups = { 'ut_shannon_lookup.csv': 'word,ut_shannon\nabcd,mine\n' }
  const own = spl.replace('ut_shannon_lookup', 'ut_shannon_lookup.csv')
  expect(await runConformanceCase({ id: 'own', spl: own, input, lookups })).toMatchObject({
    rows: [{ name: 'abcd', ut_shannon: 'mine' }, {}],
  })
})
