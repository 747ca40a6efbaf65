// karst baseline run [NAME…] PATH…: fills the lookups that detections compare with, from evidence, into a state folder.
// karst baseline list: which baselines there are and what their lookups hold.

import { existsSync, mkdirSync } from 'node:fs'
import { suggest } from '../../base/suggest.ts'
import { nameTest } from '../../engine/baseline.ts'
import { type BaselineOutcome, type EvidenceReport, type Karst, openKarst } from '../../engine/engine.ts'
import { rowFormats, rowWriter } from '../../output/rows.ts'
import { resultRow } from '../../value/result-row.ts'
import { evidenceExitCode, evidenceSummary } from '../evidence-summary.ts'
import { evidenceOptionNames, knowledgeOptionNames, openOptions } from '../open-options.ts'
import { UsageError } from '../options.ts'
import { openOutputs } from '../output-options.ts'
import { defineVerb, type Invocation } from '../verb.ts'

export const baseline = defineVerb({
  name: 'baseline',
  usage: 'baseline run [NAME…] PATH… --content DIR --state DIR | baseline list --content DIR [--state DIR]',
  summary: 'runs the searches that fill the lookups which detections compare with',
  options: ['content', ...knowledgeOptionNames, ...evidenceOptionNames, 'strict', 'output'],
  examples: [
    'karst baseline run /evidence/last-quarter --content ./security_content --state ./state',
    "karst baseline run 'Previously Seen Running*' logs/ --content ./security_content --state ./state",
    'karst scan /evidence/today --content ./security_content --state ./state',
  ],
  run(invocation) {
    const [action, ...rest] = invocation.positionals
    switch (action) {
      case 'run':
        return runBaselines(invocation, rest)
      case 'list':
        return listBaselines(invocation, rest)
      default:
        throw new UsageError('karst baseline needs "run" or "list": karst baseline run PATH… --state DIR')
    }
  },
})

async function runBaselines(invocation: Invocation, rest: readonly string[]): Promise<number> {
  const { options, terminal, signal } = invocation
  const { state } = options
  if (state === undefined)
    throw new UsageError('karst baseline run needs --state DIR: where the lookups are kept.')
  mkdirSync(state, { recursive: true })
  const { engine, heard } = openOptions(invocation)
  const karst = await openKarst({ ...engine, writeFolder: state })
  const { names, paths } = namesAndPaths(karst, rest)
  if (paths.length === 0)
    throw new UsageError('karst baseline run needs evidence: a file, a folder or an archive.')
  const statuses = new Set<BaselineOutcome['status']>()
  let evidence: EvidenceReport | undefined
  await writeRows(invocation, async (write) => {
    evidence = await karst.runBaselines(paths, names, (outcome) => {
      if (outcome.status !== 'skipped' || names.length > 0 || options.verbose === true)
        write(outcomeRow(outcome))
      statuses.add(outcome.status)
    })
  })
  if (evidence !== undefined)
    for (const line of evidenceSummary(evidence, options.verbose === true)) terminal.error(line)
  else terminal.error('No baseline read the evidence.')
  if (signal.aborted) return 130
  if (statuses.has('error')) return 2
  if (statuses.has('unsupported') && (names.length > 0 || options.strict === true)) return 2
  if (options.strict === true && heard.warnings.length > 0) return 1
  return evidence === undefined ? 0 : evidenceExitCode(evidence, options.strict === true)
}

async function listBaselines(invocation: Invocation, rest: readonly string[]): Promise<number> {
  if (rest.length > 0) throw new UsageError(`karst baseline list takes no arguments, found "${rest[0]}".`)
  const { engine } = openOptions(invocation)
  const karst = await openKarst(engine)
  const { lookups } = karst.knowledge
  await writeRows(invocation, async (write) => {
    for (const { name, lookups: written, detections } of karst.content.baselines) {
      const counts = written.map((lookup) => `${lookup}: ${[...(lookups.get(lookup)?.rows() ?? [])].length}`)
      write([
        ['baseline', name],
        ['lookups', counts],
        ['detections', detections],
      ])
    }
  })
  return 0
}

type Cells = readonly (readonly [name: string, value: string | readonly string[] | undefined])[]

const outcomeRow = ({ baseline: { name }, status, reason, rows, lookups }: BaselineOutcome): Cells => [
  ['baseline', name],
  ['status', status],
  ['rows', String(rows)],
  ['lookups', [...lookups].map(([lookup, count]) => `${lookup}: ${count}`)],
  ['reason', reason?.split('\n')[0]],
]

/** Writes rows into every output that was asked for. */
async function writeRows(
  { options, terminal }: Invocation,
  rows: (write: (cells: Cells) => void) => Promise<void>,
): Promise<void> {
  const outputs = openOutputs(options, terminal, rowFormats)
  const writers = outputs.map((output) => rowWriter(output.format, output.write, output.columns))
  await rows((cells) => {
    const filled = cells.filter(([, value]) => value !== undefined && value.length > 0)
    const shown = resultRow(
      filled.map(([name, value]) => [name, typeof value === 'string' ? value : [...value!]]),
    )
    for (const writer of writers)
      writer.row(
        shown,
        cells.map(([name]) => name),
      )
  })
  for (const writer of writers) writer.end()
  for (const output of outputs) output.close()
  await terminal.drained()
}

/** Tells names of baselines from paths: what is on the disk is a path. */
function namesAndPaths(
  { content: { baselines } }: Karst,
  given: readonly string[],
): { readonly names: readonly string[]; readonly paths: readonly string[] } {
  const names: string[] = []
  const paths: string[] = []
  for (const text of given) {
    if (text === '-' || existsSync(text)) paths.push(text)
    else if (baselines.some(nameTest(text))) names.push(text)
    else if (/[*?[]/.test(text)) paths.push(text)
    else {
      const [nearest] = suggest(
        text,
        baselines.map(({ name }) => name),
      )
      const help = nearest === undefined ? '' : ` Did you mean "${nearest}"?`
      throw new UsageError(`"${text}" is neither a file or folder nor the name of a baseline.${help}`)
    }
  }
  return { names, paths }
}
