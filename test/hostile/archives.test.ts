// Archives that would fill the disk, the memory or the day.

import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { archiveLimits } from '../../src/source/archives.ts'
import { tar, tarMember, zip } from '../support/archives.ts'
import { removeFolders, search } from './evidence.ts'

afterAll(removeFolders)

const good = '{"ok":1}\n'
const goodFile = { 'z-good.json': good }
const reasons = (files: readonly { readonly reason?: string }[]) =>
  files.flatMap(({ reason }) => reason ?? [])

test('a file that unpacks to a thousand times its size is refused, and the next file is read', async () => {
  const limits = { ...archiveLimits, ratioFreeBytes: 256 * 1024 }
  const bomb = gzipSync(`${good}${'{"a":"x"}\n'.repeat(60_000)}`)
  const { rows, files } = await search(
    'ok=1 | stats count',
    { 'a.json.gz': bomb, ...goodFile },
    { archiveLimits: limits },
  )
  expect(rows).toEqual([{ count: '2' }])
  expect(files.map(({ status }) => status)).toEqual(['incomplete', 'read'])
  expect(reasons(files)).toEqual([
    'it unpacks to more than 250 times its size and 0.3 MiB, as archive bombs do',
  ])
})

test('an archive that unpacks to more than is allowed is read up to there', async () => {
  const limits = { ...archiveLimits, maxInflatedBytes: 1000 }
  const members = ['a', 'b', 'c'].map((name) => ({
    name: `${name}.json`,
    bytes: Buffer.from(`{"n":"${'x'.repeat(600)}"}`),
  }))
  const { rows, files } = await search(
    '* | stats count',
    { 'a.zip': zip(members), ...goodFile },
    { archiveLimits: limits },
  )
  expect(Number(rows[0]?.['count'])).toBeGreaterThanOrEqual(2)
  expect(reasons(files)[0]).toContain('the archive unpacks to more than 0 MiB')
  expect(files.at(-1)).toMatchObject({ status: 'read', events: 1 })
})

test('an archive of archives is opened as deep as is allowed', async () => {
  let inner = gzipSync(good)
  for (let depth = 0; depth < 6; depth++) inner = gzipSync(inner)
  const { rows, files } = await search('* | stats count', { 'a.gz': inner, ...goodFile })
  expect(rows).toEqual([{ count: '1' }])
  expect(reasons(files)).toEqual(['archives in archives are opened 5 deep; unpack it first'])
})

test('archives that hold the same archive again and again cost its limit and no more', async () => {
  const limits = { ...archiveLimits, maxEntries: 50 }
  const many = zip(Array.from({ length: 100 }, (_, n) => ({ name: `${n}.json`, bytes: Buffer.from(good) })))
  const nested = zip([
    { name: 'a.zip', bytes: many },
    { name: 'b.zip', bytes: many },
  ])
  const { rows, files } = await search('* | stats count', { 'a.zip': nested }, { archiveLimits: limits })
  expect(Number(rows[0]?.['count'])).toBeLessThan(50)
  expect(reasons(files)[0]).toBe('the archive has more than 50 entries; the rest was left out')
})

test('names that lead out of the archive lead nowhere', async () => {
  const archive = tar(
    tarMember('../../etc/passwd', good),
    tarMember('/root/.ssh/id', good),
    tarMember('\u001b]0;x\u0007\u202e.json', good),
  )
  const { rows, files } = await search('* | table source', { 'a.tar': archive })
  expect(rows).toHaveLength(3)
  for (const { name } of files) expect(name).not.toMatch(/[\u0000-\u001f\u202e]/)
})
