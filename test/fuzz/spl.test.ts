import { expect, test } from 'vitest'
import { commands } from '../../src/spl/commands/index.ts'
import { grammarRules } from './shared/random-spl.ts'
import { fuzzSpl } from './spl.ts'

test('random searches are run or refused, and break no promise of the language', async () => {
  const report = await fuzzSpl({ extent: { inputs: 150 }, seed: 20_260_102 })
  expect(report.failures).toEqual([])
  expect(report.ran).toBeGreaterThan(50)
  expect(report.refused).toBeGreaterThan(20)
  expect(report.macros).toBeGreaterThan(50)
}, 60_000)

test('the grammar of random searches has a rule for every command', () => {
  expect(commands.map(({ name }) => name).filter((name) => !grammarRules.has(name))).toEqual([])
})
