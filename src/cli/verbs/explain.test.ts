import { expect, test } from 'vitest'
import { runVerb } from '../../../test/support/run-verb.ts'
import { explain } from './explain.ts'

test('explain shows the expanded search and its plan', async () => {
  const { code, out } = await runVerb(
    explain,
    '`powershell` EventCode=4104 | search x=1 | stats count by Computer',
  )
  expect(code).toBe(0)
  expect(out).toContain('XmlWinEventLog:Microsoft-Windows-PowerShell/Operational')
  expect(out).toContain('plan, push search into scan')
  expect(out).not.toContain('over the evidence')
})

test('with evidence explain tells which step removed the last row', async () => {
  const { code, out } = await runVerb(explain, 'EventCode=4104 Computer=nobody', 'samples')
  expect(code).toBe(0)
  expect(out).toContain('over the evidence, 192 events')
  expect(out).toMatch(/→ 0 {2}Computer="nobody"/)
})

test('explain needs a search or a detection', async () => {
  await expect(runVerb(explain)).rejects.toThrow('needs a search in quotation marks')
})
