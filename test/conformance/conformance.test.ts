// Runs the conformance cases of this folder, and the shared suite where it lies beside the project. Each case is run
// three ways: as planned, as written (not optimised), and with one event to a batch. The rows must be the same.

import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { runConformanceCase } from '../../src/engine/conform.ts'
import { openKarst } from '../../src/engine/engine.ts'
import { complaint, type ExpectingCase, readCases } from '../support/conformance-case.ts'

const own = new URL('.', import.meta.url).pathname
const shared = new URL('../../../shared/conformance/spl/cases', import.meta.url).pathname

// As `karst conform` has it: the data models of the bundled packs are there.
const { dataModels } = (await openKarst()).knowledge

function runCases(folder: string): void {
  for (const { file, cases } of readCases(folder)) {
    describe(file, () => {
      test.each(cases.map((item) => [item.id, item] as const))('%s', (_id, item) => check(item))
    })
  }
}

async function check(item: ExpectingCase): Promise<void> {
  // One clock for all three runs.
  const timed = { ...item, now: item.now ?? Math.floor(Date.now() / 1000) }
  const result = await runConformanceCase(timed, { dataModels })
  expect(complaint(item, result)).toBeUndefined()
  if (/\brandom\s*\(/.test(item.spl)) return
  for (const options of [{ optimise: false }, { batchRows: 1 }]) {
    const other = await runConformanceCase(timed, { ...options, dataModels })
    expect('rows' in other ? other.rows : other, JSON.stringify(options)).toEqual(
      'rows' in result ? result.rows : result,
    )
  }
}

describe('own cases', () => {
  test('say where they come from and how sure they are', () => {
    const all = readCases(own).flatMap(({ cases }) => cases)
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
    for (const { id, source, confidence } of all) {
      expect(source, id).toBeTruthy()
      expect(['high', 'medium'], id).toContain(confidence)
    }
  })
  runCases(own)
})

if (existsSync(shared)) describe('shared cases', () => runCases(shared))
else {
  console.warn('SKIPPED: ../shared is missing, so the shared conformance cases were not run.')
  test.skip('shared conformance cases', () => {})
}
