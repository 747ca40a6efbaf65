import { expect, test } from 'vitest'
import { locatedText } from '../diagnostics/source.ts'
import { bundledPacks, loadKnowledge } from '../knowledge/knowledge.ts'
import { rowsSource } from '../spl/run/rows-source.ts'
import { parseSearch } from '../spl/run/run.ts'
import { whyNoRows } from './why-no-rows.ts'

const context = { now: 1.7e9, timeZone: 'UTC', warn: () => {} }
const { macros, lookups, dataModels } = await loadKnowledge({
  folders: await bundledPacks(),
  context,
  report: () => {},
})
const source = rowsSource([
  {
    _time: 1,
    user: 'eve',
    action: 'failure',
    dest: 'pc1',
    tag: ['process', 'report'],
    process_name: 'cmd.exe',
  },
  { _time: 2, user: 'eve', action: 'failure', dest: 'pc2' },
  { _time: 3, user: 'bob', action: 'success' },
])

async function why(text: string, events = source): Promise<{ verdict: string; steps: string[] }> {
  const { pipeline } = parseSearch(locatedText({ name: 'search', text }), macros, context)
  const { verdict, steps } = await whyNoRows(
    pipeline,
    { source: events, macros, lookups, dataModels },
    context,
  )
  return { verdict, steps: steps.map(({ text: step, before, after }) => `${before} → ${after} ${step}`) }
}

test('without events there is nothing to find', async () => {
  expect(await why('user=eve', rowsSource([]))).toEqual({ verdict: 'There are no events.', steps: [] })
})

test('the term that removed the last event, and what its field holds instead', async () => {
  expect(await why('action=failure user=bob')).toEqual({
    verdict: '`user="bob"` removed the 2 rows that were left. There user is "eve" (2).',
    steps: ['3 → 2 action="failure"', '2 → 0 user="bob"'],
  })
})

test('the field that no event has', async () => {
  expect((await why('action=failure (process="a" OR process="b")')).verdict).toMatch(
    /removed the 2 rows that were left\. The field "process" is in none of them\.$/,
  )
})

test('a later command: its terms one by one', async () => {
  expect(await why('action=failure | stats count by user | where user="eve" AND count>5')).toEqual({
    verdict: '`where count > 5` removed the 1 row that was left. There count is "2" (1).',
    steps: ['3 → 2 action="failure"', '1 → 1 where user == "eve"', '1 → 0 where count > 5'],
  })
  expect((await why('action=failure | stats count by user src')).verdict).toBe(
    '`by src` removed the 2 rows that were left. The field "src" is in none of them.',
  )
  expect((await why('action=failure | regex user="zed"')).verdict).toBe(
    '`regex user="zed"` removed the last 2 rows.',
  )
})

test('a data model: its constraint, then the terms over its rows', async () => {
  const { verdict, steps } = await why(
    '| tstats count from datamodel=Endpoint.Processes where Processes.process_name=powershell.exe by Processes.dest',
  )
  expect(verdict).toBe(
    '`Processes.process_name="powershell.exe"` removed the 1 row that was left. There Processes.process_name is "cmd.exe" (1).',
  )
  expect(steps[0]).toMatch(/^3 → 1 Endpoint\.Processes: /)
})

test('a term with a subsearch is not judged by itself, but with all of its command', async () => {
  const search = 'action=failure [search user=bob | fields dest | table dest]'
  expect((await why(search)).verdict).toBe(`\`${search}\` gave no rows of 3 events.`)
})

test('a search that does give rows says so', async () => {
  expect((await why('action=failure')).verdict).toBe('It gives 2 rows.')
})
