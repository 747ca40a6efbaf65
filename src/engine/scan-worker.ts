// The program of a reader thread: reads its share of the evidence and sends what the requests want of it.

import { parentPort, workerData } from 'node:worker_threads'
import { findDecoder } from '../decode/detect-format.ts'
import { createRowFinder, type RowFinder } from '../detect/row-finder.ts'
import { assert, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { loadKnowledge } from '../knowledge/knowledge.ts'
import { entityTables } from '../risk/entity-tables.ts'
import type { FileReport } from '../source/read-evidence.ts'
import { findRows, type Reading } from './find-rows.ts'
import { packRows } from './packed-rows.ts'
import {
  type FromReader,
  type ReaderSetup,
  type ToReader,
  type Unit,
  unpackRequest,
} from './scan-messages.ts'

/** Blocks that may be on their way to the main thread. */
const mostUntaken = 4

const port = parentPort
assert(port !== null, 'a reader was started that nobody listens to')
const { knowledge: knowledgeOptions, entities, now, timeZone, defaults, reading } = workerData as ReaderSetup

// The main thread has heard already what is wrong with the configuration.
let isLoading = true
let diagnostics: Diagnostic[] = []
const hear = (diagnostic: Diagnostic): void => {
  if (!isLoading) diagnostics.push({ ...diagnostic, labels: [] })
}
const context = { now, timeZone, warn: hear }
const lookupFiles = { ...knowledgeOptions.lookupFiles, tables: entityTables(entities) }
const knowledge = await loadKnowledge({ ...knowledgeOptions, lookupFiles, context, report: hear })
isLoading = false

const { format, ...options } = reading
const decoder = format === undefined ? undefined : findDecoder(format)
let files: FileReport[] = []
const how: Reading = {
  knowledge,
  defaults,
  options: {
    ...options,
    layoutOf: (file) => knowledge.fileLayout(file, defaults),
    ...(decoder === undefined ? {} : { decoder }),
    onFile: (file) => files.push(file),
  },
}

let pass = 0
let finder: RowFinder | undefined
let untaken = 0
let units: Unit[] = []
/** Ends a wait for a unit to read, or for room to send a block. */
let proceed: () => void = () => {}

port.on('message', (message: ToReader) => {
  switch (message.kind) {
    case 'pass':
      pass = message.pass
      units = []
      untaken = 0
      finder = createRowFinder(
        message.requests.map((request) => unpackRequest(request, knowledge.dataModels)),
        context,
      )
      break
    case 'unit':
      if (message.pass === pass) units.push(message.unit)
      break
    case 'taken':
      if (message.pass === pass) untaken--
      break
  }
  proceed()
})

const change = (): Promise<void> =>
  new Promise((resolve) => {
    proceed = resolve
  })

type Found = Pick<FromReader, 'rows' | 'kinds' | 'eventsUnderway' | 'isLast'>

function send(unit: Unit, of: number, more: Found): void {
  const message: FromReader = { pass: of, unit: unit.number, files, diagnostics, ...more }
  files = []
  diagnostics = []
  port!.postMessage(message)
}

async function read(unit: Unit): Promise<void> {
  const of = pass
  files = []
  diagnostics = []
  const { blocks, report } = findRows(unit.places, finder!, how)
  for await (const { found, kinds } of blocks) {
    while (untaken >= mostUntaken && of === pass) await change()
    if (of !== pass) return
    untaken++
    const { eventsUnderway } = report
    send(unit, of, { rows: packRows(found), kinds, eventsUnderway, isLast: false })
  }
  send(unit, of, { eventsUnderway: 0, isLast: true })
}

for (;;) {
  const unit = units.shift()
  if (unit === undefined) await change()
  else await read(unit)
}
