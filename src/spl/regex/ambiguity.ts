// Judges how long a backtracking engine may take with a pattern: its growth with the length of the text at worst.
// It builds the position automaton (Glushkov) of the tree and looks for ambiguity in it, as in Weber and Seidl, "On the
// degree of ambiguity of finite automata" (1991): two ways around one loop make time exponential, a chain of loops that
// can share characters makes it polynomial. Where it cannot tell it says too much, never too little.
// What is done about it is left to guard.ts.

import { type CharSet, everything, intersection, intersects, unionOf } from './char-set.ts'
import { isNullable, type Node, partsOf, someNode } from './pcre-tree.ts'

export interface Growth {
  /** There may be texts for which the time doubles with every further character. */
  readonly exponential: boolean
  /** Otherwise the time is at most about length ** degree. */
  readonly degree: number
}

/** A larger pattern is not looked into; the worst is assumed. */
const mostPositions = 100_000
/** The same for patterns with more steps from position to position, as long lists in loops have. */
const mostSteps = 1_000_000
/** How many pairs of positions of a loop are followed before the worst is assumed. */
const mostPairs = 20_000
/** How many places without a loop may leave a choice between two ways; each can double the time. */
const mostChoices = 8
/** Pairs of loops are compared for patterns with at most this many loops. */
const mostComparedLoops = 40

/** How the time to search for the pattern anywhere in a text grows with the text. */
export function growthOf(root: Node): Growth {
  const automaton = new Automaton()
  const anchored = isAnchored(root)
  // A search tries every start: a loop over any character in front of the pattern.
  const start: Part = anchored ? emptyPart : automaton.loopOverAnything()
  automaton.sequence([start, automaton.part(root)])
  const { exponential, degree } = automaton.growth()
  // A lookaround is searched anew wherever it is reached, so its time multiplies.
  const inner = automaton.lookBodies.map((body) => anchoredGrowth(body))
  return {
    exponential: exponential || inner.some((growth) => growth.exponential),
    degree: inner.reduce((sum, growth) => sum + growth.degree, degree),
  }
}

function anchoredGrowth(body: Node): Growth {
  return growthOf({ kind: 'Sequence', items: [{ kind: 'Assertion', at: 'textStart' }, body] })
}

/** Whether a match can begin at the start of the text only. */
export function isAnchored(node: Node): boolean {
  switch (node.kind) {
    case 'Assertion':
      return node.at === 'textStart'
    case 'Sequence':
      return node.items.length > 0 && isAnchored(node.items[0]!)
    case 'Alternation':
      return node.options.every(isAnchored)
    case 'Capture':
    case 'Atomic':
      return isAnchored(node.body)
    case 'Repeat':
      return node.min > 0 && isAnchored(node.body)
    default:
      return false
  }
}

/** What a part of the pattern adds to the automaton. */
interface Part {
  readonly first: readonly number[]
  readonly last: readonly number[]
  readonly nullable: boolean
}

const emptyPart: Part = { first: [], last: [], nullable: true }

class Automaton {
  /** The characters of each position. */
  readonly #sets: CharSet[] = []
  readonly #follow: Set<number>[] = []
  /** Steps that can be taken in two ways, `from * 2**20 + to`. */
  readonly #double = new Set<number>()
  #loopsWithChoiceOfNothing = false
  #tooLarge = false
  #steps = 0
  readonly lookBodies: Node[] = []

  #position(set: CharSet): Part {
    if (this.#sets.length >= mostPositions) {
      this.#tooLarge = true
      return { first: [0], last: [0], nullable: false }
    }
    const position = this.#sets.length
    this.#sets.push(set)
    this.#follow.push(new Set())
    return { first: [position], last: [position], nullable: false }
  }

  loopOverAnything(): Part {
    return { ...this.#loop(this.#position(everything)), nullable: true }
  }

  #link(from: readonly number[], to: readonly number[]): void {
    this.#steps += from.length * to.length
    if (this.#steps > mostSteps) this.#tooLarge = true
    if (this.#tooLarge) return
    for (const source of from) {
      const follow = this.#follow[source]!
      for (const target of to) {
        if (follow.has(target)) this.#double.add(source * 2 ** 20 + target)
        follow.add(target)
      }
    }
  }

  #loop(part: Part): Part {
    this.#link(part.last, part.first)
    return part
  }

  sequence(parts: readonly Part[]): Part {
    let whole = emptyPart
    for (const part of parts) {
      if (this.#tooLarge) break
      this.#link(whole.last, part.first)
      whole = {
        first: whole.nullable ? [...whole.first, ...part.first] : whole.first,
        last: part.nullable ? [...whole.last, ...part.last] : part.last,
        nullable: whole.nullable && part.nullable,
      }
    }
    return whole
  }

  part(node: Node): Part {
    switch (node.kind) {
      case 'Character':
        return this.#position(node.set)
      case 'Sequence':
        return this.sequence(node.items.map((item) => this.part(item)))
      case 'Alternation': {
        const parts = node.options.map((option) => this.part(option))
        return {
          first: parts.flatMap((part) => part.first),
          last: parts.flatMap((part) => part.last),
          nullable: parts.some((part) => part.nullable),
        }
      }
      case 'Repeat':
        return this.#repeat(node.body, node.min, node.max)
      case 'Capture':
      case 'Atomic':
        return this.part(node.body)
      case 'Look':
        this.lookBodies.push(node.body)
        return emptyPart
      // What a backreference takes is unknown: any run of characters.
      case 'Backreference':
        return this.loopOverAnything()
      case 'Recursion':
        this.#tooLarge = true
        return this.loopOverAnything()
      case 'Conditional':
        return this.part({ kind: 'Alternation', options: partsOf(node) })
      case 'Assertion':
      case 'Keep':
      case 'Fail':
        return emptyPart
    }
  }

  #repeat(body: Node, min: number, max: number): Part {
    if (max === 0) return emptyPart
    if (max === 1) return { ...this.part(body), nullable: min === 0 || isNullable(body) }
    if (someNode(body, (node) => waysToMatchNothing(node) > 1)) this.#loopsWithChoiceOfNothing = true
    // Of many rounds that must be, any can be the empty ones: (?:.?){50}.
    const bound = max === Number.POSITIVE_INFINITY ? min : max
    if (bound > 4 && isNullable(body)) this.#loopsWithChoiceOfNothing = true
    // Few copies of something small are written out, x{1,3} as x(x(x)?)?; more are taken for a loop, which is never
    // less ambiguous.
    if (max <= (body.kind === 'Character' ? 16 : 4)) {
      let rest = emptyPart
      for (let copy = max; copy > 0; copy--) {
        rest = this.sequence([this.part(body), rest])
        if (copy > min) rest = { ...rest, nullable: true }
      }
      return rest
    }
    const part = this.#loop(this.part(body))
    return min === 0 ? { ...part, nullable: true } : part
  }

  growth(): Growth {
    if (this.#tooLarge) return { exponential: true, degree: mostComparedLoops }
    const components = this.#components()
    const loops = components.filter(
      (component) => component.length > 1 || this.#follow[component[0]!]!.has(component[0]!),
    )
    const exponential =
      this.#loopsWithChoiceOfNothing ||
      loops.some((loop) => this.#hasTwoWaysAround(loop)) ||
      this.#choices(components) > mostChoices
    return { exponential, degree: this.#degree(loops) }
  }

  /** How many positions have two successors outside their loop that share a character: `a?a?a?`, `(?:ab|ac)`. */
  #choices(components: readonly (readonly number[])[]): number {
    let choices = 0
    for (const component of components) {
      const inside = new Set(component)
      for (const position of component) {
        if (this.#sharesCharacters([...this.#follow[position]!].filter((next) => !inside.has(next))))
          choices++
      }
    }
    return choices
  }

  #sharesCharacters(positions: readonly number[]): boolean {
    if (positions.length > 2000) return true
    for (let i = 0; i < positions.length; i++) {
      for (let j = 0; j < i; j++) {
        if (intersects(this.#sets[positions[i]!]!, this.#sets[positions[j]!]!)) return true
      }
    }
    return false
  }

  /** Whether two different ways through the loop can take the same text from one position to one position. */
  #hasTwoWaysAround(loop: readonly number[]): boolean {
    const inLoop = new Set(loop)
    const successors = (position: number) => [...this.#follow[position]!].filter((next) => inLoop.has(next))
    const pairKey = (a: number, b: number) => Math.min(a, b) * 2 ** 20 + Math.max(a, b)
    const seen = new Set<number>()
    const open: (readonly [number, number])[] = []
    const visit = (a: number, b: number): void => {
      if (seen.has(pairKey(a, b)) || !intersects(this.#sets[a]!, this.#sets[b]!)) return
      seen.add(pairKey(a, b))
      open.push([a, b])
    }
    for (const position of loop) {
      const next = successors(position)
      if (next.some((target) => this.#double.has(position * 2 ** 20 + target))) return true
      next.forEach((a, i) => {
        for (const b of next.slice(i + 1)) visit(a, b)
      })
    }
    // The ways have parted; do they meet again on the same text?
    for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
      if (seen.size > mostPairs) return true
      const [left, right] = [successors(pair[0]), successors(pair[1])]
      for (const a of left) {
        for (const b of right) {
          if (a !== b) visit(a, b)
          else if (this.#sets[a]!.length > 0) return true
        }
      }
    }
    return false
  }

  /**
   * One more than the most pairs of loops, one behind the other, of which both can take the same text that also leads
   * from the first to the second. `loops` are in the order of the pattern.
   */
  #degree(loops: readonly (readonly number[])[]): number {
    if (loops.length === 0) return 1
    if (loops.length > mostComparedLoops) return 1 + loops.length
    const characters = loops.map((loop) => unionOf(loop.map((position) => this.#sets[position]!)))
    const pairs = new Array<number>(loops.length).fill(0)
    for (let second = 0; second < loops.length; second++) {
      for (let first = 0; first < second; first++) {
        const shared = intersection(characters[first]!, characters[second]!)
        const ambiguous = shared.length > 0 && this.#leads(loops[first]!, loops[second]!, shared)
        const reachable = ambiguous || this.#leads(loops[first]!, loops[second]!, everything)
        if (reachable) pairs[second] = Math.max(pairs[second]!, pairs[first]! + (ambiguous ? 1 : 0))
      }
    }
    return 1 + Math.max(...pairs)
  }

  /** Whether one loop leads to the other over positions that can take one of the characters. */
  #leads(from: readonly number[], to: readonly number[], characters: CharSet): boolean {
    const goal = new Set(to)
    const seen = new Set(from)
    const open = [...from]
    for (let position = open.pop(); position !== undefined; position = open.pop()) {
      for (const next of this.#follow[position]!) {
        if (seen.has(next) || !intersects(this.#sets[next]!, characters)) continue
        if (goal.has(next)) return true
        seen.add(next)
        open.push(next)
      }
    }
    return false
  }

  /** The strongly connected components, first those that come first in the pattern. (Tarjan, without recursion) */
  #components(): number[][] {
    const count = this.#sets.length
    const index = new Int32Array(count).fill(-1)
    const low = new Int32Array(count)
    const onStack = new Uint8Array(count)
    const stack: number[] = []
    const components: number[][] = []
    let next = 0
    for (let root = 0; root < count; root++) {
      if (index[root] !== -1) continue
      const calls: { position: number; successors: Iterator<number> }[] = []
      const enter = (position: number): void => {
        index[position] = low[position] = next++
        stack.push(position)
        onStack[position] = 1
        calls.push({ position, successors: this.#follow[position]!.values() })
      }
      enter(root)
      while (calls.length > 0) {
        const { position, successors } = calls.at(-1)!
        const step = successors.next()
        if (!step.done) {
          if (index[step.value] === -1) enter(step.value)
          else if (onStack[step.value] === 1) low[position] = Math.min(low[position]!, index[step.value]!)
          continue
        }
        calls.pop()
        const caller = calls.at(-1)
        if (caller !== undefined) low[caller.position] = Math.min(low[caller.position]!, low[position]!)
        if (low[position] !== index[position]) continue
        const component = stack.splice(stack.lastIndexOf(position))
        for (const member of component) onStack[member] = 0
        components.push(component)
      }
    }
    // Tarjan finishes a component after all that follow it.
    return components.reverse()
  }
}

/** In how many ways a node can match the empty text, up to two. */
function waysToMatchNothing(node: Node): number {
  switch (node.kind) {
    case 'Character':
    case 'Fail':
      return 0
    case 'Sequence':
      return Math.min(
        2,
        node.items.reduce((ways, item) => ways * waysToMatchNothing(item), 1),
      )
    case 'Alternation':
      return Math.min(
        2,
        node.options.reduce((ways, option) => ways + waysToMatchNothing(option), 0),
      )
    case 'Repeat':
      return node.min === 0 ? 1 : waysToMatchNothing(node.body)
    case 'Capture':
    case 'Atomic':
      return waysToMatchNothing(node.body)
    case 'Conditional':
      return Math.min(2, waysToMatchNothing(node.yes) + waysToMatchNothing(node.no))
    case 'Look':
    case 'Assertion':
    case 'Backreference':
    case 'Recursion':
    case 'Keep':
      return 1
  }
}
