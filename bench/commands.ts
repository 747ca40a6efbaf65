// How many rows a second do single commands take, and how much memory do they need?
//
//   npm run build && node --expose-gc --import tsx bench/commands.ts [ROWS]
//
// Rows are synthetic: a million with a few hot values, as in Windows logs, in batches of 4,096. The reading of each
// search's rows is part of its time. Numbers compare within one run only.
//
// last run: see bench/README.md

import { locatedText } from '../src/diagnostics/source.ts'
import type { EventSource } from '../src/spl/host.ts'
import { emptyHost, parseSearch, runSearch } from '../src/spl/index.ts'
import { Batch, batchRows } from '../src/value/batch.ts'
import { dict, plain } from '../src/value/column.ts'
import type { Value } from '../src/value/value.ts'

const searches: readonly string[] = [
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
  '* | head 100000 | transaction Computer User maxspan=1m',
  '* | table _time Computer CommandLine | rename Computer as dest | fillnull value=- dest',
]

const rowCount = Number(process.argv[2] ?? 1_000_000)
const batches = syntheticBatches(rowCount)
const source: EventSource = {
  scan: () => ({
    batches: (async function* () {
      yield* batches
    })(),
    applied: { filter: false, times: false },
  }),
}

console.log(`${rowCount.toLocaleString('en')} rows, Node ${process.version}`)
console.log('  rows/s    ms  heap MB  rows out  search')
for (const spl of searches) {
  globalThis.gc?.()
  const before = process.memoryUsage().heapUsed
  let peak = before
  const started = performance.now()
  const options = { now: 1_700_000_000, timeZone: 'UTC' }
  const { pipeline } = parseSearch(locatedText({ name: 'bench', text: spl }), emptyHost.macros, options)
  let out = 0
  try {
    for await (const batch of runSearch(pipeline, { ...emptyHost, source }, options)) {
      // A column is computed when it is read: read one that the command made.
      const last = batch.names().at(-1)
      if (last !== undefined) batch.column(last)
      out += batch.length
      peak = Math.max(peak, process.memoryUsage().heapUsed)
    }
  } catch (error) {
    console.log(`         failed: ${spl}: ${(error as Error).message}`)
    continue
  }
  const ms = performance.now() - started
  const cells = [
    Math.round((rowCount / ms) * 1000)
      .toLocaleString('en')
      .padStart(10),
    ms.toFixed(0).padStart(6),
    ((peak - before) / 1e6).toFixed(0).padStart(8),
    String(out).padStart(9),
  ]
  console.log(`${cells.join('')}  ${spl}`)
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
