import { expect, test } from 'vitest'
import { fuzzTextDecoders } from './text-decoders.ts'

test('damaged files break no promise of the text decoders', async () => {
  const report = await fuzzTextDecoders({ extent: { inputs: 100 }, seed: 20_260_101 })
  expect(report.events).toBeGreaterThan(500)
  expect(report.damages).toBeGreaterThan(100)
})
