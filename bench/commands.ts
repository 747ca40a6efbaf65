// How many rows a second do single commands take, and how much memory do they need? How long does reading searches take?
//
//   node --expose-gc --import tsx bench/commands.ts [SYNTHETIC_ROWS] [REAL_ROWS]
//
// Synthetic rows: a million with a few hot values, as in Windows logs, in batches of 4,096. Real rows: 200,000 events of
// the recordings in ../shared/corpus with the fields that detections ask for most, read beforehand. Time is that of the
// CPU, threads of the garbage collector included, so that a busy machine does not count. Memory is the peak of the process
// above what it held before (Linux only). Numbers compare within one run only.
//
// last run: see bench/README.md

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { locatedText } from '../src/diagnostics/source.ts'
import { openKarst } from '../src/engine/engine.ts'
import type { EventSource } from '../src/spl/host.ts'
import { emptyHost, parseSearch, runSearch } from '../src/spl/index.ts'
import { Batch, batchRows } from '../src/value/batch.ts'
import { dict, mapColumn, plain } from '../src/value/column.ts'
import { numberOf, type Value } from '../src/value/value.ts'
import { contentFolder, prepareEvidence } from './evidence.ts'

const syntheticSearches: readonly string[] = [
  '*',
  'EventCode=4688 Computer=ws1*',
  '* | stats count by Computer',
  '* | stats count min(_time) max(_time) values(User) dc(CommandLine) by Computer EventCode',
  '* | eval kind=case(EventCode=1, "sysmon", len(CommandLine)>40, "long", true(), "short")',
  '* | eval name=lower(User), n=len(CommandLine)*2',
  '* | where like(CommandLine, "%-enc%") AND EventCode=4688',
  '* | rex field=CommandLine "(?<exe>[^\\\\\\\\ ]+\\.exe)"',
  '* | dedup Computer User EventCode',
  '* | sort 0 - _time Computer',
  '* | sort 0 Computer | head 10',
  '* | eventstats count by User',
  '* | streamstats count by Computer',
  '* | join type=inner User [search EventCode=4624 | stats count as logons by User]',
  '* | transaction User maxspan=1m',
  '* | transaction Computer User maxspan=1m',
  '* | transaction User startswith=eval(EventCode=4624) endswith=eval(EventCode=4688)',
  '* | table _time Computer CommandLine | rename Computer as dest | fillnull value=- dest',
]

const realSearches: readonly string[] = [
  '*',
  '* | stats count by host EventCode',
  '* | stats count min(_time) max(_time) values(user) dc(process) by dest process_name',
  '* | eval kind=case(EventCode=1, "sysmon", len(process)>40, "long", true(), "short"), name=lower(user)',
  '* | where like(process, "%-enc%") OR match(process, "(?i)invoke-")',
  '* | rex field=Message "(?i)process\\s*name:\\s*(?<name>\\S+)"',
  '* | dedup host user EventCode',
  '* | join type=inner user [search EventCode=4624 | stats count as logons by user]',
  '* | sort 0 - _time host',
  '* | transaction host process_name maxspan=5m',
  '* | transaction host maxpause=1s',
]

/** What detections ask for most, and the message. */
const realFields = [
  ...['_time', 'host', 'source', 'sourcetype', 'EventCode', 'user', 'dest', 'Message'],
  ...['process', 'process_name', 'parent_process', 'parent_process_name'],
]

const [syntheticRows = 1_000_000, realRows = 200_000] = process.argv.slice(2).map(Number)
const options = { now: 1_700_000_000, timeZone: 'UTC' }
const isLinux = process.platform === 'linux'

console.log(`Node ${process.version}`)
await measureReading()
await measureSearches(
  `${syntheticRows.toLocaleString('en')} synthetic rows`,
  syntheticBatches(syntheticRows),
  syntheticSearches,
)
const corpus = fileURLToPath(new URL('../../shared/corpus', import.meta.url))
if (existsSync(corpus)) {
  const { batches, recorded } = await realBatches(realRows)
  const shown = (count: number): string => count.toLocaleString('en')
  await measureSearches(
    `${shown(realRows)} rows of OTRF and EVTX recordings (${shown(recorded)}, repeated a year earlier)`,
    batches,
    realSearches,
  )
} else console.warn('SKIPPED: ../shared/corpus is missing, so no real rows were measured.')

/** Macro expansion and parsing of all searches of the content. */
async function measureReading(): Promise<void> {
  const content = contentFolder()
  if (content === undefined)
    console.warn('SKIPPED: ../shared/corpus is missing, so the bundled searches are read.')
  const opening = process.cpuUsage()
  const karst = await openKarst(content === undefined ? {} : { content: [content] })
  const loading = cpuMilliseconds(opening)
  const searches = karst.content.detections.map(({ search }) => search)
  let characters = 0
  let failed = 0
  const held = resetPeak()
  const started = process.cpuUsage()
  for (const search of searches) {
    try {
      characters += parseSearch(search, karst.knowledge.macros, options).expanded.text.length
    } catch {
      failed++
    }
  }
  const ms = cpuMilliseconds(started)
  console.log(
    `\nreading ${searches.length} searches (${(characters / 1e6).toFixed(1)} MB after macros): ${ms.toFixed(0)} ms, ` +
      `${Math.round((searches.length / ms) * 1000).toLocaleString('en')} a second, ${peakAbove(held)} MB; ` +
      `${failed} cannot be read; loading the content took ${loading.toFixed(0)} ms`,
  )
}

async function measureSearches(
  title: string,
  batches: readonly Batch[],
  searches: readonly string[],
): Promise<void> {
  const rows = batches.reduce((sum, { length }) => sum + length, 0)
  const source: EventSource = {
    scan: () => ({
      batches: (async function* () {
        yield* batches
      })(),
      applied: { filter: false, times: false },
    }),
  }
  console.log(`\n${title}\n    rows/s  CPU ms  peak MB  rows out  search`)
  for (const spl of searches) {
    const held = resetPeak()
    const started = process.cpuUsage()
    const { pipeline } = parseSearch(locatedText({ name: 'bench', text: spl }), emptyHost.macros, options)
    let out = 0
    try {
      for await (const batch of runSearch(pipeline, { ...emptyHost, source }, options)) {
        // A column is computed when it is read: read one that the command made.
        const last = batch.names().at(-1)
        if (last !== undefined) batch.column(last)
        out += batch.length
      }
    } catch (error) {
      console.log(`         failed: ${spl}: ${(error as Error).message}`)
      continue
    }
    const ms = cpuMilliseconds(started)
    const cells = [
      Math.round((rows / ms) * 1000)
        .toLocaleString('en')
        .padStart(10),
      ms.toFixed(0).padStart(8),
      peakAbove(held).padStart(9),
      String(out).padStart(10),
    ]
    console.log(`${cells.join('')}  ${spl}`)
  }
}

function cpuMilliseconds(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1000
}

/** A figure of the process in megabytes. */
function memory(name: 'VmHWM' | 'VmRSS'): number {
  const status = readFileSync('/proc/self/status', 'utf8')
  return Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024
}

/** Collects garbage, begins a new peak, and gives what the process holds. */
function resetPeak(): number {
  // The first collection frees, the second gives the pages back.
  globalThis.gc?.()
  globalThis.gc?.()
  if (!isLinux) return 0
  writeFileSync('/proc/self/clear_refs', '5')
  return memory('VmRSS')
}

function peakAbove(held: number): string {
  return isLinux ? Math.max(0, memory('VmHWM') - held).toFixed(0) : '-'
}

/** Rows of the recordings with the fields that are there; those that are missing to so many are repeated a year earlier. */
async function realBatches(count: number): Promise<{ batches: Batch[]; recorded: number }> {
  const folders = [(await prepareEvidence('json', 1)).single, (await prepareEvidence('evtx', 1)).single]
  const karst = await openKarst()
  const once: Batch[] = []
  for await (const batch of karst.search('*', folders).rows) once.push(batch.detach(new Set(realFields)))
  const recorded = once.reduce((sum, { length }) => sum + length, 0)
  const batches: Batch[] = []
  let left = count
  for (let year = 0; left > 0; year++) {
    for (const batch of once) {
      const times = mapColumn(batch.column('_time')!, (time) => numberOf(time)! - year * 365 * 86_400)
      batches.push(batch.with([['_time', times]]).slice(0, left))
      left -= batch.length
      if (left <= 0) break
    }
  }
  return { batches, recorded: Math.min(recorded, count) }
}

/** Rows with skewed values, newest first. Numbers are those of a linear congruence, so every run has the same. */
function syntheticBatches(count: number): Batch[] {
  let state = 1
  const random = (limit: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) ** 2 * limit)
  }
  const computers = Array.from({ length: 200 }, (_, n) => `ws${n}.corp.example`)
  const users = Array.from({ length: 500 }, (_, n) => `CORP\\user${n}`)
  const codes = ['4688', '4624', '1', '3', '4104', '4663']
  const commands = Array.from(
    { length: 5000 },
    (_, n) => `C:\\Windows\\System32\\tool${n % 300}.exe /a ${n} ${n % 7 === 0 ? '-enc SQBFAFgA' : 'run'}`,
  )
  const made: Batch[] = []
  for (let start = 0; start < count; start += batchRows) {
    const length = Math.min(batchRows, count - start)
    const coded = (values: readonly Value[]) =>
      dict(
        values,
        Uint32Array.from({ length }, () => random(values.length)),
      )
    const rows: Value[] = Array.from({ length }, () => commands[random(commands.length)])
    made.push(
      new Batch(length, [
        ['_time', plain(Array.from({ length }, (_, row) => 1_700_000_000 - (start + row) * 0.1))],
        ['Computer', coded(computers)],
        ['User', coded(users)],
        ['EventCode', coded(codes)],
        ['CommandLine', plain(rows)],
      ]),
    )
  }
  return made
}
