// The syntax tree of a regular expression: what PCRE means, with its spellings, options and counts resolved.
// Made by pcre-parser.ts; native.ts writes it as JavaScript, backtracker.ts runs it, ambiguity.ts judges it.

import type { Span } from '../../diagnostics/source.ts'
import { type CharSet, emptySet, everything, unionOf } from './char-set.ts'

export type Node =
  | CharacterNode
  | SequenceNode
  | AlternationNode
  | RepeatNode
  | CaptureNode
  | AtomicNode
  | LookNode
  | AssertionNode
  | BackreferenceNode
  | RecursionNode
  | ConditionalNode
  | KeepNode
  | FailNode

/** One character out of a set; options such as (?i) and (?s) are already part of the set. */
export interface CharacterNode {
  readonly kind: 'Character'
  readonly set: CharSet
}

/** One after another; none of them matches the empty text. */
export interface SequenceNode {
  readonly kind: 'Sequence'
  readonly items: readonly Node[]
}

/** The first that leads to a match. */
export interface AlternationNode {
  readonly kind: 'Alternation'
  readonly options: readonly Node[]
}

export interface RepeatNode {
  readonly kind: 'Repeat'
  readonly body: Node
  readonly min: number
  /** Infinity for no limit. */
  readonly max: number
  readonly mode: 'greedy' | 'lazy' | 'possessive'
}

export interface CaptureNode {
  readonly kind: 'Capture'
  /** From 1. In a branch reset `(?|…)` several groups have the same number. */
  readonly number: number
  readonly body: Node
}

/** `(?>…)`: once it has matched it is not entered again. */
export interface AtomicNode {
  readonly kind: 'Atomic'
  readonly body: Node
}

export interface LookNode {
  readonly kind: 'Look'
  readonly direction: 'ahead' | 'behind'
  readonly negated: boolean
  readonly body: Node
  /** How many characters each option of a lookbehind takes, in the order of the options of `body`. */
  readonly lengths: readonly number[]
}

export interface AssertionNode {
  readonly kind: 'Assertion'
  /**
   * `textStart` is `\A` and `^`, `lineStart` is `^` under (?m), `end` is `$` and `\Z` (at the end or before a last line
   * break), `textEnd` is `\z`, `lineEnd` is `$` under (?m), `searchStart` is `\G`.
   */
  readonly at:
    | 'textStart'
    | 'lineStart'
    | 'end'
    | 'textEnd'
    | 'lineEnd'
    | 'wordBoundary'
    | 'notWordBoundary'
    | 'searchStart'
}

/** The text that a group has matched. */
export interface BackreferenceNode {
  readonly kind: 'Backreference'
  /** More than one for a name that (?J) allowed twice: the first that is set counts. */
  readonly numbers: readonly number[]
  readonly ignoreCase: boolean
}

/** `(?R)`, `(?1)`, `(?&name)`: the pattern (0) or a group once more. */
export interface RecursionNode {
  readonly kind: 'Recursion'
  readonly number: number
}

export interface ConditionalNode {
  readonly kind: 'Conditional'
  readonly condition:
    | { readonly kind: 'Group'; readonly numbers: readonly number[] }
    /** In a recursion into this group; undefined: into any. */
    | { readonly kind: 'Recursion'; readonly number: number | undefined }
    | { readonly kind: 'Define' }
    | LookNode
  readonly yes: Node
  readonly no: Node
}

/** `\K`: the match begins here. */
export interface KeepNode {
  readonly kind: 'Keep'
}

/** `(*FAIL)`, and an empty class. */
export interface FailNode {
  readonly kind: 'Fail'
}

/** A pattern as read. */
export interface ParsedPattern {
  readonly root: Node
  /** The highest group number. */
  readonly groupCount: number
  /** In the order of the pattern. A name occurs twice only under (?J) or in a branch reset. */
  readonly groupNames: readonly GroupName[]
  /** What is legal and surely means something else than its writer thinks. */
  readonly doubts: readonly Doubt[]
}

export interface GroupName {
  readonly name: string
  readonly number: number
}

export interface Doubt {
  readonly span: Span
  readonly message: string
}

export const nothing: SequenceNode = { kind: 'Sequence', items: [] }

/** The direct parts of a node, in order. */
export function partsOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'Sequence':
      return node.items
    case 'Alternation':
      return node.options
    case 'Repeat':
    case 'Capture':
    case 'Atomic':
    case 'Look':
      return [node.body]
    case 'Conditional':
      return node.condition.kind === 'Look' ? [node.condition, node.yes, node.no] : [node.yes, node.no]
    case 'Character':
    case 'Assertion':
    case 'Backreference':
    case 'Recursion':
    case 'Keep':
    case 'Fail':
      return []
  }
}

/** Whether a node or any part of it passes the test. */
export function someNode(node: Node, test: (node: Node) => boolean): boolean {
  return test(node) || partsOf(node).some((part) => someNode(part, test))
}

/**
 * Whether a node can match without taking a character. A backreference and a recursion may, as far as this tells.
 */
export function isNullable(node: Node): boolean {
  switch (node.kind) {
    case 'Character':
    case 'Fail':
      return false
    case 'Sequence':
      return node.items.every(isNullable)
    case 'Alternation':
      return node.options.some(isNullable)
    case 'Repeat':
      return node.min === 0 || isNullable(node.body)
    case 'Capture':
    case 'Atomic':
      return isNullable(node.body)
    case 'Conditional':
      return isNullable(node.yes) || isNullable(node.no)
    case 'Look':
    case 'Assertion':
    case 'Backreference':
    case 'Recursion':
    case 'Keep':
      return true
  }
}

/**
 * The characters that a match can begin with, and whether it can do without any. Assertions are passed over, so that the
 * set may be larger than need be.
 */
export function firstCharacters(node: Node): { readonly set: CharSet; readonly nullable: boolean } {
  switch (node.kind) {
    case 'Character':
      return { set: node.set, nullable: false }
    case 'Sequence': {
      const sets: CharSet[] = []
      for (const item of node.items) {
        const { set, nullable } = firstCharacters(item)
        sets.push(set)
        if (!nullable) return { set: unionOf(sets), nullable: false }
      }
      return { set: unionOf([...sets, emptySet]), nullable: true }
    }
    case 'Alternation': {
      const options = node.options.map(firstCharacters)
      return {
        set: unionOf(options.map(({ set }) => set)),
        nullable: options.some(({ nullable }) => nullable),
      }
    }
    case 'Repeat': {
      if (node.max === 0) return { set: emptySet, nullable: true }
      const { set, nullable } = firstCharacters(node.body)
      return { set, nullable: nullable || node.min === 0 }
    }
    case 'Capture':
    case 'Atomic':
      return firstCharacters(node.body)
    case 'Conditional':
    case 'Backreference':
    case 'Recursion':
      return { set: everything, nullable: true }
    case 'Look':
    case 'Assertion':
    case 'Keep':
      return { set: emptySet, nullable: true }
    case 'Fail':
      return { set: emptySet, nullable: false }
  }
}
