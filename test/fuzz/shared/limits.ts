// What an input may cost: time and memory. Machines are shared and their clocks run on, so what was too slow gets
// another chance; what hangs is named by a thread of its own, as nobody else is left to do it.

import { Worker } from 'node:worker_threads'

/** What decoders may take at their peak for any input, with Node itself. */
export const decoderMegabytes = 512

/** Something took too long by its own measure. */
export class TooSlow extends Error {
  constructor(what: string, ms: number) {
    super(`${what} takes ${Math.round(ms)} ms.`)
  }
}

/**
 * Runs something that must not take long. Only when it is too slow three times in a row it is too slow.
 *
 * @param run may also throw `TooSlow` itself
 * @returns   the milliseconds that it took
 * @throws    TooSlow; whatever else it throws, at once
 */
export async function inTime(mostMs: number, run: () => void | Promise<void>): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const started = performance.now()
    try {
      await run()
      const ms = performance.now() - started
      if (ms <= mostMs) return ms
      throw new TooSlow('The input', ms)
    } catch (error) {
      if (!(error instanceof TooSlow) || attempt === 3) throw error
    }
  }
}

/** The most memory that the process has had so far, with Node itself: its peak resident set. */
export const peakMegabytes = (): number => process.resourceUsage().maxRSS / 1024

/** Says which input hangs. */
export interface Watchdog {
  /** To be told at the start of every input. */
  begin(input: number): void
  stop(): Promise<void>
}

/** Ends the process, naming seed and input, when an input has not ended after so many seconds. */
export function watchdog(seed: number, mostSeconds = 120): Watchdog {
  const current = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(
    `const { workerData: { current, seed, mostSeconds } } = require('node:worker_threads')
    let [last, since] = [-1, 0]
    setInterval(() => {
      since = Atomics.load(current, 0) === last ? since + 1 : 0
      last = Atomics.load(current, 0)
      if (since < mostSeconds) return
      require('node:fs').writeSync(2, \`Input \${last} of seed \${seed} has not ended after \${mostSeconds} seconds.\\n\`)
      process.kill(process.pid, 'SIGKILL')
    }, 1000)`,
    { eval: true, workerData: { current, seed, mostSeconds } },
  )
  worker.unref()
  return {
    begin: (input) => void Atomics.store(current, 0, input),
    stop: async () => void (await worker.terminate()),
  }
}
