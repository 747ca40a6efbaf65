import { expect, test } from 'vitest'
import { fuzzArchives } from './archives.ts'

test('damaged archives break no promise of what opens them', async () => {
  const report = await fuzzArchives({ extent: { inputs: 200 }, seed: 20_260_106 })
  expect(report.files).toBeGreaterThan(100)
  expect(report.problems).toBeGreaterThan(100)
}, 60_000)
