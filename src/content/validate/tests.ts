// Whether a detection is tested.

import type { SearchFacts } from './facts.ts'
import { type Problem, problem } from './problem.ts'

/** Checks that a detection in production has a test that shows what it finds. */
export function* checkTests({ detection }: SearchFacts): Iterable<Problem> {
  const { status, tests, tags, type } = detection
  // A Correlation works on the risk of others; contentctl does not ask for its tests either.
  if (status !== 'production' || type === 'Correlation' || tags.manualTest !== undefined) return
  if (tests.some(({ attackData, mustNotFire }) => attackData.length > 0 && !mustNotFire)) return
  const message =
    tests.length === 0
      ? 'The detection is in production and has no test.'
      : 'No test of the detection names data in which it must find something.'
  yield problem('missing-test', detection, ['tests'], message, {
    help: 'Add "tests:" with "attack_data:", or "manual_test:" in tags with the reason why that cannot be.',
  })
}
