import { expect, test } from 'vitest'
import { fuzzKnowledge } from './knowledge.ts'

test('hostile configuration and events break no promise of field knowledge', async () => {
  const report = await fuzzKnowledge({ extent: { inputs: 40 }, seed: 20_261_122 })
  expect(report.values).toBeGreaterThan(500)
  expect(report.complaints).toBeGreaterThan(20)
}, 60_000)
