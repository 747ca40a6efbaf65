import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { runConformanceCase } from '../../engine/conform.ts'
import type { Example } from './command.ts'
import { commands, findCommand, refusedCommands } from './index.ts'

const files = readdirSync(new URL('.', import.meta.url)).filter(
  (name) =>
    name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'command.ts' && name !== 'index.ts',
)

/** A field whose name begins with `_` counts only when the example names it. */
function shown(rows: readonly Readonly<Record<string, unknown>>[], named: ReadonlySet<string>): object[] {
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith('_') || named.has(name))),
  )
}

async function checkExample(example: Example): Promise<void> {
  if (typeof example === 'string') {
    const result = await runConformanceCase({ id: 'example', spl: example, now: 1_700_000_000 })
    // No data model, location database, saved search or form is at hand here: such an example must get as far as looking for it.
    if ('error' in result)
      expect(result.error).toMatch(
        /^The data model "\w+" is not defined|needs a location database, and none was given|There is no saved search|needs forms/,
      )
    return
  }
  const { search, input, lookups, output } = example
  const result = await runConformanceCase({
    id: 'example',
    spl: search,
    now: 1_700_000_000,
    ...(input === undefined ? {} : { input }),
    ...(lookups === undefined ? {} : { lookups }),
  })
  if ('error' in result) throw new Error(result.error)
  const named = new Set(output.flatMap((row) => Object.keys(row)))
  expect(shown(result.rows, named)).toEqual(shown(output, named))
}

describe('the list of commands', () => {
  test.each(files)('has the command of %s', async (file) => {
    const module = (await import(new URL(file, import.meta.url).href)) as Record<string, { name?: string }>
    const exported = Object.values(module).filter(
      (value) => value !== null && typeof value === 'object' && 'parse' in value,
    )
    expect(exported.length).toBeGreaterThan(0)
    for (const command of exported) expect(commands).toContain(command)
  })

  test('is in alphabetical order and names nothing twice', () => {
    const names = commands.map(({ name }) => name)
    expect(names).toEqual([...names].sort())
    const all = commands.flatMap(({ name, aliases = [] }) => [name, ...aliases])
    expect(new Set(all).size).toBe(all.length)
  })

  test('refuses only what it does not have, each with a reason', () => {
    for (const [name, reason] of refusedCommands) {
      expect(findCommand(name)).toBeUndefined()
      expect(reason.length).toBeGreaterThan(20)
    }
  })
})

describe.each(commands.map((command) => [command.name, command] as const))('%s', (name, command) => {
  test('describes itself', () => {
    expect(command.summary).toMatch(/^[A-Z].*\.$/)
    expect(command.syntax.startsWith(name)).toBe(true)
    for (const text of Object.values(command.options ?? {})) expect(text).toMatch(/[.…]$/)
  })

  test('has an example', () => expect(command.examples.length).toBeGreaterThan(0))

  test.each(
    command.examples.map(
      (example) => [typeof example === 'string' ? example : example.search, example] as const,
    ),
  )('does what its example says: %s', (_search, example) => checkExample(example))
})
