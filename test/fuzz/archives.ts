// Fuzzes what opens archives: damages zip, tar, gzip and Zstandard files, built and real, one inside the other, and reads
// all that they hold, from disk and from standard input. Nothing may throw but a sentence for people, nothing may take
// long, and no more may come out than the limits allow.
//
//   npx tsx test/fuzz/archives.ts [SECONDS [SEED]]      see README.md

import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { archiveLimits } from '../../src/source/archives.ts'
import { evidenceAt, evidencePlaces, reasonOf, standardInput } from '../../src/source/files.ts'
import { packedLog } from '../fixtures/zstd/packed-log.ts'
import { tar, tarMember, zip } from '../support/archives.ts'
import { type RandomNumbers, randomNumbers } from '../support/random-numbers.ts'
import { corpusPaths } from './shared/corpus.ts'
import { fuzzProgram, inputNumbers, type Run, seedOf } from './shared/extent.ts'
import { decoderMegabytes, inTime } from './shared/limits.ts'

const MAX_INPUT_MS = 10_000
/** Real archives that are small enough to be unpacked thousands of times. */
const MAX_REAL_BYTES = 150_000
const limits = {
  ...archiveLimits,
  maxInflatedBytes: 64 * 1024 ** 2,
  maxEntries: 2000,
  maxHeldBytes: 8 * 1024 ** 2,
}
/** The chunk that went beyond a limit may have been given before it was noticed. */
const MAX_BYTES = limits.maxInflatedBytes + 1024 ** 2
/** What `reasonOf` says of an error that no evidence should lead to. */
const OUR_FAULT = /through a fault of Karst/

export interface ArchiveReport {
  readonly seed: number
  inputs: number
  files: number
  problems: number
  bytes: number
  slowest: { readonly input: number; readonly ms: number }
}

/**
 * Reads damaged archives.
 *
 * @throws the first time that a promise is broken, with the input that shows it again
 */
export async function fuzzArchives(run: Run): Promise<ArchiveReport> {
  const report: ArchiveReport = {
    seed: run.seed,
    inputs: 0,
    files: 0,
    problems: 0,
    bytes: 0,
    slowest: { input: 0, ms: 0 },
  }
  const originals = originalFiles()
  const folder = mkdtempSync(join(tmpdir(), 'karst-fuzz-'))
  try {
    for (const input of inputNumbers(run)) {
      const random = randomNumbers(seedOf(run.seed, input))
      const bytes = damaged(originals[random(originals.length)]!, random)
      const fromDisk = random(2) === 0
      const pieceSize = 1 + random(random(2) === 0 ? 50 : 50_000)
      const path = join(folder, 'damaged')
      if (fromDisk) writeFileSync(path, bytes)
      let found = { files: 0, problems: 0, bytes: 0 }
      try {
        const ms = await inTime(MAX_INPUT_MS, async () => {
          found = fromDisk
            ? await readAll([path], undefined)
            : await readAll([standardInput], pieces(bytes, pieceSize))
        })
        if (ms > report.slowest.ms) report.slowest = { input, ms: Math.round(ms) }
      } catch (error) {
        throw new Error(`input ${input} of seed ${run.seed}, ${bytes.length} bytes`, { cause: error })
      }
      report.inputs++
      report.files += found.files
      report.problems += found.problems
      report.bytes += found.bytes
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
  return report
}

async function readAll(paths: readonly string[], stdin: AsyncIterable<Uint8Array> | undefined) {
  const found = { files: 0, problems: 0, bytes: 0 }
  const note = (reason: string): void => {
    found.problems++
    if (OUR_FAULT.test(reason)) throw new Error(reason)
  }
  for await (const item of evidenceAt(evidencePlaces(paths), {
    limits,
    ...(stdin === undefined ? {} : { stdin }),
  })) {
    if (item.kind === 'problem') {
      note(item.reason)
      continue
    }
    found.files++
    try {
      for await (const chunk of item.open().chunks()) found.bytes += chunk.length
    } catch (error) {
      note(reasonOf(error))
    }
    if (found.bytes > MAX_BYTES) throw new Error(`${found.bytes} bytes came out`)
  }
  return found
}

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

function originalFiles(): Buffer[] {
  const log = Buffer.from('Jan  1 00:00:00 host sshd[1]: ok\n'.repeat(200))
  // A skippable frame and one of a single segment follow.
  const zstd = Buffer.concat([
    packedLog,
    Buffer.from('5a2a4d1805000000616263646528b52ffd200d6900007365636f6e64206672616d650a', 'hex'),
  ])
  const members = [
    { name: 'a.log', bytes: log },
    { name: 'folder/b.json', bytes: Buffer.from('{"a":1}\n'), method: 0 as const },
    { name: '../../é.xml', bytes: Buffer.from('<Event/>') },
    { name: 'c.gz', bytes: gzipSync(log) },
  ]
  const long = `${'folder/'.repeat(30)}name.log`
  const tape = tar(
    tarMember('a.log', log),
    tarMember('folder/', '', '5'),
    tarMember('././@LongLink', `${long}\0`, 'L'),
    tarMember('cut', 'x'.repeat(600)),
    tarMember('PaxHeader', `18 path=pax/a.log\n`, 'x'),
    tarMember('b.log', 'y'),
    tarMember('sparse', 'z', 'S'),
  )
  const nested = zip([
    { name: 'inner.zip', bytes: zip(members) },
    { name: 'inner.tar', bytes: tape, method: 0 },
    { name: 'inner.zst', bytes: zstd, method: 0 },
  ])
  const built = [
    zip(members),
    zip(members, { zip64: true, prefix: 'MZ…', comment: 'a comment' }),
    nested,
    gzipSync(nested),
    tape,
    gzipSync(tape),
    Buffer.concat([gzipSync(log), gzipSync('more')]),
    zstd,
    gzipSync(Buffer.alloc(4 * 1024 ** 2)),
  ]
  const real = corpusPaths('otrf', '.zip').filter((path) => statSync(path).size <= MAX_REAL_BYTES)
  return [...built, ...real.map((path) => readFileSync(path))]
}

// Values at which offsets, sizes and counts go wrong.
const EDGES = [
  0, 1, 2, 8, 0x7f, 0xff, 0x1ff, 0x200, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0xfffffffe, 0xffffffff,
]
const SIGNATURES = [
  '504b0304',
  '504b0102',
  '504b0506',
  '504b0607',
  '504b0606',
  '1f8b08',
  '28b52ffd',
  '7573746172',
]

function damaged(original: Buffer, random: RandomNumbers): Buffer {
  let file = Buffer.from(original)
  // Directories, headers and trailers are at the ends.
  const somewhere = (): number => {
    const edge = Math.min(file.length, 400)
    switch (random(4)) {
      case 0:
        return random(edge + 1)
      case 1:
        return file.length - random(edge + 1)
      default:
        return random(file.length + 1)
    }
  }
  for (let count = random(random(2) === 0 ? 4 : 20); count > 0 && file.length > 8; count--) {
    const at = Math.min(somewhere(), file.length - 8)
    switch (random(7)) {
      case 0:
        file[at] = random(256)
        break
      case 1:
        file.writeUInt32LE(EDGES[random(EDGES.length)]!, at)
        break
      case 2:
        file.writeUInt16LE(EDGES[random(EDGES.length)]! & 0xffff, at)
        break
      case 3:
        file.write(SIGNATURES[random(SIGNATURES.length)]!, at, 'hex')
        break
      case 4:
        file.copyWithin(at, somewhere(), file.length)
        break
      case 5: {
        const end = at + random(random(4) === 0 ? 5000 : 16)
        file = Buffer.concat([file.subarray(0, at), file.subarray(end)])
        break
      }
      default: {
        const part = file.subarray(at, at + random(random(4) === 0 ? 5000 : 64))
        file = Buffer.concat([file.subarray(0, at), part, file.subarray(at)])
      }
    }
  }
  return random(8) === 0 ? file.subarray(0, random(file.length + 1)) : file
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await fuzzProgram(fuzzArchives, { usualInputs: 10_000, mostMegabytes: decoderMegabytes })
