import { expect, test } from 'vitest'
import { fuzzEvtx } from './evtx.ts'

test('two seconds of damaged files break no promise of the EVTX decoder', async () => {
  const report = await fuzzEvtx(2, 20_260_101)
  expect(report.files).toBeGreaterThan(10)
  expect(report.events).toBeGreaterThan(100)
  expect(report.damaged).toBeGreaterThan(10)
})
