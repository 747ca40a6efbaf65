// The lookups in which Enterprise Security keeps its assets and identities, filled from the user's lists, so that content
// that names them finds there what it would find in Splunk.

import { entityKey, entityLookup } from '../knowledge/entity-lookups.ts'
import {
  addressRange,
  distinct,
  type EntityKind,
  type EntityLists,
  entityColumns,
  type ListedEntity,
} from './entity-list.ts'

type LookupTables = ReadonlyMap<string, ReturnType<typeof entityLookup>>

/** The names of the lookups, and the lists that fill them. */
export const entityLookupNames = {
  asset_lookup_by_str: 'asset',
  asset_lookup_by_cidr: 'asset',
  identity_lookup_expanded: 'identity',
} as const satisfies Readonly<Record<string, EntityKind>>

/**
 * Makes the lookups. `asset` holds all names of an asset, `identity` all of an identity with its email address and what
 * stands before the `@`, as Enterprise Security's usual conventions have it; `asset_tag` and `identity_tag` gather
 * category, business unit and the marks that are true. Networks are in `asset_lookup_by_cidr` only. Without lists the
 * lookups are there and empty, as in an Enterprise Security where nobody filled them.
 *
 * @see Enterprise Security, Administer: "Asset and identity fields after processing", "Lookups that store merged asset and
 *      identity data"
 */
export function entityTables({ assets, identities, ownColumns }: EntityLists): LookupTables {
  const assetFields = [
    '_key', 'asset', ...entityColumns.asset, ...ownColumns.asset, 'asset_tag',
  ] // biome-ignore format: a list
  const identityFields = ['_key', ...entityColumns.identity, ...ownColumns.identity, 'identity_tag']
  const isNetwork = (name: string): boolean => addressRange(name) !== undefined
  return new Map([
    [
      'asset_lookup_by_str',
      entityLookup({
        name: 'asset_lookup_by_str',
        fields: assetFields,
        entities: assets.flatMap((asset) => assetEntry(asset, (name) => !isNetwork(name)) ?? []),
      }),
    ],
    [
      'asset_lookup_by_cidr',
      entityLookup({
        name: 'asset_lookup_by_cidr',
        fields: assetFields,
        entities: assets.flatMap(assetNetworks).sort((a, b) => narrowness(b) - narrowness(a)),
        networks: {
          columns: new Set(['asset', 'ip']),
          compile: (cell) => addressRange(cell)?.matches,
        },
      }),
    ],
    [
      'identity_lookup_expanded',
      entityLookup({
        name: 'identity_lookup_expanded',
        fields: identityFields,
        entities: identities.map(identityEntry),
      }),
    ],
  ])
}

type Fields = ReadonlyMap<string, readonly string[]>

/** An asset with those of its names that are wanted; undefined when none is. */
function assetEntry({ fields }: ListedEntity, isWanted: (name: string) => boolean): Fields | undefined {
  const ip = (fields.get('ip') ?? []).filter(isWanted)
  const others = ['mac', 'nt_host', 'dns'].flatMap((column) => fields.get(column) ?? [])
  const names = distinct([...ip, ...others.filter(isWanted)])
  if (names.length === 0) return undefined
  return new Map([
    ...fields,
    ['_key', [entityKey(names)]],
    ['asset', names],
    ['ip', ip],
    ['asset_tag', tagsOf(fields, assetMarks)],
  ])
}

/** An entry for each of its networks, since each is as narrow as it is. */
const assetNetworks = (asset: ListedEntity): Fields[] =>
  (asset.fields.get('ip') ?? []).flatMap((network) =>
    addressRange(network) === undefined ? [] : (assetEntry(asset, (name) => name === network) ?? []),
  )

const narrowness = (fields: Fields): number => addressRange(fields.get('ip')?.[0] ?? '')?.bits ?? 0

function identityEntry({ fields }: ListedEntity): Fields {
  const email = fields.get('email') ?? []
  const names = distinct([
    ...(fields.get('identity') ?? []),
    ...email,
    ...email.map((address) => address.split('@')[0]!),
  ])
  return new Map([
    ...fields,
    ['_key', [entityKey(names)]],
    ['identity', names],
    ['identity_tag', tagsOf(fields, ['watchlist'])],
  ])
}

const assetMarks = ['is_expected', 'should_timesync', 'should_update', 'requires_av'] as const

function tagsOf(fields: Fields, marks: readonly string[]): readonly string[] {
  const isTrue = (column: string): boolean => /^(?:true|yes|1)$/i.test(fields.get(column)?.[0] ?? '')
  const gathered = ['category', 'pci_domain', 'bunit'].flatMap((column) => fields.get(column) ?? [])
  return distinct([...gathered, ...marks.filter(isTrue)])
}
