// Lists of assets and identities as Enterprise Security keeps them, and how they change risk scores.
// Reading the files is left to engine.

import { parseCidr, parseIpv4 } from '../base/net/cidr.ts'
import { parseCsv } from '../base/text/csv.ts'
import type { KnownEntity, RiskObject } from '../detect/finding.ts'

/** What a score is multiplied with, and what is added then. */
interface Factor {
  readonly multiply: number
  readonly add: number
}

/**
 * By priority. Critical and high are Enterprise Security's default risk factors (critical destination, high-priority
 * user), here for assets and identities alike; it has none that lower a score.
 */
const priorityFactors: ReadonlyMap<string, number> = new Map([
  ['critical', 1.5],
  ['high', 1.25],
  ['medium', 1],
  ['low', 0.75],
  ['informational', 0.5],
])

/** By category of identities, and for watchlisted ones. (ES: "Admin User", "Contractor User", "Watchlisted User") */
const adminFactor = 1.5
const contractorBonus = 5
const watchlistFactor = 1.5

/** A row of a list. */
interface Entry {
  readonly entity: Omit<KnownEntity, 'base_score'>
}

/** Assets and identities by what they are called. */
export interface KnownEntities {
  /** Changes the score of a risk object that is in a list and adds what is known of it. Others stay as they are. */
  apply(object: RiskObject): RiskObject
}

/** A list with the name under which mistakes in it are reported. */
export interface EntityList {
  readonly name: string
  readonly csv: string
}

/** A list that cannot be used, and why. */
export class EntityListError extends Error {}

/**
 * Reads lists. Columns are found by their names; more of them may be there. Assets: `ip` (addresses, networks and
 * `first-last`), `mac`, `nt_host`, `dns`; identities: `identity`, `email`. These hold several values with `|` between.
 * `priority`, `category`, `watchlist`, `owner` and `bunit` tell about them. The columns `risk_factor_mult` and
 * `risk_factor_add`, which are ours, replace what the table of factors says: a factor of 0 mutes an object.
 *
 * @throws EntityListError when a list lacks the columns that name its entries, or a factor is no number
 */
export function readKnownEntities(
  assets: readonly EntityList[],
  identities: readonly EntityList[],
): KnownEntities {
  const systems = new Names()
  for (const list of assets) {
    for (const row of readRows(list, ['ip', 'mac', 'nt_host', 'dns'])) {
      const names = [...row.list('nt_host'), ...row.list('dns'), ...row.list('mac')]
      const addresses = row.list('ip')
      const [name] = [...names, ...addresses]
      if (name !== undefined) systems.add([...names, ...addresses], { entity: row.entity(name, false) })
    }
  }
  const users = new Names()
  for (const list of identities) {
    for (const row of readRows(list, ['identity', 'email'])) {
      const names = [...row.list('identity'), ...row.list('email')]
      const [name] = names
      if (name !== undefined) users.add(names, { entity: row.entity(name, true) })
    }
  }
  return {
    apply(object) {
      const entry =
        object.type === 'system'
          ? systems.find([object.object, hostPart(object.object)])
          : object.type === 'user'
            ? users.find([object.object, ...accountParts(object.object)])
            : undefined
      if (entry === undefined) return object
      const { multiply, add } = entry.entity
      const score = Math.round((object.score * multiply + add) * 100) / 100
      return { ...object, score, known: { ...entry.entity, base_score: object.score } }
    },
  }
}

/** `PC04` of `PC04.example.corp`; an address has no such part. */
const hostPart = (name: string): string => (parseIpv4(name) === undefined ? name.split('.')[0]! : name)

/** `ann` of `CORP\ann` and of `ann@corp.example`. (ES: identity conventions) */
function accountParts(name: string): string[] {
  return [name.slice(name.lastIndexOf('\\') + 1), name.split('@')[0]!]
}

/** Entries by name in lower case, and by network or range of addresses. */
class Names {
  readonly #byName = new Map<string, Entry>()
  readonly #byAddress: { readonly matches: (address: string) => boolean; readonly entry: Entry }[] = []

  /** The first entry that claims a name keeps it. */
  add(names: readonly string[], entry: Entry): void {
    for (const name of names) {
      const matches = addressTest(name)
      if (matches !== undefined) this.#byAddress.push({ matches, entry })
      else if (!this.#byName.has(name.toLowerCase())) this.#byName.set(name.toLowerCase(), entry)
    }
  }

  /** The entry for the first of the names that has one. */
  find(names: readonly string[]): Entry | undefined {
    for (const name of names) {
      const entry = this.#byName.get(name.toLowerCase())
      if (entry !== undefined) return entry
    }
    return this.#byAddress.find(({ matches }) => matches(names[0]!))?.entry
  }
}

/** The test of `10.0.0.0/8` or `10.0.0.5-10.0.0.9`; undefined for what is no set of addresses. */
function addressTest(text: string): ((address: string) => boolean) | undefined {
  if (text.includes('/')) return parseCidr(text)?.matches
  const [first, last] = text.split('-').map((part) => parseIpv4(part.trim()))
  if (first === undefined || last === undefined) return undefined
  return (address) => {
    const value = parseIpv4(address)
    return value !== undefined && value >= first && value <= last
  }
}

/** A row of a list, by column. */
interface Row {
  list(column: string): string[]
  entity(name: string, isIdentity: boolean): Entry['entity']
}

function readRows({ name, csv }: EntityList, namingColumns: readonly string[]): Row[] {
  const [header = [], ...rows] = parseCsv(csv)
  const columns = new Map(header.map((column, index) => [column.trim().toLowerCase(), index]))
  if (!namingColumns.some((column) => columns.has(column))) {
    throw new EntityListError(
      `${name} has none of the columns ${namingColumns.join(', ')}; its first line is "${header.join(',')}".`,
    )
  }
  return rows.map((cells, index) => {
    const cell = (column: string): string => cells[columns.get(column) ?? -1]?.trim() ?? ''
    const list = (column: string): string[] =>
      cell(column)
        .split('|')
        .map((value) => value.trim())
        .filter((value) => value !== '')
    const number = (column: string): number | undefined => {
      const text = cell(column)
      if (text === '') return undefined
      const value = Number(text)
      if (Number.isFinite(value)) return value
      throw new EntityListError(`${name}, row ${index + 1}: "${column}" needs a number, found "${text}".`)
    }
    return {
      list,
      entity(entityName, isIdentity) {
        const category = list('category')
        const isWatched = /^(?:true|yes|1)$/i.test(cell('watchlist'))
        const factor = factorOf(cell('priority').toLowerCase(), category, isIdentity, isWatched)
        return {
          name: entityName,
          ...text('priority', cell('priority')),
          ...(category.length === 0 ? {} : { category }),
          ...text('owner', cell('owner')),
          ...text('bunit', cell('bunit')),
          multiply: number('risk_factor_mult') ?? factor.multiply,
          add: number('risk_factor_add') ?? factor.add,
        }
      },
    }
  })
}

function factorOf(
  priority: string,
  category: readonly string[],
  isIdentity: boolean,
  isWatched: boolean,
): Factor {
  const is = (pattern: RegExp): boolean => isIdentity && category.some((name) => pattern.test(name))
  return {
    multiply:
      (priorityFactors.get(priority) ?? 1) *
      (is(/admin|privileged/i) ? adminFactor : 1) *
      (isWatched ? watchlistFactor : 1),
    add: is(/contractor/i) ? contractorBonus : 0,
  }
}

const text = <Key extends string>(key: Key, value: string): { [Name in Key]?: string } =>
  (value === '' ? {} : { [key]: value }) as { [Name in Key]?: string }
