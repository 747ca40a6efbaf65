// How fast are many detections, compared with one, and in how much memory?
//
//   npm run bench [-- --gigabytes 1 --runs 3 --forms evtx,xml,json --plain-megabytes 4]
//
// Measures the built program (npm run build) from the outside, as users run it. The machine may be busy with other
// things, so compare CPU seconds and ratios of one session rather than wall times of two. bench/README.md has the history.

import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import {
  type BenchEvidence,
  contentFolder,
  type EvidenceForm,
  filesIn,
  prepareEvidence,
  slice,
} from './evidence.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

const { values: options } = parseArgs({
  options: {
    gigabytes: { type: 'string', default: '1' },
    runs: { type: 'string', default: '3' },
    forms: { type: 'string', default: 'evtx,xml,json' },
    'plain-megabytes': { type: 'string', default: '4' },
    program: { type: 'string', default: join(root, 'dist/cli/main.js') },
  },
})
const { program } = options
const runs = Number(options.runs)
const oneDetection = ['--detection', 'Remote Process Instantiation via DCOM and PowerShell Script Block']
const content = contentFolder()
const allDetections = content === undefined ? [] : ['--content', content]

/** What one run of the program took and gave. */
interface Run {
  readonly wallSeconds: number
  readonly cpuSeconds: number
  readonly peakMegabytes: number
  readonly events: number
  readonly loaded: number
  readonly ran: number
  readonly findings: number
  /** Over the findings in any order, so that two runs can be compared. */
  readonly digest: string
}

/** A cache of content of the bench's own: all runs but the first have it. */
const cacheFolder = join(tmpdir(), `karst-bench-cache-${process.pid}`)

async function run(args: readonly string[]): Promise<Run> {
  const scratch = join(tmpdir(), `karst-bench-${process.pid}`)
  const findingsFile = `${scratch}.ndjson`
  const reportFile = `${scratch}.report`
  const child = spawn(
    process.execPath,
    [
      ...['--import', join(root, 'bench/measured-run.mjs'), program, 'scan', ...args],
      ...['--no-progress', '--report', reportFile, '-o', `ndjson=${findingsFile}`],
    ],
    { stdio: ['ignore', 'ignore', 'pipe', 'pipe'], env: { ...process.env, KARST_CACHE_DIR: cacheFolder } },
  )
  const [errors, usage] = await Promise.all([
    textOf(child.stderr!),
    textOf(child.stdio[3] as NodeJS.ReadableStream),
  ])
  const events = /([\d,]+) events?/.exec(errors)?.[1]
  if (usage === '' || events === undefined) throw new Error(`The program failed: ${errors}`)
  const findings = lines(readFileSync(findingsFile, 'utf8')).sort()
  const outcomes = lines(readFileSync(reportFile, 'utf8')).map(
    (line) => JSON.parse(line) as { status: string },
  )
  for (const file of [findingsFile, reportFile]) rmSync(file)
  return {
    ...(JSON.parse(usage) as Pick<Run, 'wallSeconds' | 'cpuSeconds' | 'peakMegabytes'>),
    events: Number(events.replaceAll(',', '')),
    loaded: outcomes.length,
    ran: outcomes.filter(({ status }) => status === 'ran').length,
    findings: findings.length,
    digest: createHash('sha256').update(findings.join('\n')).digest('hex').slice(0, 12),
  }
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = ''
  for await (const piece of stream) text += piece
  return text
}

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '')

/** The run with the median CPU time of several. */
async function median(args: readonly string[], times = runs): Promise<Run> {
  const results: Run[] = []
  for (let time = 0; time < times; time++) results.push(await run(args))
  return results.sort((a, b) => a.cpuSeconds - b.cpuSeconds)[results.length >> 1]!
}

/** Brings the files into the page cache, so that the disk is not what is measured. */
async function warm(folder: string): Promise<void> {
  for (const file of filesIn(folder))
    for await (const piece of createReadStream(file)) if (piece.length < 0) return
}

const seconds = (value: number): string => value.toFixed(2).padStart(7)
const count = (value: number): string => Math.round(value).toLocaleString('en')

function report(title: string, { bytes }: { bytes: number }, result: Run, load: Run): void {
  const wall = result.wallSeconds - load.wallSeconds
  const cpu = result.cpuSeconds - load.cpuSeconds
  console.log(
    `  ${title.padEnd(16)} ${seconds(wall)} s wall ${seconds(cpu)} s CPU ${count(result.events / wall).padStart(9)} events/s wall ` +
      `${count(result.events / cpu).padStart(9)} events/s CPU ${(bytes / 1e6 / wall).toFixed(0).padStart(4)} MB/s ` +
      `${result.peakMegabytes.toFixed(0).padStart(4)} MB peak; ${count(result.events)} events, ${result.ran} of ${result.loaded} ran, ` +
      `${count(result.findings)} findings (${result.digest})`,
  )
}

async function measure(evidence: BenchEvidence, loadOne: Run, loadAll: Run): Promise<void> {
  console.log(
    `\n${evidence.form}: ${evidence.origin}, ${(evidence.bytes / 1e6).toFixed(0)} MB (load time taken off)`,
  )
  await warm(evidence.repeated)
  const one = await median([evidence.repeated, ...oneDetection])
  report('one detection', evidence, one, loadOne)
  const all = await median([evidence.repeated, ...allDetections])
  report('all detections', evidence, all, loadAll)
  const ratio = (of: 'wallSeconds' | 'cpuSeconds'): string =>
    ((all[of] - loadAll[of]) / (one[of] - loadOne[of])).toFixed(2)
  console.log(`  all ÷ one: ${ratio('wallSeconds')} wall, ${ratio('cpuSeconds')} CPU`)
}

async function measurePlain(evidence: BenchEvidence, megabytes: number, load: Run): Promise<void> {
  const folder = slice(evidence, megabytes * 1e6)
  await warm(folder)
  const shared = await median([folder, ...allDetections])
  const plain = await median([folder, ...allDetections, '--plain'], 1)
  const cost = ({ cpuSeconds }: Run): number => cpuSeconds - load.cpuSeconds
  console.log(
    `\nshared ÷ plain on ${megabytes} MB of ${evidence.form}: ${cost(shared).toFixed(2)} s and ${cost(plain).toFixed(1)} s CPU, ` +
      `${(cost(plain) / cost(shared)).toFixed(0)} times; findings ${shared.digest === plain.digest ? 'equal' : 'DIFFER'} (${shared.findings})`,
  )
}

if (!existsSync(program)) {
  console.error('Build first: npm run build')
  process.exit(3)
}
console.log(
  `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}; median of ${runs} runs; ` +
    `content: ${content === undefined ? 'bundled pack' : 'ESCU'}`,
)
const nothing = join(tmpdir(), `karst-bench-empty-${process.pid}`)
mkdirSync(nothing, { recursive: true })
const loadOne = await median([nothing, ...oneDetection])
const loadAll = await median([nothing, ...allDetections])
console.log(
  `load: one detection ${seconds(loadOne.wallSeconds)} s wall ${seconds(loadOne.cpuSeconds)} s CPU; ` +
    `all ${seconds(loadAll.wallSeconds)} s wall ${seconds(loadAll.cpuSeconds)} s CPU, ${loadAll.peakMegabytes.toFixed(0)} MB`,
)
const forms = options.forms.split(',') as EvidenceForm[]
for (const [index, form] of forms.entries()) {
  const evidence = await prepareEvidence(form, Number(options.gigabytes) * 1e9)
  if (index === 0) {
    const small = slice(evidence, 1.2e6)
    const result = await median([small, ...allDetections])
    console.log(
      `1 MB of ${form}, everything included: ${seconds(result.wallSeconds)} s wall ${seconds(result.cpuSeconds)} s CPU`,
    )
  }
  await measure(evidence, loadOne, loadAll)
  if (index === 0) await measurePlain(evidence, Number(options['plain-megabytes']), loadAll)
}
rmSync(nothing, { recursive: true })
rmSync(cacheFolder, { recursive: true, force: true })
