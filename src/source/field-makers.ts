// Which stages of a profile make a field. It is asked for every field of every block, so it is worked out once.

import type { AutomaticLookup } from '../knowledge/aliases.ts'
import type { Knowledge } from '../knowledge/knowledge.ts'
import type { Profile } from '../knowledge/profile.ts'

/** The stages that can make a field, as positions in the lists of its profile, ascending. */
export interface FieldMakers {
  readonly aliases: readonly number[]
  readonly lookups: readonly number[]
}

const none: FieldMakers = { aliases: [], lookups: [] }

const known = new WeakMap<Profile, ReadonlyMap<string, FieldMakers>>()

/** The aliases and automatic lookups of a profile that make a field. */
export function fieldMakers(profile: Profile, knowledge: Knowledge, field: string): FieldMakers {
  let makers = known.get(profile)
  if (makers === undefined) {
    makers = collectMakers(profile, knowledge)
    known.set(profile, makers)
  }
  return makers.get(field) ?? none
}

function collectMakers({ aliases, lookups }: Profile, knowledge: Knowledge): Map<string, FieldMakers> {
  const makers = new Map<string, { aliases: number[]; lookups: number[] }>()
  const of = (field: string): { aliases: number[]; lookups: number[] } => {
    let lists = makers.get(field)
    if (lists === undefined) {
      lists = { aliases: [], lookups: [] }
      makers.set(field, lists)
    }
    return lists
  }
  for (const [index, { to }] of aliases.entries()) of(to).aliases.push(index)
  for (const [index, lookup] of lookups.entries()) {
    for (const field of new Set(lookupOutputs(lookup, knowledge).map(([, name]) => name)))
      of(field).lookups.push(index)
  }
  return makers
}

const outputs = new WeakMap<AutomaticLookup, readonly (readonly [table: string, event: string])[]>()

/** What a lookup adds: what it says, else all fields of its table that are no inputs. */
export function lookupOutputs(
  lookup: AutomaticLookup,
  { lookups }: Knowledge,
): readonly (readonly [table: string, event: string])[] {
  if (lookup.outputs !== undefined) return lookup.outputs
  let fields = outputs.get(lookup)
  if (fields === undefined) {
    const inputs = new Set(lookup.inputs.map(([field]) => field))
    fields = (lookups.get(lookup.table)?.fields ?? [])
      .filter((field) => !inputs.has(field))
      .map((field) => [field, field] as const)
    outputs.set(lookup, fields)
  }
  return fields
}

/** The last of some positions before a limit. */
export function lastBefore(positions: readonly number[], limit: number): number | undefined {
  for (let index = positions.length - 1; index >= 0; index--)
    if (positions[index]! < limit) return positions[index]
  return undefined
}
