// Runs a pattern's tree exactly as PCRE2 means it, with a limit on steps: for what JavaScript cannot express, and for
// patterns whose time could explode. It is a backtracking machine with its stack in an array, so that neither a pattern
// nor a text can overflow ours. When a match takes long it remembers which places have failed and tries none twice,
// which makes time linear for all patterns without backreferences, recursion and conditions. (Davis et al., "Using
// selective memoization to defeat regular expression denial of service", IEEE S&P 2021)
// Which patterns come here is left to guard.ts.

import { type CharSet, contains, foldCase, singleOf } from './char-set.ts'
import { beginningOf } from './native.ts'
import {
  isNullable,
  type LookNode,
  type Node,
  type ParsedPattern,
  partsOf,
  type RepeatNode,
  someNode,
} from './pcre-tree.ts'

// Instructions: an operation and up to three numbers.
const Char = 0 // a: code point
const OneOf = 1 // a: set
const Split = 2 // a: first choice, b: second choice, c: memo row
const Jump = 3 // a: target
const Save = 4 // a: slot that gets the position
const Close = 5 // a: group, b: slot with its start
const Loop = 6 // a: loop
const Assert = 7 // a: index into assertions
const Fail = 8
const Accept = 9
const Cut = 10 // a: slot with the stack height to go back to: the end of an atomic group
const Height = 11 // a: slot that gets the stack height
const LookEnd = 12 // a: slot with the height, b: slot with the position
const Unless = 13 // a: where to go on when the body fails: the start of a negative lookaround
const UnlessEnd = 14 // a: slot with the height, b: slot with the position, c: target, or -1 to fail
const Back = 15 // a: characters
const Same = 16 // a: backreference
const Call = 17 // a: target, b: group
const Return = 18 // a: group
const IfGroup = 19 // a: condition, b: target when not
const IfRecursion = 20 // a: group or -1 for any, b: target when not
const Progress = 21 // a: slot with the position of the round's start, b: target when the round was empty
const Copy = 22 // a: slot that gets the value, b: slot that has it

const assertionKinds = [
  'textStart',
  'lineStart',
  'end',
  'textEnd',
  'lineEnd',
  'wordBoundary',
  'notWordBoundary',
  'searchStart',
] as const

/** A loop over one character: the most common loop, without a stack entry per round. */
interface CharacterLoop {
  readonly set: number
  readonly min: number
  readonly max: number
  readonly mode: RepeatNode['mode']
  /**
   * Its memo row. Of a loop without limit it holds where another round fails, with all that can follow; of a loop with
   * a limit only where what follows it fails, because rounds are counted.
   */
  readonly memo: number
}

/** A pattern made ready to run. */
export interface Program {
  readonly operations: Int32Array
  readonly loops: readonly CharacterLoop[]
  readonly sets: readonly CharSet[]
  /** 256 entries per set: whether it contains the first code points. */
  readonly latin: Uint8Array
  readonly references: readonly { readonly numbers: readonly number[]; readonly ignoreCase: boolean }[]
  readonly conditions: readonly (readonly number[])[]
  readonly groupCount: number
  readonly slotCount: number
  /** Finds the next place where a match can begin; undefined when it can begin with anything or be empty. */
  readonly begin: { readonly regex: RegExp; readonly length: number } | undefined
  readonly anchored: boolean
  /** How many places a failure can be remembered for; 0: the outcome depends on more than place and position. */
  readonly memoRows: number
  /** How many steps, besides 8 for each character, are made before failures are remembered. */
  readonly patience: number
}

/** The most instructions of a program; PCRE2 has a similar limit for its compiled patterns. */
const mostInstructions = 300_000

/** About how many instructions a pattern needs; counts multiply. Told in advance, so that a bomb is not unfolded. */
function sizeOf(node: Node): number {
  if (node.kind === 'Character') return 1
  const inner = partsOf(node).reduce((sum, part) => sum + sizeOf(part), 0)
  if (node.kind === 'Alternation') return inner + 2 * node.options.length
  if (node.kind !== 'Repeat') return inner + 4
  if (node.body.kind === 'Character') return 1
  return (Number.isFinite(node.max) ? node.max : node.min + 1) * (inner + 4)
}

/** Whether a pattern is too large to be run, because counts multiply: `(?:(?:abc){1000}){1000}`. */
export function isTooLarge(root: Node): boolean {
  return sizeOf(root) > mostInstructions
}

/** Whether success depends on more than the place in the pattern and the position in the text. */
function dependsOnPath(node: Node): boolean {
  if (node.kind !== 'Conditional') return node.kind === 'Backreference' || node.kind === 'Recursion'
  return node.condition.kind === 'Group' || node.condition.kind === 'Recursion'
}

/** Makes a pattern ready to run. It must not be too large. */
export function compileProgram({ root, groupCount }: ParsedPattern, anchored: boolean): Program {
  const code: number[] = []
  const loops: CharacterLoop[] = []
  const sets: CharSet[] = []
  const setNumbers = new Map<string, number>()
  const references: { numbers: readonly number[]; ignoreCase: boolean }[] = []
  const conditions: (readonly number[])[] = []
  const calls: { at: number; group: number }[] = []
  const groupStarts = new Map<number, number>([[0, 0]])
  const called = new Set<number>()
  let slotCount = 2 * (groupCount + 1)
  let memoRows = 0
  someNode(root, (node) => {
    if (node.kind === 'Recursion') called.add(node.number)
    return false
  })
  const remembers = !someNode(root, dependsOnPath)
  const keeps = someNode(root, (node) => node.kind === 'Keep')

  const emit = (operation: number, a = 0, b = 0, c = 0): number => code.push(operation, a, b, c) / 4 - 1
  const here = (): number => code.length / 4
  const setTarget = (instruction: number, field: 1 | 2 | 3, target = here()): void => {
    code[instruction * 4 + field] = target
  }
  const newSlot = (): number => slotCount++
  const setNumber = (set: CharSet): number => {
    const key = set.join()
    const known = setNumbers.get(key)
    if (known !== undefined) return known
    setNumbers.set(key, sets.length)
    return sets.push(set) - 1
  }
  /** A choice between what follows and a target that is set later; `lazy` prefers the target. */
  const split = (lazy: boolean): { instruction: number; field: 1 | 2 } => {
    const instruction = emit(Split, 0, 0, memoRows++)
    setTarget(instruction, lazy ? 2 : 1)
    return { instruction, field: lazy ? 1 : 2 }
  }

  const compile = (node: Node): void => {
    switch (node.kind) {
      case 'Character': {
        const single = singleOf(node.set)
        if (single !== undefined) emit(Char, single)
        else emit(OneOf, setNumber(node.set))
        return
      }
      case 'Sequence':
        node.items.forEach(compile)
        return
      case 'Alternation':
        alternatives(node.options, compile)
        return
      case 'Repeat':
        repeat(node)
        return
      case 'Capture': {
        if (!groupStarts.has(node.number)) groupStarts.set(node.number, here())
        const start = newSlot()
        emit(Save, start)
        compile(node.body)
        emit(Close, node.number, start)
        if (called.has(node.number)) emit(Return, node.number)
        return
      }
      case 'Atomic':
        atomic(() => compile(node.body))
        return
      case 'Look':
        look(node)
        return
      case 'Assertion':
        emit(Assert, assertionKinds.indexOf(node.at))
        return
      case 'Backreference':
        emit(Same, references.push(node) - 1)
        return
      case 'Recursion':
        calls.push({ at: emit(Call, 0, node.number), group: node.number })
        return
      case 'Conditional':
        conditional(node)
        return
      case 'Keep':
        emit(Save, 0)
        return
      case 'Fail':
        emit(Fail)
    }
  }

  const alternatives = <T>(options: readonly T[], each: (option: T, index: number) => void): void => {
    const ends: number[] = []
    options.forEach((option, i) => {
      const choice = i < options.length - 1 ? split(false) : undefined
      each(option, i)
      if (choice === undefined) return
      ends.push(emit(Jump))
      setTarget(choice.instruction, choice.field)
    })
    for (const end of ends) setTarget(end, 1)
  }

  const atomic = (body: () => void): void => {
    const height = newSlot()
    emit(Height, height)
    body()
    emit(Cut, height)
  }

  const repeat = (node: RepeatNode): void => {
    const { body, min, max, mode } = node
    if (max === 0) return
    if (body.kind === 'Character') {
      emit(Loop, loops.push({ set: setNumber(body.set), min, max, mode, memo: memoRows++ }) - 1)
      return
    }
    if (mode === 'possessive') {
      atomic(() => repeat({ ...node, mode: 'greedy' }))
      return
    }
    const lazy = mode === 'lazy'
    if (max !== Number.POSITIVE_INFINITY) {
      for (let round = 0; round < min; round++) compile(body)
      const exits = Array.from({ length: max - min }, () => {
        const choice = split(lazy)
        compile(body)
        return choice
      })
      for (const { instruction, field } of exits) setTarget(instruction, field)
      return
    }
    for (let round = 1; round < min; round++) compile(body)
    const roundStart = isNullable(body) ? newSlot() : undefined
    const exit = min === 0 ? split(lazy) : undefined
    const begin = here()
    if (roundStart !== undefined) emit(Save, roundStart)
    compile(body)
    // A round that was empty is the last.
    const progress = roundStart === undefined ? undefined : emit(Progress, roundStart)
    if (exit === undefined) {
      const again = split(!lazy)
      setTarget(again.instruction, again.field, begin)
      setTarget(again.instruction, again.field === 1 ? 2 : 1)
    } else {
      emit(Jump, exit.instruction)
      setTarget(exit.instruction, exit.field)
    }
    if (progress !== undefined) setTarget(progress, 2)
  }

  /** The body of a lookaround; a lookbehind goes back first, by the length of each option. */
  const lookBody = ({ direction, body, lengths }: LookNode): void => {
    if (direction === 'ahead') {
      compile(body)
      return
    }
    alternatives(body.kind === 'Alternation' ? body.options : [body], (option, i) => {
      emit(Back, lengths[i]!)
      compile(option)
    })
  }

  const look = (node: LookNode): void => {
    const height = newSlot()
    const position = newSlot()
    emit(Height, height)
    emit(Save, position)
    if (!node.negated) {
      lookBody(node)
      emit(LookEnd, height, position)
      return
    }
    const unless = emit(Unless)
    lookBody(node)
    emit(UnlessEnd, height, position, -1)
    setTarget(unless, 1)
  }

  const conditional = ({ condition, yes, no }: Node & { kind: 'Conditional' }): void => {
    let otherwise: { instruction: number; field: 1 | 2 | 3 }
    switch (condition.kind) {
      case 'Define':
        otherwise = { instruction: emit(Jump), field: 1 }
        break
      case 'Group':
        otherwise = { instruction: emit(IfGroup, conditions.push(condition.numbers) - 1), field: 2 }
        break
      case 'Recursion':
        otherwise = { instruction: emit(IfRecursion, condition.number ?? -1), field: 2 }
        break
      case 'Look': {
        const height = newSlot()
        const position = newSlot()
        // PCRE keeps the groups that a condition has set, but not its \K, which recursion can bring in.
        const matchStart = keeps ? newSlot() : undefined
        const body = (): void => {
          lookBody(condition)
          if (matchStart !== undefined) emit(Copy, 0, matchStart)
        }
        emit(Height, height)
        emit(Save, position)
        if (matchStart !== undefined) emit(Copy, matchStart, 0)
        if (condition.negated) {
          const unless = emit(Unless)
          body()
          otherwise = { instruction: emit(UnlessEnd, height, position), field: 3 }
          setTarget(unless, 1)
        } else {
          // The other way is a choice made before the body, which its success takes back.
          otherwise = split(false)
          body()
          emit(LookEnd, height, position)
        }
      }
    }
    compile(yes)
    const end = emit(Jump)
    setTarget(otherwise.instruction, otherwise.field)
    compile(no)
    setTarget(end, 1)
  }

  compile(root)
  emit(Accept)
  for (const { at, group } of calls) setTarget(at, 1, groupStarts.get(group)!)

  const beginning = beginningOf(root)
  const begin = beginning && { regex: new RegExp(beginning.source, 'g'), length: beginning.length }
  const latin = new Uint8Array(sets.length * 256)
  sets.forEach((members, number) => {
    for (let char = 0; char < 256; char++) latin[number * 256 + char] = contains(members, char) ? 1 : 0
  })
  return {
    operations: Int32Array.from(code),
    loops,
    sets,
    latin,
    references,
    conditions,
    groupCount,
    slotCount,
    begin,
    anchored,
    memoRows: remembers ? memoRows : 0,
    patience: 2000,
  }
}

// ---- running

// Stack entries: a kind and up to four numbers. Restore and Uncall only undo; the others are choices.
const entrySize = 5
const Restore = 0 // slot, old value
const Uncall = 1 // old call
const Choice = 2 // instruction, position
const Greedy = 3 // instruction, least position, current position, highest position
const Lazy = 4 // instruction, current position, rounds left or -1, least position
const Failed = 5 // memo row, position: all choices above have failed

/** The largest stack, in numbers: 64 MB. */
const largestStack = 16_000_000
/** The most bits to remember failures in: 32 MB. */
const mostMemoBits = 256_000_000
/** How deep recursions go, as limits.conf [rex] depth_limit has it. */
const deepestRecursion = 1000

/** Shared by all runs: a run calls nothing that could start another. */
let stack = new Int32Array(5000)

/** `exhausted`: the limit was reached before an answer was found. Otherwise the slots: starts and ends of all groups. */
export type Outcome = Int32Array | 'none' | 'exhausted'

/**
 * Searches for the first match.
 *
 * @param from   where the search begins; what is before it counts for lookbehinds and anchors
 * @param budget the most steps, about 10 ns each
 * @param onlyAt tries the match at `from` alone
 * @returns positions in UTF-16 units, by group `2n` and `2n + 1`; -1 for a group that is not set
 */
export function runProgram(
  program: Program,
  text: string,
  from: number,
  budget: number,
  onlyAt = false,
): Outcome {
  const { operations, loops, sets, latin, begin, memoRows } = program
  const length = text.length
  /** The first place at or after a position where a match can begin; -1 for none. */
  const candidate = (position: number): number => {
    if (begin === undefined || onlyAt) return position <= length ? position : -1
    begin.regex.lastIndex = position
    return begin.regex.test(text) ? begin.regex.lastIndex - begin.length : -1
  }
  let start = candidate(from)
  if (start < 0) return 'none'

  const slots = new Int32Array(program.slotCount).fill(-1)
  const calls: {
    group: number
    returnTo: number
    caller: number
    depth: number
    at: number
    height: number
    slots: Int32Array
  }[] = []
  const rowBits = length + 1
  // Remembering costs more than it saves in the many matches that are short.
  const remembers = memoRows > 0 && memoRows * rowBits <= mostMemoBits
  const unaided = remembers ? Math.min(budget, program.patience + 8 * length) : budget
  let memo: Uint32Array | undefined
  let steps = 0
  let height = 0
  let call = -1
  let exhausted = false

  const failed = (row: number, position: number): boolean => {
    const bit = row * rowBits + position
    return (memo![bit >>> 5]! & (1 << (bit & 31))) !== 0
  }
  const markFailed = (row: number, position: number): void => {
    const bit = row * rowBits + position
    memo![bit >>> 5]! |= 1 << (bit & 31)
  }
  const push = (kind: number, a: number, b: number, c: number, d: number): void => {
    if (height + entrySize > stack.length) {
      if (stack.length * 2 > largestStack) {
        exhausted = true
        return
      }
      const larger = new Int32Array(stack.length * 2)
      larger.set(stack)
      stack = larger
    }
    stack[height] = kind
    stack[height + 1] = a
    stack[height + 2] = b
    stack[height + 3] = c
    stack[height + 4] = d
    height += entrySize
  }
  const setSlot = (slot: number, value: number): void => {
    push(Restore, slot, slots[slot]!, 0, 0)
    slots[slot] = value
  }
  /** The length of the character at a position if it is in the set, else 0. */
  const taken = (set: number, position: number): number => {
    if (position >= length) return 0
    const unit = text.charCodeAt(position)
    if (unit < 256) return latin[set * 256 + unit]!
    if ((unit & 0xf800) !== 0xd800) return contains(sets[set]!, unit) ? 1 : 0
    const code = text.codePointAt(position)!
    return contains(sets[set]!, code) ? (code > 0xffff ? 2 : 1) : 0
  }
  const stepBack = (position: number): number => {
    const isPair =
      position > 1 &&
      (text.charCodeAt(position - 1) & 0xfc00) === 0xdc00 &&
      (text.charCodeAt(position - 2) & 0xfc00) === 0xd800
    return position - (isPair ? 2 : 1)
  }
  /** Drops the choices above a height and keeps what undoes. */
  const cut = (to: number): void => {
    let kept = to
    for (let entry = to; entry < height; entry += entrySize) {
      if (stack[entry]! > Uncall) continue
      stack.copyWithin(kept, entry, entry + entrySize)
      kept += entrySize
    }
    height = kept
  }
  const undo = (to: number): void => {
    while (height > to) {
      height -= entrySize
      if (stack[height] === Restore) slots[stack[height + 1]!] = stack[height + 2]!
      else if (stack[height] === Uncall) call = stack[height + 1]!
    }
  }

  /** Runs from one start. */
  const runAt = (start: number): 'match' | 'fail' | 'stop' => {
    let instruction = 0
    let position = start
    height = 0
    call = -1
    calls.length = 0
    slots.fill(-1)
    slots[0] = start
    const limit = memo === undefined ? unaided : budget

    for (;;) {
      if (++steps > limit || exhausted) return 'stop'
      const at = instruction * 4
      const a = operations[at + 1]!
      let ok = true
      switch (operations[at]) {
        case Char:
          if (position < length && text.charCodeAt(position) === a) position++
          else if (a > 0xffff && text.codePointAt(position) === a) position += 2
          else ok = false
          instruction++
          break
        case OneOf: {
          const size = taken(a, position)
          if (size === 0) ok = false
          position += size
          instruction++
          break
        }
        case Split:
          if (memo !== undefined) {
            const row = operations[at + 3]!
            if (failed(row, position)) {
              ok = false
              break
            }
            push(Failed, row, position, 0, 0)
          }
          push(Choice, operations[at + 2]!, position, 0, 0)
          instruction = a
          break
        case Jump:
          instruction = a
          break
        case Save:
          setSlot(a, position)
          instruction++
          break
        case Close:
          setSlot(2 * a, slots[operations[at + 2]!]!)
          setSlot(2 * a + 1, position)
          instruction++
          break
        case Loop: {
          const { set, min, max, mode, memo: row } = loops[a]!
          let rounds = 0
          while (rounds < min) {
            const size = taken(set, position)
            if (size === 0) break
            position += size
            rounds++
          }
          steps += rounds >> 3
          if (rounds < min) {
            ok = false
            break
          }
          const skips = memo !== undefined && max === Number.POSITIVE_INFINITY
          if (skips && failed(row, position)) {
            ok = false
            break
          }
          instruction++
          if (mode === 'lazy') {
            push(Lazy, instruction - 1, position, max === Number.POSITIVE_INFINITY ? -1 : max - min, position)
            break
          }
          const least = position
          const latinOfSet = set * 256
          while (rounds < max && position < length) {
            const unit = text.charCodeAt(position)
            const size = unit < 256 ? latin[latinOfSet + unit]! : taken(set, position)
            // Further on everything has failed already.
            if (size === 0 || (skips && mode === 'greedy' && failed(row, position + size))) break
            position += size
            rounds++
          }
          steps += (position - least) >> 3
          if (mode === 'possessive') break
          const marks = memo !== undefined && !skips
          if (position > least || marks) push(Greedy, instruction - 1, least, position, position)
          if (marks) ok = !failed(row, position)
          break
        }
        case Assert:
          ok = holds(text, position, a, from)
          instruction++
          break
        case Fail:
          ok = false
          break
        case Accept:
          // PCRE does not go back into a recursion of the whole pattern, other than of a group.
          if (call >= 0 && calls[call]!.group === 0) {
            cut(calls[call]!.height)
            instruction = leave()
            break
          }
          slots[1] = position
          return 'match'
        case Height:
          setSlot(a, height)
          instruction++
          break
        case Cut:
          cut(slots[a]!)
          instruction++
          break
        case LookEnd:
          position = slots[operations[at + 2]!]!
          cut(slots[a]!)
          instruction++
          break
        case Unless:
          push(Choice, a, position, 0, 0)
          instruction++
          break
        case UnlessEnd: {
          const target = operations[at + 3]!
          if (target < 0) {
            undo(slots[a]!)
            ok = false
            break
          }
          // The condition is false. PCRE then keeps the groups that its body has set.
          position = slots[operations[at + 2]!]!
          cut(slots[a]!)
          instruction = target
          break
        }
        case Back:
          for (let count = a; count > 0 && ok; count--) {
            if (position === 0) ok = false
            else position = stepBack(position)
          }
          steps += a >> 3
          instruction++
          break
        case Same: {
          const size = sameText(a, position)
          if (size < 0) ok = false
          else position += size
          steps += size >> 3
          instruction++
          break
        }
        case Call: {
          const group = operations[at + 2]!
          const depth = call < 0 ? 1 : calls[call]!.depth + 1
          for (let outer = call; outer >= 0 && calls[outer]!.at === position; outer = calls[outer]!.caller) {
            if (calls[outer]!.group === group) exhausted = true
          }
          if (depth > deepestRecursion || exhausted) return 'stop'
          const heightBefore = height
          push(Uncall, call, 0, 0, 0)
          calls.push({
            group,
            returnTo: instruction + 1,
            caller: call,
            depth,
            at: position,
            height: heightBefore,
            slots: slots.slice(),
          })
          steps += slots.length >> 2
          call = calls.length - 1
          instruction = a
          break
        }
        case Return:
          instruction = call >= 0 && calls[call]!.group === a ? leave() : instruction + 1
          break
        case IfGroup: {
          const isSet = program.conditions[a]!.some((group) => slots[2 * group + 1]! >= 0)
          instruction = isSet ? instruction + 1 : operations[at + 2]!
          break
        }
        case IfRecursion: {
          const inside = call >= 0 && (a < 0 || calls[call]!.group === a)
          instruction = inside ? instruction + 1 : operations[at + 2]!
          break
        }
        case Copy:
          setSlot(a, slots[operations[at + 2]!]!)
          instruction++
          break
        case Progress:
          instruction = position === slots[a] ? operations[at + 2]! : instruction + 1
      }
      if (ok) continue
      const resumed = resume()
      if (resumed < 0) return 'fail'
      instruction = resumed
      position = resumedPosition
    }
  }

  let resumedPosition = 0
  /** Goes back to the last choice; returns the instruction to go on with, or -1 when no choice is left. */
  const resume = (): number => {
    while (height > 0) {
      const entry = height - entrySize
      const a = stack[entry + 1]!
      const b = stack[entry + 2]!
      switch (stack[entry]) {
        case Restore:
          slots[a] = b
          break
        case Uncall:
          call = a
          break
        case Failed:
          markFailed(a, b)
          break
        case Choice:
          height = entry
          resumedPosition = b
          return a
        case Greedy: {
          const loop = loops[operations[a * 4 + 1]!]!
          // What must follow is looked for here, which saves trying the positions between.
          const next = operations[a * 4 + 4] === Char ? operations[a * 4 + 5]! : -1
          const marks = memo !== undefined && loop.max !== Number.POSITIVE_INFINITY
          let current = stack[entry + 3]!
          if (marks) markFailed(loop.memo, current)
          let found = false
          while (current > b && !found) {
            current = stepBack(current)
            steps++
            found =
              (next < 0 || next > 0xffff || text.charCodeAt(current) === next) &&
              !(marks && failed(loop.memo, current))
          }
          if (found) {
            stack[entry + 3] = current
            resumedPosition = current
            return a + 1
          }
          if (memo !== undefined && !marks) {
            for (let position = b; position <= stack[entry + 4]!; position++) markFailed(loop.memo, position)
          }
          break
        }
        case Lazy: {
          const loop = loops[operations[a * 4 + 1]!]!
          const skips = memo !== undefined && loop.max === Number.POSITIVE_INFINITY
          const next = operations[a * 4 + 4] === Char ? operations[a * 4 + 5]! : -1
          const marks = memo !== undefined && !skips
          let current = b
          if (marks) markFailed(loop.memo, current)
          let left = stack[entry + 3]!
          let found = false
          while (left !== 0) {
            const size = taken(loop.set, current)
            if (size === 0 || (skips && failed(loop.memo, current + size))) break
            current += size
            left--
            steps++
            if (marks && failed(loop.memo, current)) continue
            if (next < 0 || next > 0xffff || text.charCodeAt(current) === next) {
              found = true
              break
            }
          }
          if (found) {
            stack[entry + 2] = current
            stack[entry + 3] = left < 0 ? -1 : left
            resumedPosition = current
            return a + 1
          }
          if (skips) {
            for (let position = stack[entry + 4]!; position <= current; position++)
              markFailed(loop.memo, position)
          }
        }
      }
      height = entry
    }
    return -1
  }

  /** Ends a recursion: groups are again what they were before it, but a \K in it stays. */
  const leave = (): number => {
    const { returnTo, caller, slots: before } = calls[call]!
    push(Uncall, call, 0, 0, 0)
    call = caller
    before.forEach((value, slot) => {
      if (slot > 0 && slots[slot] !== value) setSlot(slot, value)
    })
    steps += before.length >> 2
    return returnTo
  }

  /** How many units of the text at a position repeat a group; -1 when they do not or the group is not set. */
  const sameText = (reference: number, position: number): number => {
    const { numbers, ignoreCase } = program.references[reference]!
    const group = numbers.find((number) => slots[2 * number + 1]! >= 0)
    if (group === undefined) return -1
    const wanted = text.slice(slots[2 * group], slots[2 * group + 1])
    if (!ignoreCase) return text.startsWith(wanted, position) ? wanted.length : -1
    let end = position
    for (const char of wanted) {
      if (end >= length) return -1
      const code = text.codePointAt(end)!
      const wantedCode = char.codePointAt(0)!
      if (code !== wantedCode && !contains(foldCase([wantedCode, wantedCode]), code)) return -1
      end += code > 0xffff ? 2 : 1
    }
    return end - position
  }

  while (start >= 0) {
    let result = runAt(start)
    if (result === 'stop' && memo === undefined && !exhausted && unaided < budget) {
      memo = new Uint32Array((memoRows * rowBits + 31) >>> 5)
      result = runAt(start)
    }
    if (result === 'match') return slots.subarray(0, 2 * (program.groupCount + 1))
    if (result === 'stop') return 'exhausted'
    if (onlyAt || program.anchored) return 'none'
    // A match does not begin in the middle of a character.
    start = candidate(start + (text.codePointAt(start)! > 0xffff ? 2 : 1))
  }
  return 'none'
}

const isWordUnit = (unit: number): boolean =>
  (unit >= 0x30 && unit <= 0x39) ||
  (unit >= 0x41 && unit <= 0x5a) ||
  unit === 0x5f ||
  (unit >= 0x61 && unit <= 0x7a)

function holds(text: string, position: number, kind: number, from: number): boolean {
  const { length } = text
  const isNewline = (index: number): boolean => text.charCodeAt(index) === 0x0a
  switch (assertionKinds[kind]!) {
    case 'textStart':
      return position === 0
    case 'lineStart':
      return position === 0 || (position < length && isNewline(position - 1))
    case 'end':
      return position === length || (position === length - 1 && isNewline(position))
    case 'textEnd':
      return position === length
    case 'lineEnd':
      return position === length || isNewline(position)
    case 'searchStart':
      return position === from
    case 'wordBoundary':
    case 'notWordBoundary': {
      const before = position > 0 && isWordUnit(text.charCodeAt(position - 1))
      const after = position < length && isWordUnit(text.charCodeAt(position))
      return (before !== after) === (assertionKinds[kind] === 'wordBoundary')
    }
  }
}
