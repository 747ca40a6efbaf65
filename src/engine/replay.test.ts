import { mkdtempSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { openKarst } from './engine.ts'
import { type Dataset, findDatasets, type ReplayedEvent } from './replay.ts'

const samples = fileURLToPath(new URL('../../samples', import.meta.url))
const folders: string[] = []
afterEach(() => Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true }))))

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'karst-replay-'))
  folders.push(folder)
  return folder
}

async function replayed(datasets: readonly Dataset[], defaults = {}): Promise<ReplayedEvent[]> {
  const karst = await openKarst({ now: 1715500800, incidents: false, defaults })
  const all: ReplayedEvent[] = []
  for await (const event of karst.replayed(datasets).events) all.push(event)
  return all
}

test('what is sent and read again as envelopes gives the same events', async () => {
  const folder = scratch()
  const first = await replayed([{ path: samples, metadata: {} }])
  expect(first.length).toBeGreaterThan(10)
  const lines = first.map(({ raw, ...rest }) => JSON.stringify({ ...rest, event: raw }))
  await writeFile(join(folder, 'sent.ndjson'), lines.join('\n'))
  const again = await replayed([{ path: join(folder, 'sent.ndjson'), metadata: {} }])
  expect(again).toEqual(first)
})

test('index-time fields of envelopes are sent on', async () => {
  const folder = scratch()
  const envelope = {
    time: 1715500800.5,
    host: 'h',
    index: 'win',
    fields: { a: '1', b: ['2', '3'] },
    event: 'text',
  }
  await writeFile(join(folder, 'a.ndjson'), `${JSON.stringify(envelope)}\n`)
  const [event] = await replayed([{ path: join(folder, 'a.ndjson'), metadata: {} }])
  expect(event).toMatchObject({ time: 1715500800.5, host: 'h', index: 'win', raw: 'text' })
  expect(Object.fromEntries(event!.fields!)).toEqual({ a: '1', b: ['2', '3'] })
})

test('a dataset file gives its datasets their source and sourcetype, and the user wins', async () => {
  const root = scratch()
  const folder = join(root, 'datasets', 'attack_techniques', 'T1003')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'a.log'), '2024-05-12T08:00:00Z one\n')
  await mkdir(join(root, 'yaml'))
  const address = '/datasets/attack_techniques/T1003/a.log'
  await writeFile(
    join(root, 'yaml', 'data.yml'),
    `id: x\ndatasets:\n- name: a\n  path: ${address}\n  sourcetype: my:type\n  source: mine\n`,
  )
  const datasets = await findDatasets(join(root, 'yaml'))
  expect(datasets).toEqual([
    { path: join(folder, 'a.log'), metadata: { source: 'mine', sourcetype: 'my:type' } },
  ])
  expect(await replayed(datasets, { source: 'other' })).toMatchObject([
    { time: 1715500800, raw: '2024-05-12T08:00:00Z one', source: 'other', sourcetype: 'my:type' },
  ])
  await writeFile(
    join(folder, 'old.yml'),
    `dataset:\n- https://media.githubusercontent.com/media/splunk/attack_data/master${address}\nsourcetypes:\n- XmlWinEventLog:Security\n`,
  )
  expect(await findDatasets(join(folder, 'old.yml'))).toEqual([{ path: join(folder, 'a.log'), metadata: {} }])
})

test('datasets that are missing, lead elsewhere or are pointers of Git LFS are refused by name', async () => {
  const folder = scratch()
  const refusal = async (path: string): Promise<string> => {
    await writeFile(join(folder, 'd.yml'), `datasets:\n- path: ${path}\n`)
    return findDatasets(join(folder, 'd.yml')).then(
      () => 'accepted',
      (error: Error) => error.message,
    )
  }
  await writeFile(join(folder, 'p.log'), 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n')
  expect(await refusal('/datasets/gone.log')).toContain(
    'names datasets that are not here: /datasets/gone.log.',
  )
  expect(await refusal('../../../etc/passwd')).toContain('not here')
  expect(await refusal('p.log')).toContain('git lfs pull --include="p.log"')
  await writeFile(join(folder, 'other.yml'), 'a: b\n')
  await expect(findDatasets(join(folder, 'other.yml'))).rejects.toThrow('is not a dataset file')
})
