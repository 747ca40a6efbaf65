// Fills a detection's drilldowns, so that they run as printed.

import type { Detection } from '../content/detection.ts'
import type { FilledDrilldown, FindingTimes } from '../detect/finding.ts'
import type { Value } from '../value/value.ts'
import { fillMessage, splitTemplate } from './tokens.ts'

/**
 * The drilldowns of a row. A value never becomes SPL: it is quoted, and what would end the quotation is escaped.
 *
 * @param times  the row's; `$info_min_time$` and `$info_max_time$` become the seconds around them, or all time
 */
export function fillDrilldowns(
  detection: Detection,
  row: ReadonlyMap<string, Value>,
  { first, last }: FindingTimes,
): FilledDrilldown[] {
  const bound = (text: string): string => {
    if (text === '$info_min_time$') return first === undefined ? '0' : String(Math.floor(first))
    // Splunk's upper bound is exclusive, so the last event's own second must end before it.
    if (text === '$info_max_time$') return last === undefined ? 'now' : String(Math.floor(last) + 1)
    return text
  }
  return detection.drilldowns.map(({ name, search, earliest, latest }) => ({
    name: fillMessage(name, row).replaceAll('\n', ', '),
    search: fillSearch(search.trim(), detection.search.text.trim(), row),
    earliest: bound(earliest),
    latest: bound(latest),
  }))
}

/** Fills a search. The detection's own search goes in as it is, and only where the template asks for it. */
function fillSearch(template: string, detectionSearch: string, row: ReadonlyMap<string, Value>): string {
  return template
    .split('%original_detection_search%')
    .map((piece) => fillTokens(piece, row))
    .join(detectionSearch)
}

/** A token is a value outside quotation marks, and part of a text inside them. */
function fillTokens(template: string, row: ReadonlyMap<string, Value>): string {
  let filled = ''
  for (const part of splitTemplate(template, row)) {
    if (part.kind === 'text') filled += part.text
    else if (isInQuotes(filled)) filled += part.values.map(escaped).join(' ')
    else {
      const list = part.values.map((value) => `"${escaped(value)}"`).join(', ')
      // `field = $token$` cannot take several values; `field IN (…)` says the same.
      const isComparison = part.values.length > 1 && /=\s*$/.test(filled)
      filled = isComparison ? `${filled.replace(/\s*=\s*$/, '')} IN (${list})` : filled + list
    }
  }
  return filled
}

const escaped = (value: string): string => value.replace(/["\\]/g, '\\$&')

function isInQuotes(text: string): boolean {
  let inQuotes = false
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === '"') inQuotes = !inQuotes
  }
  return inQuotes
}
