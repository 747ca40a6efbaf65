// Fuzzes the text decoders: damages small files of every layout and pieces of real ones, and reads them with every
// decoder, whole and in chunks. Nothing may throw or take long, and where chunks end may change nothing.
//
//   npx tsx test/fuzz/text-decoders.ts [SECONDS [SEED]]      see README.md

import { fileURLToPath } from 'node:url'
import { decoders, detectFormat } from '../../src/decode/detect-format.ts'
import type { Decoder } from '../../src/decode/reader.ts'
import { type Decoded, decodeChunks, summary } from '../support/decode-all.ts'
import { type RandomNumbers, randomNumbers } from '../support/random-numbers.ts'
import { archivedTexts, eventXmls, sampleFiles } from './shared/corpus.ts'
import { fuzzProgram, inputNumbers, type Run, seedOf } from './shared/extent.ts'
import { decoderMegabytes, inTime } from './shared/limits.ts'

/** For an input of some KiB; generous, as machines are shared. */
const MAX_INPUT_MS = 2000
/** So much of each real file is at hand, and so much of it, at most, goes into an input. */
const MAX_FILE_BYTES = 1024 * 1024
const MAX_PIECE_BYTES = 8 * 1024

export interface TextReport {
  readonly seed: number
  inputs: number
  events: number
  damages: number
  slowest: { readonly input: number; readonly ms: number }
}

const windowsXml = `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name="P" Guid='{g}'/><EventID Qualifiers='1'>4688</EventID><TimeCreated SystemTime='2020-10-08T11:03:46.617920300Z'/><Channel>Security</Channel><Computer>dc1</Computer></System><EventData><Data Name='User'>a &amp; b</Data><Data><![CDATA[x]]></Data><Binary>C1</Binary></EventData><RenderingInfo><Message>m</Message></RenderingInfo></Event>`
const classic = `10/08/2020 11:03:46 AM\r\nLogName=Security\r\nEventCode=4624\r\nComputerName=dc1\r\nMessage=An account\r\n\r\n\tx:\ty\r\n`
const nxlog = `{"EventTime":"2020-09-04 03:29:45","Hostname":"ws5","Keywords":-9214364837600034816,"EventID":13,"EventType":"SetValue","Channel":"Security","SourceModuleType":"im","@timestamp":"2020-09-04T07:31:47.604Z","EventReceivedTime":"2020-09-04 03:31:47","Image":"C:\\\\a.exe"}`
const schema = `{"Event":{"System":{"Provider":{"#attributes":{"Name":"P"}},"EventID":{"#text":1},"Channel":"c"},"EventData":{"Data":[{"@Name":"a","#text":"1"},null]}}}`

/** Small files of every layout. */
const layouts: readonly string[] = [
  `<?xml version="1.0"?>\r\n<Events>${windowsXml}\r\n<!-- c -->${windowsXml}</Events>`,
  windowsXml.replaceAll('><', '>\n  <'),
  classic + classic,
  `${nxlog}\n${nxlog}\n{"a": 1.0, "b": [1, {"c": "\\u0041"}]}\n`,
  `[${schema},\n${schema}]`,
  `{"Records":[{"eventName":"x","n":9007199254740993}],"x":{}}`,
  `{"preview":false,"results":[{"_raw":"r","_time":"1602155026.5","m":["a"]}]}\n{"result":{"a":"b"}}`,
  JSON.stringify({ event: windowsXml, time: 1602155026, fields: { a: ['b'] } }) +
    JSON.stringify({ event: { a: 1 } }),
  JSON.stringify({ event: classic, sourcetype: 'WinEventLog' }),
  `{"winlog":{"event_id":1,"channel":"c","event_data":{"a":"b"},"user_data":{"xml_name":"L","x":1}},"log":{}}`,
  `"_raw","_time",host\r\n"a ""b""\nc","2021-01-22T03:44:16.500+0000",h\r\nd,1,\r\n`,
  'Oct  8 11:03:46 host sshd[1]: Accepted\nGrüße, 🚀\n\n\tcontinued\n',
]

/** What damage likes to consist of. */
const tokens = [
  ...[
    '<Event>',
    '</Event>',
    '<Event ',
    '<System>',
    '</System>',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '<Data',
    '&#x41;',
    '&',
    "'",
  ],
  ...[
    '"',
    '\\',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '\n',
    '\r\n',
    '\0',
    '\ufeff',
    '{"a":1}\n',
    '{"Records":[',
    '1e999',
    '"__proto__":1,',
  ],
  ...[
    '\nLogName=',
    '10/08/2020 11:03:46 AM\n',
    '""',
    ',"',
    '99999999999999999999',
    'NaN',
    '\u0001',
    '%',
    '$;$',
  ],
].map((token) => Buffer.from(token))

/**
 * Decodes damaged files.
 *
 * @throws the first time that a promise of the decoders is broken, with the input that shows it again
 */
export async function fuzzTextDecoders(run: Run): Promise<TextReport> {
  const report: TextReport = {
    seed: run.seed,
    inputs: 0,
    events: 0,
    damages: 0,
    slowest: { input: 0, ms: 0 },
  }
  const textDecoders = decoders.filter(({ format }) => format !== 'evtx')
  const files = await originalFiles()
  for (const number of inputNumbers(run)) {
    const random = randomNumbers(seedOf(run.seed, number))
    const input = damaged(random, files)
    // What is decoded again, because the machine was busy, is cut at the same places.
    const cuts = seedOf(run.seed + 1, number)
    let [events, damages] = [0, 0]
    try {
      const ms = await inTime(MAX_INPUT_MS, async () => {
        detectFormat(input)
        ;[events, damages] = [0, 0]
        for (const decoder of textDecoders) {
          const decoded = await checked(decoder, input, randomNumbers(cuts))
          events += decoded.events.length
          damages += decoded.damages.length
        }
      })
      if (ms > report.slowest.ms) report.slowest = { input: number, ms: Math.round(ms) }
    } catch (error) {
      const shown = JSON.stringify(input.toString('latin1'))
      throw new Error(`input ${number} of seed ${run.seed}: ${shown}`, { cause: error })
    }
    report.inputs++
    report.events += events
    report.damages += damages
  }
  return report
}

/** What is damaged: small files, whole, and real ones, of which a piece is taken. */
interface Originals {
  readonly small: readonly Buffer[]
  readonly large: readonly Buffer[]
}

async function originalFiles(): Promise<Originals> {
  const xml = await eventXmls(3)
  return {
    small: [...layouts, ...xml].map((text) => Buffer.from(text)),
    large: [...sampleFiles(), ...(await archivedTexts(MAX_FILE_BYTES))].map((file) =>
      file.subarray(0, MAX_FILE_BYTES),
    ),
  }
}

/** A small file, or a piece of a large one that begins with a line or anywhere. */
function original(random: RandomNumbers, { small, large }: Originals): Buffer {
  if (random(2) === 0) return small[random(random(2) === 0 ? layouts.length : small.length)]!
  const file = large[random(large.length)]!
  const somewhere = random(file.length)
  const start = random(4) === 0 ? somewhere : file.lastIndexOf('\n', somewhere) + 1
  return file.subarray(start, start + 1 + random(MAX_PIECE_BYTES))
}

/** Decodes whole and in chunks, and reads everything that events offer. */
async function checked(decoder: Decoder, input: Buffer, random: RandomNumbers): Promise<Decoded> {
  const whole = await decodeChunks(
    decoder,
    chunked(input, () => input.length),
  )
  const largest = 1 + random(random(2) === 0 ? 8 : 300)
  const cut = await decodeChunks(
    decoder,
    chunked(input, () => 1 + random(largest)),
  )
  const [one, other] = [JSON.stringify(summary(whole)), JSON.stringify(summary(cut))]
  if (one !== other) throw new Error(`${decoder.format}: chunks change the result\n${one}\n${other}`)
  for (const { content, raw, metadata, time } of whole.events) {
    if (typeof raw !== 'function' || typeof metadata !== 'object') throw new Error('an event lacks its parts')
    if (time !== undefined && !Number.isFinite(time))
      throw new Error(`${decoder.format}: a time is no number`)
    if (content.kind !== 'windows') continue
    const { record } = content
    record.sectionXml()
    record.rendering('Keywords')
    for (const { value } of record.data())
      if (typeof value !== 'string') throw new Error('a value is no text')
  }
  return whole
}

async function* chunked(input: Buffer, size: () => number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < input.length; ) {
    const end = at + size()
    yield input.subarray(at, end)
    at = end
  }
}

function damaged(random: RandomNumbers, files: Originals): Buffer {
  let bytes = Buffer.from(original(random, files))
  if (random(8) === 0) bytes = Buffer.concat([bytes, original(random, files)])
  for (let changes = random(12); changes > 0 && bytes.length > 0; changes--) {
    const at = random(bytes.length)
    const end = Math.min(bytes.length, at + random(random(4) === 0 ? 400 : 8))
    const before = bytes.subarray(0, at)
    switch (random(6)) {
      case 0:
        bytes[at] = random(256)
        break
      case 1:
        bytes = Buffer.concat([before, tokens[random(tokens.length)]!, bytes.subarray(at)])
        break
      case 2:
        bytes = Buffer.concat([before, bytes.subarray(end)])
        break
      case 3:
        bytes = Buffer.concat([before, bytes.subarray(at, end), bytes.subarray(at)])
        break
      case 4:
        bytes = Buffer.concat([
          before,
          ...Array.from({ length: random(60) }, () => tokens[random(tokens.length)]!),
        ])
        break
      case 5:
        bytes = Buffer.concat([before, tokens[random(tokens.length)]!, bytes.subarray(end)])
        break
    }
  }
  return random(10) === 0 ? Buffer.from(bytes.toString('utf8'), 'utf16le') : bytes
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await fuzzProgram(fuzzTextDecoders, { usualInputs: 5_000, mostMegabytes: decoderMegabytes })
