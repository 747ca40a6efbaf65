// The time modifiers of the search command, and the time range that a search asks for.
// Search Reference: Time modifiers; search command, time options

import { parseTimeBound } from '../../base/time/relative.ts'
import { strptime } from '../../base/time/strptime.ts'
import { searchError } from '../../diagnostics/diagnostic.ts'
import type { ExpressionContext } from '../run/context.ts'
import type { SearchExpression, TimeModifier } from '../syntax/ast.ts'

/** Epoch seconds: `earliest` inclusive, `latest` exclusive; undefined is unbounded. */
export interface TimeRange {
  readonly earliest?: number
  readonly latest?: number
}

const unitSeconds: Readonly<Record<string, number>> = {
  minutes: 60,
  hours: 3600,
  days: 86_400,
  months: 30 * 86_400,
}

/** The range that one modifier states. */
export function timeModifierBounds(
  { name, value, format }: TimeModifier,
  { now, timeZone }: Pick<ExpressionContext, 'now' | 'timeZone'>,
): TimeRange {
  const bound = (): number => {
    const time =
      format === undefined ? parseTimeBound(value, now, timeZone) : strptime(value, format, timeZone, now)
    if (time !== undefined) return time
    throw searchError(
      'bad-argument',
      format === undefined
        ? `"${name}" needs a time such as -24h@h, 1700000000 or 11/14/2023:22:13:20, found "${value}".`
        : `"${name}" needs a time of the form ${format}, found "${value}".`,
    )
  }
  switch (name) {
    case 'earliest':
    case 'starttime':
    case 'starttimeu':
      return { earliest: bound() }
    case 'latest':
    case 'endtime':
    case 'endtimeu':
      return { latest: bound() }
  }
  const ago = /^(start|end)?(days|hours|minutes|months)ago$/.exec(name)
  const unit = unitSeconds[ago?.[2] ?? '']
  if (ago === null || unit === undefined) {
    throw searchError(
      'unsupported',
      `The time modifier "${name}" is not supported.`,
      'Use earliest and latest.',
    )
  }
  const count = Number(value)
  if (value.trim() === '' || !Number.isFinite(count)) {
    throw searchError('bad-argument', `"${name}" needs a number, found "${value}".`)
  }
  const time = now - count * unit
  return ago[1] === 'end' ? { latest: time } : { earliest: time }
}

/** The time modifiers that hold for every event of a search: those that no OR or NOT is around. */
export function globalTimeModifiers(expression: SearchExpression): readonly TimeModifier[] {
  switch (expression.kind) {
    case 'TimeModifier':
      return [expression]
    case 'And':
      return expression.terms.flatMap(globalTimeModifiers)
    default:
      return []
  }
}
