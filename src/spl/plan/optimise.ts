// The rewrites, in order. Each gives a plan with the same results; a property test runs both.

import type { Plan } from './plan.ts'
import { keepNeededFields } from './rewrites/keep-needed-fields.ts'
import { pushSearchIntoScan } from './rewrites/push-search-into-scan.ts'

export type Rewrite = (plan: Plan) => Plan

/** All rewrites, by the name that `karst explain` shows. */
export const rewrites: readonly (readonly [name: string, rewrite: Rewrite])[] = [
  ['push search into scan', pushSearchIntoScan],
  ['keep needed fields', keepNeededFields],
]

/** Applies every rewrite. */
export const optimise = (plan: Plan): Plan =>
  rewrites.reduce((rewritten, [, rewrite]) => rewrite(rewritten), plan)
