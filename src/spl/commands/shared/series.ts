// Which values of a split field become series of a chart, and what they are called.
// Search Reference: chart, timechart (limit, useother, usenull, where clause)

import { compareNaturally, compareText } from '../../stats/text-order.ts'
import type { ChartTerms, SeriesChoice } from './chart-terms.ts'

export interface SeriesPlan {
  /** All series in the order of the columns. */
  readonly names: readonly string[]
  /** The series of a value (undefined: of null); undefined when it is not shown. */
  nameOf(value: string | undefined): string | undefined
}

/**
 * Chooses the series.
 * @param scores of each value, by which they are ranked
 * @param hasNull whether rows without the field occur
 */
export function planSeries(
  scores: ReadonlyMap<string, number>,
  hasNull: boolean,
  { choice, options }: Pick<ChartTerms, 'choice' | 'options'>,
): SeriesPlan {
  const { usenull = true, useother = true, nullstr = 'NULL', otherstr = 'OTHER' } = options
  const kept = chosenValues(scores, choice)
  const names = new Set([...kept].sort(compareNaturally).map(seriesName))
  if (hasNull && usenull) names.add(nullstr)
  if (kept.size < scores.size && useother) names.add(otherstr)
  return {
    names: [...names],
    nameOf(value) {
      if (value === undefined) return usenull ? nullstr : undefined
      if (kept.has(value)) return seriesName(value)
      return useother ? otherstr : undefined
    },
  }
}

/** A column must not have the name of an internal field. Search Reference: timechart (prepending VALUE) */
const seriesName = (value: string): string => (value.startsWith('_') ? `VALUE${value}` : value)

function chosenValues(scores: ReadonlyMap<string, number>, choice: SeriesChoice): ReadonlySet<string> {
  switch (choice.kind) {
    case 'threshold': {
      const { operator, number } = choice
      const passes = (score: number): boolean => (operator === '<' ? score < number : score > number)
      return new Set([...scores].filter(([, score]) => passes(score)).map(([value]) => value))
    }
    case 'rank': {
      const { from, count, isIn } = choice
      if (count === 0) return new Set(isIn ? scores.keys() : [])
      const sign = from === 'top' ? -1 : 1
      const ranked = [...scores]
        .sort(([a, x], [b, y]) => (x - y) * sign || compareText(a, b))
        .map(([value]) => value)
      return new Set(isIn ? ranked.slice(0, count) : ranked.slice(count))
    }
  }
}
