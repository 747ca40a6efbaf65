// Finds a text on which a backtracking engine takes very long with a pattern, so that a warning is not a guess.
// The analysis in regex/ambiguity.ts says which patterns may have one; this tries to write it: what leads to a loop, many
// rounds of the loop, and an end that does not fit.

import { compileProgram, isTooLarge, runProgram } from '../regex/backtracker.ts'
import { type CharSet, contains, rangesOf } from '../regex/char-set.ts'
import { type Node, type ParsedPattern, partsOf } from '../regex/pcre-tree.ts'

/** Characters of all rounds together, and the most rounds: so few that only doubling reaches the limit on steps. */
const pumpedLength = 64
const mostRounds = 40
/** More than a pattern with three loops over the whole text takes. */
const mostSteps = 1_000_000
/** Loops that are tried, and lengths of what leads to them. */
const mostLoops = 16
const longestText = 500

/** Ends that few loops take: what is tried behind the rounds. */
const ends = ['\u0001', '\n\u0001', ' \u0001', '']

/** A text that takes more than a million steps, though it is short; undefined when none was found. */
export function pumpedText(pattern: ParsedPattern): string | undefined {
  if (isTooLarge(pattern.root)) return undefined
  const program = { ...compileProgram(pattern, false), patience: Number.POSITIVE_INFINITY }
  for (const { lead, round } of loopsOf(pattern.root).slice(0, mostLoops)) {
    const rounds = Math.min(mostRounds, Math.floor(pumpedLength / round.length))
    if (round === '' || rounds < 8 || lead.length > longestText) continue
    for (const end of ends) {
      const text = lead + round.repeat(rounds) + end
      if (runProgram(program, text, 0, mostSteps) === 'exhausted') return text
    }
  }
  return undefined
}

interface Loop {
  /** A text that brings the engine to the loop. */
  readonly lead: string
  /** A text that one round of it takes. */
  readonly round: string
}

/** The loops without limit that hold more than a character, outer ones first. */
function loopsOf(root: Node): Loop[] {
  const found: Loop[] = []
  const look = (node: Node, lead: string): void => {
    switch (node.kind) {
      case 'Sequence': {
        let before = lead
        for (const item of node.items) {
          look(item, before)
          before += sample(item)
        }
        return
      }
      case 'Repeat':
        if (node.max === Number.POSITIVE_INFINITY && node.body.kind !== 'Character') {
          for (const least of [0, 1]) found.push({ lead, round: sample(node.body, least) })
        }
        look(node.body, lead)
        return
      default:
        for (const part of partsOf(node)) look(part, lead)
    }
  }
  look(root, '')
  return found
}

/**
 * A short text that fits, as far as that can be told without its surroundings.
 * @param least how often a loop inside is gone through at least
 */
function sample(node: Node, least = 0): string {
  switch (node.kind) {
    case 'Character':
      return characterOf(node.set)
    case 'Sequence':
      return node.items.map((item) => sample(item, least)).join('')
    case 'Alternation':
      return sample(node.options[0]!, least)
    case 'Repeat':
      return sample(node.body, least).repeat(Math.min(Math.max(node.min, least), longestText))
    case 'Capture':
    case 'Atomic':
      return sample(node.body, least)
    case 'Look':
    case 'Assertion':
    case 'Backreference':
    case 'Recursion':
    case 'Conditional':
    case 'Keep':
    case 'Fail':
      return ''
  }
}

/** A character of a set that other sets have as well, if it has one. */
function characterOf(set: CharSet): string {
  const common = ['a', 'A', '0', ' ', '/'].find((character) => contains(set, character.codePointAt(0)!))
  if (common !== undefined) return common
  const [first] = rangesOf(set)
  return first === undefined ? '' : String.fromCodePoint(first[0])
}
