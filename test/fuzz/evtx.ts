// Fuzzes the EVTX decoder: damages real files, and built ones, and reads everything they hold. Nothing may throw, no
// record may take a second, and what a record becomes must stay in proportion to its size.
//
//   npx tsx test/fuzz/evtx.ts [SECONDS [SEED]]      see README.md

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { crc32 } from 'node:zlib'
import { decodedRecord } from '../../src/decode/decoded-record.ts'
import { evtx } from '../../src/decode/evtx/file.ts'
import type { RawEvent } from '../../src/decode/reader.ts'
import { buildChunk, buildFile, dataTemplate, element, eventRecord, value } from '../fixtures/evtx/build.ts'
import { randomNumbers } from '../support/random-numbers.ts'
import { corpusPaths } from './shared/corpus.ts'
import { fuzzProgram, inputNumbers, type Run, seedOf } from './shared/extent.ts'
import { decoderMegabytes, inTime, TooSlow } from './shared/limits.ts'

const CHUNK_SIZE = 65_536
const HEADER_SIZE = 4096
const MAX_RECORD_MS = 1000
/** For two chunks. */
const MAX_FILE_MS = 10_000
/** Data items of one record: the decoder allows 4 KiB and 32 characters a byte. */
const MAX_DATA_CHARACTERS = 4096 + 32 * CHUNK_SIZE

export interface EvtxReport {
  readonly seed: number
  /** Damaged files. */
  inputs: number
  events: number
  damages: number
  lost: number
  slowestRecordMs: number
}

/**
 * Decodes damaged files.
 *
 * @throws the first time that a promise of the decoder is broken, with the input that shows it again
 */
export async function fuzzEvtx(run: Run): Promise<EvtxReport> {
  const originals = originalFiles()
  const report: EvtxReport = { seed: run.seed, inputs: 0, events: 0, damages: 0, lost: 0, slowestRecordMs: 0 }
  for (const input of inputNumbers(run)) {
    const random = randomNumbers(seedOf(run.seed, input))
    // The first file is the built one: it has forms that are rare among real ones.
    const original = originals[random(4) === 0 ? 0 : random(originals.length)]!
    const file = damageFile(original, random)
    const recover = random(2) === 0
    const pieceSize = 1 + random(100_000)
    let found: Decoded | undefined
    try {
      await inTime(MAX_FILE_MS, async () => {
        found = await decodeAll(file, recover, pieceSize)
      })
    } catch (error) {
      throw new Error(`input ${input} of seed ${run.seed}`, { cause: error })
    }
    report.inputs++
    report.events += found!.events
    report.damages += found!.damages
    report.lost += found!.lost
    report.slowestRecordMs = Math.max(report.slowestRecordMs, Math.ceil(found!.slowestMs))
  }
  return report
}

interface Decoded {
  readonly events: number
  readonly damages: number
  readonly lost: number
  readonly slowestMs: number
}

async function decodeAll(file: Buffer, recover: boolean, pieceSize: number): Promise<Decoded> {
  let [events, damages, lost, slowestMs] = [0, 0, 0, 0]
  async function* chunks() {
    for (let at = 0; at < file.length; at += pieceSize) yield file.subarray(at, at + pieceSize)
  }
  const onDamage = ({ lostEvents = 0 }: { lostEvents: number | undefined }) => {
    damages++
    lost += lostEvents
    if (lostEvents < 0 || !Number.isInteger(lostEvents))
      throw new Error(`${lostEvents} events cannot be lost`)
  }
  for await (const group of evtx.decode({ name: 'fuzz.evtx', chunks }, { recover, onDamage })) {
    for (const event of group) {
      const start = performance.now()
      readEverything(event)
      const took = performance.now() - start
      slowestMs = Math.max(slowestMs, took)
      if (took > MAX_RECORD_MS) throw new TooSlow(event.position, took)
      events++
    }
  }
  return { events, damages, lost, slowestMs }
}

function readEverything(event: RawEvent): void {
  if (event.content.kind !== 'windows') throw new Error('not a Windows event')
  const { record } = event.content
  const decoded = decodedRecord('fuzz.evtx', event)
  const items = record.data()
  const characters = items.reduce((sum, item) => sum + item.value.length, 0)
  if (characters > MAX_DATA_CHARACTERS) throw new Error(`${event.position} becomes ${characters} characters`)
  const texts = [
    JSON.stringify(decoded),
    event.raw(),
    event.position,
    record.sectionXml() ?? '',
    record.section ?? '',
  ]
  for (const text of texts) if (typeof text !== 'string') throw new Error(`${event.position} gives no text`)
  if (event.time !== undefined && !Number.isFinite(event.time))
    throw new Error(`${event.position} has no time`)
  if (event.metadata.sourcetype !== 'XmlWinEventLog') throw new Error(`${event.position} has no sourcetype`)
  record.rendering('Message')
}

// Values at which offsets, sizes and counts go wrong.
const EDGES = [0, 1, 4, 0x7f, 0xff, 0x200, 0x7fff, 0xfffc, 0xffff, 0x10000, 0x7fffffff, 0xffffffff]
// Tokens and types of BinXml.
const TOKENS = [
  0x00, 0x01, 0x41, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0c, 0x0d, 0x0e, 0x0f, 0x21, 0x81,
]

function damageFile(original: Buffer, random: (limit: number) => number): Buffer {
  const chunkCount = Math.max(1, Math.floor((original.length - HEADER_SIZE) / CHUNK_SIZE))
  // One or two chunks are enough: small files mean many files.
  const first = HEADER_SIZE + random(chunkCount) * CHUNK_SIZE
  let file = Buffer.concat([
    original.subarray(0, HEADER_SIZE),
    original.subarray(first, first + 2 * CHUNK_SIZE),
  ])
  const start = random(4) === 0 ? 0 : HEADER_SIZE
  for (let count = 1 + random(60); count > 0; count--) {
    const at = start + random(Math.max(1, file.length - start - 4))
    switch (random(6)) {
      case 0:
        file[at] = random(256)
        break
      case 1:
        file[at] = TOKENS[random(TOKENS.length)]!
        break
      case 2:
        file.writeUInt32LE(EDGES[random(EDGES.length)]!, Math.min(at, file.length - 4))
        break
      case 3:
        file.writeUInt16LE(EDGES[random(EDGES.length)]! & 0xffff, Math.min(at, file.length - 4))
        break
      case 4:
        file.copy(file, at, start + random(file.length - start), file.length)
        break
      default:
        // An offset of the chunk: to a name, a template, or into the middle of anything.
        file.writeUInt32LE(random(CHUNK_SIZE), Math.min(at, file.length - 4))
    }
  }
  if (random(2) === 0) sealAll(file)
  if (random(5) === 0) file = file.subarray(0, random(file.length))
  if (random(5) === 0) {
    const cut = random(file.length)
    file = Buffer.concat([file.subarray(0, cut), file.subarray(cut + random(5000))])
  }
  return file
}

/** Makes the checksums right again, so that damage shows late. */
function sealAll(file: Buffer): void {
  for (let at = HEADER_SIZE; at + CHUNK_SIZE <= file.length; at += CHUNK_SIZE) {
    const chunk = file.subarray(at, at + CHUNK_SIZE)
    const free = Math.min(chunk.readUInt32LE(48), CHUNK_SIZE)
    chunk.writeUInt32LE(crc32(chunk.subarray(512, Math.max(512, free))), 52)
    chunk.writeUInt32LE(crc32(chunk.subarray(128, 512), crc32(chunk.subarray(0, 120))), 124)
  }
}

function originalFiles(): Buffer[] {
  const real = corpusPaths('evtx', '.evtx').map((path) => readFileSync(path))
  return [builtFile(), ...real.filter((file) => file.length > HEADER_SIZE)]
}

function builtFile(): Buffer {
  const userData = element('UserData', [
    element('Inner', [{ value: 0 }, { entity: 'amp' }], { a: [{ value: 1 }] }),
  ])
  const sections = [
    value.nested(dataTemplate('Sid', 'Text', 'List'), [
      value.sid(5, 18),
      value.text('a<b'),
      value.texts('x', '', 'y'),
    ]),
    value.nested(userData, [value.nested(dataTemplate('Deep'), [value.hex64(5n)]), value.uint16(7)]),
    value.fragment(element('EventData', [element('Data', ['plain', { charRef: 65 }], { Name: ['n'] })])),
  ]
  const records = Array.from({ length: 60 }, (_, index) => eventRecord(index + 1, sections[index % 3]!))
  return buildFile(buildChunk(records))
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await fuzzProgram(fuzzEvtx, { usualInputs: 50_000, mostMegabytes: decoderMegabytes })
