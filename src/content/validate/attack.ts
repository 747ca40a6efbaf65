// Whether ATT&CK techniques exist, and whether name, message, story, kill chain and test data speak of the same ones.

import type { Detection } from '../detection.ts'
import type { Content } from '../load.ts'
import type { SearchFacts, TechniqueTable } from './facts.ts'
import { type Mechanism, mechanisms } from './mechanisms.ts'
import { labelsAt, messagePlace } from './places.ts'
import { type Problem, problem, problemAt } from './problem.ts'

export interface AttackContext {
  readonly content: Content
  readonly attack: TechniqueTable
  /** The kill chain phases that follow from a detection's techniques. */
  killChainOf(detection: Detection): readonly string[]
}

/** Checks a detection's techniques against everything that it says. */
export function* checkAttack(facts: SearchFacts, context: AttackContext): Iterable<Problem> {
  const { detection } = facts
  const { mitreAttackIds: ids } = detection.tags
  if (ids.length === 0) {
    if (detection.status === 'deprecated') return
    const help = 'Add tags: mitre_attack_id:, unless nothing there fits.'
    yield problem('missing-technique', detection, ['tags'], 'The detection names no ATT&CK technique.', {
      help,
    })
    return
  }
  yield* unknownTechniques(detection, context)
  yield* killChain(detection, context)
  yield* stories(detection, context)
  yield* mechanismsOf(facts)
  yield* testData(detection)
}

function* unknownTechniques(detection: Detection, { attack }: AttackContext): Iterable<Problem> {
  for (const [index, id] of detection.tags.mitreAttackIds.entries()) {
    if (attack.techniques.has(id)) continue
    const isWellFormed = /^T\d{4}(\.\d{3})?$/.test(id)
    const message = isWellFormed
      ? `ATT&CK ${attack.version} has no technique ${id}: it never had, or it was revoked.`
      : `"${id}" is not the id of an ATT&CK technique, such as T1021 or T1021.003.`
    yield problem('unknown-technique', detection, ['tags', 'mitre_attack_id', index], message)
  }
}

function* killChain(detection: Detection, { killChainOf }: AttackContext): Iterable<Problem> {
  const stated = detection.tags.killChainPhases
  const derived = killChainOf(detection)
  if (stated === undefined || derived.length === 0) return
  for (const [index, phase] of stated.entries()) {
    if (derived.includes(phase)) continue
    const message = `The techniques of the detection do not serve the kill chain phase "${phase}".`
    const help = `Their tactics give: ${derived.join(', ')}.`
    yield problem('kill-chain-mismatch', detection, ['tags', 'kill_chain_phases', index], message, { help })
  }
}

/** Tactics that the name of a story states. "Execution" is left out: "Remote Code Execution" is a flaw, no tactic. */
const storyTactics: readonly (readonly [words: RegExp, tactic: string])[] = [
  [/\bpersistence\b/i, 'Persistence'],
  [/\bprivilege escalation\b/i, 'Privilege Escalation'],
  [/\bdefense evasion\b/i, 'Defense Evasion'],
  [/\blateral movement\b/i, 'Lateral Movement'],
  [/\bexfiltration\b/i, 'Exfiltration'],
  [/\bcredential access\b|\bcredential dumping\b|\bcredential stealing\b/i, 'Credential Access'],
  [/\bdiscovery\b/i, 'Discovery'],
  [/\bcommand and control\b/i, 'Command and Control'],
]

function* stories(detection: Detection, { content, attack }: AttackContext): Iterable<Problem> {
  const { analyticStories, mitreAttackIds } = detection.tags
  const tactics = new Set(mitreAttackIds.flatMap((id) => attack.techniques.get(id)?.tactics ?? []))
  for (const [index, story] of analyticStories.entries()) {
    const keys = ['tags', 'analytic_story', index]
    if (content.stories.size > 0 && !content.stories.has(story)) {
      yield problem(
        'unknown-story',
        detection,
        keys,
        `The content does not define the analytic story "${story}".`,
      )
    }
    const wanted = storyTactics.filter(([words]) => words.test(story)).map(([, tactic]) => tactic)
    if (tactics.size === 0 || wanted.length === 0 || wanted.some((tactic) => tactics.has(tactic))) continue
    const message = `The story "${story}" is about ${wanted.join(' and ')}; the techniques serve ${[...tactics].join(', ')}.`
    yield problem('story-tactic', detection, keys, message, {
      help: 'Add the technique that belongs to the story, or take the detection out of it.',
    })
  }
}

/** Texts that name a means which neither the search nor the techniques have, while these agree on another. */
function* mechanismsOf({ detection, expanded = detection.search.text }: SearchFacts): Iterable<Problem> {
  const { name, risk, tags } = detection
  const isDeclared = ({ techniques }: Mechanism): boolean =>
    techniques.some((id) => tags.mitreAttackIds.some((own) => isSameTechnique(own, id)))
  const isSearched = ({ words, traces }: Mechanism): boolean => words.test(expanded) || traces.test(expanded)
  const agreed = mechanisms.filter(
    (mechanism) => isDeclared(mechanism) && (mechanism.words.test(name) || isSearched(mechanism)),
  )
  if (agreed.length === 0) return
  const said = risk?.message ?? ''
  for (const [what, place, text, other] of [
    ['message', () => messagePlace(detection), said, name],
    ['name', () => labelsAt(detection, ['name']), name, said],
  ] as const) {
    for (const mechanism of mechanisms) {
      if (!mechanism.words.test(text) || mechanism.words.test(other)) continue
      if (isDeclared(mechanism) || isSearched(mechanism)) continue
      const means = agreed.map((one) => one.name).join(' and ')
      const message = `The ${what} speaks of ${mechanism.name} (${mechanism.techniques[0]}), but the detection is about ${means} (${tags.mitreAttackIds.join(', ')}).`
      const help = 'Correct the text, or the search and the techniques.'
      yield problemAt('mechanism-mismatch', detection, place(), message, { help })
    }
  }
}

function* testData(detection: Detection): Iterable<Problem> {
  const own = detection.tags.mitreAttackIds
  // Content states a sub-technique with its technique, which then does not stand for the other sub-techniques.
  const meant = own.filter((id) => !own.some((other) => other.startsWith(`${id}.`)))
  const fits = (inPath: string): boolean =>
    own.includes(inPath) || meant.some((id) => isSameTechnique(id, inPath))
  for (const [test, { attackData }] of detection.tests.entries()) {
    for (const [index, { data }] of attackData.entries()) {
      const inPath = /(?:^|\/)(T\d{4}(?:\.\d{3})?)(?=\/)/i.exec(data)?.[1]?.toUpperCase()
      if (inPath === undefined || fits(inPath)) continue
      const message = `The test data lies under ${inPath}, and the detection declares ${own.join(', ')}.`
      const help = 'See whether the data shows this technique, or whether one is missing here.'
      const keys = ['tests', test, 'attack_data', index, 'data']
      yield problem('data-technique', detection, keys, message, { help })
    }
  }
}

/** The same technique, or one of them a sub-technique of the other. */
const isSameTechnique = (a: string, b: string): boolean =>
  a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`)
