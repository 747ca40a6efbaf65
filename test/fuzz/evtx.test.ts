import { expect, test } from 'vitest'
import { fuzzEvtx } from './evtx.ts'

test('damaged files break no promise of the EVTX decoder', async () => {
  const report = await fuzzEvtx({ extent: { inputs: 60 }, seed: 20_260_101 })
  expect(report.events).toBeGreaterThan(500)
  expect(report.damages).toBeGreaterThan(50)
}, 60_000)
