// Fuzzes the language: searches put together from pieces, and real ones damaged, are expanded, parsed and run over rows
// with hostile names and values. A search may be refused; nothing else may be thrown, and none may take long.
//
//   npx tsx test/fuzz/spl.ts [SECONDS] [SEED]

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runConformanceCase } from '../../src/engine/conform.ts'
import { commands } from '../../src/spl/commands/index.ts'
import { functions } from '../../src/spl/eval/functions/index.ts'
import { aggregates } from '../../src/spl/stats/aggregates/index.ts'
import { type RandomNumbers, randomNumbers } from '../support/random-numbers.ts'

const detectionFolder = fileURLToPath(new URL('../../../shared/corpus/escu/detections', import.meta.url))
const maxMs = 5000

export interface SplFuzzReport {
  readonly seed: number
  searches: number
  ran: number
  refused: number
  slowestMs: number
}

/** Rows with names and values that have broken query engines before. */
const rows: readonly Readonly<Record<string, string | number | readonly string[]>>[] = [
  { a: '1', b: 'x', host: 'web1', _time: 1_700_000_000, _raw: 'a=1 b=x "quoted" {"k":[1,{"z":"y"}]}' },
  { a: '-0', b: '', ['__proto__']: 'p', constructor: 'c', _time: 1_699_999_000, _raw: '<x>1</x>' },
  { a: ['1', '2', 'x'], 'my field': 'é\u0000\ud800', _time: 1_699_000_000, _raw: '' },
  { a: '1e308', b: '%00*?[](', 'x.y{}': ['a', 'a'], 'c|d': '"' },
  { a: '99999999999999999999', b: '10.0.0.0/8', _time: 'never' },
]

const words = [
  'a', 'b', 'host', '_time', '_raw', '"my field"', "'my field'", '*', 'a*', 'x.y{}', '__proto__', '1', '-1', '0', '1e400',
  '"x"', '"*"', '"(a+)+$"', '"%Y-%m-%d"', '"s/a/b/g"', '5m', '1h', '-1d@d', 'by', 'as', 'AS', 'over', 'where', 'output',
  'OUTPUTNEW', 'IN', 'NOT', 'AND', 'OR', '(', ')', ',', '=', '!=', '<', '>=', '+', '-', '*', '/', '%', '.', '[', ']', '|',
  'span=1h', 'limit=2', 'field=a', 'max_match=0', 'window=3', 'current=f', 'mode=sed', 'true()', 'null()', '`', '```',
  '"(?<g>\\\\d+)"', '[search a=1 | fields a]', '[| makeresults | return $a]', '$a$', '\\', "'", '"', '<<FIELD>>', '\u202e',
] // biome-ignore format: a list

const names = [
  ...commands.map(({ name }) => name),
  ...functions.map(({ name }) => `${name}(`),
  ...aggregates.map(({ name }) => `${name}(a)`),
]

/** Runs random searches for so many seconds. Throws the first time that a promise is broken, with the search. */
export async function fuzzSpl(seconds: number, seed: number): Promise<SplFuzzReport> {
  const random = randomNumbers(seed)
  const known = examples()
  const real = realSearches()
  const report: SplFuzzReport = { seed, searches: 0, ran: 0, refused: 0, slowestMs: 0 }
  const until = Date.now() + seconds * 1000
  do {
    const originals = real.length > 0 && random(3) === 0 ? real : known
    const spl = random(4) === 0 ? assembled(random) : damaged(originals[random(originals.length)]!, random)
    const started = performance.now()
    let result: Awaited<ReturnType<typeof runConformanceCase>>
    try {
      result = await runConformanceCase({ id: 'fuzz', spl, input: rows, now: 1_700_000_000 })
    } catch (error) {
      throw new Error(`search ${report.searches} of seed ${seed}: ${JSON.stringify(spl)}`, { cause: error })
    }
    const ms = performance.now() - started
    if (ms > maxMs)
      throw new Error(`search ${report.searches} of seed ${seed} took ${ms} ms: ${JSON.stringify(spl)}`)
    report.slowestMs = Math.max(report.slowestMs, ms)
    report.searches++
    if ('error' in result) report.refused++
    else report.ran++
  } while (Date.now() < until)
  return report
}

/** The examples of all commands: between them every option is used. */
const examples = (): string[] =>
  commands.flatMap((command) =>
    command.examples.map((example) => (typeof example === 'string' ? example : example.search)),
  )

/** Searches of Splunk's content, where it is at hand. */
function realSearches(): string[] {
  if (!existsSync(detectionFolder)) return []
  return readdirSync(detectionFolder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yml'))
    .sort()
    .flatMap(
      (name) =>
        /^search: *'?([\s\S]*?)^how_to/m.exec(readFileSync(join(detectionFolder, name), 'utf8'))?.[1] ?? [],
    )
}

function assembled(random: RandomNumbers): string {
  const parts: string[] = [random(2) === 0 ? '*' : '| makeresults count=3']
  for (let left = 1 + random(4); left > 0; left--) {
    parts.push('|', commands[random(commands.length)]!.name)
    for (let more = random(8); more > 0; more--) parts.push(piece(random))
  }
  return parts.join(random(10) === 0 ? '' : ' ')
}

const piece = (random: RandomNumbers): string =>
  random(4) === 0 ? names[random(names.length)]! : words[random(words.length)]!

/** A search with a few pieces removed, doubled, replaced or inserted. */
function damaged(search: string, random: RandomNumbers): string {
  const parts = search.slice(0, 3000).split(/(\s+|(?=[|()[\],="'`])|(?<=[|()[\],="'`]))/)
  for (let left = random(5); left > 0; left--) {
    const at = random(parts.length)
    switch (random(4)) {
      case 0:
        parts.splice(at, 1)
        break
      case 1:
        parts.splice(at, 0, parts[at] ?? '')
        break
      case 2:
        parts[at] = piece(random)
        break
      default:
        parts.splice(at, 0, ' ', piece(random), ' ')
    }
  }
  return parts.join('')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [seconds = '60', seed = String(Date.now() % 1_000_000)] = process.argv.slice(2)
  console.log(await fuzzSpl(Number(seconds), Number(seed)))
}
