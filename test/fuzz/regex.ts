// Fuzzes regular expressions: random patterns of all constructs on random texts.
// `npx tsx test/fuzz/regex.ts [seconds] [seed]` compares V8 with the backtracker, the backtracker that remembers failures
// with one that does not, and both with libpcre2 when python3 and libpcre2-8.so.0 are there (regex-oracle.py).
// regex.test.ts runs two seconds of it, without libpcre2.

import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { SearchError } from '../../src/diagnostics/diagnostic.ts'
import { compileProgram, isTooLarge, runProgram } from '../../src/spl/regex/backtracker.ts'
import { GuardedPattern } from '../../src/spl/regex/guard.ts'
import { parsePcre } from '../../src/spl/regex/pcre-parser.ts'
import { type RandomNumbers, randomNumbers } from '../support/random-numbers.ts'

const characters = ['a', 'a', 'b', 'c', 'A', 'B', 'k', '-', '1', ' ', '\n', '\r', 'é', 'K', 'ß', '😀']
const atoms = [
  'a',
  'b',
  'ab',
  'k',
  'É',
  '😀',
  '.',
  '\\d',
  '\\w',
  '\\W',
  '\\s',
  '\\S',
  '\\h',
  '\\v',
  '\\R',
  '\\N',
  '\\x61',
  '\\x{1F600}',
  '[ab]',
  '[^a]',
  '[a-c]',
  '[^\\W]',
  '[[:alpha:]-]',
  '[^[:upper:]]',
  '[k-é]',
  '\\p{Lu}',
  '\\Qa.\\E',
  '\\n',
  '-',
  '1',
]
const assertions = ['^', '$', '\\b', '\\B', '\\A', '\\z', '\\Z', '\\G', '\\K']
const quantifiers = [
  '*',
  '+',
  '?',
  '*?',
  '+?',
  '??',
  '*+',
  '++',
  '?+',
  '{2}',
  '{1,2}',
  '{0,3}?',
  '{2,}',
  '{1,2}+',
]

/** A random pattern. It need not be valid: a group that it refers to may be missing. */
export function randomPattern(random: RandomNumbers, depth = 3): string {
  const options = ['', '(?i)', '(?s)', '(?m)', '(?im)', '(?U)'][Math.max(0, random(16) - 10)]!
  return options + alternation(random, depth)
}

function alternation(random: RandomNumbers, depth: number): string {
  return Array.from({ length: random(4) === 0 ? 1 + random(3) : 1 }, () => sequence(random, depth)).join('|')
}

function sequence(random: RandomNumbers, depth: number): string {
  return Array.from({ length: random(8) === 0 ? 0 : 1 + random(3) }, () => repeated(random, depth)).join('')
}

function repeated(random: RandomNumbers, depth: number): string {
  if (random(7) === 0) return assertions[random(assertions.length)]!
  const item = depth > 0 && random(2) === 0 ? group(random, depth - 1) : atoms[random(atoms.length)]!
  if (random(2) === 0) return item
  return item + quantifiers[random(quantifiers.length)]!
}

function group(random: RandomNumbers, depth: number): string {
  const inner = alternation(random, depth)
  switch (random(24)) {
    case 0:
      return `(?>${inner})`
    case 1:
      return `(?=${inner})`
    case 2:
      return `(?!${inner})`
    case 3:
      return `(?<=${sequence(random, 0)})`
    case 4:
      return `(?<!${sequence(random, 0)})`
    case 5:
      return `(?i:${inner})`
    case 6:
      return `(?-i:${inner})`
    case 7:
      return `(?|${inner}|(${inner}))`
    case 8:
      return `\\${1 + random(3)}`
    case 9:
      return `(?${random(3)})`
    case 10:
      return `(?(1)${sequence(random, depth)}|${sequence(random, depth)})`
    case 11:
      return `(?(?=${inner})${sequence(random, depth)}|b)`
    case 12:
      return `(?(?!${inner})${sequence(random, depth)}|b)`
    case 13:
    case 14:
    case 15:
      return `(?:${inner})`
    default:
      return `(${inner})`
  }
}

export function randomText(random: RandomNumbers): string {
  const alphabet = random(2) === 0 ? 5 : characters.length
  return Array.from({ length: random(12) }, () => characters[random(alphabet)]!).join('')
}

type Spans = readonly (readonly [number, number] | null)[] | null

/** What our two ways say, which must be the same; undefined when a limit was reached. */
function search(
  guarded: GuardedPattern,
  plain: (text: string) => Spans | 'exhausted',
  text: string,
): Spans | undefined {
  const expected = plain(text)
  if (expected === 'exhausted') return undefined
  const slots = guarded.slots(text, 0)
  if (slots === 'exhausted') return undefined
  const spans = slots === 'none' ? null : spansOf(slots)
  if (JSON.stringify(spans) !== JSON.stringify(expected)) throw new Disagreement('slots', expected, spans)
  const match = guarded.find(text, 0)
  if (match === 'exhausted') return undefined
  const texts = expected?.map((span) => (span === null ? null : text.slice(span[0], span[1]))) ?? null
  const found = match === undefined ? null : Array.from(match.groups, (group) => group ?? null)
  if (JSON.stringify(found) !== JSON.stringify(texts)) throw new Disagreement('find', texts, found)
  if (guarded.test(text) !== (expected !== null)) throw new Disagreement('test', expected, guarded.test(text))
  return expected
}

class Disagreement extends Error {
  constructor(what: string, expected: unknown, found: unknown) {
    super(`${what}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`)
  }
}

const spansOf = (slots: Int32Array): Spans =>
  Array.from({ length: slots.length / 2 }, (_, group) =>
    slots[2 * group + 1]! < 0 ? null : ([slots[2 * group]!, slots[2 * group + 1]!] as const),
  )

export interface FuzzResult {
  readonly patterns: number
  readonly matches: number
  readonly native: number
  readonly failures: readonly string[]
  /** What to ask libpcre2: patterns, texts and our answers. */
  readonly cases: readonly { readonly p: string; readonly t: readonly string[]; readonly ours: unknown }[]
}

/** Runs until the time is over or ten failures were found. */
export function fuzzRegex(seconds: number, seed: number): FuzzResult {
  const random = randomNumbers(seed)
  const end = performance.now() + seconds * 1000
  const failures: string[] = []
  const cases: { p: string; t: string[]; ours: unknown }[] = []
  let patterns = 0
  let matches = 0
  let native = 0
  while (performance.now() < end && failures.length < 10) {
    const pattern = randomPattern(random)
    const texts = Array.from({ length: 6 }, () => randomText(random))
    const parsed = read(pattern)
    if (parsed === 'unsupported') continue
    if (typeof parsed === 'string') {
      cases.push({ p: pattern, t: [], ours: { error: parsed } })
      continue
    }
    if (isTooLarge(parsed.root)) continue
    patterns++
    const guarded = new GuardedPattern(parsed)
    // Without memory, from every start: the plain definition.
    const compiled = compileProgram(parsed, false)
    const program = { ...compiled, memoRows: 0 }
    const remembering = { ...compiled, patience: Number.NEGATIVE_INFINITY }
    const ours: (Spans | undefined)[] = []
    for (const text of texts) {
      try {
        const spans = search(
          guarded,
          (subject) => {
            const outcome = runProgram(program, subject, 0, 2_000_000)
            const remembered = runProgram(remembering, subject, 0, 2_000_000)
            if (String(remembered) !== String(outcome) && outcome !== 'exhausted') {
              throw new Disagreement('memory', String(outcome), String(remembered))
            }
            return outcome === 'none' ? null : outcome === 'exhausted' ? outcome : spansOf(outcome)
          },
          text,
        )
        if (guarded.route(text) !== 'backtracker') native++
        if (spans !== null && spans !== undefined) matches++
        ours.push(spans)
      } catch (error) {
        failures.push(`${JSON.stringify(pattern)} on ${JSON.stringify(text)}: ${String(error)}`)
        break
      }
    }
    if (ours.length === texts.length) cases.push({ p: pattern, t: texts, ours })
  }
  return { patterns, matches, native, failures, cases }
}

/** The parsed pattern, or the message it is refused with. */
function read(pattern: string): ReturnType<typeof parsePcre> | string {
  try {
    return parsePcre(pattern)
  } catch (error) {
    if (!(error instanceof SearchError)) throw error
    const diagnostic = error.diagnostics[0]!
    return diagnostic.code === 'regex-unsupported' ? 'unsupported' : diagnostic.message
  }
}

/** Asks libpcre2 about the cases and returns where it differs; undefined when it is not there. */
export function compareWithPcre(cases: FuzzResult['cases']): string[] | undefined {
  const input = cases.map((item) => JSON.stringify(item)).join('\n')
  let output: string
  try {
    const script = fileURLToPath(new URL('./regex-oracle.py', import.meta.url))
    output = execFileSync('python3', [script], { input, encoding: 'utf8', maxBuffer: 2 ** 30 })
  } catch {
    return undefined
  }
  const differences: string[] = []
  output
    .trim()
    .split('\n')
    .forEach((line, i) => {
      const { p, t, ours } = cases[i]!
      const answer = JSON.parse(line) as { error?: string; m?: (Spans | { rc: number })[] }
      if (answer.error !== undefined || !Array.isArray(ours)) {
        // Of several mistakes each may name another.
        const message = Array.isArray(ours) ? 'valid' : (ours as { error: string }).error
        if ((answer.error === undefined) === Array.isArray(ours)) return
        differences.push(`${JSON.stringify(p)}: PCRE ${answer.error ?? 'valid'}; Karst ${message}`)
        return
      }
      answer.m!.forEach((spans, k) => {
        if (spans !== null && 'rc' in spans) return
        if (ours[k] === undefined) return
        // PCRE 10.42 lets groups that were set in a recursion show through at times.
        const compared = /\(\?[0-9]\)/.test(p) ? (found: Spans) => found?.[0] : (found: Spans) => found
        if (JSON.stringify(compared(spans)) !== JSON.stringify(compared(ours[k] as Spans))) {
          differences.push(
            `${JSON.stringify(p)} on ${JSON.stringify(t[k])}: PCRE ${JSON.stringify(spans)}; Karst ${JSON.stringify(ours[k])}`,
          )
        }
      })
    })
  return differences
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const seconds = Number(process.argv[2] ?? 20)
  const seed = Number(process.argv[3] ?? Date.now() % 1e6)
  const result = fuzzRegex(seconds, seed)
  const differences = compareWithPcre(result.cases)
  console.log(
    `seed ${seed}: ${result.patterns} patterns, ${result.matches} matches, ${result.native} searches by V8`,
  )
  for (const failure of result.failures) console.log(`V8 and backtracker: ${failure}`)
  if (differences === undefined) console.log('SKIPPED: python3 or libpcre2-8.so.0 is missing')
  for (const difference of differences?.slice(0, 30) ?? []) console.log(`PCRE and Karst: ${difference}`)
  process.exitCode = result.failures.length + (differences?.length ?? 0) > 0 ? 1 : 0
}
