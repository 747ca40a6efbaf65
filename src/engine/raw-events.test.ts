import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { evidenceDigests } from './evidence-digests.ts'
import { eventKey, readRawEvents } from './raw-events.ts'

test('texts of events are found again, in files and in archives; digests are of the files on disk', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'karst-raw!-'))
  const lines = ['{"a":1}', '{"a":2}', '{"a":3}']
  const plain = join(folder, 'odd!name.json')
  const archive = join(folder, 'case.zip')
  await writeFile(plain, lines.join('\n'))
  await writeFile(archive, zipSync({ 'in/side.json': Buffer.from(lines.join('\n')) }))
  const references = [
    { file: plain, record: 'line 2' },
    { file: `${archive}!in/side.json`, record: 'line 3' },
    { file: join(folder, 'gone.json'), record: 'line 1' },
  ]
  const texts = await readRawEvents(references, {})
  expect([...texts].sort()).toEqual([
    [eventKey(references[1]!), '{"a":3}'],
    [eventKey(references[0]!), '{"a":2}'],
  ])

  const digests = await evidenceDigests(references.map(({ file }) => file))
  const sha256 = async (file: string): Promise<string> =>
    createHash('sha256')
      .update(await readFile(file))
      .digest('hex')
  expect(digests.map(({ file, sha256: digest }) => [file, digest])).toEqual([
    [plain, await sha256(plain)],
    [archive, await sha256(archive)],
  ])
  await rm(folder, { recursive: true })
})
