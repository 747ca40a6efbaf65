// Lists of assets and identities as Splunk Enterprise Security keeps them: read, and rows about the same one merged.
// How they change scores is known-entities.ts's, how searches look them up knowledge's.

import { parseCidr, parseIpv4 } from '../base/net/cidr.ts'
import { parseCsv } from '../base/text/csv.ts'

/** A list with the name under which mistakes in it are reported. */
export interface EntityFile {
  readonly name: string
  readonly csv: string
}

/** A list that cannot be used, and why. */
export class EntityListError extends Error {}

export type EntityKind = 'asset' | 'identity'

/** A row of a list, or several that are about the same one. */
export interface ListedEntity {
  readonly kind: EntityKind
  /** By column in lower case; columns without a value are left out. */
  readonly fields: ReadonlyMap<string, readonly string[]>
  /** Where its first row is, for people: `assets.csv, row 3`. */
  readonly origin: string
}

/** All that the lists say. */
export interface EntityLists {
  readonly assets: readonly ListedEntity[]
  readonly identities: readonly ListedEntity[]
  /** The columns of the lists that Enterprise Security does not define, as they are written. */
  readonly ownColumns: Readonly<Record<EntityKind, readonly string[]>>
}

/** No lists at all. */
export const noEntities: EntityLists = {
  assets: [],
  identities: [],
  ownColumns: { asset: [], identity: [] },
}

/**
 * The columns that Enterprise Security defines, in its order; it also takes columns of one's own.
 * @see Enterprise Security, Administer: "Format an asset or identity list as a lookup"
 */
export const entityColumns: Readonly<Record<EntityKind, readonly string[]>> = {
  asset: [
    'ip', 'mac', 'nt_host', 'dns', 'owner', 'priority', 'lat', 'long', 'city', 'country', 'bunit', 'category',
    'pci_domain', 'is_expected', 'should_timesync', 'should_update', 'requires_av', 'cim_entity_zone',
  ],
  identity: [
    'identity', 'prefix', 'nick', 'first', 'last', 'suffix', 'email', 'phone', 'phone2', 'managedBy', 'priority',
    'bunit', 'category', 'watchlist', 'startDate', 'endDate', 'work_city', 'work_country', 'work_lat', 'work_long',
    'cim_entity_zone',
  ],
} // biome-ignore format: tables

/** Columns that name an entry: a list has to have one of them. */
export const namingColumns: Readonly<Record<EntityKind, readonly string[]>> = {
  asset: ['ip', 'mac', 'nt_host', 'dns'],
  identity: ['identity', 'email'],
}

/** Rows that share a value of these are about the same one. (ES: key fields) People with two accounts share an email. */
const keyColumns: Readonly<Record<EntityKind, readonly string[]>> = {
  asset: ['ip', 'mac', 'nt_host', 'dns'],
  identity: ['identity'],
}

/** Columns that hold several values with `|` between; others are taken as they are. */
const multivalueColumns: ReadonlySet<string> = new Set([
  'ip', 'mac', 'nt_host', 'dns', 'category', 'pci_domain', 'bunit', 'identity', 'email', 'phone', 'phone2', 'managedby',
]) // biome-ignore format: a list

/** What exports write where there is no value. It would make one asset of all that have none. (ES: ignored values) */
const noValues: ReadonlySet<string> = new Set(['', '-', 'n/a', 'null', 'undefined', 'unknown'])

/**
 * Reads lists and merges their rows: of a column with several values all count, of another the first that says something.
 * @throws EntityListError when a list has none of the columns that name its entries
 */
export function readEntityLists(
  assets: readonly EntityFile[],
  identities: readonly EntityFile[],
): EntityLists {
  const ownColumns = { asset: new Map<string, string>(), identity: new Map<string, string>() }
  const read = (kind: EntityKind, files: readonly EntityFile[]): readonly ListedEntity[] =>
    merged(
      kind,
      files.flatMap((file) => readRows(kind, file, ownColumns[kind])),
    )
  const lists = { assets: read('asset', assets), identities: read('identity', identities) }
  return {
    ...lists,
    ownColumns: { asset: [...ownColumns.asset.values()], identity: [...ownColumns.identity.values()] },
  }
}

function readRows(kind: EntityKind, { name, csv }: EntityFile, own: Map<string, string>): ListedEntity[] {
  const [header = [], ...rows] = parseCsv(csv)
  const columns = header.map((column) => column.trim())
  const lower = columns.map((column) => column.toLowerCase())
  if (!namingColumns[kind].some((column) => lower.includes(column))) {
    throw new EntityListError(
      `${name} has none of the columns ${namingColumns[kind].join(', ')}; its first line is "${header.join(',')}".`,
    )
  }
  const defined = new Set(entityColumns[kind].map((column) => column.toLowerCase()))
  columns.forEach((column, index) => {
    const key = lower[index]!
    if (column !== '' && !defined.has(key) && !own.has(key)) own.set(key, column)
  })
  return rows.map((cells, index) => {
    const fields = new Map<string, readonly string[]>()
    lower.forEach((column, place) => {
      const cell = (cells[place] ?? '').trim()
      const values = multivalueColumns.has(column) ? cell.split('|').map((value) => value.trim()) : [cell]
      const stated = [...new Set(values)].filter((value) => !noValues.has(value.toLowerCase()))
      if (column !== '' && stated.length > 0 && !fields.has(column)) fields.set(column, stated)
    })
    return { kind, fields, origin: `${name}, row ${index + 1}` }
  })
}

/** Merges rows that share a key, over any number of steps, and leaves out those that nothing names. */
function merged(kind: EntityKind, rows: readonly ListedEntity[]): ListedEntity[] {
  const parents = rows.map((_, index) => index)
  const root = (index: number): number => {
    let at = index
    while (parents[at] !== at) {
      parents[at] = parents[parents[at]!]!
      at = parents[at]!
    }
    return at
  }
  const firstWith = new Map<string, number>()
  rows.forEach(({ fields }, index) => {
    for (const column of keyColumns[kind]) {
      for (const value of fields.get(column) ?? []) {
        const key = `${column}\n${value.toLowerCase()}`
        const first = firstWith.get(key)
        if (first === undefined) firstWith.set(key, index)
        else {
          const [low, high] = [root(first), root(index)].sort((a, b) => a - b) as [number, number]
          parents[high] = low
        }
      }
    }
  })
  const groups = new Map<number, ListedEntity[]>()
  rows.forEach((row, index) => {
    if (!namingColumns[kind].some((column) => row.fields.has(column))) return
    const group = root(index)
    const members = groups.get(group)
    if (members === undefined) groups.set(group, [row])
    else members.push(row)
  })
  return [...groups.values()].map(together)
}

function together(rows: readonly ListedEntity[]): ListedEntity {
  const [first, ...others] = rows
  if (others.length === 0) return first!
  const fields = new Map<string, readonly string[]>(first!.fields)
  for (const { fields: more } of others) {
    for (const [column, values] of more) {
      const known = fields.get(column)
      if (known === undefined) fields.set(column, values)
      else if (multivalueColumns.has(column)) fields.set(column, distinct([...known, ...values]))
    }
  }
  return { ...first!, fields }
}

/** Without those that differ in case only. */
export function distinct(values: readonly string[]): readonly string[] {
  const seen = new Map<string, string>()
  for (const value of values) if (!seen.has(value.toLowerCase())) seen.set(value.toLowerCase(), value)
  return [...seen.values()]
}

/** A network or range of addresses: `10.0.0.0/8`, `10.0.0.5-10.0.0.9`. */
export interface AddressRange {
  readonly text: string
  matches(address: string): boolean
  /** How narrow it is, in bits; of two that hold an address the one with more says more about it. */
  readonly bits: number
}

/** Reads a network or range; undefined for a single address or name. */
export function addressRange(text: string): AddressRange | undefined {
  if (text.includes('/')) {
    const network = parseCidr(text)
    const bits = Number(text.slice(text.indexOf('/') + 1))
    return network === undefined ? undefined : { text, matches: network.matches, bits }
  }
  const [first, last, ...more] = text.split('-').map((part) => parseIpv4(part.trim()))
  if (first === undefined || last === undefined || more.length > 0) return undefined
  return {
    text,
    bits: 32 - Math.log2(Math.max(1, last - first + 1)),
    matches: (address) => {
      const value = parseIpv4(address)
      return value !== undefined && value >= first && value <= last
    },
  }
}
