// Where IP addresses are: reads a location database in MaxMind's format (GeoLite2, DB-IP) that the user supplies.

import { readFile } from 'node:fs/promises'
import { type CityResponse, Reader } from 'mmdb-lib'
import { isIpAddress } from '../base/net/cidr.ts'
import { searchError } from '../diagnostics/diagnostic.ts'
import type { Location, Locations } from '../spl/host.ts'

/**
 * Opens a database.
 * @throws SearchError when the file is not one
 */
export async function openLocations(path: string): Promise<Locations> {
  const bytes = await readFile(path)
  let reader: Reader<CityResponse>
  try {
    reader = new Reader<CityResponse>(bytes)
  } catch (error) {
    throw searchError(
      'bad-argument',
      `${path} is not a location database (${(error as Error).message}).`,
      'Give a .mmdb file with cities, such as GeoLite2-City.mmdb or dbip-city-lite.mmdb.',
    )
  }
  return {
    find(text, language) {
      // A subnet is where its first address is.
      const address = text.split('/')[0]!.trim()
      const found = isIpAddress(address) ? reader.get(address) : null
      return found === null ? undefined : locationOf(found, language)
    },
  }
}

function locationOf(found: CityResponse, language: string): Location {
  const name = (part: { readonly names: object } | undefined): string => {
    const names = part?.names as Readonly<Record<string, string>> | undefined
    return names?.[language] ?? names?.['en'] ?? ''
  }
  const { city, continent, country, location, subdivisions } = found
  return {
    city: name(city),
    continent: name(continent),
    country: name(country),
    region: name(subdivisions?.[0]),
    metroCode: text(location?.metro_code),
    timezone: location?.time_zone ?? '',
    latitude: text(location?.latitude),
    longitude: text(location?.longitude),
  }
}

const text = (value: number | undefined): string => (value === undefined ? '' : String(value))
