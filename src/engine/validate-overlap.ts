// Which detections have the same search, and which find nothing that another one does not find as well.
// A search covers another one when every event that passes the other's first filter passes its own, and nothing after
// that leaves rows out. It is found by comparing terms, so only what is certain is said.

import { compileWildcard } from '../base/text/wildcard.ts'
import type { Detection } from '../content/detection.ts'
import { type Problem, problemAt } from '../content/validate/problem.ts'
import type { TstatsTerms } from '../spl/commands/shared/tstats-terms.ts'
import type { Command, Pipeline, SearchExpression } from '../spl/syntax/ast.ts'
import { printCommand, printSearch } from '../spl/syntax/print.ts'

/** Commands that keep every row. */
const keepingRows = new Set([
  'stats', 'eval', 'rename', 'convert', 'fields', 'table', 'fillnull', 'rex', 'sort', 'eventstats', 'streamstats', 'bin',
  'lookup', 'iplocation', 'spath', 'makemv', 'nomv', 'addinfo', 'fieldformat', 'filldown',
]) // biome-ignore format: a list

/** A search as far as its filter can be compared. */
interface Comparable {
  readonly detection: Detection
  /** What it reads: searches of different bases cannot be compared. */
  readonly base: string
  readonly filter: SearchExpression
  /** Without a value for these a row is left out. */
  readonly needed: ReadonlySet<string>
  /** Whether every event that passes the filter leads to a row, apart from `needed`. */
  readonly isWhole: boolean
  /** The whole search in one form, to find equal ones. */
  readonly text: string
}

/** Detections with the same search, and detections that another one covers. Deprecated ones are left alone. */
export function* checkOverlap(
  searches: readonly { readonly detection: Detection; readonly pipeline: Pipeline }[],
): Iterable<Problem> {
  const groups = new Map<string, Comparable[]>()
  for (const { detection, pipeline } of searches) {
    if (detection.status === 'deprecated') continue
    const one = comparable(detection, pipeline)
    if (one === undefined) continue
    const group = groups.get(one.base)
    if (group === undefined) groups.set(one.base, [one])
    else group.push(one)
  }
  for (const group of groups.values()) {
    for (const [index, one] of group.entries()) {
      const same = group.find(
        (other, place) => place < index && isOther(one, other) && other.text === one.text,
      )
      if (same !== undefined) yield duplicate(one.detection, same.detection)
      const wider = group.find(
        (other) => isOther(one, other) && other.text !== one.text && covers(other, one),
      )
      if (wider !== undefined) yield overlap(one.detection, wider.detection)
    }
  }
}

/** Versions of one detection are expected to be alike. */
const isOther = (a: Comparable, b: Comparable): boolean => a.detection.id !== b.detection.id

function duplicate(detection: Detection, other: Detection): Problem {
  const message = `The search is that of "${other.name}" (${other.path}).`
  const labels = detection.search.locate({ start: 0, end: detection.search.text.trimEnd().length })
  return problemAt('duplicate-search', detection, labels, message, {
    help: 'One of them is enough, unless their risk differs on purpose.',
  })
}

function overlap(detection: Detection, other: Detection): Problem {
  const message = `Everything that this detection finds, "${other.name}" (${other.path}) finds as well.`
  const labels = detection.search.locate({ start: 0, end: detection.search.text.trimEnd().length })
  return problemAt('overlapping-search', detection, labels, message, {
    help: 'Both raise risk for the same events. See whether that is meant.',
  })
}

/** Undefined for searches that begin with something else than a filter. */
function comparable(detection: Detection, { commands }: Pipeline): Comparable | undefined {
  const [first, ...others] = commands
  if (first === undefined) return undefined
  const start =
    first.name === 'tstats'
      ? tstatsStart(first, others)
      : first.name === 'search'
        ? searchStart(first, others)
        : undefined
  if (start === undefined) return undefined
  const { base, filter, rest, needed } = start
  const steps = rest.filter((command) => !isPassing(command))
  const grouped = steps.find(({ name }) => name === 'stats')
  return {
    detection,
    base,
    filter,
    needed: new Set([
      ...needed,
      ...(grouped === undefined ? [] : (grouped.args as { by: readonly string[] }).by),
    ]),
    isWhole: steps.every(({ name }) => keepingRows.has(name)),
    text: [base, canonical(filter), ...steps.map(printCommand)].join(' | '),
  }
}

interface Start {
  readonly base: string
  readonly filter: SearchExpression
  readonly rest: readonly Command[]
  readonly needed: readonly string[]
}

function tstatsStart({ args }: Command, rest: readonly Command[]): Start | undefined {
  const { from, where, by, options } = args as TstatsTerms
  if (from === undefined) return undefined
  return {
    base: `${from.model}.${from.object ?? ''}`,
    filter: where ?? { kind: 'And', terms: [] },
    rest,
    needed: options.fillnull_value === undefined ? by : [],
  }
}

function searchStart(first: Command, others: readonly Command[]): Start {
  const terms = [termsOf(first)]
  let next = 0
  while (others[next]?.name === 'search') terms.push(termsOf(others[next++]!))
  return { base: 'events', filter: { kind: 'And', terms }, rest: others.slice(next), needed: [] }
}

const termsOf = ({ args }: Command): SearchExpression => (args as { terms: SearchExpression }).terms

/** `search *`, which filter macros are. */
function isPassing(command: Command): boolean {
  return command.name === 'search' && printSearch(termsOf(command)).replace(/[()]/g, '') === '*'
}

function covers(wide: Comparable, narrow: Comparable): boolean {
  if (!wide.isWhole || ![...wide.needed].every((name) => narrow.needed.has(name))) return false
  return implies(narrow.filter, wide.filter)
}

/** Whether every event that fits `a` fits `b`. False where that is not certain. */
export function implies(a: SearchExpression, b: SearchExpression): boolean {
  if (b.kind === 'And') return b.terms.every((term) => implies(a, term))
  if (a.kind === 'Or') return a.terms.length > 0 && a.terms.every((term) => implies(term, b))
  if (b.kind === 'Or' && b.terms.some((term) => implies(a, term))) return true
  if (a.kind === 'And') return a.terms.some((term) => implies(term, b))
  if (a.kind === 'Not' && b.kind === 'Not') return implies(b.term, a.term)
  const left = valuesOf(a)
  const right = valuesOf(b)
  if (left !== undefined && right !== undefined) {
    if (left.field !== right.field) return false
    return left.values.every((value) => right.values.some((pattern) => fits(pattern, value)))
  }
  return canonical(a) === canonical(b)
}

const canonicals = new WeakMap<SearchExpression, string>()

/** Terms in one form: values compare without regard to case, names of fields do not. Each is compared with hundreds. */
function canonical(term: SearchExpression): string {
  let text = canonicals.get(term)
  if (text === undefined) {
    text = printSearch(foldValues(term))
    canonicals.set(term, text)
  }
  return text
}

function foldValues(term: SearchExpression): SearchExpression {
  switch (term.kind) {
    case 'And':
    case 'Or':
      return { ...term, terms: term.terms.map(foldValues) }
    case 'Not':
      return { ...term, term: foldValues(term.term) }
    case 'Comparison':
      return term.mode === 'plain' ? { ...term, value: term.value.toLowerCase() } : term
    case 'In':
      return { ...term, values: term.values.map((value) => value.toLowerCase()) }
    case 'Keyword':
      return term.mode === 'plain' ? { ...term, text: term.text.toLowerCase() } : term
    case 'TimeModifier':
    case 'Subsearch':
      return term
  }
}

/** The values of which a field must have one. */
function valuesOf(term: SearchExpression): { field: string; values: readonly string[] } | undefined {
  if (term.kind === 'In') return { field: term.field, values: term.values }
  if (term.kind !== 'Comparison' || term.operator !== '=' || term.mode !== 'plain') return undefined
  return term.subsearch === undefined ? { field: term.field, values: [term.value] } : undefined
}

/** A star of the value fits only a star of the pattern, so the value stands for all texts that fit it. */
function fits(pattern: string, value: string): boolean {
  let test = tests.get(pattern)
  if (test === undefined) {
    if (tests.size > 20_000) tests.clear()
    test = compileWildcard(pattern, { ignoreCase: true })
    tests.set(pattern, test)
  }
  return test(value)
}

const tests = new Map<string, (text: string) => boolean>()
