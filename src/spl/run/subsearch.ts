// Runs the subsearches of a command and puts their results into its text, which is then parsed again.
// Search Manual: About subsearches

import { assert } from '../../diagnostics/diagnostic.ts'
import { locatedText } from '../../diagnostics/source.ts'
import type { Batch } from '../../value/batch.ts'
import { textOf } from '../../value/value.ts'
import { commandSyntaxes } from '../commands/index.ts'
import { emptySearch, formatRows } from '../commands/shared/format-results.ts'
import type { Command, Pipeline } from '../syntax/ast.ts'
import { parsePipeline } from '../syntax/parser.ts'
import type { RunContext } from './context.ts'

/** The command with the text of its subsearches in their place. */
export async function resolveSubsearches(command: Command, context: RunContext): Promise<Command> {
  if (command.subsearches.length === 0) return command
  let text = ''
  let from = command.textStart
  const textFrom = (start: number, end: number): string =>
    command.text.slice(start - command.textStart, end - command.textStart)
  for (const { pipeline, span } of command.subsearches) {
    text += `${textFrom(from, span.start)} ${await subsearchText(pipeline, context)} `
    from = span.end
  }
  text += textFrom(from, command.textStart + command.text.length)
  const source = locatedText({
    name: `${command.name} with its subsearches filled in`,
    text: `| ${command.name} ${text}`,
  })
  const [resolved] = parsePipeline(source, context.commands ?? commandSyntaxes).commands
  assert(resolved !== undefined, 'a command vanished when its subsearches were filled in')
  return resolved
}

async function subsearchText(pipeline: Pipeline, context: RunContext): Promise<string> {
  const { subsearchMaxout: maxRows, subsearchMaxtime: maxSeconds } = context.limits
  const batches: Batch[] = []
  let rows = 0
  const started = performance.now()
  for await (const batch of context.runPipeline(pipeline)) {
    batches.push(batch.slice(0, maxRows - rows))
    rows += batch.length
    if (rows > maxRows) {
      warnLimit(
        context,
        `A subsearch gave more than ${maxRows} rows; the rest was left out.`,
        'subsearch.maxout',
      )
      break
    }
    if (performance.now() - started > maxSeconds * 1000) {
      warnLimit(
        context,
        `A subsearch took more than ${maxSeconds} s and was ended early.`,
        'subsearch.maxtime',
      )
      break
    }
  }
  return readyText(batches) ?? formatRows(batches) ?? emptySearch
}

/** The text of format or return: a single row with nothing but a field `search`. */
function readyText(batches: readonly Batch[]): string | undefined {
  const filled = batches.filter((batch) => batch.length > 0)
  const [batch] = filled
  if (filled.length !== 1 || batch === undefined || batch.length !== 1) return undefined
  const row = batch.row(0)
  const names = [...row.keys()].filter((name) => !name.startsWith('_'))
  return names.length === 1 && names[0] === 'search' ? textOf(row.get('search')) : undefined
}

function warnLimit(context: RunContext, message: string, limit: string): void {
  context.warn({
    code: 'limit-reached',
    severity: 'warning',
    message,
    labels: [],
    help: `Raise the limit ${limit}.`,
  })
}
