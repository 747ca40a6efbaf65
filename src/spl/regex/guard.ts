// Chooses for every text who runs a pattern, so that no pattern and no text can stop a search: V8's engine where that is
// quick for sure, the backtracker with its limit on steps where it might not be, or where JavaScript has no form of the
// pattern. Both give the same answer, so the choice never shows, but for a text on which the limit is reached.
// Parsing, names and replacements are in pcre.ts.

import { type Growth, growthOf, isAnchored } from './ambiguity.ts'
import { compileProgram, type Program, runProgram } from './backtracker.ts'
import {
  type Fidelity,
  fidelityOf,
  looksAtFinalNewline,
  needsUnicode,
  relaxPossessive,
  requiredText,
  type Variant,
  writeJavaScript,
} from './native.ts'
import { isNullable, type ParsedPattern, someNode } from './pcre-tree.ts'

// ---- V8's linear engine

let linearFallback = false

/**
 * Asks V8 to go over to its linear engine when a match backtracks too much, and finds out whether it does. It holds for
 * the whole process and for patterns made afterwards; every worker calls it once at its start. Without it everything
 * gives the same answers; patterns that could explode are then left to the backtracker, which is slower.
 *
 * @param setFlag `v8.setFlagsFromString`, which this code cannot import because it also runs in browsers
 * @returns whether it works; finding out that it does not takes about a third of a second
 */
export function enableLinearFallback(setFlag: (flag: string) => void): boolean {
  try {
    setFlag('--enable-experimental-regexp-engine-on-excessive-backtracks')
  } catch {
    return false
  }
  const subject = `${'a'.repeat(22)}!`
  // 2 ** 22 ways take 100 ms, 50,000 backtracks and one linear pass take 2 ms. Asked again, as the machine may be busy.
  linearFallback = [1, 2, 3].some((attempt) => {
    const pumped = new RegExp(`^(?:(?:a+)+(?:karst${attempt})?)$`)
    const begin = performance.now()
    pumped.test(subject)
    return performance.now() - begin < 25
  })
  return linearFallback
}

// ---- limits

/** Steps of about 1 ns that V8 may take for a text at worst, as the growth of the pattern tells: a second. */
const nativeCeiling = 1e9
/** The same for patterns on which the backtracker could reach its limit, so that the choice must not depend on time. */
const fixedNativeCeiling = 1e7
/** Below this V8 is not even watched. */
const nativeFloor = 1e6
/**
 * What V8 may take with its linear engine to fall back on: 50,000 backtracks, each after a loop over the whole text, and
 * a loop over one character from every start, whose steps back it does not count. (measured: bench/regex.ts)
 */
const fallbackSteps = (length: number): number => 50_000 * length + length ** 2
/** V8 took this long for one text: from now on the pattern gets no more than `nativeFloor`. */
const slowMs = 20

/**
 * The most steps of the backtracker for one search of a text. Splunk's own limit is 100,000 calls of PCRE's match
 * function, each of several steps. (limits.conf [rex] match_limit)
 */
const budgetFor = (length: number): number => 200_000 + 64 * length

/** A match by position, with the texts of all groups; `groups[0]` is the match itself. */
export interface RawMatch {
  readonly index: number
  readonly end: number
  readonly groups: readonly (string | undefined)[]
}

interface Form {
  readonly regex: RegExp
  /** V8 goes over to its linear engine when this backtracks too much; decided when the form is made. */
  readonly fallsBack: boolean
}

/** Who runs a pattern on a text: for tests, benches and explanations. */
export type Route = 'native' | 'located' | 'backtracker'

/** A pattern, ready for texts of all kinds. Keeps the forms it has made and what it has learnt about their speed. */
export class GuardedPattern {
  readonly fidelity: Fidelity
  readonly growth: Growth
  readonly #parsed: ParsedPattern
  readonly #needsUnicode: boolean
  readonly #looksAtFinalNewline: boolean
  readonly #isNullable: boolean
  readonly #forms: (Form | undefined)[] = []
  readonly #mayExhaust: boolean
  #program: Program | undefined
  #required: RegExp | undefined | null = null
  #ceiling: number
  #isTooLargeForV8 = false

  constructor(parsed: ParsedPattern) {
    this.#parsed = { ...parsed, root: relaxPossessive(parsed.root) }
    const { root } = this.#parsed
    this.fidelity = fidelityOf(this.#parsed)
    this.growth = growthOf(root)
    this.#needsUnicode = needsUnicode(root)
    this.#looksAtFinalNewline = looksAtFinalNewline(root)
    this.#isNullable = isNullable(root)
    this.#mayExhaust = someNode(root, (node) => node.kind === 'Backreference')
    this.#ceiling = this.#mayExhaust ? fixedNativeCeiling : nativeCeiling
  }

  /** Whether the pattern matches somewhere. */
  test(text: string): boolean | 'exhausted' {
    const form = this.#formFor(text, false)
    const native = form && this.#runNative(form, text, 0, (regex) => regex.test(text))
    if (native !== undefined) return native
    const slots = this.#run(text, 0)
    return slots === 'exhausted' ? slots : slots !== 'none'
  }

  /** The first match at or after a position. */
  find(text: string, from: number): RawMatch | undefined | 'exhausted' {
    if (this.fidelity === 'exact') {
      const form = this.#formFor(text, true)
      const match = form && this.#runNative(form, text, from, (regex) => regex.exec(text))
      if (match !== undefined) {
        return match === null
          ? undefined
          : { index: match.index, end: match.index + match[0].length, groups: match }
      }
    }
    const slots = this.slots(text, from)
    if (typeof slots === 'string') return slots === 'none' ? undefined : slots
    const groups = Array.from({ length: slots.length / 2 }, (_, group) =>
      slots[2 * group + 1]! < 0 ? undefined : text.slice(slots[2 * group], slots[2 * group + 1]),
    )
    return { index: slots[0]!, end: slots[1]!, groups }
  }

  /**
   * Where the first match at or after a position and its groups begin and end, as `2n` and `2n + 1`; -1 for a group that
   * is not set. V8 could tell for a price; it finds the place and the backtracker tells.
   */
  slots(text: string, from: number): Int32Array | 'none' | 'exhausted' {
    const form = this.#formFor(text, false)
    const match = form && this.#runNative(form, text, from, (regex) => regex.exec(text))
    if (match === null) return 'none'
    const located = match === undefined ? 'none' : this.#run(text, match.index, true)
    return located === 'none' ? this.#run(text, from) : located
  }

  /** Who would run the pattern on this text now. */
  route(text: string): Route {
    if (this.#formFor(text, false) === undefined) return 'backtracker'
    return this.fidelity === 'exact' ? 'native' : 'located'
  }

  /** The JavaScript source for a text, for tests and explanations. */
  javaScript(text: string): string | undefined {
    return this.fidelity === 'none' ? undefined : this.#form(text, this.fidelity === 'exact')?.regex.source
  }

  /** The JavaScript form for a text, unless it could take too long. */
  #formFor(text: string, groups: boolean): Form | undefined {
    if (this.fidelity === 'none') return undefined
    const isSlow = this.#worstSteps(text.length) > this.#ceiling
    if (isSlow && !linearFallback) return undefined
    // V8 finds empty matches between the halves of a surrogate pair, also under the u flag.
    if (this.#isNullable && surrogates.test(text)) return undefined
    const form = this.#form(text, groups)
    if (form === undefined) return undefined
    return isSlow && !(form.fallsBack && fallbackSteps(text.length) <= this.#ceiling) ? undefined : form
  }

  #worstSteps(length: number): number {
    const { exponential, degree } = this.growth
    if (exponential) return Number.POSITIVE_INFINITY
    return degree === 1 ? 0 : length ** degree
  }

  /** Undefined when V8 finds the form too large. */
  #form(text: string, groups: boolean): Form | undefined {
    if (this.#isTooLargeForV8) return undefined
    const variant: Variant = {
      surrogates: this.#needsUnicode && surrogates.test(text),
      finalNewline: this.#looksAtFinalNewline && text.endsWith('\n'),
      // Groups cost time; a backreference needs them.
      groups: groups || this.#mayExhaust,
    }
    const key = (variant.surrogates ? 1 : 0) + (variant.finalNewline ? 2 : 0) + (variant.groups ? 4 : 0)
    let form = this.#forms[key]
    if (form === undefined) {
      const { source, flags, linear } = writeJavaScript(this.#parsed.root, variant)
      try {
        form = { regex: new RegExp(source, `g${flags}`), fallsBack: linear && linearFallback }
      } catch {
        this.#isTooLargeForV8 = true
        return undefined
      }
      this.#forms[key] = form
    }
    return form
  }

  /**
   * Runs V8, and takes note when it is slow where it may be; undefined when its stack is too small for the text, or the
   * pattern turns out too large for its code.
   */
  #runNative<T>({ regex }: Form, text: string, from: number, run: (regex: RegExp) => T): T | undefined {
    regex.lastIndex = from
    const watched = this.#worstSteps(text.length) > nativeFloor
    const begin = watched ? performance.now() : 0
    try {
      return run(regex)
    } catch (error) {
      if (error instanceof SyntaxError) this.#isTooLargeForV8 = true
      else if (!(error instanceof RangeError)) throw error
      return undefined
    } finally {
      if (watched && !this.#mayExhaust && performance.now() - begin > slowMs) this.#ceiling = nativeFloor
    }
  }

  #run(text: string, from: number, onlyAt = false): Int32Array | 'none' | 'exhausted' {
    if (this.#required === null) {
      const required = requiredText(this.#parsed.root)
      this.#required = required === undefined ? undefined : new RegExp(required)
    }
    if (!onlyAt && this.#required?.test(text) === false) return 'none'
    this.#program ??= compileProgram(this.#parsed, isAnchored(this.#parsed.root))
    return runProgram(this.#program, text, from, budgetFor(text.length), onlyAt)
  }
}

const surrogates = /[\ud800-\udfff]/
