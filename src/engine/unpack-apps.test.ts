import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { zipSync } from 'fflate'
import { afterAll, expect, test } from 'vitest'
import { archiveLimits } from '../source/archives.ts'
import { openKarst } from './engine.ts'
import { unpackApps } from './unpack-apps.ts'

const folder = mkdtempSync(join(tmpdir(), 'karst-unpack-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A tar archive; `link` makes an entry a symbolic link to it. */
function tar(entries: Readonly<Record<string, string | { readonly link: string }>>): Buffer {
  const blocks = Object.entries(entries).flatMap(([name, entry]) => {
    const body = Buffer.from(typeof entry === 'string' ? entry : '')
    const header = Buffer.alloc(512)
    header.write(name, 0)
    header.write('0000644\0', 100)
    header.write(`${body.length.toString(8).padStart(11, '0')}\0`, 124)
    header.write('        ', 148)
    header.write(typeof entry === 'string' ? '0' : '2', 156)
    if (typeof entry !== 'string') header.write(entry.link, 157)
    header.write('ustar\u000000', 257)
    const sum = header.reduce((total, byte) => total + byte, 0)
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
    return [header, body, Buffer.alloc((512 - (body.length % 512)) % 512)]
  })
  return Buffer.concat([...blocks, Buffer.alloc(1024)])
}

const savedSearches = `[ACME - Odd Logon - Rule]
search = sourcetype=idp action=failure | \`odd_logon_source\` | stats count by user
action.correlationsearch.enabled = 1
action.correlationsearch.label = ACME - Odd Logon - Rule
action.risk = 1
action.risk.param._risk_message = odd logon of $user$
action.risk.param._risk = [{"risk_object_field": "user", "risk_object_type": "user", "risk_score": 50}]
`
const app = {
  'ACME/default/savedsearches.conf': savedSearches,
  'ACME/default/macros.conf': '[odd_logon_source]\ndefinition = search source=x\n',
  'ACME/lookups/hosts.csv': 'host,owner\npc1,ann\n',
  'ACME/bin/evil.py': 'import os',
}

function write(name: string, bytes: Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

async function unpack(path: string, limits = archiveLimits) {
  const said: string[] = []
  const places = await unpackApps([path], limits, ({ message }) => said.push(message.replace(folder, '')))
  return { places, said }
}

test.each([
  ['acme.spl', gzipSync(tar(app))],
  ['acme.tar', tar(app)],
  [
    'acme.zip',
    zipSync(Object.fromEntries(Object.entries(app).map(([name, text]) => [name, Buffer.from(text)]))),
  ],
])('%s loads as the folder that it holds; code stays packed', async (name, bytes) => {
  const path = write(name, bytes)
  const { content, knowledge } = await openKarst({ content: [path] })
  expect(content.detections.map((one) => one.name)).toEqual(['Odd Logon'])
  expect(knowledge.macros.get('odd_logon_source')?.definition).toBe('search source=x')
  expect(knowledge.lookups.get('hosts.csv')?.fields).toEqual(['host', 'owner'])
  const { places, said } = await unpack(path)
  expect(said).toEqual([])
  expect(existsSync(join(places[0]!, 'default', 'macros.conf'))).toBe(true)
  expect(existsSync(join(places[0]!, 'bin'))).toBe(false)
})

test('a packed add-on gives its configuration; other paths stay as they are', async () => {
  const { knowledge } = await openKarst({ apps: [write('ta.tgz', gzipSync(tar(app)))] })
  expect(knowledge.macros.get('odd_logon_source')).toBeDefined()
  expect((await unpack(join(folder, 'nowhere'))).places).toEqual([join(folder, 'nowhere')])
})

test('names that lead out, links and clashes are refused by name, and the rest loads', async () => {
  const bytes = gzipSync(
    tar({
      '../../escaped.conf': 'x',
      'ACME/../../other.conf': 'x',
      '/etc/karst.conf': 'x',
      'ACME/default/link.conf': { link: '/etc/passwd' },
      'ACME/default/a.conf': 'x',
      'ACME/default/a.conf/b.conf': 'x',
      ...app,
    }),
  )
  const { places, said } = await unpack(write('hostile.spl', bytes))
  expect(said.slice(0, 3)).toEqual([
    '/hostile.spl: "../../escaped.conf" leads out of the archive and was left out.',
    '/hostile.spl: "ACME/../../other.conf" leads out of the archive and was left out.',
    '/hostile.spl: "/etc/karst.conf" leads out of the archive and was left out.',
  ])
  expect(said[3]).toContain('"ACME/default/a.conf/b.conf" cannot be unpacked')
  expect(said).toHaveLength(4)
  expect(places.map((place) => place.slice(-'hostile.spl/ACME'.length))).toEqual(['hostile.spl/ACME'])
  expect(existsSync(join(places[0]!, 'default', 'link.conf'))).toBe(false)
  expect(existsSync('/etc/karst.conf')).toBe(false)
})

test('a bomb, a damaged archive and one without an app are named', async () => {
  const bomb = gzipSync(tar({ 'ACME/default/big.conf': '0'.repeat(3_000_000) }))
  const limits = { ...archiveLimits, maxRatio: 10, ratioFreeBytes: 1000 }
  const said = (await unpack(write('bomb.spl', bomb), limits)).said.join('\n')
  expect(said).toMatch(/unpacks to more than 10 times its size.*as archive bombs do/)
  const many = { ...archiveLimits, maxEntries: 2 }
  expect((await unpack(write('many.spl', gzipSync(tar(app))), many)).said.join()).toContain(
    'more than 2 entries',
  )
  const whole = gzipSync(tar(app))
  const cut = await unpack(write('cut.spl', whole.subarray(0, whole.length / 2)))
  expect(cut.said.join()).toContain('cut off')
  const empty = await unpack(write('empty.zip', zipSync({ 'readme.txt': Buffer.from('x') })))
  expect(empty).toMatchObject({ places: [], said: ['/empty.zip: it holds no app and no content.'] })
})

test('a folder that is no app is said to be none, with the one inside', async () => {
  const said: string[] = []
  const { places } = await unpack(write('two.tgz', gzipSync(tar(app))))
  const above = join(places[0]!, '..')
  await openKarst({ apps: [above], report: ({ message, help }) => said.push(`${message} ${help}`) })
  expect(said.join()).toMatch(/is no app: .* An app is in .*ACME\./)
})
