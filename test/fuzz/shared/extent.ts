// How much a fuzzer does, where it begins, and its command line. How many inputs, and from which seed, decides what a run
// tries: the same on every machine. So many seconds decide it on one machine only, which is for people who explore.

import { parseArgs } from 'node:util'
import { peakMegabytes, watchdog } from './limits.ts'

/** So many inputs, or as many as fit into so many seconds. */
export type Extent = { readonly inputs: number } | { readonly seconds: number }

/** What every fuzzer is told. */
export interface Run {
  readonly extent: Extent
  readonly seed: number
  /** The number of the first input; 0 unless one input is looked at again. */
  readonly first?: number
  /** Is told the number of every input before it is tried. */
  readonly begin?: (input: number) => void
}

/** The numbers of the inputs, until the extent is reached; at least one. */
export function* inputNumbers({ extent, first = 0, begin }: Run): Generator<number> {
  const until = 'seconds' in extent ? performance.now() + extent.seconds * 1000 : Number.POSITIVE_INFINITY
  const end = 'inputs' in extent ? first + extent.inputs : Number.POSITIVE_INFINITY
  let number = first
  do {
    begin?.(number)
    yield number++
  } while (number < end && performance.now() < until)
}

/** A seed of its own for an input, so that each can be made again without those before it. */
export function seedOf(seed: number, input: number): number {
  const mixed = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(input + 1, 0xc2b2ae35)
  return (mixed ^ (mixed >>> 15)) >>> 0
}

/** What a run has to say: numbers by name, and what was wrong. */
export interface FuzzReport {
  readonly inputs: number
  /** A run also ends with an error when a promise is broken; these were collected because looking on is worth it. */
  readonly failures?: readonly string[]
}

/** What a program does when it is told nothing, as continuous integration does: always the same. */
const usualSeed = 20_260_101

export interface ProgramOptions {
  /** Inputs when nothing is said: about half a minute's. */
  readonly usualInputs: number
  /** What the process may take at its peak; the input that makes it more is a failure. */
  readonly mostMegabytes?: number
}

/** Runs a fuzzer as a program: reads its arguments, says the seed before anything can go wrong, and reports. */
export async function fuzzProgram(
  fuzz: (run: Run) => FuzzReport | Promise<FuzzReport>,
  { usualInputs, mostMegabytes = Number.POSITIVE_INFINITY }: ProgramOptions,
): Promise<void> {
  const run = readArguments(process.argv.slice(2), usualInputs)
  if (run === undefined) {
    console.error('usage: npx tsx test/fuzz/….ts [SECONDS [SEED]], or --inputs COUNT [--first NUMBER] SEED')
    process.exitCode = 2
    return
  }
  console.log(`seed ${run.seed}, ${JSON.stringify(run.extent)}`)
  const started = performance.now()
  const dog = watchdog(run.seed)
  let last = -1
  const begin = (input: number): void => {
    checkMemory()
    dog.begin(input)
    last = input
  }
  const checkMemory = (): void => {
    const megabytes = Math.round(peakMegabytes())
    if (megabytes > mostMegabytes)
      throw new Error(`Input ${last} of seed ${run.seed} took the process to ${megabytes} MB.`)
  }
  try {
    const { failures = [], ...numbers } = await fuzz({ ...run, begin })
    checkMemory()
    const seconds = Math.round((performance.now() - started) / 1000)
    console.log({ ...numbers, seconds, peakMegabytes: Math.round(peakMegabytes()) })
    for (const failure of failures) console.log(failure)
    if (failures.length > 0) process.exitCode = 1
  } finally {
    await dog.stop()
  }
}

function readArguments(args: readonly string[], usualInputs: number): Run | undefined {
  if (args.length === 0) return { extent: { inputs: usualInputs }, seed: usualSeed }
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { inputs: { type: 'string' }, first: { type: 'string' } },
    allowPositionals: true,
  })
  const [seconds, given] = values.inputs === undefined ? positionals : [undefined, positionals[0]]
  const amount = Number(values.inputs ?? seconds)
  const first = Number(values.first ?? 0)
  const seed = Number(given ?? Date.now() % 1_000_000)
  const isUsable = [amount, first, seed].every((number) => number >= 0)
  if (!isUsable || positionals.length > (values.inputs === undefined ? 2 : 1)) return undefined
  return { extent: values.inputs === undefined ? { seconds: amount } : { inputs: amount }, seed, first }
}
