// Which detections of the content are to run.

import { suggest } from '../base/suggest.ts'
import { compileWildcard, hasWildcard } from '../base/text/wildcard.ts'
import type { Detection } from '../content/detection.ts'
import { searchError } from '../diagnostics/diagnostic.ts'

/** Each list narrows the selection; an empty or absent one does not. */
export interface DetectionSelection {
  /** Ids, names, file names without `.yml`, or patterns of these. */
  readonly detections?: readonly string[]
  readonly stories?: readonly string[]
  /** ATT&CK ids; a technique includes its sub-techniques. */
  readonly techniques?: readonly string[]
  readonly types?: readonly string[]
}

/**
 * The detections that fit every list.
 * @throws SearchError for a name that fits none, with a suggestion
 */
export function selectDetections(
  all: readonly Detection[],
  selection: DetectionSelection,
): readonly Detection[] {
  const filters = [
    filterBy(selection.detections, 'detection', ({ id, name, path }) => [id, name, fileStem(path)]),
    filterBy(selection.stories, 'analytic story', ({ tags }) => tags.analyticStories),
    filterBy(selection.techniques, 'technique', ({ tags }) =>
      tags.mitreAttackIds.flatMap((id) => [id, id.split('.')[0]!]),
    ),
    filterBy(selection.types, 'type', ({ type }) => [type]),
  ]
  return filters.reduce((kept, filter) => filter(kept, all), all)
}

const fileStem = (path: string): string => path.slice(path.lastIndexOf('/') + 1).replace(/\.ya?ml$/i, '')

function filterBy(
  wanted: readonly string[] | undefined,
  what: string,
  labels: (detection: Detection) => readonly string[],
): (kept: readonly Detection[], all: readonly Detection[]) => readonly Detection[] {
  if (wanted === undefined || wanted.length === 0) return (kept) => kept
  return (kept, all) => {
    const tests = wanted.map((text) => {
      const test = hasWildcard(text)
        ? compileWildcard(text, { ignoreCase: true })
        : (label: string) => label.toLowerCase() === text.toLowerCase()
      if (!all.some((detection) => labels(detection).some(test))) {
        const [nearest] = suggest(text, new Set(all.flatMap(labels)))
        const help = nearest === undefined ? undefined : `Did you mean "${nearest}"?`
        throw searchError('bad-argument', `No ${what} fits "${text}".`, help)
      }
      return test
    })
    return kept.filter((detection) => labels(detection).some((label) => tests.some((test) => test(label))))
  }
}
