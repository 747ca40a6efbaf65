import { expect, test } from 'vitest'
import { fuzzSpl } from './spl.ts'

test('two seconds of random searches are run or refused, and break nothing', async () => {
  const report = await fuzzSpl(2, 20_260_102)
  expect(report.ran).toBeGreaterThan(10)
  expect(report.refused).toBeGreaterThan(10)
})
