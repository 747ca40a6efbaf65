import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { expectedOfVersion1, expectedOfVersion3 } from './expected.ts'
import { renderFile, sampleFiles } from './generate.ts'

const folder = new URL('../../samples/', import.meta.url)
const committed = (name: string): string => readFileSync(new URL(name, folder), 'utf8')

test.each(sampleFiles.map((file) => [file.name, file] as const))(
  '%s is what the generator writes',
  (name, file) => {
    expect([...renderFile(file, 1)].join('')).toBe(committed(name))
  },
)

test('the samples are small, and nothing lies beside them that a scan would take for a log', () => {
  const names = readdirSync(folder).sort()
  expect(names).toEqual(sampleFiles.map(({ name }) => name).sort())
  const bytes = names.reduce((sum, name) => sum + Buffer.byteLength(committed(name)), 0)
  expect(bytes).toBeLessThan(250_000)
})

test('a larger scale adds events, but no row of the attack', () => {
  for (const file of sampleFiles) {
    const once = [...renderFile(file, 1)].join('')
    const thrice = [...renderFile(file, 3)].join('')
    expect(thrice.length).toBeGreaterThan(once.length * 1.5)
    expect(thrice.startsWith(once.slice(0, once.length - (file.tail?.length ?? 0)))).toBe(true)
    expect(thrice.split('redirected').length).toBe(once.split('redirected').length)
  }
})

test('every expected row stands in its file', () => {
  for (const { file, rows } of expectedOfVersion1) {
    const text = committed(file)
    for (const { Message, ComputerName, User } of rows) {
      const written = file.endsWith('.json') ? JSON.stringify(Message).slice(1, -1) : Message
      for (const part of [written, ComputerName, User]) expect(text).toContain(part)
    }
  }
  for (const { file, rows } of expectedOfVersion3) {
    const text = committed(file)
    for (const { ScriptBlockText, Computer, user_id } of rows) {
      const written = file.includes('.json')
        ? JSON.stringify(ScriptBlockText).slice(1, -1)
        : ScriptBlockText.replaceAll('>', '&gt;')
      for (const part of [written, Computer, user_id]) expect(text).toContain(part)
    }
  }
})
