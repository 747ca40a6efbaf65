import { expect, test } from 'vitest'
import { fuzzTextDecoders } from './text-decoders.ts'

test('two seconds of damaged files break no promise of the text decoders', async () => {
  const report = await fuzzTextDecoders(2, 20_260_101)
  expect(report.inputs).toBeGreaterThan(50)
  expect(report.events).toBeGreaterThan(500)
  expect(report.damages).toBeGreaterThan(100)
})
