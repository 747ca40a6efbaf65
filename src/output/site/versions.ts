// The history of a detection, as far as several versions of it were loaded: what each changed against the one before.

import type { Detection } from '../../content/detection.ts'
import { type Html, html } from '../html/html.ts'

/** A line of a difference. */
export interface DifferenceLine {
  readonly kind: 'same' | 'added' | 'removed'
  readonly text: string
}

/** The longest common lines of two texts and what surrounds them. Texts are a detection's own, so they are short. */
export function differenceOf(before: readonly string[], after: readonly string[]): DifferenceLine[] {
  // lengths[i][j]: how many lines the rests from i and j have in common.
  const lengths = Array.from({ length: before.length + 1 }, () => new Uint16Array(after.length + 1))
  for (let i = before.length - 1; i >= 0; i--)
    for (let j = after.length - 1; j >= 0; j--)
      lengths[i]![j] =
        before[i] === after[j]
          ? lengths[i + 1]![j + 1]! + 1
          : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!)
  const lines: DifferenceLine[] = []
  let i = 0
  let j = 0
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      lines.push({ kind: 'same', text: before[i]! })
      i++
      j++
    } else if (j >= after.length || (i < before.length && lengths[i + 1]![j]! >= lengths[i]![j + 1]!)) {
      lines.push({ kind: 'removed', text: before[i++]! })
    } else lines.push({ kind: 'added', text: after[j++]! })
  }
  return lines
}

/** A search as lines: one for each of its stages. */
const searchLines = ({ search }: Detection): string[] =>
  search.text
    .trim()
    .split(/\n|(?=\|)/)
    .map((line) => line.trim())
    .filter((line) => line !== '')

/** What can be compared in words. */
const parts: readonly (readonly [name: string, lines: (detection: Detection) => readonly string[]])[] = [
  ['Name', ({ name }) => [name]],
  ['Type', ({ type }) => [type]],
  ['Status', ({ status }) => [status]],
  ['Author', ({ author }) => [author]],
  ['Description', ({ description }) => [description]],
  ['Search', searchLines],
  ['Data sources', ({ dataSources }) => dataSources.map((needed) => needed.join(' and '))],
  ['How to implement', ({ howToImplement }) => [howToImplement]],
  ['Known false positives', ({ knownFalsePositives }) => [knownFalsePositives]],
  ['ATT&CK', ({ tags }) => tags.mitreAttackIds],
  ['Analytic stories', ({ tags }) => tags.analyticStories],
  ['Risk message', ({ risk }) => (risk === undefined ? [] : [risk.message])],
  [
    'Risk objects',
    ({ risk }) => (risk?.objects ?? []).map(({ field, type, score }) => `${field} (${type}): ${score}`),
  ],
  ['Required fields', ({ tags }) => tags.requiredFields],
  ['References', ({ references }) => references],
]

/** Draws what changed from one version to the next. */
export function drawDifferences(before: Detection, after: Detection): Html {
  const changed = parts.flatMap(([name, linesOf]) => {
    const lines = differenceOf(linesOf(before), linesOf(after))
    return lines.every(({ kind }) => kind === 'same') ? [] : [{ name, lines }]
  })
  if (changed.length === 0) return html`<p class="soft">Nothing that this page shows.</p>`
  return html`${changed.map(
    ({ name, lines }) =>
      html`<h4>${name}</h4><pre class="difference">${lines.map(({ kind, text }) => html`<span class="${kind}">${kind === 'added' ? '+ ' : kind === 'removed' ? '− ' : '  '}${text}</span>`)}</pre>`,
  )}`
}
