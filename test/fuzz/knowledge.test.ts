import { expect, test } from 'vitest'
import { fuzzKnowledge } from './knowledge.ts'

test('two seconds of hostile configuration and events break no promise of field knowledge', async () => {
  const report = await fuzzKnowledge(2, 20_261_122)
  expect(report.inputs).toBeGreaterThan(20)
  expect(report.values).toBeGreaterThan(1000)
  expect(report.complaints).toBeGreaterThan(20)
}, 20_000)
