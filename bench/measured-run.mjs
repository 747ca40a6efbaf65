// Loaded before the program under measurement (`node --import`): tells at its end what it took, on file descriptor 3.

import { readFileSync, writeSync } from 'node:fs'

/** Seconds that the main thread was busy; on systems that do not tell, all threads. */
function mainSeconds(allSeconds) {
  try {
    const stat = readFileSync(`/proc/self/task/${process.pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // utime and stime, in ticks of 10 ms. (proc(5))
    return (Number(fields[11]) + Number(fields[12])) / 100
  } catch {
    return allSeconds
  }
}

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  const cpuSeconds = (userCPUTime + systemCPUTime) / 1e6
  const usage = {
    wallSeconds: performance.now() / 1000,
    cpuSeconds,
    mainSeconds: mainSeconds(cpuSeconds),
    peakMegabytes: maxRSS / 1024,
  }
  writeSync(3, JSON.stringify(usage))
})
