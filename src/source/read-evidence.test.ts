import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { tar, tarMember, zip } from '../../test/support/archives.ts'
import { textDecoder } from '../decode/text/file.ts'
import { type ReadOptions, readEvidence } from './read-evidence.ts'

let folder = ''
let scratch = ''
let count = 0

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'karst-evidence-'))
})
beforeEach(() => {
  folder = join(scratch, `case-${count++}`)
  mkdirSync(folder)
})
afterAll(() => rmSync(scratch, { recursive: true }))

function write(path: string, content: string | Uint8Array): string {
  const full = join(folder, path)
  mkdirSync(join(full, '..'), { recursive: true })
  writeFileSync(full, content)
  return full
}

async function read(paths: string | readonly string[], options: ReadOptions = {}) {
  const reading = readEvidence([paths].flat(), options)
  const events: string[] = []
  for await (const group of reading.groups) for (const event of group.events) events.push(event.raw())
  const files = reading.report.files.map(({ name, status, reason, events }) => {
    const shown = name.replace(`${folder}/`, '')
    return [shown, status, ...(reason === undefined ? [events] : [reason])]
  })
  return { events, files, report: reading.report }
}

const line = '{"a": 1}'

test('reads a file, and says what it read', async () => {
  const { events, report } = await read(write('a.log', `${line}\n${line}\nbad`))
  expect(events).toEqual([line, line, 'bad'])
  expect(report.files[0]).toEqual({
    name: join(folder, 'a.log'),
    status: 'read',
    format: 'json',
    events: 3,
    bytes: 21,
    damages: [{ position: 'line 3', reason: 'it is not JSON; kept as text', lostEvents: 0 }],
    damageCount: 1,
    lostEvents: 0,
  })
  expect([report.events, report.bytes, report.damageCount, report.lostEvents, report.hasProblems]).toEqual([
    3,
    21,
    1,
    0,
    true,
  ])
})

test('reads folders by name, hidden and nested files included, empty ones counted', async () => {
  for (const path of ['z.log', 'a.log', 'b/c/d.log', '.hidden/e.log', 'B.log']) write(path, line)
  write('b/empty.evtx', '')
  const { files, report } = await read(folder)
  expect(files).toEqual([
    ['.hidden/e.log', 'read', 1],
    ['B.log', 'read', 1],
    ['a.log', 'read', 1],
    ['b/c/d.log', 'read', 1],
    ['b/empty.evtx', 'empty', 0],
    ['z.log', 'read', 1],
  ])
  expect(report.hasProblems).toBe(false)
})

test('links that lead in circles end, and nothing is read twice', async () => {
  write('a/x.log', line)
  symlinkSync('..', join(folder, 'a/up'))
  symlinkSync('a', join(folder, 'b'))
  symlinkSync('self', join(folder, 'self'))
  symlinkSync('nowhere', join(folder, 'broken'))
  const { files } = await read([folder, join(folder, 'a/x.log'), join(folder, '*/x.log')])
  expect(files).toEqual([
    ['a/x.log', 'read', 1],
    ['broken', 'unreadable', 'no such file'],
    ['self', 'unreadable', 'its link leads in a circle'],
  ])
})

test('what is not there is missing, what is no log unreadable', async () => {
  const binary = write('photo', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]))
  const { files, report } = await read([
    join(folder, 'none.log'),
    join(folder, '*.none'),
    binary,
    join(binary, 'x'),
  ])
  expect(files).toEqual([
    ['none.log', 'missing', 'no such file'],
    ['*.none', 'missing', 'no file matches this pattern'],
    ['photo', 'unreadable', 'it is an image (JPEG), not a log'],
    ['photo/x', 'missing', 'no such file'],
  ])
  expect(report.withStatus('missing')).toHaveLength(3)
  expect(report.hasProblems).toBe(true)
})

test('a file whose name looks like a pattern is read', async () => {
  expect((await read(write('[a]*.log', line))).files).toEqual([['[a]*.log', 'read', 1]])
})

test('names of files cannot command the terminal', async () => {
  write('a\u001b]0;x\u0007\n\u202e.log', line)
  const { files } = await read(folder)
  expect(files[0]![0]).toBe('a␛]0;x␇␊\ufffd.log')
})

test('reads standard input, also compressed, and only where it is given', async () => {
  async function* stdin() {
    const bytes = gzipSync(`${line}\n${line}`)
    yield bytes.subarray(0, 10)
    yield bytes.subarray(10)
  }
  expect((await read('-', { stdin: stdin() })).files).toEqual([['stdin', 'read', 2]])
  expect((await read('-')).files).toEqual([['-', 'unreadable', 'there is no standard input to read']])
})

test('a format can be forced', async () => {
  const { events, report } = await read(write('a.log', `${line}\nx`), { decoder: textDecoder })
  expect(events).toEqual([line, 'x'])
  expect(report.files[0]!.format).toBe('text')
})

test('opens archives in archives, told by content', async () => {
  const inner = zip([{ name: 'i.log', bytes: Buffer.from(line) }])
  write(
    'a.zip',
    zip([
      { name: 'one.json', bytes: Buffer.from(`${line}\n${line}`) },
      { name: 'two/inner.bin', bytes: inner },
      { name: 'three.json.gz', bytes: gzipSync(line) },
      { name: 'empty', bytes: Buffer.alloc(0) },
    ]),
  )
  write(
    'b.tgz',
    gzipSync(tar(tarMember('t.log', line), tarMember('u.log.gz', gzipSync(line)), tarMember('v', ''))),
  )
  write('c', tar(tarMember('w.log', line)))
  write('d.log', gzipSync(line))
  write('e.zip', zip([]))
  const { files } = await read(folder)
  expect(files).toEqual([
    ['a.zip!one.json', 'read', 2],
    ['a.zip!two/inner.bin!i.log', 'read', 1],
    ['a.zip!three.json.gz', 'read', 1],
    ['a.zip!empty', 'empty', 0],
    ['b.tgz!t.log', 'read', 1],
    ['b.tgz!u.log.gz', 'read', 1],
    ['b.tgz!v', 'empty', 0],
    ['c!w.log', 'read', 1],
    ['d.log', 'read', 1],
    ['e.zip', 'empty', 0],
  ])
})

test('gzip in several members is one file', async () => {
  const { events } = await read(write('a.gz', Buffer.concat([gzipSync(`${line}\n`), gzipSync(line)])))
  expect(events).toEqual([line, line])
})

test('what breaks off in the middle is read as far as it goes', async () => {
  const lines = Array.from({ length: 20_000 }, (_, index) => `{"n": ${index}, "x": ${Math.sin(index)}}`).join(
    '\n',
  )
  const packed = gzipSync(lines)
  const { files } = await read([
    write('cut.gz', packed.subarray(0, packed.length - 1000)),
    write('short.gz', gzipSync(line).subarray(0, 15)),
    write(
      'damaged.zip',
      zip([
        { name: 'x', bytes: Buffer.from(line), claims: { checksum: 1 } },
        { name: 'y', bytes: Buffer.from(line) },
      ]),
    ),
    write('cut.tar', tar(tarMember('a', line), tarMember('b', 'x'.repeat(600))).subarray(0, 1800)),
    write('bad.zip', 'PK\u0003\u0004 not really'),
  ])
  expect(files).toEqual([
    ['cut.gz', 'incomplete', 'its compressed data is cut off'],
    ['short.gz', 'unreadable', 'its compressed data is cut off'],
    ['damaged.zip!x', 'unreadable', 'the zip entry is damaged: its size or checksum is wrong'],
    ['damaged.zip!y', 'read', 1],
    ['cut.tar!a', 'read', 1],
    ['cut.tar!b', 'unreadable', 'the tar archive is cut off'],
    ['cut.tar', 'unreadable', 'the tar archive is cut off'],
    ['bad.zip', 'unreadable', 'the zip archive has no directory: it is cut off or damaged'],
  ])
})

test('other packers are named with a way out', async () => {
  const { files } = await read([
    write('a.7z', Buffer.from('377abcaf271c0004', 'hex')),
    write('b.xz', Buffer.from('fd377a585a000004', 'hex')),
    write('c.bz2', 'BZh91AY&SY'),
  ])
  expect(files.map(([, , reason]) => reason)).toEqual([
    'it is packed with 7-Zip, which Karst does not unpack; unpack it first (7z x)',
    'it is packed with XZ, which Karst does not unpack; unpack it first (xz -d)',
    'it is packed with BZip2, which Karst does not unpack; unpack it first (bzip2 -d)',
  ])
})

test('Zstandard is read, and its bombs are refused', async () => {
  write('a.zst', Buffer.from('28b52ffd200d6900007365636f6e64206672616d650a', 'hex'))
  const block = Buffer.from([0x02, 0x00, 0x10, 0x41])
  const blocks = Array.from({ length: 100 }, () => block)
  write('b.zst', Buffer.concat([Buffer.from('28b52ffd0038', 'hex'), ...blocks]))
  const { files } = await read(folder, { limits, decoder: textDecoder })
  expect(files).toEqual([
    ['a.zst', 'read', 1],
    ['b.zst', 'unreadable', 'it unpacks to more than 100 times its size and 1 MiB, as archive bombs do'],
  ])
})

const limits = {
  maxInflatedBytes: 10_000_000,
  maxRatio: 100,
  ratioFreeBytes: 1_000_000,
  maxEntries: 5,
  maxDepth: 2,
  maxHeldBytes: 5000,
}

test('an archive bomb is refused by name and the rest is read', async () => {
  const zeros = Buffer.alloc(5_000_000)
  write(
    'a.zip',
    zip([
      { name: 'bomb', bytes: zeros },
      { name: 'good', bytes: Buffer.from(line) },
    ]),
  )
  write('b.gz', gzipSync(zeros))
  write('c.log', line)
  const { files } = await read(folder, { limits, decoder: textDecoder })
  const reason = 'it unpacks to more than 100 times its size and 1 MiB, as archive bombs do'
  expect(files).toEqual([
    ['a.zip!bomb', 'unreadable', reason],
    ['a.zip', 'unreadable', 'the archive unpacked to more than is allowed; the rest was left out'],
    ['b.gz', 'unreadable', reason],
    ['c.log', 'read', 1],
  ])
})

test('a bomb of many small entries, of depth, of size: each limit holds', async () => {
  const member = (name: string, bytes: Uint8Array) => ({ name, bytes })
  const noise = Buffer.from(Array.from({ length: 20_000 }, (_, index) => (index * 7919 * index) & 255))
  write('a.zip', zip(Array.from({ length: 7 }, (_, index) => member(`${index}`, Buffer.from(line)))))
  let nested = gzipSync(line)
  for (let depth = 0; depth < 3; depth++) nested = gzipSync(nested)
  write('b.gz', nested)
  write('c.zip', zip([member('held.zip', zip([{ ...member('x', noise), method: 0 }]))]))
  const { files } = await read(folder, { limits })
  expect(files.slice(0, 5).map(([, status]) => status)).toEqual(['read', 'read', 'read', 'read', 'read'])
  expect(files.slice(5)).toEqual([
    ['a.zip', 'unreadable', 'the archive has more than 5 entries; the rest was left out'],
    ['b.gz', 'unreadable', 'archives in archives are opened 2 deep; unpack it first'],
    [
      'c.zip!held.zip',
      'unreadable',
      'a zip archive inside another, or from standard input, may have 0 MiB at most; unpack it first',
    ],
  ])
})

test('a bomb of a gigabyte is refused within bounded memory', async () => {
  const million = gzipSync(Buffer.alloc(1_000_000))
  const before = process.memoryUsage().arrayBuffers
  const bomb = write('a.gz', Buffer.concat(Array.from({ length: 1000 }, () => million)))
  const { files } = await read(bomb, { decoder: textDecoder })
  expect(files[0]![2]).toBe('it unpacks to more than 250 times its size and 64 MiB, as archive bombs do')
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(200 * 1024 * 1024)
})

test('reading can be stopped from either side', async () => {
  const path = write('a.log', `${line}\n`.repeat(20_000))
  const first = readEvidence([path, path])
  for await (const _group of first.groups) break
  expect(first.report.files).toMatchObject([{ status: 'stopped' }])
  expect(first.report.hasProblems).toBe(false)

  const stop = new AbortController()
  const second = readEvidence([path, write('b.log', line)], { signal: stop.signal })
  for await (const _group of second.groups) stop.abort()
  expect(second.report.files).toMatchObject([{ status: 'stopped' }])
})

test('evidence is left as it was', async () => {
  const path = write('a.log', line)
  const before = statSync(path)
  await read(path)
  expect(statSync(path).mtimeMs).toBe(before.mtimeMs)
})

test('damages are counted in full and kept in part', async () => {
  const { report } = await read(write('a.log', `${line}\n${'bad\n'.repeat(250)}`))
  expect(report.files[0]!.damageCount).toBe(250)
  expect(report.files[0]!.damages).toHaveLength(100)
})

const corpus = join(import.meta.dirname, '../../../shared/corpus/otrf')
if (!existsSync(corpus)) console.warn('SKIPPED: ../shared is missing, so no real recordings were read')

test.skipIf(!existsSync(corpus))(
  'real recordings give as many Windows events as they have lines',
  async () => {
    const archives = readdirSync(corpus, { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.zip'),
    )
    expect(archives.length).toBeGreaterThan(0)
    // The largest take seconds; the others have the same layouts.
    const small = archives.filter((path) => statSync(join(corpus, path)).size < 300_000)
    for (const path of small) {
      const text = execFileSync('unzip', ['-p', join(corpus, path)], {
        maxBuffer: 2 ** 30,
        encoding: 'latin1',
      })
      const lines = text.split('\n').filter((textLine) => textLine.trim() !== '').length
      let windows = 0
      const { groups, report } = readEvidence([join(corpus, path)])
      for await (const { events } of groups) {
        for (const { content, time } of events)
          if (content.kind === 'windows' && time !== undefined) windows++
      }
      expect([path, windows, report.damageCount]).toEqual([path, lines, 0])
    }
  },
)
