// How long does it take until a scan with all of Splunk's content can begin, the first time and every other time?
//
//   npx tsx bench/load.ts [--runs 5] [--program dist/cli/main.js]
//
// Measures the built program (npm run build) from the outside: a scan of an empty folder is all that is not reading events,
// a scan of one EVTX file of 1 MB is what a person waits for. "Cold" has no cache of content, "cached" one from before.
// Where other work runs, compare the time of the main thread: on an idle machine it is about the wall time.

import { spawn } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { contentFolder } from './evidence.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    program: { type: 'string', default: join(root, 'dist/cli/main.js') },
  },
})

/** What one run of the program took, in seconds. */
interface Usage {
  readonly wallSeconds: number
  readonly cpuSeconds: number
  readonly mainSeconds: number
  readonly peakMegabytes: number
}

/** A megabyte of the open corpus of attack samples. */
const sample = join(root, '../shared/corpus/evtx/Defense Evasion/DE_1102_security_log_cleared.evtx')

const content = contentFolder()
if (content === undefined) {
  console.warn('SKIPPED: ../shared is missing, so there is no content to load')
  process.exit()
}
const scratch = mkdtempSync(join(tmpdir(), 'karst-load-'))
const nothing = join(scratch, 'nothing')
const one = join(scratch, 'one')
for (const folder of [nothing, one]) mkdirSync(folder)
const evidence: (readonly [name: string, folder: string])[] = [['nothing', nothing]]
if (existsSync(sample)) {
  copyFileSync(sample, join(one, 'sample.evtx'))
  evidence.push(['1 MB of EVTX', one])
}

async function run(folder: string): Promise<Usage> {
  const child = spawn(
    process.execPath,
    [
      '--import',
      join(root, 'bench/measured-run.mjs'),
      options.program,
      'scan',
      folder,
      '--content',
      content!,
      '-q',
    ],
    {
      stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
      // Reading the certificates of the system is not Karst's.
      env: { ...process.env, KARST_CACHE_DIR: join(scratch, 'cache'), NODE_EXTRA_CA_CERTS: '' },
    },
  )
  let usage = ''
  for await (const piece of child.stdio[3] as NodeJS.ReadableStream) usage += piece
  return JSON.parse(usage) as Usage
}

/** The run with the median time of the main thread. */
async function median(times: number, once: () => Promise<Usage>): Promise<Usage> {
  const results: Usage[] = []
  for (let time = 0; time < times; time++) results.push(await once())
  return results.sort((a, b) => a.mainSeconds - b.mainSeconds)[results.length >> 1]!
}

function report(title: string, { wallSeconds, mainSeconds, cpuSeconds, peakMegabytes }: Usage): void {
  const seconds = (value: number): string => `${value.toFixed(2).padStart(6)} s`
  console.log(
    `${title.padEnd(24)} ${seconds(mainSeconds)} main thread ${seconds(cpuSeconds)} all threads ${seconds(wallSeconds)} wall ${peakMegabytes.toFixed(0).padStart(5)} MB peak`,
  )
}

const times = Number(options.runs)
try {
  for (const [what, folder] of evidence) {
    const cold = await median(times, async () => {
      rmSync(join(scratch, 'cache'), { recursive: true, force: true })
      return await run(folder)
    })
    report(`${what}, cold`, cold)
    report(`${what}, cached`, await median(times, () => run(folder)))
  }
} finally {
  rmSync(scratch, { recursive: true })
}
