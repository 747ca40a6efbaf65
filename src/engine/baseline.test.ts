import { mkdtempSync, readFileSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { BaselineOutcome } from './baseline.ts'
import { openKarst } from './engine.ts'

const folders: string[] = []
afterEach(() => Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true }))))

/** Content with a detection of services not seen before, its baselines, and evidence of two days. */
async function scene() {
  const folder = mkdtempSync(join(tmpdir(), 'karst-baseline-'))
  folders.push(folder)
  const place = (...path: string[]): string => join(folder, ...path)
  for (const name of ['content/detections', 'content/baselines', 'content/lookups', 'state'])
    await mkdir(place(name), { recursive: true })
  const search = 'index=main state=running | stats min(_time) as first by service'
  await writeFile(
    place('content/lookups/seen_services.yml'),
    'name: seen_services\ncollection: seen_services\nfields_list: _key, service, first\ndescription: d\n',
  )
  await writeFile(
    place('content/detections/new_service.yml'),
    `name: New Service\nid: 1\nversion: 1\ntype: Hunting\nsearch: ${search} | lookup seen_services service OUTPUT first as seen | where isnull(seen)\n`,
  )
  const baseline = (name: string, spl: string) =>
    writeFile(
      place(`content/baselines/${name.toLowerCase().replace(/\W+/g, '_')}.yml`),
      `name: ${name}\nid: ${name}\ntype: Baseline\nsearch: ${spl}\n`,
    )
  await baseline('Seen Services - Initial', `${search} | outputlookup seen_services`)
  await baseline(
    'Seen Services - Update',
    `${search} | inputlookup append=t seen_services | stats min(first) as first by service | outputlookup seen_services`,
  )
  await baseline('Length of Lines - MLTK', 'index=main | fit DensityFunction x into model')
  await baseline('Count of Lines', 'index=main | stats count')
  const events = (services: readonly string[]): string =>
    services
      .map((service, at) => JSON.stringify({ time: 1715500800 + at, event: { state: 'running', service } }))
      .join('\n')
  await writeFile(place('before.ndjson'), events(['dns', 'dhcp']))
  await writeFile(place('today.ndjson'), events(['dns', 'evil']))
  const open = (options = {}) =>
    openKarst({ content: [place('content')], now: 1715500800, incidents: false, ...options })
  const run = async (names: readonly string[], evidence: string) => {
    const outcomes: BaselineOutcome[] = []
    const karst = await open({ writeFolder: place('state'), state: place('state') })
    await karst.runBaselines([place(evidence)], names, (outcome) => outcomes.push(outcome))
    return new Map(outcomes.map((outcome) => [outcome.baseline.name, outcome]))
  }
  const scan = async (options = {}) => {
    const messages: string[] = []
    const karst = await open({
      ...options,
      report: ({ message }: { message: string }) => messages.push(message),
    })
    const found: unknown[] = []
    const summary = await karst.scan(
      [place('today.ndjson')],
      {},
      {
        onFinding: ({ row }) => found.push(row['service']),
      },
    )
    return { found, messages, summary }
  }
  return { place, run, scan }
}

test('a detection whose baseline never ran says so, and one whose baseline ran compares with it', async () => {
  const { place, run, scan } = await scene()
  const blind = await scan()
  expect(blind.found.sort()).toEqual(['dns', 'evil'])
  expect(blind.summary.unfilled.map(({ lookup, baselines }) => [lookup, baselines[0]?.name])).toEqual([
    ['seen_services', 'Seen Services - Initial'],
  ])
  expect(blind.messages).toContain(
    'New Service compares with the lookup "seen_services", which is empty: its baseline never ran.',
  )

  const outcomes = await run([], 'before.ndjson')
  expect(outcomes.get('Seen Services - Initial')).toMatchObject({ status: 'ran', rows: 2 })
  expect([...outcomes.get('Seen Services - Initial')!.lookups]).toEqual([['seen_services', 2]])
  expect(readFileSync(place('state/seen_services.csv'), 'utf8')).toContain('dhcp')

  const seeing = await scan({ state: place('state') })
  expect(seeing.found).toEqual(['evil'])
  expect(seeing.summary.unfilled).toEqual([])
})

test('without names the state of the lookups decides between building and updating', async () => {
  const { run } = await scene()
  const statuses = (outcomes: Map<string, BaselineOutcome>) => [
    outcomes.get('Seen Services - Initial')?.status,
    outcomes.get('Seen Services - Update')?.status,
  ]
  expect(statuses(await run([], 'before.ndjson'))).toEqual(['ran', 'skipped'])
  const later = await run([], 'today.ndjson')
  expect(statuses(later)).toEqual(['skipped', 'ran'])
  expect([...later.get('Seen Services - Update')!.lookups]).toEqual([['seen_services', 3]])
  const again = await run(['seen services - *'], 'today.ndjson')
  expect(statuses(again)).toEqual(['ran', 'ran'])
})

test('what needs the Machine Learning Toolkit is refused by name, and what writes no lookup is left out', async () => {
  const { run } = await scene()
  const outcomes = await run([], 'before.ndjson')
  expect(outcomes.get('Length of Lines - MLTK')).toMatchObject({
    status: 'unsupported',
    reason: expect.stringContaining('"fit" of the Machine Learning Toolkit'),
  })
  expect(outcomes.get('Count of Lines')).toMatchObject({ status: 'skipped' })
  await expect(run(['seen servces'], 'before.ndjson')).rejects.toThrow('No baseline fits "seen servces".')
})

test('an app with saved searches, macros and lookups of its own runs as content', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'karst-app-'))
  folders.push(folder)
  for (const name of ['default', 'local', 'lookups']) await mkdir(join(folder, name))
  await writeFile(
    join(folder, 'default', 'savedsearches.conf'),
    '[Threat - Odd Service - Rule]\naction.notable = 1\nsearch = `services` | lookup allowed_services service OUTPUT owner \\\n| where isnull(owner) | table service | `odd_service_filter`\n',
  )
  await writeFile(
    join(folder, 'default', 'macros.conf'),
    '[services]\ndefinition = index=main state=running\n[odd_service_filter]\ndefinition = search *\n',
  )
  await writeFile(
    join(folder, 'local', 'macros.conf'),
    '[odd_service_filter]\ndefinition = search service!=tolerated\n',
  )
  await writeFile(join(folder, 'default', 'transforms.conf'), '[allowed_services]\nfilename = allowed.csv\n')
  await writeFile(join(folder, 'lookups', 'allowed.csv'), 'service,owner\ndns,net\n')
  const line = (service: string) => JSON.stringify({ time: 1715500800, event: { state: 'running', service } })
  const evidence = join(folder, 'events.ndjson')
  await writeFile(evidence, ['dns', 'tolerated', 'evil'].map(line).join('\n'))
  const karst = await openKarst({ content: [folder], now: 1715500800, incidents: false })
  const found: unknown[] = []
  const { outcomes } = await karst.scan(
    [evidence],
    {},
    {
      onFinding: ({ detection, row }) => found.push([detection.name, row['service']]),
    },
  )
  expect(outcomes.map(({ status, reason }) => [status, reason])).toEqual([['ran', undefined]])
  expect(found).toEqual([['Odd Service', 'evil']])
})
