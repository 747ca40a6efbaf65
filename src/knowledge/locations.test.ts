import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { locationDatabase } from '../../test/support/location-database.ts'
import { locatedText } from '../diagnostics/source.ts'
import { emptyHost, parseSearch, resultRow, rowsSource, runSearch } from '../spl/index.ts'
import { openLocations } from './locations.ts'

const folder = mkdtempSync(join(tmpdir(), 'karst-locations-'))
afterAll(() => rmSync(folder, { recursive: true }))

const file = join(folder, 'cities.mmdb')
writeFileSync(
  file,
  locationDatabase({
    '203.0.113.0/24': {
      city: { names: { en: 'Vienna', de: 'Wien' } },
      country: { names: { en: 'Austria', de: 'Österreich' } },
      continent: { names: { en: 'Europe' } },
      subdivisions: [{ names: { en: 'Vienna' } }],
      location: { latitude: 48.2, longitude: 16.37, time_zone: 'Europe/Vienna' },
    },
    '198.51.100.0/25': { country: { names: { en: 'Japan' } } },
  }),
)

async function rowsOf(spl: string, input: readonly Record<string, string>[]) {
  const host = { ...emptyHost, source: rowsSource(input), locations: await openLocations(file) }
  const options = { now: 1_700_000_000, timeZone: 'UTC' }
  const { pipeline } = parseSearch(locatedText({ name: 'search', text: spl }), host.macros, options)
  const rows = []
  for await (const batch of runSearch(pipeline, host, options)) rows.push(...batch.rows().map(resultRow))
  return rows
}

test('iplocation adds what the database knows, and nothing for other addresses', async () => {
  const input = [
    { ip: '203.0.113.7' },
    { ip: '198.51.100.9' },
    { ip: '10.0.0.1' },
    { ip: 'no address' },
    { n: '1' },
  ]
  expect(await rowsOf('* | iplocation ip', input)).toEqual([
    { ip: '203.0.113.7', City: 'Vienna', Country: 'Austria', Region: 'Vienna', lat: '48.2', lon: '16.37' },
    { ip: '198.51.100.9', City: '', Country: 'Japan', Region: '', lat: '', lon: '' },
    { ip: '10.0.0.1' },
    { ip: 'no address' },
    { n: '1' },
  ])
})

test('iplocation takes a prefix, a language, all fields and subnets', async () => {
  const rows = await rowsOf('* | iplocation prefix=src_ allfields=true lang=de ip', [
    { ip: '203.0.113.0/24' },
  ])
  expect(rows).toEqual([
    {
      ip: '203.0.113.0/24',
      src_City: 'Wien',
      src_Country: 'Österreich',
      src_Region: 'Vienna',
      src_lat: '48.2',
      src_lon: '16.37',
      src_Continent: 'Europe',
      src_MetroCode: '',
      src_Timezone: 'Europe/Vienna',
    },
  ])
})

test('without a database iplocation says how to give one; a wrong file is refused', async () => {
  const options = { now: 0, timeZone: 'UTC' }
  const { pipeline } = parseSearch(
    locatedText({ name: 'search', text: '* | iplocation ip' }),
    emptyHost.macros,
    options,
  )
  const run = async () => {
    for await (const batch of runSearch(pipeline, emptyHost, options)) expect(batch.length).toBe(0)
  }
  await expect(run()).rejects.toThrow('--geoip FILE')
  const wrong = join(folder, 'wrong.mmdb')
  writeFileSync(wrong, 'not a database')
  await expect(openLocations(wrong)).rejects.toThrow('is not a location database')
})
