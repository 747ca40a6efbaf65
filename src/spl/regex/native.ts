// Writes a pattern's tree as a JavaScript regular expression, and says how far that can be trusted to mean the same.
// Only canonical forms are written, never a piece of the pattern itself. Cases are written out (`[kK\u212a]`), so no
// pattern needs the `i` flag: that is as fast (bench/regex.ts), allows (?i) for a part of a pattern, and keeps V8's
// linear engine available, which refuses the flags i and u.
// Matching what cannot be written is left to backtracker.ts, choosing between the two to guard.ts.

import { type CharSet, complement, intersects, rangesOf, reachesBeyondBmp, singleOf } from './char-set.ts'
import { anyLineBreak } from './pcre-parser.ts'
import {
  type CharacterNode,
  firstCharacters,
  isNullable,
  type Node,
  type ParsedPattern,
  partsOf,
  type RepeatNode,
  someNode,
} from './pcre-tree.ts'

/**
 * How a JavaScript form relates to the pattern: `exact` gives the same matches and groups; `locates` finds the same starts
 * of matches, but ends or groups can differ; `none` there is no such form.
 */
export type Fidelity = 'exact' | 'locates' | 'none'

/** What is known of the texts that a JavaScript form is for. Knowing more makes it simpler and faster. */
export interface Variant {
  /** The text has surrogates, so that the `u` flag makes a difference. */
  readonly surrogates: boolean
  /** The text ends with a line break, so that `$` also matches before it. */
  readonly finalNewline: boolean
  /** Groups are wanted. */
  readonly groups: boolean
}

export interface JavaScriptForm {
  readonly source: string
  /** `''` or `'u'`. */
  readonly flags: string
  /** V8's linear engine can run it: no lookaround, backreference, `u` or large count. */
  readonly linear: boolean
}

/** Whether the `u` flag would make a difference: some set holds halves of surrogate pairs, or their sum. */
export function needsUnicode(root: Node): boolean {
  return someNode(root, (node) => node.kind === 'Character' && reachesBeyondBmp(node.set))
}

/** Whether a last line break of the text makes a difference to the form. */
export function looksAtFinalNewline(root: Node): boolean {
  return someNode(root, (node) => node.kind === 'Assertion' && (node.at === 'end' || node.at === 'lineStart'))
}

// ---- fidelity

/** How well JavaScript can express a pattern. `root` is the tree after `relaxPossessive`. */
export function fidelityOf({ root }: ParsedPattern): Fidelity {
  if (someNode(root, cannotBeWritten)) return 'none'
  const groupsDiffer =
    someNode(root, (node) => node.kind === 'Keep') ||
    hasSharedNumbers(root) ||
    someNode(root, (node) => node.kind === 'Look' && node.direction === 'behind' && hasCapture(node.body)) ||
    someNode(root, (node) => node.kind === 'Repeat' && loopDiffers(node))
  if (!someNode(root, (node) => node.kind === 'Backreference')) return groupsDiffer ? 'locates' : 'exact'
  return groupsDiffer || !backreferencesAreSet(root) ? 'none' : 'exact'
}

function cannotBeWritten(node: Node): boolean {
  switch (node.kind) {
    case 'Recursion':
    case 'Conditional':
      return true
    case 'Atomic':
      return node !== anyLineBreak
    case 'Repeat':
      return node.mode === 'possessive'
    case 'Assertion':
      return node.at === 'searchStart'
    case 'Backreference':
      return node.ignoreCase || node.numbers.length !== 1
    default:
      return false
  }
}

const hasCapture = (node: Node): boolean => someNode(node, (part) => part.kind === 'Capture')

/** Whether two groups have the same number, as in a branch reset. */
function hasSharedNumbers(root: Node): boolean {
  const seen = new Set<number>()
  return someNode(root, (node) => {
    if (node.kind !== 'Capture') return false
    if (seen.has(node.number)) return true
    seen.add(node.number)
    return false
  })
}

/**
 * Whether JavaScript runs a loop differently. It forgets the groups of earlier rounds, where PCRE keeps them; and it
 * never takes an optional round that is empty, where PCRE takes it and leaves the loop.
 */
function loopDiffers({ body, min, max }: RepeatNode): boolean {
  if (max > 1 && hasCapture(body) && !setsAllGroups(body)) return true
  return max > min && isNullable(body) && (hasCapture(body) || !isEmptyLast(body))
}

/** Whether every group in the node is set whenever the node matches. */
function setsAllGroups(node: Node): boolean {
  switch (node.kind) {
    case 'Alternation':
      return !hasCapture(node)
    case 'Repeat':
      return !hasCapture(node.body) || (node.min > 0 && setsAllGroups(node.body))
    case 'Look':
      return !hasCapture(node.body) || (!node.negated && setsAllGroups(node.body))
    default:
      return partsOf(node).every(setsAllGroups)
  }
}

/** Whether the node prefers every other match to the empty one. */
function isEmptyLast(node: Node): boolean {
  if (!isNullable(node)) return true
  switch (node.kind) {
    case 'Sequence':
      return node.items.every(isEmptyLast)
    case 'Alternation':
      return node.options.every(
        (option, i) => !isNullable(option) || (i === node.options.length - 1 && isEmptyLast(option)),
      )
    case 'Repeat':
      return node.mode === 'greedy' && isEmptyLast(node.body)
    case 'Capture':
      return isEmptyLast(node.body)
    default:
      return node.kind === 'Look' || node.kind === 'Assertion'
  }
}

/** Whether every group that is referred to has surely matched: PCRE fails at one that has not, JavaScript goes on. */
function backreferencesAreSet(root: Node): boolean {
  let sure = true
  /** Returns the groups that are set after the node, given those before. */
  const walk = (node: Node, before: ReadonlySet<number>): ReadonlySet<number> => {
    switch (node.kind) {
      case 'Backreference':
        if (!node.numbers.every((number) => before.has(number))) sure = false
        return before
      case 'Sequence':
        return node.items.reduce((known, item) => walk(item, known), before)
      case 'Alternation': {
        const after = node.options.map((option) => walk(option, before))
        return new Set([...after[0]!].filter((number) => after.every((known) => known.has(number))))
      }
      case 'Repeat': {
        const after = walk(node.body, before)
        return node.min > 0 ? after : before
      }
      case 'Capture':
        return new Set([...walk(node.body, before), node.number])
      case 'Look': {
        // JavaScript matches a lookbehind from right to left.
        if (node.direction === 'behind' && someNode(node.body, (part) => part.kind === 'Backreference'))
          sure = false
        const after = walk(node.body, before)
        return node.negated ? before : after
      }
      default:
        return before
    }
  }
  walk(root, new Set())
  return sure
}

/**
 * Makes possessive and atomic loops over one character plain ones where that changes nothing: what follows cannot begin
 * with a character that the loop takes, so giving one back never helps. `"[^"]*+"` becomes `"[^"]*"`. A pattern with
 * recursion stays as it is: a group that is called from elsewhere is followed by something else there.
 */
export function relaxPossessive(root: Node): Node {
  return someNode(root, (node) => node.kind === 'Recursion') ? root : relax(root, true)
}

function relax(node: Node, atEnd: boolean): Node {
  const whole = possessiveLoop(node)
  if (whole !== undefined) return atEnd ? { ...whole, mode: 'greedy' } : node
  switch (node.kind) {
    case 'Sequence':
      return {
        ...node,
        items: node.items.map((item, i) => {
          const loop = possessiveLoop(item)
          if (loop === undefined) return relax(item, atEnd && i === node.items.length - 1)
          // Sixteen items are enough to find one that must take a character.
          const next = firstCharacters({ kind: 'Sequence', items: node.items.slice(i + 1, i + 17) })
          if (!next.nullable && !intersects(next.set, loop.body.set)) return { ...loop, mode: 'greedy' }
          return relax(item, atEnd && i === node.items.length - 1)
        }),
      }
    case 'Alternation':
      return { ...node, options: node.options.map((option) => relax(option, atEnd)) }
    case 'Capture':
      return { ...node, body: relax(node.body, atEnd) }
    case 'Repeat':
      return { ...node, body: relax(node.body, false) }
    default:
      return node
  }
}

/** A possessive loop over one character: `x*+` or `(?>x*)`. */
function possessiveLoop(node: Node): (RepeatNode & { readonly body: CharacterNode }) | undefined {
  const loop = node.kind === 'Atomic' ? node.body : node
  if (loop.kind !== 'Repeat' || loop.mode !== (node.kind === 'Atomic' ? 'greedy' : 'possessive'))
    return undefined
  const { body } = loop
  return body.kind === 'Character' ? { ...loop, body } : undefined
}

// ---- writing

/** Writes the tree for texts of one kind. The tree must not have fidelity `none`. */
export function writeJavaScript(root: Node, variant: Variant): JavaScriptForm {
  const looks = (node: Node): boolean => {
    if (node.kind !== 'Assertion')
      return node.kind === 'Look' || node.kind === 'Backreference' || node === anyLineBreak
    return node.at === 'lineStart' || node.at === 'lineEnd' || (node.at === 'end' && variant.finalNewline)
  }
  return {
    source: write(root, variant),
    flags: variant.surrogates ? 'u' : '',
    linear: !variant.surrogates && !someNode(root, looks) && copies(root) <= 16,
  }
}

/** How often V8's linear engine writes out the innermost part of nested counts; it takes up to 16. */
function copies(node: Node): number {
  const inner = Math.max(1, ...partsOf(node).map(copies))
  return node.kind === 'Repeat' ? inner * Math.max(1, Number.isFinite(node.max) ? node.max : node.min) : inner
}

function write(node: Node, variant: Variant): string {
  switch (node.kind) {
    case 'Character':
      return writeSet(node.set, variant.surrogates)
    case 'Sequence':
      return node.items
        .map((item) => (item.kind === 'Alternation' ? group(item, variant) : write(item, variant)))
        .join('')
    case 'Alternation':
      return node.options.map((option) => write(option, variant)).join('|')
    case 'Repeat':
      return writeAtom(node.body, variant) + quantifier(node)
    case 'Capture':
      return variant.groups ? `(${write(node.body, variant)})` : group(node.body, variant)
    case 'Atomic':
      return '(?:\\r\\n|[\\n\\v\\f\\x85\\u2028\\u2029]|\\r(?!\\n))'
    case 'Look':
      return `(?${node.direction === 'ahead' ? '' : '<'}${node.negated ? '!' : '='}${write(node.body, variant)})`
    case 'Assertion':
      return writeAssertion(node.at, variant)
    case 'Backreference':
      // In a group of its own, so that a digit after it is not part of the number.
      return `(?:\\${node.numbers[0]})`
    case 'Keep':
      return ''
    case 'Fail':
      return '(?!)'
    case 'Recursion':
    case 'Conditional':
      throw new Error(`A ${node.kind} has no JavaScript form`)
  }
}

const group = (node: Node, variant: Variant): string => `(?:${write(node, variant)})`

/** The node as one item that a quantifier can follow. */
function writeAtom(node: Node, variant: Variant): string {
  const isAtom =
    (node.kind === 'Character' && (variant.surrogates || (singleOf(node.set) ?? 0) <= 0xffff)) ||
    (node.kind === 'Capture' && variant.groups)
  return isAtom ? write(node, variant) : group(node, variant)
}

function quantifier({ min, max, mode }: RepeatNode): string {
  const lazy = mode === 'lazy' ? '?' : ''
  if (max === Number.POSITIVE_INFINITY) return (min === 0 ? '*' : min === 1 ? '+' : `{${min},}`) + lazy
  if (min === 0 && max === 1) return `?${lazy}`
  return (min === max ? `{${min}}` : `{${min},${max}}`) + lazy
}

function writeAssertion(at: (Node & { kind: 'Assertion' })['at'], { finalNewline }: Variant): string {
  switch (at) {
    case 'textStart':
      return '^'
    case 'textEnd':
      return '$'
    case 'end':
      return finalNewline ? '(?=\\n?$)' : '$'
    // Not at the very end, behind a last line break.
    case 'lineStart':
      return finalNewline ? '(?:^|(?<=\\n)(?!$))' : '(?<![^\\n])'
    case 'lineEnd':
      return '(?![^\\n])'
    case 'wordBoundary':
      return '\\b'
    case 'notWordBoundary':
      return '\\B'
    case 'searchStart':
      throw new Error('\\G has no JavaScript form')
  }
}

/** A set as a class or a single character. Without `u`, what lies beyond the BMP cannot occur and is left out. */
export function writeSet(set: CharSet, unicode: boolean): string {
  const single = singleOf(set)
  if (single !== undefined) return writeCodePoint(single, unicode)
  const positive = writeRanges(set, unicode)
  const negative = writeRanges(complement(set), unicode)
  return positive.length <= negative.length ? `[${positive}]` : `[^${negative}]`
}

function writeRanges(set: CharSet, unicode: boolean): string {
  const last = unicode ? 0x10ffff : 0xffff
  return rangesOf(set)
    .filter(([from]) => from <= last)
    .map(([from, to]) => {
      const end = Math.min(to, last)
      const first = writeCodePoint(from, unicode)
      if (from === end) return first
      return first + (end > from + 1 ? '-' : '') + writeCodePoint(end, unicode)
    })
    .join('')
}

function writeCodePoint(code: number, unicode: boolean): string {
  if ((code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a)) {
    return String.fromCharCode(code)
  }
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`
  if (code <= 0xffff) return `\\u${code.toString(16).padStart(4, '0')}`
  if (unicode) return `\\u{${code.toString(16)}}`
  return [...String.fromCodePoint(code)[Symbol.iterator]()]
    .flatMap((char) => [char.charCodeAt(0), char.charCodeAt(1)])
    .map((unit) => `\\u${unit.toString(16)}`)
    .join('')
}

/**
 * How every match begins: a JavaScript source for its first characters, each of one UTF-16 unit, and how many they are.
 * Undefined when a match can be empty or begin with anything.
 */
export function beginningOf(root: Node): { readonly source: string; readonly length: number } | undefined {
  const run: CharSet[] = []
  // Returns whether what follows the node follows the run.
  const walk = (node: Node): boolean => {
    switch (node.kind) {
      case 'Character':
        if (run.length === 12 || reachesBeyondBmp(node.set)) return false
        run.push(node.set)
        return true
      case 'Sequence':
        return node.items.every(walk)
      case 'Capture':
      case 'Atomic':
        return walk(node.body)
      case 'Repeat':
        if (node.min > 0) walk(node.body)
        return false
      case 'Look':
      case 'Assertion':
      case 'Keep':
        return true
      default:
        return false
    }
  }
  walk(root)
  if (run.length > 0) return { source: writeRun(run), length: run.length }
  const { set, nullable } = firstCharacters(root)
  return nullable || reachesBeyondBmp(set) ? undefined : { source: writeSet(set, false), length: 1 }
}

const writeRun = (run: readonly CharSet[]): string => run.map((set) => writeSet(set, false)).join('')

/**
 * A run of characters that every match contains, as a JavaScript source, to look for before anything dearer: without
 * loops, it takes linear time.
 */
export function requiredText(root: Node): string | undefined {
  let best: readonly CharSet[] = []
  let run: CharSet[] = []
  const end = (): void => {
    if (run.length > best.length) best = run.slice(0, 50)
    run = []
  }
  const walk = (node: Node): void => {
    switch (node.kind) {
      case 'Character':
        // Large sets tell nothing, and characters of two units would need the u flag.
        if (
          reachesBeyondBmp(node.set) ||
          rangesOf(node.set).reduce((sum, [from, to]) => sum + to - from + 1, 0) > 4
        )
          end()
        else run.push(node.set)
        break
      case 'Sequence':
        node.items.forEach(walk)
        break
      case 'Capture':
      case 'Atomic':
        walk(node.body)
        break
      case 'Repeat':
        if (node.min > 0) walk(node.body)
        end()
        break
      case 'Assertion':
      case 'Keep':
        break
      default:
        end()
    }
  }
  walk(root)
  end()
  return best.length < 2 ? undefined : writeRun(best)
}
