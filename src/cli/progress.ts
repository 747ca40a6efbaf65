// A progress line on standard error, on a terminal only.

import type { EvidenceReport } from '../engine/engine.ts'
import type { Terminal } from './terminal.ts'

export interface Progress {
  /** Shows what this report says, until stopped. @param further what else there is to say */
  watch(report: EvidenceReport, further?: () => string): void
  stop(): void
}

const redrawMs = 100

/** Starts watching; does nothing where standard error is no terminal or progress is not wanted. */
export function startProgress(terminal: Terminal, isWanted: boolean): Progress {
  if (!terminal.errorIsTerminal || !isWanted) return { watch: () => {}, stop: () => {} }
  const started = performance.now()
  let timer: NodeJS.Timeout | undefined
  let isDrawn = false
  const erase = (): void => {
    if (isDrawn) process.stderr.write('\r\u001b[2K')
    isDrawn = false
  }
  return {
    watch(report, further) {
      timer = setInterval(() => {
        const seconds = (performance.now() - started) / 1000
        const events = report.events + report.eventsUnderway
        const rate = Math.round(events / Math.max(seconds, 0.001)).toLocaleString('en')
        const more = further === undefined ? '' : `, ${further()}`
        const line = `${report.files.length} files, ${events.toLocaleString('en')} events, ${rate}/s${more}`
        erase()
        process.stderr.write(line.slice(0, terminal.columns - 1))
        isDrawn = true
      }, redrawMs)
      timer.unref()
    },
    stop() {
      clearInterval(timer)
      erase()
    },
  }
}
