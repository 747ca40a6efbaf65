import { expect, test } from 'vitest'
import { groupedNumber } from './grouped-number.ts'

test('thousands are set apart as in English', () => {
  for (const value of [0, 7, 999, 1000, 12_345, 999_999, 1_000_000, 1_234_567_890])
    expect(groupedNumber(value)).toBe(value.toLocaleString('en'))
})
