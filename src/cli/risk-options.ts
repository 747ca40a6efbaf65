// Reads the files that say who and what is known, and what is allowed: assets, identities, risk factors, allow-lists.

import { readFileSync } from 'node:fs'
import { ConfigError } from '../config/load.ts'
import type { KarstOptions } from '../engine/engine.ts'
import { readAllowList } from '../risk/allow-list.ts'
import { EntityListError, readEntityLists } from '../risk/entity-list.ts'
import { knownEntities } from '../risk/known-entities.ts'
import { readRiskFactors } from '../risk/risk-factors.ts'
import { type OptionValues, UsageError } from './options.ts'

/**
 * The lists of assets and identities and the factors that go with them, where any were given.
 * @throws UsageError, ConfigError
 */
export function entityOptions({
  assets = [],
  identities = [],
  'risk-factors': factorFile,
}: OptionValues): Pick<KarstOptions, 'entities' | 'riskFactors'> {
  const factors = factorFile === undefined ? undefined : riskFactors(factorFile)
  if (assets.length === 0 && identities.length === 0) return {}
  const read = (names: readonly string[]) => names.map((name) => ({ name, csv: readFileSync(name, 'utf8') }))
  try {
    const entities = readEntityLists(read(assets), read(identities))
    // What is wrong in its columns is said now, not when the first finding comes.
    knownEntities(entities, factors)
    return { entities, ...(factors === undefined ? {} : { riskFactors: factors }) }
  } catch (error) {
    if (error instanceof EntityListError) throw new UsageError(error.message)
    throw error
  }
}

function riskFactors(name: string): NonNullable<KarstOptions['riskFactors']> {
  const result = readRiskFactors(name, readFileSync(name, 'utf8'))
  if (!result.ok) throw new ConfigError(result.diagnostics)
  if (result.unknownKeys.length === 0) return result.item
  const [{ key, known }] = result.unknownKeys as [(typeof result.unknownKeys)[number]]
  throw new UsageError(`${name}: unknown key "${key}". There is: ${known.join(', ')}.`)
}

/**
 * The entries of the allow-lists that were given.
 * @throws ConfigError
 */
export function allowOptions({ allow = [] }: OptionValues, timeZone: string): Pick<KarstOptions, 'allow'> {
  if (allow.length === 0) return {}
  const lists = allow.map((name) => readAllowList({ name, text: readFileSync(name, 'utf8') }, timeZone))
  const problems = lists.flatMap((list) => (list.ok ? [] : list.diagnostics))
  if (problems.length > 0) throw new ConfigError(problems)
  return { allow: lists.flatMap((list) => (list.ok ? list.entries : [])) }
}
