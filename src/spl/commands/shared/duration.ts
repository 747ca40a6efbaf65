// Durations as text, as convert's dur2sec and mstime read them.

import { parseNumber } from '../../../base/text/number.ts'

/** Seconds of `[D+]HH:MM:SS`, fractions allowed; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const [, days = '0', hours = '0', minutes = '0', seconds = ''] =
    /^(?:(\d{1,9})\+)?(?:(\d{1,9}):)?(\d{1,9}):(\d{1,9}(?:\.\d{1,9})?)$/.exec(text) ?? []
  if (seconds === '') return undefined
  return Number(days) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
}

/** Seconds of `[MM:]SS.SSS`; undefined for anything else. */
export function parseMinutesSeconds(text: string): number | undefined {
  const [, minutes = '0', seconds = ''] = /^(?:(\d{1,9}):)?(\d{1,9}(?:\.\d{1,9})?)$/.exec(text) ?? []
  if (seconds === '') return undefined
  // Thousandths first: 60 + 2.345 would show the rounding of binary fractions.
  return parseNumber((Number(minutes) * 60 + Number(seconds)).toFixed(9))
}
