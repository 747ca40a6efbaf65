// Scans with a cache say and find what scans without one do, whatever was edited in between.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Diagnostic, renderDiagnostic } from '../index.ts'
import { type KarstOptions, openKarst } from './engine.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'karst-cache-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
}

const detection = (name: string, search: string, more = ''): string => `name: ${name}
id: ${name}
version: 1
type: TTP
search: >-
  ${search}
rba:
  message: ${name} on $pc$
  risk_objects:
  - field: pc
    type: system
    score: 50
${more}`

/** Everything that a scan says and finds, but for the time it took. */
async function scan(
  options: KarstOptions = {},
  evidence: readonly string[] = [join(folder, 'events.json')],
): Promise<{
  readonly findings: readonly string[]
  readonly outcomes: readonly string[]
  readonly said: readonly string[]
}> {
  const said: Diagnostic[] = []
  const karst = await openKarst({
    content: [join(folder, 'content')],
    now: 1_700_000_000,
    ...options,
    report: (diagnostic) => said.push(diagnostic),
  })
  const findings: string[] = []
  const { outcomes } = await karst.scan(
    evidence,
    {},
    { onFinding: (finding) => findings.push(JSON.stringify(finding)) },
  )
  return {
    findings,
    outcomes: outcomes.map(({ detection, ms: _, diagnostics, ...outcome }) =>
      JSON.stringify([detection.name, outcome, diagnostics.map(renderDiagnostic)]),
    ),
    said: said.map(renderDiagnostic),
  }
}

const cache = (): NonNullable<KarstOptions['cache']> => ({ folder: join(folder, 'cache'), build: 'test' })

/** Scans without a cache and three times with one, and demands that all is the same. */
async function scanAlike(options: KarstOptions = {}, evidence?: readonly string[]): ReturnType<typeof scan> {
  const expected = await scan(options, evidence)
  for (const _ of ['cold', 'cached', 'cached once more'])
    expect(await scan({ ...options, cache: cache() }, evidence)).toEqual(expected)
  return expected
}

const kept = (kind: string): string[] =>
  readdirSync(join(folder, 'cache')).filter((name) => name.startsWith(kind))

const content = {
  'content/detections/quiet.yml': detection(
    'quiet',
    'process=never_seen | eval x=1 | where x=1 | stats count by pc',
  ),
  'content/detections/loud.yml': detection(
    'loud',
    '`wanted` | lookup owners pc OUTPUT owner | table pc, owner',
  ),
  'content/detections/counting.yml': detection(
    'counting',
    'process=never_seen | stats count | eval pc="none"',
  ),
  'content/macros/wanted.yml': 'name: wanted\ndefinition: process=calc\n',
  'content/lookups/owners.yml': 'name: owners\nfilename: owners.csv\n',
  'content/lookups/owners.csv': 'pc,owner\npc1,alice\npc2,bob\n',
  'events.json': '{"pc":"pc1","process":"calc"}\n{"pc":"pc2","process":"notepad"}\n',
}

const hostsIn = ({ findings }: { readonly findings: readonly string[] }): string[] =>
  findings.map((finding) => {
    const { detection, row } = JSON.parse(finding) as {
      detection: { name: string }
      row: Record<string, string>
    }
    return `${detection.name} ${row['pc']} ${row['owner'] ?? row['count']}`
  })

describe('after an edit of one byte the result is that of the new text', () => {
  test.each([
    ['a detection', 'content/detections/quiet.yml', 'never_seen', 'notepad', 'quiet pc2 1'],
    ['a macro', 'content/macros/wanted.yml', 'calc', 'notepad', 'loud pc2 bob'],
    ['a lookup', 'content/lookups/owners.csv', 'alice', 'carol', 'loud pc1 carol'],
    ['the evidence', 'events.json', 'notepad', 'never_seen', 'quiet pc2 1'],
  ])('%s', async (_, file, before, after, finding) => {
    await write(content)
    expect(hostsIn(await scanAlike())).toEqual(['loud pc1 alice', 'counting none 0'])
    const text = readFileSync(join(folder, file), 'utf8')
    await write({ [file]: text.replace(before, after) })
    expect(hostsIn(await scanAlike())).toContain(finding)
    await write({ [file]: text })
    expect(hostsIn(await scanAlike())).toEqual(['loud pc1 alice', 'counting none 0'])
  })
})

test('a lookup, a filter and a macro of the command line count as they are now', async () => {
  await write({ ...content, 'filters/x.spl': 'search *' })
  await scanAlike()
  await rm(join(folder, 'content/lookups/owners.csv'))
  const { outcomes } = await scanAlike()
  expect(outcomes.join('\n')).toContain('The file')
  await write(content)
  const macros = [{ name: 'wanted', args: [], definition: 'process=notepad', isEval: false }]
  expect(hostsIn(await scanAlike({ macros }))).toContain('loud pc2 bob')
  expect(hostsIn(await scanAlike())).toContain('loud pc1 alice')
  await write({ 'filters/wanted.spl': 'process=notepad' })
  expect(hostsIn(await scanAlike({ filters: join(folder, 'filters') }))).toContain('loud pc2 bob')
})

test('a lookup that lost a field is missed although no event came for it', async () => {
  await write({
    ...content,
    'content/detections/asleep.yml': detection(
      'asleep',
      'process=never_seen | lookup owners pc OUTPUT owner',
    ),
  })
  await scanAlike()
  await write({ 'content/lookups/owners.csv': 'pc,room\npc1,101\n' })
  const { outcomes } = await scanAlike()
  expect(outcomes.filter((outcome) => outcome.includes('has no field')).length).toBe(2)
})

test('a search that needs no events is run every time', async () => {
  await write({
    ...content,
    'content/detections/looking.yml': detection(
      'looking',
      'process=never_seen | inputlookup append=true owners | search owner=carol | table pc, owner',
    ),
  })
  expect(hostsIn(await scanAlike())).toEqual(['loud pc1 alice', 'counting none 0'])
  await write({ 'content/lookups/owners.csv': 'pc,owner\npc1,alice\npc3,carol\n' })
  expect(hostsIn(await scanAlike())).toContain('looking pc3 carol')
})

test('what is wrong with content is said every time, with its place', async () => {
  await write({
    ...content,
    'content/detections/broken.yml': detection('broken', 'process=x | hed 5 | stast count'),
    'content/detections/unknown.yml': detection('unknown', '`wantde`'),
    'content/detections/odd.yml': detection('odd', 'process=x | where x', 'typ: TTP\nauthr: me\n'),
    'content/detections/no_id.yml': 'name: a\nsearch: x\ntype: TTP\n',
    'content/detections/no_yaml.yml': 'name: "a\n',
    'content/notes.yml': 'hello: world\n',
  })
  const { said, outcomes } = await scanAlike()
  expect(said.join('\n')).toContain('Unknown key "authr"')
  expect(outcomes.join('\n')).toContain('Did you mean \\"wanted\\"?')
  expect(outcomes.join('\n')).toContain('| hed 5')
})

test('macros that are calculated follow the clock', async () => {
  const app = join(folder, 'app')
  await write({
    ...content,
    'content/detections/clock.yml': detection('clock', 'process=calc | eval count="`clock`"'),
    'app/default/macros.conf': '[clock]\niseval = 1\ndefinition = "t" . now()\n',
  })
  for (const now of [1_700_000_000, 1_800_000_000])
    expect(hostsIn(await scan({ apps: [app], now, cache: cache() }))).toContain(`clock pc1 t${now}`)
})

test('times of a search follow the clock and the range that is asked for', async () => {
  await write({
    ...content,
    'content/detections/recent.yml': detection('recent', 'process=calc earliest=-1h | stats count by pc'),
    'events.json': '{"_time":1700000000,"pc":"pc1","process":"calc"}\n',
  })
  const recent = (result: Parameters<typeof hostsIn>[0]): string[] =>
    hostsIn(result).filter((one) => one.startsWith('recent'))
  expect(recent(await scanAlike({ now: 1_800_000_000 }))).toEqual([])
  expect(recent(await scanAlike({ now: 1_700_000_100 }))).toEqual(['recent pc1 1'])
  expect(hostsIn(await scanAlike({ latest: 1_600_000_000 }))).toEqual(['counting none 0'])
  expect(hostsIn(await scanAlike())).toContain('loud pc1 alice')
})

test('a damaged cache is as good as none, and written anew', async () => {
  await write(content)
  const expected = await scanAlike()
  for (const kind of ['files', 'searches']) {
    const [name] = kept(kind)
    const bytes = readFileSync(join(folder, 'cache', name!))
    bytes[bytes.length - 9] = bytes[bytes.length - 9]! ^ 1
    await writeFile(join(folder, 'cache', name!), bytes)
  }
  const notes: string[] = []
  expect(await scan({ cache: { ...cache(), note: (text) => notes.push(text) } })).toEqual(expected)
  expect(notes.map((note) => /damaged/.test(note))).toEqual([true, true])
  expect(await scan({ cache: { ...cache(), note: (text) => notes.push(text) } })).toEqual(expected)
  expect(notes).toHaveLength(2)
})

test('scans at the same time do not disturb each other', async () => {
  await write(content)
  const expected = await scan()
  const all = await Promise.all(Array.from({ length: 4 }, () => scan({ cache: cache() })))
  for (const one of all) expect(one).toEqual(expected)
  expect(await scan({ cache: cache() })).toEqual(expected)
})

test('another build of Karst begins anew', async () => {
  await write(content)
  await scanAlike()
  const before = kept('')
  await scan({ cache: { ...cache(), build: 'next' } })
  expect(kept('').length).toBe(before.length * 2)
})

const shared = resolve(import.meta.dirname, '../../../shared/corpus')
const isThere = existsSync(shared)
if (!isThere) console.warn("SKIPPED: ../shared is missing, so no cache was compared over Splunk's content")

test.skipIf(!isThere)(
  "Splunk's content finds and says the same on real attack samples, cached or not",
  { timeout: 120_000 },
  async () => {
    await mkdir(join(folder, 'nothing'))
    const options = { content: [join(shared, 'escu')] }
    const samples = ['evtx/Execution', 'evtx/Discovery'].map((name) => join(shared, name))
    // What searches do without events is learnt from nothing, so that nearly all of them sleep until events come.
    await scan({ ...options, cache: cache() }, [join(folder, 'nothing')])
    const found = await scan({ ...options, cache: cache() }, samples)
    expect(found).toEqual(await scan(options, samples))
    expect(found.findings.length).toBeGreaterThan(100)
  },
)
