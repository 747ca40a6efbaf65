import { expect, test } from 'vitest'
import { filterMacroName, riskScore } from './detection.ts'

test('a filter macro has the name of its detection, in lower case and with underscores', () => {
  expect(filterMacroName('Malicious PowerShell Process - Encoded Command')).toBe(
    'malicious_powershell_process___encoded_command_filter',
  )
  expect(filterMacroName('3CX Supply Chain v1.2/x')).toBe('3cx_supply_chain_v1_2_x_filter')
})

test('the risk score is impact times confidence over 100, halves to the even neighbour', () => {
  expect(riskScore(90, 70)).toBe(63)
  expect(riskScore(100, 100)).toBe(100)
  expect(riskScore(35, 70)).toBe(24) // 24.5
  expect(riskScore(45, 70)).toBe(32) // 31.5
  expect(riskScore(33, 70)).toBe(23) // 23.1
  expect(riskScore(0, 50)).toBe(0)
})
