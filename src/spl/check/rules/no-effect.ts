// … | sort - _time | stats count by user  —  a command whose work the next one undoes.

import type { AggregateCall } from '../../stats/aggregate-call.ts'
import type { Rule } from '../rule.ts'

/** Aggregates that do not depend on the order of their rows. */
const orderless =
  /^(count|c|dc|distinct_count|estdc|values|min|max|sum|sumsq|avg|mean|range|median|stdevp?|varp?|p|perc|exactperc|upperperc)[\d.]*$/i

export const noEffect: Rule = function* ({ command, index, pipeline }) {
  const next = pipeline.commands[index + 1]
  if (command.name === 'sort' && next?.name === 'stats') {
    const { count, isStated } = command.args as { count: number; isStated: boolean }
    const { calls } = next.args as { calls: readonly AggregateCall[] }
    if ((isStated && count > 0) || !calls.every(({ function: name }) => orderless.test(name))) return
    yield {
      code: 'no-effect',
      severity: 'note',
      message: `sort has no use before stats, whose results do not depend on the order${count > 0 ? `, and it drops the rows after ${count.toLocaleString('en')}` : ''}.`,
      span: command.span,
      help: 'Put it behind stats, or drop it.',
    }
  } else if (command.name === 'dedup' && index > 0) {
    const before = pipeline.commands[index - 1]
    const { fields } = command.args as { fields: readonly string[] }
    if (before?.name !== 'stats' && before?.name !== 'tstats') return
    const { by } = before.args as { by: readonly string[] }
    if (by.length === 0 || !by.every((name) => fields.includes(name))) return
    yield {
      code: 'no-effect',
      severity: 'note',
      message: `dedup has nothing to do: ${before.name} gives one row for each combination of these fields.`,
      span: command.span,
    }
  }
}
