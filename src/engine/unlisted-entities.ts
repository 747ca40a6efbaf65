// Which detections look names up in lists of assets or identities that nobody gave.

import type { Detection } from '../content/detection.ts'
import type { EntityLists } from '../risk/entity-list.ts'
import { entityLookupNames } from '../risk/entity-tables.ts'
import type { Macros } from '../spl/host.ts'

/** A lookup without entries, and the detections whose search names it. */
export interface UnlistedEntities {
  readonly lookup: string
  readonly option: '--assets' | '--identities'
  readonly detections: readonly Detection[]
}

/** Finds them by the names in searches, and in the macros that these use. */
export function unlistedEntities(
  detections: readonly Detection[],
  { assets, identities }: EntityLists,
  macros: Macros,
): readonly UnlistedEntities[] {
  // Splunk's content keeps lookups that are optional in comments.
  const texts = detections.map(({ search }) => search.text.replace(/```[\s\S]*?```/g, ''))
  return Object.entries(entityLookupNames).flatMap(([lookup, kind]) => {
    if ((kind === 'asset' ? assets : identities).length > 0) return []
    const naming = macrosNaming(lookup, macros)
    const names = (text: string): boolean =>
      text.includes(lookup) || naming.some((macro) => text.includes(macro))
    const reading = detections.filter((_, place) => names(texts[place]!))
    const option = kind === 'asset' ? '--assets' : '--identities'
    return reading.length === 0 ? [] : [{ lookup, option, detections: reading }]
  })
}

/** The beginnings of calls of macros that name a lookup, also through other macros. */
function macrosNaming(lookup: string, macros: Macros): readonly string[] {
  const calls: string[] = []
  const isKnown = new Set<string>()
  // Macros are few levels deep; a level more costs one look at each.
  for (let isGrowing = true; isGrowing; ) {
    isGrowing = false
    for (const name of macros.names()) {
      const { definition } = macros.get(name)!
      if (isKnown.has(name)) continue
      if (!definition.includes(lookup) && !calls.some((call) => definition.includes(call))) continue
      isKnown.add(name)
      calls.push(`\`${name.replace(/\(\d+\)$/, '')}`)
      isGrowing = true
    }
  }
  return calls
}
