// Risk factors: by what they are, assets and identities make a score higher or lower. The factors of Enterprise Security,
// and those that a user writes. Who is in a list is entity-list.ts's, which score they change known-entities.ts's.

import * as z from 'zod'
import { compileWildcard } from '../base/text/wildcard.ts'
import {
  flag,
  line,
  lines,
  listOf,
  mapOf,
  optional,
  type Read,
  readAs,
  requiredLine,
} from '../content/schema.ts'
import { parseYamlFile } from '../content/yaml-file.ts'
import type { EntityKind, ListedEntity } from './entity-list.ts'

/** A rule that changes the scores of the assets and identities that it fits. */
export interface RiskFactor {
  readonly name: string
  /** Absent: of both. */
  readonly kind?: EntityKind
  /** By column, patterns with `*`: one of them must fit one of the column's values, and so for every column. */
  readonly when: ReadonlyMap<string, readonly string[]>
  readonly multiply: number
  readonly add: number
}

/** What a score is multiplied with, and what is added then. */
export interface Factor {
  readonly multiply: number
  readonly add: number
}

const factor = (
  name: string,
  when: Record<string, readonly string[]>,
  multiply: number,
  kind?: EntityKind,
) => ({
  name,
  when: new Map(Object.entries(when)),
  multiply,
  add: 0,
  ...(kind === undefined ? {} : { kind }),
})

/**
 * The factors that hold unless a user leaves them out. Those that raise a score are Enterprise Security's own, which it
 * states for critical destinations and high-priority users; here priority counts for both. It has none that lower one.
 */
export const defaultRiskFactors: readonly RiskFactor[] = [
  factor('Critical priority', { priority: ['critical'] }, 1.5),
  factor('High priority', { priority: ['high'] }, 1.25),
  factor('Low priority', { priority: ['low'] }, 0.75),
  factor('Informational priority', { priority: ['informational'] }, 0.5),
  factor('Admin user', { category: ['*admin*', '*privileged*'] }, 1.5, 'identity'),
  factor('Watchlisted user', { watchlist: ['true', 'yes', '1'] }, 1.5, 'identity'),
  { ...factor('Contractor user', { category: ['*contractor*'] }, 1, 'identity'), add: 5 },
]

const number = (check: (value: number) => boolean, message: string) =>
  line
    .regex(/^-?\d{1,9}(?:\.\d+)?$/, message)
    .transform(Number)
    .refine(check, message)

const fileSchema = mapOf({
  defaults: optional(flag),
  factors: listOf(
    mapOf({
      name: requiredLine,
      list: optional(z.enum(['assets', 'identities'], 'must be assets or identities')),
      when: z
        .record(z.string(), lines, 'must be a map of columns and values')
        .refine(
          (columns) => Object.values(columns).some((values) => values.length > 0),
          'must name a column',
        ),
      multiply: optional(number((value) => value >= 0, 'must be a number from 0')),
      add: optional(number(() => true, 'must be a number')),
    }),
  ),
})

/**
 * Reads a file of risk factors: `factors`, a list of `name`, `list` (assets or identities), `when` (columns and values),
 * `multiply` and `add`; and `defaults: false`, which leaves the default ones out.
 *
 * @param name  the file's, for people
 */
export function readRiskFactors(name: string, text: string): Read<readonly RiskFactor[]> {
  const { file, diagnostics } = parseYamlFile(name, text)
  if (file === undefined) return { ok: false, diagnostics }
  return readAs(fileSchema, file, 'file of risk factors', ({ defaults, factors }) => [
    ...(defaults === false ? [] : defaultRiskFactors),
    ...factors.map(
      ({ name: factorName, list, when, multiply, add }): RiskFactor => ({
        name: factorName,
        ...(list === undefined ? {} : { kind: list === 'assets' ? 'asset' : 'identity' }),
        when: new Map(Object.entries(when).map(([column, values]) => [column.toLowerCase(), values])),
        multiply: multiply ?? 1,
        add: add ?? 0,
      }),
    ),
  ])
}

/** Returns the function that tells what the factors make of an entity: all that fit multiply, then add. */
export function factorOf(factors: readonly RiskFactor[]): (entity: ListedEntity) => Factor {
  const compiled = factors.map((one) => ({
    ...one,
    when: [...one.when].map(
      ([column, patterns]) =>
        [column, patterns.map((pattern) => compileWildcard(pattern, { ignoreCase: true }))] as const,
    ),
  }))
  return ({ kind, fields }) => {
    const fitting = compiled.filter(
      (one) =>
        (one.kind === undefined || one.kind === kind) &&
        one.when.every(([column, tests]) =>
          (fields.get(column) ?? []).some((value) => tests.some((test) => test(value))),
        ),
    )
    return {
      multiply: fitting.reduce((product, { multiply }) => product * multiply, 1),
      add: fitting.reduce((sum, { add }) => sum + add, 0),
    }
  }
}
