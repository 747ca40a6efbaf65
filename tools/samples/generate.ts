// Writes the sample logs: `npx tsx tools/samples/generate.ts [--scale N] [--out DIR]`.
// The same in every run. A larger scale adds quiet days, on which nothing is to be found, so the expected rows stay.

import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Cast, SampleEvent } from './event.ts'
import { classicText, collectorJson, splunkExport, xmlLine, xmlPretty } from './render.ts'
import { Scenario } from './scenario.ts'

interface SampleFile {
  readonly name: string
  readonly cast: Cast
  readonly withRedirection?: boolean
  /** A day on which nothing has to be found: everyday work, and what only looks like the attack. */
  readonly isQuiet?: boolean
  readonly head?: string
  readonly tail?: string
  render(event: SampleEvent, index: number): string
}

/** The files. Each has computers and users of its own, so that it is plain which file a row comes from. */
export const sampleFiles: readonly SampleFile[] = [
  {
    name: 'powershell-operational.xml',
    cast: {
      domain: 'CORP',
      computers: ['ADM-WS01.corp.example', 'HR-WS07.corp.example'],
      target: 'FILE-SRV01',
      users: [
        { name: 'm.keller', sid: 'S-1-5-21-1004336348-1177238915-682003330-1108' },
        { name: 's.okafor', sid: 'S-1-5-21-1004336348-1177238915-682003330-1217' },
      ],
      start: Date.parse('2021-11-15T14:00:00Z'),
    },
    // Its text holds a `>`, which event XML escapes.
    withRedirection: true,
    render: (event) => `${xmlLine(event)}\n`,
  },
  {
    name: 'powershell-event-viewer.xml',
    cast: {
      domain: 'LAB',
      computers: ['LAB-WS02.lab.example', 'LAB-WS05.lab.example'],
      target: 'LAB-SRV03',
      users: [
        { name: 't.nguyen', sid: 'S-1-5-21-2127521184-1604012920-1887927527-1104' },
        { name: 'r.silva', sid: 'S-1-5-21-2127521184-1604012920-1887927527-1131' },
      ],
      start: Date.parse('2021-11-16T08:00:00Z'),
    },
    head: '<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<Events>\n',
    tail: '</Events>\n',
    render: (event) => `${xmlPretty(event)}\n`,
  },
  {
    name: 'powershell-wineventlog.txt',
    cast: {
      domain: 'FIN',
      computers: ['FIN-WS11.fin.example', 'FIN-WS14.fin.example'],
      target: 'FIN-SRV02',
      users: [
        { name: 'a.lindqvist', sid: 'S-1-5-21-3623811015-3361044348-30300820-1122' },
        { name: 'p.moreau', sid: 'S-1-5-21-3623811015-3361044348-30300820-1140' },
      ],
      start: Date.parse('2021-11-17T11:30:00Z'),
    },
    render: (event) => `${classicText(event)}\n`,
  },
  {
    name: 'powershell-collector.jsonl',
    cast: {
      domain: 'DEV',
      computers: ['DEV-WS21.dev.example', 'DEV-WS22.dev.example'],
      target: 'BUILD-SRV01',
      users: [
        { name: 'k.tanaka', sid: 'S-1-5-21-1757981266-484763869-1060284298-1106' },
        { name: 'j.adeyemi', sid: 'S-1-5-21-1757981266-484763869-1060284298-1119' },
      ],
      start: Date.parse('2021-11-18T16:00:00Z'),
    },
    render: (event) => `${collectorJson(event, 'DEV')}\n`,
  },
  {
    name: 'splunk-export.json',
    cast: {
      domain: 'OPS',
      computers: ['OPS-WS31.ops.example', 'OPS-WS33.ops.example'],
      target: 'OPS-SRV05',
      users: [
        { name: 'e.rossi', sid: 'S-1-5-21-4099021470-2286127493-905432217-1113' },
        { name: 'd.novak', sid: 'S-1-5-21-4099021470-2286127493-905432217-1128' },
      ],
      start: Date.parse('2021-11-19T09:00:00Z'),
    },
    // One computer's events were indexed as XML, the other's as classic text.
    render: (event, index) =>
      `${splunkExport(event, event.computer.startsWith('OPS-WS31') ? 'xml' : 'classic', index)}\n`,
  },
  {
    name: 'powershell-quiet-day.xml',
    isQuiet: true,
    cast: {
      domain: 'EDU',
      computers: ['EDU-WS41.edu.example', 'EDU-WS44.edu.example'],
      target: 'EDU-SRV07',
      users: [
        { name: 'h.yilmaz', sid: 'S-1-5-21-2893018471-1120945570-3340127765-1109' },
        { name: 'c.mensah', sid: 'S-1-5-21-2893018471-1120945570-3340127765-1126' },
      ],
      start: Date.parse('2021-11-22T07:30:00Z'),
    },
    render: (event) => `${xmlLine(event)}\n`,
  },
  {
    name: 'powershell-quiet-day.txt',
    isQuiet: true,
    cast: {
      domain: 'LAW',
      computers: ['LAW-WS51.law.example', 'LAW-WS52.law.example'],
      target: 'LAW-SRV04',
      users: [
        { name: 'i.kovacs', sid: 'S-1-5-21-1450960922-2088115306-774260401-1115' },
        { name: 'b.laurent', sid: 'S-1-5-21-1450960922-2088115306-774260401-1133' },
      ],
      start: Date.parse('2021-11-23T10:15:00Z'),
    },
    render: (event) => `${classicText(event)}\n`,
  },
]

/** The text of a file in pieces. */
export function* renderFile(file: SampleFile, scale: number): Iterable<string> {
  if (file.head !== undefined) yield file.head
  let index = 0
  for (const event of eventsOf(file, scale)) yield file.render(event, index++)
  if (file.tail !== undefined) yield file.tail
}

function* eventsOf(
  { cast, withRedirection = false, isQuiet = false }: SampleFile,
  scale: number,
): Iterable<SampleEvent> {
  const first = new Scenario(cast, cast.start)
  yield* isQuiet ? first.quiet() : first.attack(withRedirection)
  for (let day = 1; day < scale; day++) {
    const start = cast.start + day * 86_400_000
    yield* new Scenario({ ...cast, start }, start).quiet()
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { scale: { type: 'string' }, out: { type: 'string' } } })
  const scale = Number(values.scale ?? 1)
  if (!Number.isInteger(scale) || scale < 1)
    throw new Error(`--scale needs a whole number from 1, found "${values.scale}".`)
  const folder = values.out ?? fileURLToPath(new URL('../../samples/', import.meta.url))
  await mkdir(folder, { recursive: true })
  for (const file of sampleFiles) {
    await pipeline(Readable.from(renderFile(file, scale)), createWriteStream(join(folder, file.name)))
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main()
