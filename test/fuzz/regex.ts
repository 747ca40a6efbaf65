// Fuzzes regular expressions: random patterns of all constructs on random texts. No search may throw or hang; V8 must
// agree with the backtracker, the backtracker that remembers failures with one that does not, and both with libpcre2,
// when python3 and libpcre2-8.so.0 are there (regex-oracle.py).
//
//   npx tsx test/fuzz/regex.ts [SECONDS [SEED]]      see README.md

import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { SearchError } from '../../src/diagnostics/diagnostic.ts'
import { compileProgram, isTooLarge, runProgram } from '../../src/spl/regex/backtracker.ts'
import { enableLinearFallback, GuardedPattern } from '../../src/spl/regex/guard.ts'
import { parsePcre } from '../../src/spl/regex/pcre-parser.ts'
import type { ParsedPattern } from '../../src/spl/regex/pcre-tree.ts'
import { pick, type RandomNumbers, randomNumbers } from '../support/random-numbers.ts'
import { fuzzProgram, inputNumbers, type Run, seedOf } from './shared/extent.ts'
import { characters, randomPattern, randomText } from './shared/random-pattern.ts'

/** Texts to search, some from a later character on; once in a while a long one, on which bad patterns take long. */
function randomSubjects(random: RandomNumbers): Subject[] {
  const texts = Array.from({ length: 6 }, () => randomText(random))
  if (random(16) === 0)
    texts.push((randomText(random) || 'a').repeat(1 + random(300)) + pick(random, characters))
  return texts.map((text) => {
    const from = random(4) === 0 ? random(text.length + 1) : 0
    const isInside = from > 0 && text.codePointAt(from - 1)! > 0xffff
    return [text, isInside ? from - 1 : from]
  })
}

type Spans = readonly (readonly [number, number] | null)[] | null

/** A text, and where the search in it begins. */
type Subject = readonly [text: string, from: number]

/** The most steps of the backtracker as the plain definition: more than it gets in use. */
const plainBudget = 2_000_000
/** What all searches of one pattern may take. V8 alone gets a second for one. */
const mostMs = 20_000

/** A pattern in all the ways in which it can be run. */
class Engines {
  readonly guarded: GuardedPattern
  readonly #plain: ReturnType<typeof compileProgram>
  readonly #remembering: ReturnType<typeof compileProgram>

  constructor(parsed: ParsedPattern) {
    this.guarded = new GuardedPattern(parsed)
    const compiled = compileProgram(parsed, false)
    // Without memory, from every start: the plain definition.
    this.#plain = { ...compiled, memoRows: 0 }
    this.#remembering = { ...compiled, patience: Number.NEGATIVE_INFINITY }
  }

  /**
   * What all ways say; undefined when a limit was reached.
   * @throws Disagreement
   */
  answer([text, from]: Subject): Spans | undefined {
    const slots = this.guarded.slots(text, from)
    const match = this.guarded.find(text, from)
    const tested = this.guarded.test(text)
    const plain = runProgram(this.#plain, text, from, plainBudget)
    // The next run writes into the same memory.
    const wanted = plain === 'exhausted' ? plain : spansOf(plain)
    if (wanted === 'exhausted') return undefined
    const remembered = runProgram(this.#remembering, text, from, plainBudget)
    const agree = (what: string, expected: unknown, found: unknown): void => {
      if (found !== 'exhausted' && JSON.stringify(found) !== JSON.stringify(expected))
        throw new Disagreement(what, expected, found)
    }
    if (remembered === 'exhausted') throw new Disagreement('memory', wanted, remembered)
    agree('memory', wanted, spansOf(remembered))
    agree('slots', wanted, slots === 'exhausted' ? slots : spansOf(slots))
    const texts = wanted?.map((span) => (span === null ? null : text.slice(span[0], span[1]))) ?? null
    if (match !== 'exhausted')
      agree('find', texts, match === undefined ? null : Array.from(match.groups, (group) => group ?? null))
    if (from === 0) agree('test', wanted !== null, tested)
    return slots === 'exhausted' || match === 'exhausted' ? undefined : wanted
  }
}

class Disagreement extends Error {
  constructor(what: string, expected: unknown, found: unknown) {
    super(`${what}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`)
  }
}

const spansOf = (slots: Int32Array | 'none'): Spans =>
  slots === 'none'
    ? null
    : Array.from({ length: slots.length / 2 }, (_, group) =>
        slots[2 * group + 1]! < 0 ? null : ([slots[2 * group]!, slots[2 * group + 1]!] as const),
      )

/** What to ask libpcre2: a pattern, texts, and our answers or the message with which we refuse the pattern. */
interface PcreCase {
  readonly input: number
  readonly pattern: string
  readonly subjects: readonly Subject[]
  readonly ours: readonly (Spans | undefined)[] | { readonly refused: string }
}

export interface RegexReport {
  readonly seed: number
  readonly inputs: number
  /** Inputs that are patterns that we can run. */
  readonly patterns: number
  readonly matches: number
  /** Searches that V8 ran. */
  readonly native: number
  /** The version of libpcre2 that was asked; undefined when it is not there. */
  readonly pcre?: string
  readonly failures: readonly string[]
}

/** The version whose known faults the comparison allows for; what others answer is shown and does not count. */
const knownPcre = '10.42'
/** How many patterns libpcre2 is asked about at a time. */
const casesAtATime = 5000
const mostFailures = 20

/**
 * Fuzzes regular expressions.
 * @param withPcre asks libpcre2, too
 */
export function fuzzRegex(run: Run, withPcre: boolean): RegexReport {
  const failures: string[] = []
  let cases: PcreCase[] = []
  let [inputs, patterns, matches, native] = [0, 0, 0, 0]
  let pcre: string | undefined
  const askPcre = (): void => {
    if (cases.length === 0 || !withPcre) return
    const answer = compareWithPcre(cases)
    pcre = answer?.version
    cases = []
    if (answer?.version.startsWith(`${knownPcre} `)) failures.push(...answer.differences)
    else for (const difference of answer?.differences ?? []) console.log(difference)
  }
  for (const input of inputNumbers(run)) {
    inputs++
    const random = randomNumbers(seedOf(run.seed, input))
    const pattern = randomPattern(random)
    const subjects = randomSubjects(random)
    const parsed = read(pattern)
    if (parsed === 'unsupported') continue
    if (typeof parsed === 'string') {
      cases.push({ input, pattern, subjects: [], ours: { refused: parsed } })
      continue
    }
    if (isTooLarge(parsed.root)) continue
    patterns++
    const started = performance.now()
    const engines = new Engines(parsed)
    const ours: (Spans | undefined)[] = []
    for (const subject of subjects) {
      try {
        const spans = engines.answer(subject)
        if (engines.guarded.route(subject[0]) !== 'backtracker') native++
        if (spans !== null && spans !== undefined) matches++
        ours.push(spans)
      } catch (error) {
        failures.push(`input ${input}: ${JSON.stringify(pattern)} on ${shown(subject)}: ${String(error)}`)
        ours.push(undefined)
      }
    }
    const ms = performance.now() - started
    if (ms > mostMs)
      failures.push(`input ${input}: ${JSON.stringify(pattern)} takes ${Math.round(ms)} ms on its texts`)
    cases.push({ input, pattern, subjects, ours })
    if (cases.length >= casesAtATime) askPcre()
    if (failures.length >= mostFailures) break
  }
  askPcre()
  return {
    seed: run.seed,
    inputs,
    patterns,
    matches,
    native,
    ...(pcre === undefined ? {} : { pcre }),
    failures: failures.slice(0, mostFailures),
  }
}

const shown = ([text, from]: Subject): string =>
  `${text.length > 200 ? `${JSON.stringify(text.slice(0, 200))}… (${text.length} characters)` : JSON.stringify(text)}${from === 0 ? '' : ` from ${from}`}`

/** The parsed pattern, or the message it is refused with. */
function read(pattern: string): ParsedPattern | string {
  try {
    return parsePcre(pattern)
  } catch (error) {
    if (!(error instanceof SearchError)) throw error
    const diagnostic = error.diagnostics[0]!
    return diagnostic.code === 'regex-unsupported' ? 'unsupported' : diagnostic.message
  }
}

/** Asks libpcre2 about the cases and tells where it differs; undefined when it is not there. */
export function compareWithPcre(
  cases: readonly PcreCase[],
): { readonly version: string; readonly differences: string[] } | undefined {
  const input = cases.map(({ pattern, subjects }) => JSON.stringify({ p: pattern, t: subjects })).join('\n')
  let output: string
  try {
    const script = fileURLToPath(new URL('./regex-oracle.py', import.meta.url))
    output = execFileSync('python3', [script], {
      input,
      encoding: 'utf8',
      maxBuffer: 2 ** 30,
      stdio: ['pipe', 'pipe', 'ignore'],
    })
  } catch {
    return undefined
  }
  const [first, ...lines] = output.trim().split('\n')
  const { version } = JSON.parse(first!) as { version: string }
  if (lines.length !== cases.length)
    throw new Error(`libpcre2 answered ${lines.length} of ${cases.length} cases`)
  return { version, differences: cases.flatMap((item, i) => differencesOf(item, lines[i]!)) }
}

type PcreAnswer = Spans | { readonly rc: number }

function differencesOf({ input, pattern, subjects, ours }: PcreCase, line: string): string[] {
  const answer = JSON.parse(line) as { error?: string; m?: PcreAnswer[][] }
  const where = `input ${input}: ${JSON.stringify(pattern)}`
  if ('refused' in ours || answer.error !== undefined) {
    // Of several mistakes each may name another.
    if ('refused' in ours && answer.error !== undefined) return []
    return [`${where}: PCRE ${answer.error ?? 'valid'}; Karst ${'refused' in ours ? ours.refused : 'valid'}`]
  }
  return answer.m!.flatMap((answers, k) => {
    const mine = ours[k]
    const reachedLimit = answers.some((spans) => spans !== null && 'rc' in spans)
    if (mine === undefined || reachedLimit) return []
    if (answers.some((spans) => JSON.stringify(spans) === JSON.stringify(mine))) return []
    const theirs = answers.map((spans) => JSON.stringify(spans)).join(' or ')
    return [`${where} on ${shown(subjects[k]!)}: PCRE ${theirs}; Karst ${JSON.stringify(mine)}`]
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // As in use; the tests go without it.
  if (!enableLinearFallback(setFlagsFromString)) console.warn('V8 does not fall back to its linear engine')
  const fuzz = (run: Run): RegexReport => {
    const report = fuzzRegex(run, true)
    if (report.pcre === undefined) console.warn('SKIPPED: python3 or libpcre2-8.so.0 is missing')
    else if (!report.pcre.startsWith(`${knownPcre} `))
      console.warn(`SKIPPED: libpcre2 ${report.pcre} is not ${knownPcre}, so its differences do not count`)
    return report
  }
  await fuzzProgram(fuzz, { usualInputs: 50_000 })
}
