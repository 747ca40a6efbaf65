// Adds where IP addresses are. The database is the user's: the host reads it.

import { searchError } from '../../diagnostics/diagnostic.ts'
import { type Column, mapColumn, nullColumn, plain, valueAt } from '../../value/column.ts'
import { textsOf, type Value } from '../../value/value.ts'
import type { Location } from '../host.ts'
import { union, without } from '../plan/wanted-fields.ts'
import { defineCommand } from './command.ts'

/** The fields that it adds, and where they come from; the last three only with allfields=true. */
const addedFields = [
  ['City', 'city'],
  ['Country', 'country'],
  ['Region', 'region'],
  ['lat', 'latitude'],
  ['lon', 'longitude'],
  ['Continent', 'continent'],
  ['MetroCode', 'metroCode'],
  ['Timezone', 'timezone'],
] as const satisfies readonly (readonly [string, keyof Location])[]

const usualFields = 5

const added = (allFields: boolean) => addedFields.slice(0, allFields ? addedFields.length : usualFields)

export const iplocation = defineCommand({
  name: 'iplocation',
  type: 'distributable streaming',
  summary: 'Adds the city, country, region and coordinates of an IP address.',
  syntax: 'iplocation [prefix=<string>] [allfields=<bool>] [lang=<string>] <field>',
  options: {
    prefix: 'Text before the names of the added fields.',
    allfields: 'Also adds Continent, MetroCode and Timezone. Default: false.',
    lang: 'The language of the names, as far as the database has it. Default: en.',
  },
  examples: ['| makeresults | eval src="203.0.113.7" | iplocation prefix=src_ src'],

  parse(reader) {
    const schema = { prefix: 'string', allfields: 'boolean', lang: 'string' } as const
    const before = reader.options(schema)
    const field = reader.field('the field that holds the address')
    const options = { ...before, ...reader.options(schema) }
    return {
      field,
      prefix: options.prefix ?? '',
      allFields: options.allfields ?? false,
      language: options.lang ?? 'en',
    }
  },

  needs: ({ field, prefix, allFields }, wanted) =>
    union(
      without(
        wanted,
        added(allFields).map(([name]) => prefix + name),
      ),
      [field],
    ),

  async *run({ field, prefix, allFields, language }, input, { locations }) {
    if (locations === undefined) {
      throw searchError(
        'missing-lookup',
        'iplocation needs a location database, and none was given.',
        'Give a .mmdb file with cities (GeoLite2, DB-IP) with --geoip FILE.',
      )
    }
    const known = new Map<string, Location | undefined>()
    const locate = (value: Value): Location | undefined => {
      const [address] = textsOf(value)
      if (address === undefined) return undefined
      if (!known.has(address)) known.set(address, locations.find(address, language))
      return known.get(address)
    }
    for await (const batch of input) {
      const addresses = batch.column(field) ?? nullColumn
      yield batch.with(
        added(allFields).map(([name, part]) => {
          const found = mapColumn(addresses, (value) => locate(value)?.[part])
          const before = batch.column(prefix + name)
          return [
            prefix + name,
            before === undefined ? found : filledFrom(found, before, batch.length),
          ] as const
        }),
      )
    }
  },
})

/** Addresses without a location keep what the field held. */
const filledFrom = (found: Column, before: Column, length: number): Column =>
  plain(Array.from({ length }, (_, row) => valueAt(found, row) ?? valueAt(before, row)))
