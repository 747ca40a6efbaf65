// The lookups of Enterprise Security's lists of assets and identities, which content reads by their names. Their rows
// hold several values in a cell, as its KV store collections do. Reading and merging the lists is left to risk.

import { createHash } from 'node:crypto'
import type { LookupCell, LookupTable } from '../spl/host.ts'
import { textsOf, type Value } from '../value/value.ts'

/** An asset or identity, by column. */
export type EntityFields = ReadonlyMap<string, readonly string[]>

/** A lookup with an entry for each asset or identity. */
export interface EntityTable {
  readonly name: string
  /** As searches name them. */
  readonly fields: readonly string[]
  readonly entities: readonly EntityFields[]
  /** Tests of the cells of these columns, where they are networks; other cells are compared as texts. */
  readonly networks?: {
    readonly columns: ReadonlySet<string>
    readonly compile: (cell: string) => ((address: string) => boolean) | undefined
  }
}

/** A key that stays the same while the entity keeps its names. */
export const entityKey = (names: readonly string[]): string =>
  createHash('sha256')
    .update(JSON.stringify(names.map((name) => name.toLowerCase()).sort()))
    .digest('hex')
    .slice(0, 24)

/**
 * Makes a lookup of entities. A value fits a cell when it fits one of the cell's values, in upper or lower case; a value
 * that is in several entries gives all of them.
 */
export function entityLookup({ name, fields, entities, networks }: EntityTable): LookupTable {
  const cell = (entity: EntityFields, field: string): LookupCell => {
    const values = entity.get(field.toLowerCase()) ?? []
    return values.length === 1 ? values[0]! : values.length === 0 ? '' : values
  }
  const made = new Map<number, ReadonlyMap<string, LookupCell>>()
  const matchOf = (place: number): ReadonlyMap<string, LookupCell> => {
    let match = made.get(place)
    if (match === undefined) {
      match = new Map(fields.map((field) => [field, cell(entities[place]!, field)]))
      made.set(place, match)
    }
    return match
  }
  /** By column and value in lower case, the places of entities. */
  const indexes = new Map<string, Map<string, number[]>>()
  const indexOf = (field: string): Map<string, number[]> => {
    let index = indexes.get(field)
    if (index === undefined) {
      index = new Map()
      for (const [place, entity] of entities.entries()) {
        for (const value of entity.get(field.toLowerCase()) ?? []) {
          const key = value.toLowerCase()
          const places = index.get(key)
          if (places === undefined) index.set(key, [place])
          else places.push(place)
        }
      }
      indexes.set(field, index)
    }
    return index
  }
  const tests = entities.map((entity) =>
    [...(networks?.columns ?? [])].flatMap((column) =>
      (entity.get(column) ?? []).flatMap((range) => {
        const test = networks?.compile(range)
        return test === undefined ? [] : [{ column, test }]
      }),
    ),
  )
  const placesOf = (field: string, texts: readonly string[]): number[] => {
    const found = new Set(texts.flatMap((text) => indexOf(field).get(text.toLowerCase()) ?? []))
    if (networks?.columns.has(field) === true) {
      tests.forEach((ranges, place) => {
        if (ranges.some(({ column, test }) => column === field && texts.some(test))) found.add(place)
      })
    }
    return [...found].sort((a, b) => a - b)
  }
  return {
    name,
    fields,
    isTimed: false,
    rows: () => entities.map((_, place) => [...matchOf(place).values()]),
    match(inputs: readonly (readonly [field: string, value: Value])[]) {
      let places: readonly number[] | undefined
      for (const [field, value] of inputs) {
        const texts = textsOf(value)
        if (texts.length === 0) return []
        const fitting = placesOf(field, texts)
        const both = places === undefined ? undefined : new Set(fitting)
        places = both === undefined ? fitting : places!.filter((place) => both.has(place))
      }
      // Of networks in networks the entries come narrowest first, and that says most about an address.
      const kept = networks === undefined ? (places ?? []) : (places ?? []).slice(0, 1)
      return kept.map(matchOf)
    },
  }
}
