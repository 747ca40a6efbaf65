// karst replay DATASET --to URL --token T: sends events to an HTTP Event Collector and accounts for each of them.

import { parseTimeBound } from '../../base/time/relative.ts'
import { openKarst, type ReplayedEvent } from '../../engine/engine.ts'
import { findDatasets } from '../../engine/replay.ts'
import { bodyOf, type HecEnvelope, type HecOptions, type HecResult, sendToHec } from '../../output/hec.ts'
import { evidenceExitCode, evidenceSummary } from '../evidence-summary.ts'
import { openOptions } from '../open-options.ts'
import { type OptionName, type OptionValues, UsageError } from '../options.ts'
import { guardEvidence, openTextFile } from '../output-options.ts'
import { startProgress } from '../progress.ts'
import type { Terminal } from '../terminal.ts'
import { defineVerb } from '../verb.ts'

export const replay = defineVerb({
  name: 'replay',
  usage: 'replay DATASET… --to URL --token TOKEN',
  summary:
    'sends a dataset to any HTTP Event Collector; --source, --sourcetype, --index and --host set what they name',
  options: [
    ...(['to', 'token', 'index', 'source', 'sourcetype', 'host', 'rate', 'shift-to', 'batch'] as const),
    ...([
      'batch-bytes',
      'parallel',
      'gzip',
      'raw',
      'ack',
      'retries',
      'timeout',
      'rejected',
      'insecure',
    ] as const),
    ...(['app', 'now', 'tz', 'input', 'recover', 'strict'] as const),
  ],
  examples: [
    'karst replay attack_data/datasets/attack_techniques/T1003.001/atomic_red_team/ --to https://splunk:8088 --shift-to now',
    'karst replay Security.evtx --to https://splunk:8088 --index win --rate 200 --ack --rejected rejected.ndjson',
    'karst replay rejected.ndjson --to https://splunk:8088',
    'karst replay attack_data/datasets/ --to https://splunk:8088 --parallel 4 --gzip',
  ],
  async run(invocation) {
    const { positionals, terminal, signal } = invocation
    const { to, ...options } = invocation.options
    if (positionals.length === 0) {
      throw new UsageError('karst replay needs a dataset: an attack_data YAML, a file, a folder, or -.')
    }
    guardEvidence(positionals, options)
    const { engine, heard } = openOptions({ ...invocation, options })
    const shiftTo = timeOption(options['shift-to'], engine.now ?? 0, engine.timeZone ?? 'UTC')
    if (shiftTo !== undefined && options.raw === true) {
      throw new UsageError(
        '--shift-to has no effect with --raw: the receiver reads the times from the texts.',
      )
    }
    if (shiftTo !== undefined && positionals.includes('-')) {
      throw new UsageError(
        '--shift-to reads the events twice, which standard input does not allow; save them to a file.',
      )
    }
    const rejected = options.rejected === undefined ? undefined : openTextFile(options.rejected)
    try {
      let accepted = 0
      let refused = 0
      const hec: HecOptions = {
        ...connection(to, options, terminal),
        onRetry: (message) => terminal.error(`karst replay: ${message}`),
        onAccepted: (events) => {
          accepted += events
        },
        onRejected: (envelope) => {
          refused++
          rejected?.write(`${bodyOf(envelope, 'event')}\n`)
        },
        signal,
      }
      const karst = await openKarst(engine)
      const datasets = (await Promise.all(positionals.map(findDatasets))).flat()
      const shift = shiftTo === undefined ? 0 : shiftTo - (await latestTime(karst.replayed(datasets).events))
      const { events, evidence } = karst.replayed(datasets)
      const progress = startProgress(terminal, options['no-progress'] !== true)
      progress.watch(evidence, () => `${eventCount(accepted)} accepted, ${refused} rejected`)
      let result: HecResult
      try {
        result = await sendToHec(envelopes(events, shift), hec)
      } finally {
        progress.stop()
      }
      for (const line of evidenceSummary(evidence, options.verbose === true)) terminal.error(line)
      printResult(result, options.rejected, terminal)
      if (signal.aborted) return 130
      if (result.rejected.size > 0 || result.failure !== undefined) return 1
      if (options.strict === true && heard.warnings.length > 0) return 1
      return evidenceExitCode(evidence, options.strict === true)
    } finally {
      rejected?.close()
    }
  },
})

function connection(
  to: string | undefined,
  options: OptionValues,
  terminal: Terminal,
): Omit<HecOptions, 'onRetry' | 'onRejected'> {
  if (to === undefined)
    throw new UsageError('karst replay needs --to URL: the address of an HTTP Event Collector.')
  const url = URL.canParse(to) ? new URL(to) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`--to needs an address such as https://splunk.example:8088, found "${to}".`)
  }
  if (url.username !== '' || url.search !== '') {
    throw new UsageError('--to takes no user and no query; the token belongs to --token.')
  }
  const token = options.token ?? process.env['SPLUNK_HEC_TOKEN'] ?? ''
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new UsageError('karst replay needs --token TOKEN, or the environment variable SPLUNK_HEC_TOKEN.')
  }
  if (url.protocol === 'http:' && !/^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)) {
    terminal.error(
      `karst replay: ${url.origin} is not encrypted; the token and the events can be read on the way.`,
    )
  }
  // The only switch that Node's own fetch has for this; it is off again with the end of this process.
  if (options.insecure === true) process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
  const rate = numberOption('rate', options.rate)
  return {
    url,
    token,
    endpoint: options.raw === true ? 'raw' : 'event',
    compress: options.gzip === true,
    acknowledge: options.ack === true,
    batchEvents: numberOption('batch', options.batch) ?? 500,
    batchBytes: numberOption('batch-bytes', options['batch-bytes']) ?? 900_000,
    parallel: numberOption('parallel', options.parallel) ?? 1,
    retries: numberOption('retries', options.retries, 0) ?? 8,
    timeoutMs: (numberOption('timeout', options.timeout) ?? 60) * 1000,
    backoffMs: 500,
    ...(rate === undefined ? {} : { rate }),
  }
}

function numberOption(name: OptionName, text: string | undefined, least = 1): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (!/^\d{1,9}$/.test(text) || value < least)
    throw new UsageError(`--${name} needs a whole number from ${least}, found "${text}".`)
  return value
}

function timeOption(text: string | undefined, now: number, zone: string): number | undefined {
  if (text === undefined) return undefined
  const time = text === 'now' ? now : parseTimeBound(text, now, zone)
  if (time === undefined)
    throw new UsageError(`--shift-to needs a time such as now, -5m or 2024-05-12T08:00:00Z, found "${text}".`)
  return time
}

async function latestTime(events: AsyncIterable<ReplayedEvent>): Promise<number> {
  let latest = Number.NEGATIVE_INFINITY
  for await (const { time } of events) if (time !== undefined && time > latest) latest = time
  // Without any time there is nothing to move.
  return latest === Number.NEGATIVE_INFINITY ? 0 : latest
}

async function* envelopes(events: AsyncIterable<ReplayedEvent>, shift: number): AsyncGenerator<HecEnvelope> {
  for await (const { time, raw, fields, ...metadata } of events) {
    const moved = time === undefined ? undefined : Math.round((time + shift) * 1e6) / 1e6
    yield {
      ...(moved === undefined ? {} : { time: moved }),
      ...metadata,
      ...(fields === undefined ? {} : { fields: Object.fromEntries(fields) }),
      event: raw,
    }
  }
}

function printResult(
  { accepted, rejected, failure }: HecResult,
  file: string | undefined,
  terminal: Terminal,
): void {
  const count = [...rejected.values()].reduce((sum, events) => sum + events, 0)
  terminal.error(`accepted:   ${eventCount(accepted)}`)
  if (failure !== undefined) terminal.error(`stopped:    ${failure}`)
  if (count === 0) return
  const where = file === undefined ? '; --rejected FILE keeps them' : `, written to ${file}`
  terminal.error(`rejected:   ${eventCount(count)}${where}`)
  for (const [reason, events] of rejected) terminal.error(`  ${String(events).padStart(6)} × ${reason}`)
}

const eventCount = (count: number): string => `${count.toLocaleString('en')} event${count === 1 ? '' : 's'}`
