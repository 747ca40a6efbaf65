// How fast is EVTX decoded, per core, for each thing that a reader may ask for?
// Reads the files into memory, then decodes all of them again and again for a few seconds per question and prints the
// median pass. "header" is what a detection looks at first; "data" all items; "raw" the event XML.
//
//   npx tsx bench/decode-evtx.ts [PATH...]      default: ../shared/corpus/evtx
//
// Last numbers (2026-11-22, two cores of a shared Xeon, Node 20.20.2, 277 files, 38.2 MB, 8,255 records):
//   walk only 436,000 events/s, five header fields 364,000, data 202,000 (936 MB/s), raw 103,000, decoded JSON 104,000.
//   With six other programs on the two cores: data 64,000, raw 37,000. First pass, not yet compiled by V8: data 70,000.
//   From disk, 281 MB in one file: 107 MB of memory.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { decodedRecord } from '../src/decode/decoded-record.ts'
import { evtx } from '../src/decode/evtx/file.ts'
import type { RawEvent, WindowsRecord } from '../src/decode/reader.ts'

const SECONDS_PER_QUESTION = 4

type Question = (event: RawEvent, record: WindowsRecord) => number

const questions: Readonly<Record<string, Question>> = {
  'walk only': () => 0,
  'header: EventID': (_event, record) => record.system('EventID')!.length,
  'header: five fields': (event, record) =>
    record.system('EventID')!.length +
    (record.system('Channel')?.length ?? 0) +
    (record.systemAttribute('Provider.Name')?.length ?? 0) +
    (record.system('Computer')?.length ?? 0) +
    (event.time ?? 0),
  data: (_event, record) => record.data().length,
  'data + header + metadata': (event, record) =>
    record.data().length +
    record.system('EventID')!.length +
    (event.time ?? 0) +
    event.position.length +
    event.metadata.source!.length,
  raw: (event) => event.raw().length,
  'decoded JSON': (event) => JSON.stringify(decodedRecord('file', event)).length,
}

function evtxFilesIn(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path).flatMap((name) => {
    const inner = join(path, name)
    return statSync(inner).isDirectory() || name.endsWith('.evtx') ? evtxFilesIn(inner) : []
  })
}

async function* chunksOf(bytes: Buffer): AsyncGenerator<Buffer> {
  const readSize = 64 * 1024
  for (let at = 0; at < bytes.length; at += readSize) yield bytes.subarray(at, at + readSize)
}

async function pass(files: readonly Buffer[], ask: Question): Promise<{ events: number; checksum: number }> {
  let events = 0
  let checksum = 0
  for (const bytes of files) {
    const input = { name: 'memory', chunks: () => chunksOf(bytes) }
    for await (const group of evtx.decode(input, { recover: false, onDamage: () => {} })) {
      for (const event of group) {
        if (event.content.kind === 'windows') checksum += ask(event, event.content.record)
      }
      events += group.length
    }
  }
  return { events, checksum }
}

const paths = process.argv.length > 2 ? process.argv.slice(2) : ['../shared/corpus/evtx']
const missing = paths.filter((path) => !existsSync(path))
if (missing.length > 0) {
  console.error(`Nothing to decode: ${missing.join(', ')} is not there. Name EVTX files or folders.`)
  process.exit(3)
}
const files = paths.flatMap(evtxFilesIn).map((path) => readFileSync(path))
const megabytes = files.reduce((sum, bytes) => sum + bytes.length, 0) / 1e6

console.log(`${files.length} files, ${megabytes.toFixed(1)} MB; Node ${process.version}`)
for (const [name, ask] of Object.entries(questions)) {
  const cold = process.hrtime.bigint()
  const { events } = await pass(files, ask)
  const coldMs = Number(process.hrtime.bigint() - cold) / 1e6
  const times: number[] = []
  const until = Date.now() + SECONDS_PER_QUESTION * 1000
  while (Date.now() < until) {
    const start = process.hrtime.bigint()
    await pass(files, ask)
    times.push(Number(process.hrtime.bigint() - start) / 1e6)
  }
  times.sort((left, right) => left - right)
  const median = times[times.length >> 1]!
  console.log(
    `${name.padEnd(26)} ${Math.round(events / (median / 1000)).toLocaleString('en')} events/s`.padEnd(48) +
      `${(megabytes / (median / 1000)).toFixed(0)} MB/s, ${median.toFixed(0)} ms a pass (first ${coldMs.toFixed(0)} ms), ` +
      `best ${Math.round(events / (times[0]! / 1000)).toLocaleString('en')}`,
  )
}
console.log(`peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB, files included`)
