// Runs the searches in brackets of append, join, union and the like, within their limits.

import type { Batch } from '../../../value/batch.ts'
import type { RunContext } from '../../run/context.ts'
import type { ArgumentReader, Options } from '../../syntax/argument-reader.ts'
import type { Pipeline } from '../../syntax/ast.ts'

/** The options of every command that runs a search in brackets. */
export const subsearchSchema = {
  extendtimerange: 'boolean',
  maxtime: 'integer',
  maxout: 'integer',
  timeout: 'integer',
} as const

/** What subsearchSchema's options do, for the documentation. */
export const subsearchOptionTexts = {
  maxtime: 'Seconds that the subsearch may run. Default: 60.',
  maxout: 'Rows that the subsearch may give. Default: 50000.',
  timeout: 'Seconds to wait for the subsearch; the shorter of maxtime and timeout counts. Default: 60.',
} as const

export interface SubsearchLimits {
  readonly maxout: number | undefined
  readonly maxSeconds: number | undefined
  /** What to raise when there were too many rows. Default: the option maxout. */
  readonly maxoutSetting?: string
}

/** What the options say; refuses the one that is not supported. */
export function subsearchLimits(
  reader: ArgumentReader,
  options: Options<typeof subsearchSchema>,
): SubsearchLimits {
  const { extendtimerange, maxtime, maxout, timeout } = options
  if (extendtimerange === true)
    reader.fail('unsupported', `${reader.command} does not support extendtimerange=true.`)
  for (const [name, value] of Object.entries({ maxtime, maxout, timeout })) {
    if (value !== undefined && value < 0) {
      reader.fail('bad-argument', `"${name}" needs a number that is not negative, found "${value}".`)
    }
  }
  const seconds = [maxtime, timeout].filter((limit) => limit !== undefined)
  return { maxout, maxSeconds: seconds.length === 0 ? undefined : Math.min(...seconds) }
}

/** Yields the rows of a subsearch up to its limits, and warns when they were reached. 0 rows stand for no limit. */
export async function* subsearchRows(
  pipeline: Pipeline,
  limits: SubsearchLimits,
  context: RunContext,
  command: string,
): AsyncIterable<Batch> {
  const maxRows =
    limits.maxout === 0 ? Number.POSITIVE_INFINITY : (limits.maxout ?? context.limits.appendMaxout)
  const maxSeconds = limits.maxSeconds ?? context.limits.subsearchMaxtime
  const started = performance.now()
  let left = maxRows
  for await (const batch of context.runPipeline(pipeline)) {
    const kept = batch.slice(0, left)
    if (kept.length > 0) yield kept
    if (kept.length < batch.length) {
      warnLimit(
        context,
        `The subsearch of ${command} gave more than ${maxRows} rows; the rest was left out.`,
        limits.maxoutSetting ?? 'maxout=',
      )
      return
    }
    left -= kept.length
    if (performance.now() - started > maxSeconds * 1000) {
      warnLimit(
        context,
        `The subsearch of ${command} took more than ${maxSeconds} s and was ended early.`,
        limits.maxSeconds === undefined ? 'the limit subsearch.maxtime' : 'maxtime=',
      )
      return
    }
  }
}

function warnLimit(context: RunContext, message: string, setting: string): void {
  context.warn({ code: 'limit-reached', severity: 'warning', message, labels: [], help: `Raise ${setting}.` })
}
