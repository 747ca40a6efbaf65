// karst conform CASES.ndjson: runs SPL conformance cases and prints a result for each.

import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { type ConformanceCase, runConformanceCase } from '../../engine/conform.ts'
import { openKarst } from '../../engine/engine.ts'
import type { DataModels } from '../../spl/host.ts'
import { UsageError } from '../options.ts'
import { defineVerb } from '../verb.ts'

export const conform = defineVerb({
  name: 'conform',
  usage: 'conform CASES.ndjson',
  summary: 'runs SPL conformance cases and prints a result for each',
  options: [],
  async run({ positionals, terminal }) {
    const [file, ...more] = positionals
    if (file === undefined || more.length > 0) throw new UsageError('karst conform needs one file of cases.')
    // Before the file is opened: lines that come while nobody asks for them would be lost.
    const { dataModels } = (await openKarst()).knowledge
    const lines = createInterface({
      input: createReadStream(file, 'utf8'),
      crlfDelay: Number.POSITIVE_INFINITY,
    })
    let number = 0
    let isComplete = true
    for await (const line of lines) {
      number++
      if (line.trim() === '') continue
      let test: ConformanceCase
      try {
        test = JSON.parse(line) as ConformanceCase
      } catch (error) {
        terminal.error(
          `${file}:${number}: not a JSON object (${(error as Error).message}); the case was skipped.`,
        )
        isComplete = false
        continue
      }
      terminal.print(JSON.stringify(await resultOf(test, dataModels)))
      if (!(await terminal.drained())) break
    }
    return isComplete ? 0 : 4
  },
})

async function resultOf(test: ConformanceCase, dataModels: DataModels): Promise<object> {
  try {
    return await runConformanceCase(test, { dataModels })
  } catch (error) {
    // A mistake of ours must not hide the results of the other cases; the suite counts it as a failure.
    return { id: test.id, error: `internal error: ${(error as Error).stack ?? String(error)}` }
  }
}
