// Where in its file a detection states something that both forms of risk write at different places.

import type { Label } from '../../diagnostics/source.ts'
import type { Detection } from '../detection.ts'

type Keys = readonly (string | number)[]

/** The place of a value as a list of labels; empty where the file's text is not at hand. */
export function labelsAt(detection: Detection, keys: Keys): readonly Label[] {
  const label = detection.place?.(keys)
  return label === undefined ? [] : [label]
}

/** Where the risk message is written: in `rba:`, or in `tags:` of the older form. */
export const messagePlace = (detection: Detection): readonly Label[] =>
  firstThere(detection, [['rba', 'message']], ['tags', 'message'])

/** Where a risk or threat object is written: in `rba:`, or among the observables of the older form. */
export function riskFieldPlace(detection: Detection, field: string): readonly Label[] {
  for (const [top, list, key] of [
    ['rba', 'risk_objects', 'field'],
    ['rba', 'threat_objects', 'field'],
    ['tags', 'observable', 'name'],
  ] as const) {
    for (let index = 0; ; index++) {
      const label = placeIfThere(detection, [top, list, index, key])
      if (label === undefined) break
      const written = label.source.text.slice(label.span.start, label.span.end)
      if (written.trim().replace(/^['"]|['"]$/g, '') === field) return [label]
    }
  }
  return firstThere(detection, [['rba']], ['tags'])
}

function firstThere(detection: Detection, candidates: readonly Keys[], otherwise: Keys): readonly Label[] {
  for (const keys of candidates) {
    const label = placeIfThere(detection, keys)
    if (label !== undefined) return [label]
  }
  return labelsAt(detection, otherwise)
}

/** A value that is missing has the place of what should hold it. */
function placeIfThere(detection: Detection, keys: Keys): Label | undefined {
  const label = detection.place?.(keys)
  const holder = detection.place?.(keys.slice(0, -1))
  if (label === undefined || holder === undefined) return undefined
  const isMissing = label.span.start === holder.span.start && label.span.end === holder.span.end
  return isMissing ? undefined : label
}
