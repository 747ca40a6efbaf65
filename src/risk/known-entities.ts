// Risk objects that a list of assets or identities knows: what they are, and how that changes their scores.
// Reading the lists is entity-list.ts's, what changes a score risk-factors.ts's.

import { parseIpv4 } from '../base/net/cidr.ts'
import type { KnownEntity, RiskObject } from '../detect/finding.ts'
import {
  type AddressRange,
  addressRange,
  EntityListError,
  type EntityLists,
  type ListedEntity,
} from './entity-list.ts'
import { defaultRiskFactors, factorOf, type RiskFactor } from './risk-factors.ts'

/** What is known of an entity, but for the score that it changes. */
type Entry = Omit<KnownEntity, 'base_score'>

/** Assets and identities by what they are called. */
export interface KnownEntities {
  /** Changes the score of a risk object that is in a list and adds what is known of it. Others stay as they are. */
  apply(object: RiskObject): RiskObject
}

/**
 * Makes the lists known to risk. Assets are systems, identities users. The columns `risk_factor_mult` and
 * `risk_factor_add`, which are ours, replace the factors for their row: a factor of 0 mutes an object.
 *
 * @throws EntityListError when one of these columns holds no number
 */
export function knownEntities(
  { assets, identities }: EntityLists,
  factors: readonly RiskFactor[] = defaultRiskFactors,
): KnownEntities {
  const factor = factorOf(factors)
  const systems = new Names()
  for (const entity of assets) {
    const names = ['nt_host', 'dns', 'mac', 'ip'].flatMap((column) => entity.fields.get(column) ?? [])
    systems.add(names, entryOf(names[0]!, entity, factor))
  }
  const users = new Names()
  for (const entity of identities) {
    const names = ['identity', 'email'].flatMap((column) => entity.fields.get(column) ?? [])
    users.add(names, entryOf(names[0]!, entity, factor))
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
      const score = Math.max(0, Math.round((object.score * entry.multiply + entry.add) * 100) / 100)
      return { ...object, score, known: { ...entry, base_score: object.score } }
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
  /** The narrowest first. */
  readonly #byAddress: { readonly range: AddressRange; readonly entry: Entry }[] = []
  #isSorted = true

  /** The first entry that claims a name keeps it. */
  add(names: readonly string[], entry: Entry): void {
    for (const name of names) {
      const range = addressRange(name)
      if (range !== undefined) {
        this.#byAddress.push({ range, entry })
        this.#isSorted = false
      } else if (!this.#byName.has(name.toLowerCase())) this.#byName.set(name.toLowerCase(), entry)
    }
  }

  /** The entry for the first of the names that has one. */
  find(names: readonly string[]): Entry | undefined {
    for (const name of names) {
      const entry = this.#byName.get(name.toLowerCase())
      if (entry !== undefined) return entry
    }
    if (!this.#isSorted) this.#byAddress.sort((a, b) => b.range.bits - a.range.bits)
    this.#isSorted = true
    return this.#byAddress.find(({ range }) => range.matches(names[0]!))?.entry
  }
}

function entryOf(name: string, entity: ListedEntity, factor: ReturnType<typeof factorOf>): Entry {
  const { fields, origin } = entity
  const first = (column: string): string => fields.get(column)?.[0] ?? ''
  const stated = (column: string): number | undefined => {
    const written = first(column)
    if (written === '') return undefined
    if (Number.isFinite(Number(written))) return Number(written)
    throw new EntityListError(`${origin}: "${column}" needs a number, found "${written}".`)
  }
  const { multiply, add } = factor(entity)
  const category = fields.get('category') ?? []
  return {
    name,
    ...text('priority', first('priority')),
    ...(category.length === 0 ? {} : { category }),
    ...text('owner', first('owner')),
    ...text('bunit', (fields.get('bunit') ?? []).join(', ')),
    multiply: stated('risk_factor_mult') ?? multiply,
    add: stated('risk_factor_add') ?? add,
  }
}

const text = <Key extends string>(key: Key, value: string): { [Name in Key]?: string } =>
  (value === '' ? {} : { [key]: value }) as { [Name in Key]?: string }
