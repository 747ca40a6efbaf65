import { expect, test } from 'vitest'
import { fuzzTextDecoders } from './text-decoders.ts'

test('damaged files break no promise of the text decoders', async () => {
  const report = await fuzzTextDecoders({ extent: { inputs: 60 }, seed: 20_260_101 })
  expect(report.events).toBeGreaterThan(300)
  expect(report.damages).toBeGreaterThan(50)
}, 60_000)
