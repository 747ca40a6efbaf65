// Runs every check of content. Reading searches is left to the engine, which tells what it found as facts.

import { type AttackContext, checkAttack } from './attack.ts'
import type { SearchFacts } from './facts.ts'
import { checkMetadata } from './metadata.ts'
import { checkOutputFields } from './output-fields.ts'
import type { Problem } from './problem.ts'
import { checkSources } from './sources.ts'
import { checkTests } from './tests.ts'
import { checkUnused } from './unused.ts'

/**
 * Checks content apart from its searches.
 * @param facts of each detection, in the order of the content
 */
export function* checkContent(facts: readonly SearchFacts[], context: AttackContext): Iterable<Problem> {
  for (const one of facts) {
    yield* checkMetadata(one)
    yield* checkAttack(one, context)
    yield* checkOutputFields(one)
    yield* checkSources(one, context.content)
    yield* checkTests(one)
  }
  yield* checkUnused(facts, context.content)
}
