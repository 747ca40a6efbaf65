// Regular expressions as Splunk has them, PCRE2 in UTF mode: the door of this folder for rex, regex, match(), replace(),
// mvfind(), makemv and field extractions. A pattern is parsed, never passed through: many PCRE spellings mean something
// else in JavaScript without any error (\A, \z, \h, [[:alpha:]]). What cannot be had is refused by name.
// How SPL writes a pattern in quotation marks is left to the caller; sed expressions are in commands/shared/sed.ts.

import { type Diagnostic, SearchError, searchError } from '../../diagnostics/diagnostic.ts'
import { isTooLarge } from './backtracker.ts'
import { GuardedPattern, type RawMatch } from './guard.ts'
import { parsePcre } from './pcre-parser.ts'
import type { GroupName, ParsedPattern } from './pcre-tree.ts'

export type { GroupName } from './pcre-tree.ts'

/** A match: positions in UTF-16 units, and texts by group number; `groups[0]` is the match, undefined a group not set. */
export type Match = RawMatch

/** Is told when a text was too hard for a pattern, so that the event can be named. The text counts as not matching. */
export type OnBudget = (pattern: string, textLength: number) => void

export interface RegexOptions {
  /** The whole pattern ignores case, as if it began with (?i). */
  readonly ignoreCase?: boolean
  /** Without it, a text that is too hard throws a SearchError `limit-reached`: nothing is skipped silently. */
  readonly onBudget?: OnBudget
}

export interface CompiledRegex {
  /** The pattern as written. */
  readonly source: string
  /** Names in the order of the pattern, with their numbers. Under (?J) or (?|…) a name can come twice. */
  readonly groupNames: readonly GroupName[]
  readonly groupCount: number
  /** What is legal and surely means something else than its writer thinks. */
  readonly warnings: readonly Diagnostic[]
  /** Whether the pattern matches anywhere in the text. */
  test(text: string): boolean
  /** The first match at or after `from`. */
  exec(text: string, from?: number): Match | undefined
  /** Matches from left to right that do not overlap, at most `max`. */
  matchAll(text: string, max?: number): Match[]
  /** The named groups of a match that are set. Of groups with the same name the first that is set. */
  named(match: Match): Map<string, string>
  /** Where the groups of the first match at or after `from` begin and end, by group number. */
  spans(
    text: string,
    from?: number,
  ): readonly (readonly [start: number, end: number] | undefined)[] | undefined
  /**
   * Replaces the first `max` matches. In the template `\1` to `\9` are groups (empty when not set), `\0` is the match and
   * `\\` a backslash; anything else stands for itself, also `$1` and `&`.
   *
   * @param only replaces this one match, counted from 1, as `s/a/b/2` does
   * @throws SearchError for a group that the pattern does not have
   * @see Search Reference: replace(), rex
   */
  replaceAll(
    text: string,
    template: string,
    options?: { readonly max?: number; readonly only?: number },
  ): string
  /** The same pattern with somebody else to tell. Cheap: nothing is compiled again. */
  reportingTo(onBudget: OnBudget): CompiledRegex
}

/**
 * Reads a pattern and makes it ready.
 *
 * @throws SearchError `bad-regex` for what PCRE refuses, `regex-unsupported` for what Karst cannot do; the label's source
 *   is the pattern itself
 */
export function compilePcre(pattern: string, options: RegexOptions = {}): CompiledRegex {
  const parsed = parsePcre(pattern, options)
  if (isTooLarge(parsed.root)) {
    const span = { start: 0, end: pattern.length }
    const label = { source: { name: 'regular expression', text: pattern }, span, primary: true }
    const message =
      'The regular expression is not valid: regular expression is too large (its counts multiply).'
    throw new SearchError([{ code: 'bad-regex', severity: 'error', message, labels: [label] }])
  }
  return new Pcre(pattern, { parsed }, options.onBudget ?? throwAtBudget)
}

/** What runs a pattern. Most patterns of content never meet a text, so it is made for the first one. */
interface Runner {
  readonly parsed: ParsedPattern
  guarded?: GuardedPattern
}

const cache = new Map<string, CompiledRegex>()
const mostCached = 2000

/** Like `compilePcre`, and keeps the last 2,000 patterns: content has several hundred, and each is read to check it and to run it. Each is reported to its own caller. */
export function cachedPcre(pattern: string, options: RegexOptions = {}): CompiledRegex {
  const key = (options.ignoreCase === true ? 'i' : '-') + pattern
  let regex = cache.get(key)
  if (regex === undefined) {
    regex = compilePcre(pattern, { ignoreCase: options.ignoreCase === true })
    if (cache.size >= mostCached) cache.delete(cache.keys().next().value!)
  } else {
    // A Map is in the order of insertion: the least recently used comes first.
    cache.delete(key)
  }
  cache.set(key, regex)
  return options.onBudget === undefined ? regex : regex.reportingTo(options.onBudget)
}

/**
 * Matches from left to right that do not overlap, each with the position from which it was searched. A second empty match
 * at the place where the one before ended does not count; the search goes on behind the next character.
 */
export function* successiveMatches(
  regex: CompiledRegex,
  text: string,
): Generator<{ match: Match; from: number }> {
  let from = 0
  let emptyAt = -1
  while (from <= text.length) {
    const match = regex.exec(text, from)
    if (match === undefined) return
    const { index, end } = match
    if (index < end || end !== emptyAt) {
      yield { match, from }
      emptyAt = index === end ? end : -1
      from = end
    } else {
      from = end + (text.codePointAt(end)! > 0xffff ? 2 : 1)
      emptyAt = -1
    }
  }
}

/** An `OnBudget` that warns. */
export function warnAtBudget(warn: (diagnostic: Diagnostic) => void): OnBudget {
  return (pattern, textLength) => warn(budgetDiagnostic(pattern, textLength, 'warning'))
}

const throwAtBudget: OnBudget = (pattern, textLength) => {
  const { message, help } = budgetDiagnostic(pattern, textLength, 'error')
  throw searchError('limit-reached', message, help)
}

function budgetDiagnostic(pattern: string, textLength: number, severity: Diagnostic['severity']): Diagnostic {
  const shown = pattern.length > 60 ? `${pattern.slice(0, 60)}…` : pattern
  return {
    code: 'limit-reached',
    severity,
    message: `The regular expression "${shown}" needs too many steps for a text of ${textLength} characters, which counts as not matching.`,
    labels: [],
    help: 'Patterns with backreferences or recursion inside repetitions cause this; make the repeated parts exclude each other.',
  }
}

/** A piece of a replacement: text, or the number of a group. */
type TemplatePart = string | number

class Pcre implements CompiledRegex {
  readonly source: string
  readonly groupNames: readonly GroupName[]
  readonly groupCount: number
  readonly warnings: readonly Diagnostic[]
  /** Shared by all that report to others. */
  readonly #runner: Runner
  readonly #onBudget: OnBudget
  #template: { readonly text: string; readonly parts: readonly TemplatePart[] } | undefined

  constructor(source: string, runner: Runner, onBudget: OnBudget) {
    const { parsed } = runner
    this.source = source
    this.groupNames = parsed.groupNames
    this.groupCount = parsed.groupCount
    this.warnings = parsed.doubts.map(({ span, message }) => ({
      code: 'suspicious',
      severity: 'warning',
      message,
      labels: [{ source: { name: 'regular expression', text: source }, span, primary: true }],
    }))
    this.#runner = runner
    this.#onBudget = onBudget
  }

  reportingTo(onBudget: OnBudget): CompiledRegex {
    return new Pcre(this.source, this.#runner, onBudget)
  }

  get #guarded(): GuardedPattern {
    this.#runner.guarded ??= new GuardedPattern(this.#runner.parsed)
    return this.#runner.guarded
  }

  test(text: string): boolean {
    const result = this.#guarded.test(text)
    if (result !== 'exhausted') return result
    this.#onBudget(this.source, text.length)
    return false
  }

  exec(text: string, from = 0): Match | undefined {
    const match = this.#guarded.find(text, from)
    if (match !== 'exhausted') return match
    this.#onBudget(this.source, text.length)
    return undefined
  }

  matchAll(text: string, max = Number.POSITIVE_INFINITY): Match[] {
    const matches: Match[] = []
    if (max < 1) return matches
    for (const { match } of successiveMatches(this, text)) {
      matches.push(match)
      if (matches.length >= max) break
    }
    return matches
  }

  named(match: Match): Map<string, string> {
    const named = new Map<string, string>()
    for (const { name, number } of this.groupNames) {
      const text = match.groups[number]
      if (text !== undefined && !named.has(name)) named.set(name, text)
    }
    return named
  }

  spans(text: string, from = 0): readonly (readonly [number, number] | undefined)[] | undefined {
    const slots = this.#guarded.slots(text, from)
    if (slots === 'exhausted') this.#onBudget(this.source, text.length)
    if (typeof slots === 'string') return undefined
    return Array.from({ length: slots.length / 2 }, (_, group) =>
      slots[2 * group + 1]! < 0 ? undefined : ([slots[2 * group]!, slots[2 * group + 1]!] as const),
    )
  }

  replaceAll(
    text: string,
    template: string,
    options: { readonly max?: number; readonly only?: number } = {},
  ): string {
    const parts = this.#partsOf(template)
    const matches = this.matchAll(text, options.only ?? options.max)
    const replaced = options.only === undefined ? matches : matches.slice(options.only - 1)
    if (replaced.length === 0) return text
    let result = ''
    let done = 0
    for (const { index, end, groups } of replaced) {
      result += text.slice(done, index)
      for (const part of parts) result += typeof part === 'string' ? part : (groups[part] ?? '')
      done = end
    }
    return result + text.slice(done)
  }

  #partsOf(template: string): readonly TemplatePart[] {
    if (this.#template?.text === template) return this.#template.parts
    const parts = template.split(/\\([\\0-9])/).flatMap((piece, i): TemplatePart[] => {
      if (i % 2 === 0) return piece === '' ? [] : [piece]
      return piece === '\\' ? [piece] : [Number(piece)]
    })
    for (const part of parts) {
      if (typeof part === 'number' && part > this.groupCount) {
        throw searchError(
          'bad-argument',
          `The replacement refers to group \\${part}, but the regular expression has ${countOf(this.groupCount)}.`,
          'Write \\\\ for a backslash before a digit.',
        )
      }
    }
    this.#template = { text: template, parts }
    return parts
  }
}

const countOf = (groups: number): string =>
  groups === 0 ? 'no groups' : groups === 1 ? 'one group' : `${groups} groups`
