// Reads a regular expression as PCRE2 10.42 does in UTF mode, into the tree of pcre-tree.ts. Messages are PCRE2's own
// sentences, which are also what Splunk shows, with the place. What PCRE2 has and Karst has not is refused by name.
// Matching is left to native.ts and backtracker.ts.
// @see pcre2pattern(3); every rule below was compared with libpcre2 10.42 (test/fuzz/regex.ts says how)

import { SearchError } from '../../diagnostics/diagnostic.ts'
import type { Source } from '../../diagnostics/source.ts'
import {
  type CharSet,
  charSet,
  complement,
  digits,
  everything,
  foldCase,
  horizontalSpaces,
  notNewline,
  posixClasses,
  propertySet,
  spaces,
  unionOf,
  verticalSpaces,
  wordChars,
} from './char-set.ts'
import {
  type AssertionNode,
  type AtomicNode,
  type CaptureNode,
  type ConditionalNode,
  type Doubt,
  type GroupName,
  type LookNode,
  type Node,
  nothing,
  type ParsedPattern,
} from './pcre-tree.ts'

/** What `(?imsxnUJ)` set; `xx` also ignores blanks in classes. */
interface Options {
  readonly i: boolean
  readonly m: boolean
  readonly s: boolean
  readonly x: boolean
  readonly xx: boolean
  readonly n: boolean
  readonly U: boolean
  readonly J: boolean
}

const noOptions: Options = { i: false, m: false, s: false, x: false, xx: false, n: false, U: false, J: false }

/** The longest pattern and the deepest nesting, both as PCRE2 has them (link size 2, parens_nest_limit). */
const longestPattern = 65_535
const deepestNesting = 250
const largestCount = 65_535
const longestLookbehind = 65_535

/**
 * Reads a pattern.
 *
 * @throws SearchError `bad-regex` for what PCRE2 refuses, `regex-unsupported` for what Karst does
 */
export function parsePcre(pattern: string, options: { readonly ignoreCase?: boolean } = {}): ParsedPattern {
  return new Parser(pattern, options.ignoreCase === true).parse()
}

/** An escape outside a class that stands for one character or a set of characters. */
type CharacterEscape =
  | { readonly kind: 'literal'; readonly code: number }
  | { readonly kind: 'set'; readonly set: CharSet }

class Parser {
  readonly #text: string
  readonly #source: Source
  #position = 0
  #depth = 0
  #lookDepth = 0
  #options: Options
  #groupCount = 0
  readonly #groupNames: GroupName[] = []
  readonly #doubts: Doubt[] = []
  readonly #captures = new Map<number, CaptureNode[]>()
  readonly #groupLengths = new Map<number, number | undefined>()
  /** What can only be said when all groups are known: whether a group exists, and how long a lookbehind is. */
  readonly #afterwards: (() => void)[] = []

  constructor(pattern: string, ignoreCase: boolean) {
    this.#text = pattern
    this.#source = { name: 'regular expression', text: pattern }
    this.#options = { ...noOptions, i: ignoreCase }
  }

  parse(): ParsedPattern {
    if (this.#text.length > longestPattern) this.#bad('regular expression is too large', longestPattern)
    this.#startSettings()
    const root = this.#alternation()
    if (this.#position < this.#text.length)
      this.#bad('unmatched closing parenthesis', this.#position, this.#position + 1)
    for (const check of this.#afterwards) check()
    return { root, groupCount: this.#groupCount, groupNames: this.#groupNames, doubts: this.#doubts }
  }

  // ---- the text

  #peek(text: string): boolean {
    return this.#text.startsWith(text, this.#position)
  }

  #eat(text: string): boolean {
    if (!this.#peek(text)) return false
    this.#position += text.length
    return true
  }

  /** Takes what a sticky expression matches here. */
  #take(expression: RegExp): RegExpExecArray | undefined {
    expression.lastIndex = this.#position
    const match = expression.exec(this.#text)
    if (match === null) return undefined
    this.#position += match[0].length
    return match
  }

  get #atEnd(): boolean {
    return this.#position >= this.#text.length
  }

  #nextCodePoint(): number {
    const code = this.#text.codePointAt(this.#position)!
    this.#position += code > 0xffff ? 2 : 1
    return code
  }

  #bad(message: string, start: number, end = Math.max(start + 1, this.#position)): never {
    throw this.#error('bad-regex', `The regular expression is not valid: ${message}.`, start, end)
  }

  #unsupported(what: string, start: number, help?: string): never {
    throw this.#error(
      'regex-unsupported',
      `Karst does not support ${what} in a regular expression.`,
      start,
      this.#position,
      help,
    )
  }

  #error(
    code: 'bad-regex' | 'regex-unsupported',
    message: string,
    start: number,
    end: number,
    help?: string,
  ): SearchError {
    const label = {
      source: this.#source,
      span: { start, end: Math.min(end, this.#text.length) },
      primary: true,
    }
    return new SearchError([
      { code, severity: 'error', message, labels: [label], ...(help === undefined ? {} : { help }) },
    ])
  }

  // ---- structure

  /** `(*UTF)` and the like, which PCRE reads only at the very start. */
  #startSettings(): void {
    for (;;) {
      const start = this.#position
      const setting = this.#take(/\(\*([A-Z0-9_]+)(?:=\d+)?\)/y)?.[1]
      if (setting === undefined) return
      switch (setting) {
        case 'UTF':
        case 'UTF8':
        case 'LF':
        case 'BSR_UNICODE':
        case 'NO_AUTO_POSSESS':
        case 'NO_DOTSTAR_ANCHOR':
        case 'NO_JIT':
        case 'NO_START_OPT':
        case 'LIMIT_MATCH':
        case 'LIMIT_DEPTH':
        case 'LIMIT_HEAP':
        case 'LIMIT_RECURSION':
          continue
        case 'UCP':
        case 'CR':
        case 'CRLF':
        case 'ANY':
        case 'ANYCRLF':
        case 'NUL':
        case 'BSR_ANYCRLF':
        case 'NOTEMPTY':
        case 'NOTEMPTY_ATSTART':
          this.#unsupported(`the setting (*${setting})`, start)
      }
      this.#position = start
      return
    }
  }

  /** Options separated by `|`, up to a closing parenthesis or the end. `onOption` runs before each. */
  #alternation(onOption?: () => void): Node {
    const options: Node[] = []
    do {
      onOption?.()
      options.push(this.#sequence())
    } while (this.#eat('|'))
    return options.length === 1 ? options[0]! : { kind: 'Alternation', options }
  }

  #sequence(): Node {
    const items: Node[] = []
    // Whether the last item may be repeated; what is ignored between it and its quantifier does not matter.
    let repeatable = false
    for (;;) {
      this.#skipIgnored()
      if (this.#atEnd || this.#peek('|') || this.#peek(')')) break
      const start = this.#position
      if (this.#eat('\\Q')) {
        for (const code of this.#quoted()) {
          items.push(this.#literal(code))
          repeatable = true
        }
        continue
      }
      const quantifier = this.#quantifier()
      if (quantifier !== undefined) {
        if (!repeatable) this.#bad('quantifier does not follow a repeatable item', start)
        items.push(this.#repeat(items.pop()!, quantifier))
        repeatable = false
        continue
      }
      const item = this.#item()
      if (item === undefined) {
        repeatable = false
        continue
      }
      items.push(item)
      // (*FAIL) begins with a parenthesis, too; (?:(*FAIL)) is a group, whatever is left of it.
      const isGroup = this.#text[start] === '(' && !this.#text.startsWith('(*F', start)
      repeatable = isGroup || !(item.kind === 'Assertion' || item.kind === 'Keep' || item.kind === 'Fail')
    }
    return items.length === 1 ? items[0]! : { kind: 'Sequence', items }
  }

  /** Passes over what may stand anywhere between items, quantifiers and their signs without meaning anything. */
  #skipIgnored(): void {
    do {
      if (this.#options.x) this.#take(/(?:[\t-\r \u0085\u200e\u200f\u2028\u2029]|#[^\n]*(?:\n|$))+/y)
    } while (this.#skipComment() || this.#eat('\\E') || this.#eat('\\Q\\E'))
  }

  #skipComment(): boolean {
    const start = this.#position
    if (!this.#eat('(?#')) return false
    const end = this.#text.indexOf(')', start)
    if (end < 0) {
      this.#position = this.#text.length
      this.#bad('missing ) after (?# comment', start)
    }
    this.#position = end + 1
    return true
  }

  /** What follows `\Q`, up to `\E` or the end. */
  #quoted(): number[] {
    const end = this.#text.indexOf('\\E', this.#position)
    const text = this.#text.slice(this.#position, end < 0 ? undefined : end)
    this.#position = end < 0 ? this.#text.length : end + 2
    return Array.from(text, (char) => char.codePointAt(0)!)
  }

  #quantifier(): { min: number; max: number; mode: 'greedy' | 'lazy' | 'possessive' } | undefined {
    const start = this.#position
    const found = this.#take(/[*+?]|\{(\d+)(?:(,)(\d*))?\}/y)
    if (found === undefined) {
      const doubtful = /\{,\d+\}/y
      doubtful.lastIndex = start
      const length = doubtful.exec(this.#text)?.[0].length
      if (length !== undefined) {
        const span = { start, end: start + length }
        this.#doubts.push({
          span,
          message: 'Without a minimum this is no quantifier but literal text; write {0,…}.',
        })
      }
      return undefined
    }
    const [sign, minText, comma, maxText] = found
    let min = sign === '+' ? 1 : 0
    let max = sign === '?' ? 1 : Number.POSITIVE_INFINITY
    if (minText !== undefined) {
      min = Number(minText)
      max = comma === undefined ? min : maxText === '' ? Number.POSITIVE_INFINITY : Number(maxText)
      if (min > largestCount || (max > largestCount && max !== Number.POSITIVE_INFINITY)) {
        this.#bad('number too big in {} quantifier', start)
      }
      if (max < min) this.#bad('numbers out of order in {} quantifier', start)
    }
    this.#skipIgnored()
    if (this.#eat('+')) return { min, max, mode: 'possessive' }
    const swapped = this.#eat('?')
    return { min, max, mode: swapped !== this.#options.U ? 'lazy' : 'greedy' }
  }

  #repeat(
    body: Node,
    { min, max, mode }: { min: number; max: number; mode: 'greedy' | 'lazy' | 'possessive' },
  ): Node {
    // Asking more often whether a place is good says nothing new.
    if (body.kind === 'Look') return { kind: 'Repeat', body, min, max: Math.min(max, min + 1), mode }
    return min === 1 && max === 1 ? body : { kind: 'Repeat', body, min, max, mode }
  }

  /** One item; undefined for something that matches nothing and cannot be repeated, such as `(?i)`. */
  #item(): Node | undefined {
    const start = this.#position
    if (this.#peek('(')) return this.#group()
    if (this.#peek('[')) return { kind: 'Character', set: this.#bracketClass() }
    if (this.#peek('\\')) return this.#escape()
    const code = this.#nextCodePoint()
    switch (this.#text[start]) {
      case '^':
        return { kind: 'Assertion', at: this.#options.m ? 'lineStart' : 'textStart' }
      case '$':
        return { kind: 'Assertion', at: this.#options.m ? 'lineEnd' : 'end' }
      case '.':
        return { kind: 'Character', set: this.#options.s ? everything : notNewline }
    }
    return this.#literal(code)
  }

  #literal(code: number): Node {
    const set = charSet([[code, code]])
    return { kind: 'Character', set: this.#options.i ? foldCase(set) : set }
  }

  // ---- groups

  #group(): Node | undefined {
    const start = this.#position
    if (this.#peek('(*') && /[A-Za-z:_]/.test(this.#text[start + 2] ?? '')) return this.#verb()
    this.#position++
    if (!this.#eat('?')) {
      return this.#options.n
        ? this.#inside(start, () => this.#alternation())
        : this.#capture(start, undefined)
    }
    if (this.#atEnd) this.#bad('missing closing parenthesis', start, start + 1)
    if (this.#eat(':')) return this.#inside(start, () => this.#alternation())
    if (this.#eat('>')) return this.#atomic(start)
    if (this.#eat('|')) return this.#branchReset(start)
    if (this.#eat('=')) return this.#look(start, 'ahead', false)
    if (this.#eat('!')) return this.#look(start, 'ahead', true)
    if (this.#eat('<=')) return this.#look(start, 'behind', false)
    if (this.#eat('<!')) return this.#look(start, 'behind', true)
    if (this.#eat('(')) return this.#conditional(start)
    if (this.#eat('<') || this.#eat('P<')) return this.#capture(start, this.#name('>'))
    if (this.#eat("'")) return this.#capture(start, this.#name("'"))
    if (this.#eat('P=')) return this.#backreferenceTo(this.#name(')'), start)
    if (this.#eat('P>') || this.#eat('&')) return this.#recursionTo(this.#name(')'), start)
    if (this.#eat('R)')) return { kind: 'Recursion', number: 0 }
    const call = this.#take(/([+-]?)(\d+)\)/y)
    if (call !== undefined)
      return this.#recursionTo(this.#groupNumber(call[1]!, Number(call[2]), start), start)
    if (this.#peek('C')) return this.#callout(start)
    if (this.#peek('P')) {
      if (this.#position + 1 >= this.#text.length) this.#bad('missing closing parenthesis', start, start + 1)
      this.#bad('unrecognized character after (?P', this.#position + 1, this.#position + 2)
    }
    return this.#optionSetting(start)
  }

  /** Reads the inside of a group and its closing parenthesis; options set inside end with it. */
  #inside<T>(start: number, read: () => T): T {
    if (++this.#depth > deepestNesting) this.#bad('parentheses are too deeply nested', start)
    const outer = this.#options
    const result = read()
    this.#options = outer
    this.#depth--
    if (!this.#eat(')')) this.#bad('missing closing parenthesis', start, start + 1)
    return result
  }

  #capture(start: number, name: { text: string; start: number } | undefined): Node {
    const number = ++this.#groupCount
    if (name !== undefined) this.#declareName(name, number)
    const node: CaptureNode = {
      kind: 'Capture',
      number,
      body: this.#inside(start, () => this.#alternation()),
    }
    this.#captures.set(number, [...(this.#captures.get(number) ?? []), node])
    return node
  }

  #declareName(name: { text: string; start: number }, number: number): void {
    const end = name.start + name.text.length
    for (const known of this.#groupNames) {
      if (known.number === number) {
        if (known.name === name.text) return
        this.#bad('different names for subpatterns of the same number are not allowed', name.start, end)
      }
      if (known.name === name.text && !this.#options.J) {
        this.#bad('two named subpatterns have the same name (PCRE2_DUPNAMES not set)', name.start, end)
      }
    }
    this.#groupNames.push({ name: name.text, number })
  }

  #atomic(start: number): Node {
    return { kind: 'Atomic', body: this.#inside(start, () => this.#alternation()) }
  }

  /** `(?|a(b)|c(d))`: every option counts its groups from the same number. */
  #branchReset(start: number): Node {
    return this.#inside(start, () => {
      const first = this.#groupCount
      let highest = first
      const node = this.#alternation(() => {
        highest = Math.max(highest, this.#groupCount)
        this.#groupCount = first
      })
      this.#groupCount = Math.max(highest, this.#groupCount)
      return node
    })
  }

  #look(start: number, direction: 'ahead' | 'behind', negated: boolean): LookNode {
    this.#lookDepth++
    const body = this.#inside(start, () => this.#alternation())
    this.#lookDepth--
    const lengths: number[] = []
    if (direction === 'behind') {
      const end = this.#position
      this.#afterwards.push(() => {
        for (const option of body.kind === 'Alternation' ? body.options : [body]) {
          const length = this.#fixedLength(option)
          if (length === undefined) this.#bad('lookbehind assertion is not fixed length', start, end)
          if (length > longestLookbehind) this.#bad('lookbehind assertion is too long', start, end)
          lengths.push(length)
        }
      })
    }
    return { kind: 'Look', direction, negated, body, lengths }
  }

  /** How many characters a node takes, when that is always the same number. */
  #fixedLength(node: Node): number | undefined {
    const same = (nodes: readonly Node[]): number | undefined => {
      const lengths = new Set(nodes.map((part) => this.#fixedLength(part)))
      return lengths.size === 1 ? [...lengths][0] : undefined
    }
    switch (node.kind) {
      case 'Character':
        return 1
      case 'Sequence': {
        let sum = 0
        for (const item of node.items) {
          const length = this.#fixedLength(item)
          if (length === undefined) return undefined
          sum += length
        }
        return sum
      }
      case 'Alternation':
        return same(node.options)
      case 'Repeat': {
        const length = node.min === node.max ? this.#fixedLength(node.body) : undefined
        return length === undefined ? undefined : length * node.min
      }
      case 'Capture':
      case 'Atomic':
        return this.#fixedLength(node.body)
      case 'Conditional':
        return node.condition.kind === 'Define' ? 0 : same([node.yes, node.no])
      case 'Backreference':
        return node.numbers.length === 1 && !node.ignoreCase
          ? this.#fixedGroupLength(node.numbers[0]!)
          : undefined
      case 'Recursion':
        return node.number === 0 ? undefined : this.#fixedGroupLength(node.number)
      case 'Look':
      case 'Assertion':
      case 'Keep':
      case 'Fail':
        return 0
    }
  }

  /** The same for a group that is referred to. Groups can call groups, so each is looked into once. */
  #fixedGroupLength(number: number): number | undefined {
    if (this.#groupLengths.has(number)) return this.#groupLengths.get(number)
    // As long as it is not known: a group that calls itself has no fixed length.
    this.#groupLengths.set(number, undefined)
    const captures = this.#captures.get(number) ?? []
    const lengths = new Set(captures.map(({ body }) => this.#fixedLength(body)))
    const length = lengths.size === 1 ? [...lengths][0] : undefined
    this.#groupLengths.set(number, length)
    return length
  }

  /** `(?i)`, `(?i-s:…)`, `(?^)`. */
  #optionSetting(start: number): Node | undefined {
    let options = this.#eat('^')
      ? { ...this.#options, i: false, m: false, s: false, x: false, xx: false, n: false }
      : this.#options
    let value = true
    for (;;) {
      const at = this.#position
      const letter = this.#take(/xx|[imsxnUJ]|[-:)]/y)?.[0]
      switch (letter) {
        case ':':
          return this.#inside(start, () => {
            this.#options = options
            return this.#alternation()
          })
        case ')':
          this.#options = options
          return undefined
        case '-':
          if (!value || this.#text[start + 2] === '^') this.#bad('invalid hyphen in option setting', at)
          value = false
          break
        case 'xx':
          options = { ...options, x: value, xx: value }
          break
        case 'x':
          options = { ...options, x: value, xx: false }
          break
        case undefined:
          if (this.#atEnd) this.#bad('missing closing parenthesis', start, start + 1)
          this.#bad('unrecognized character after (? or (?-', at, at + 1)
          break
        default:
          options = { ...options, [letter]: value }
      }
    }
  }

  #conditional(start: number): Node {
    const condition = this.#condition()
    return this.#inside(start, () => {
      const branches: Node[] = []
      do branches.push(this.#sequence())
      while (this.#eat('|'))
      if (condition.kind === 'Define' && branches.length > 1) {
        this.#bad('DEFINE subpattern contains more than one branch', start)
      }
      if (branches.length > 2) this.#bad('conditional subpattern contains more than two branches', start)
      const [yes, no] = branches
      return { kind: 'Conditional', condition, yes: yes!, no: no ?? nothing }
    })
  }

  /** What stands after `(?(`, with the parenthesis that closes it. */
  #condition(): ConditionalNode['condition'] {
    const start = this.#position
    const look = this.#take(
      /\?(<?)([=!])|\*(pla|nla|plb|nlb|positive_lookahead|negative_lookahead|positive_lookbehind|negative_lookbehind):/y,
    )
    if (look !== undefined) {
      const word = look[3]
      const behind = word === undefined ? look[1] === '<' : word.endsWith('b') || word.endsWith('behind')
      const negated = word === undefined ? look[2] === '!' : word.startsWith('n')
      return this.#look(start - 1, behind ? 'behind' : 'ahead', negated)
    }
    if (this.#peek('?')) this.#bad('assertion expected after (?( or (?(?C)', start - 1)
    if (this.#eat('R)')) return { kind: 'Recursion', number: undefined }
    if (this.#eat('DEFINE)')) return { kind: 'Define' }
    const into = this.#take(/R(\d+)\)/y)
    if (into !== undefined) {
      const number = Number(into[1])
      this.#requireGroup(number, start)
      return { kind: 'Recursion', number }
    }
    if (this.#take(/VERSION>?=/y) !== undefined)
      this.#unsupported('a condition on the version of PCRE', start)
    const numbered = this.#take(/([+-]?)(\d+)/y)
    if (numbered !== undefined) {
      const number = this.#groupNumber(numbered[1]!, Number(numbered[2]), start)
      this.#requireGroup(number, start)
      if (!this.#eat(')')) this.#bad('missing closing parenthesis for condition', start)
      return { kind: 'Group', numbers: [number] }
    }
    if (this.#atEnd) this.#bad('missing closing parenthesis', start - 1)
    if (this.#eat('R&')) {
      const name = this.#name(')')
      const condition = { kind: 'Recursion' as const, number: 0 as number | undefined }
      this.#resolve(name, start, (numbers) => {
        condition.number = numbers[0]
      })
      return condition
    }
    const close = this.#eat('<') ? '>' : this.#eat("'") ? "'" : ')'
    const name = this.#name(close)
    if (close !== ')' && !this.#eat(')')) this.#bad('missing closing parenthesis for condition', start)
    const numbers: number[] = []
    this.#resolve(name, start, (found) => numbers.push(...found))
    return { kind: 'Group', numbers }
  }

  /** `(?C)`: PCRE does nothing at it when the program gives it nothing to call, and Splunk gives nothing. */
  #callout(start: number): undefined {
    if (this.#take(/C\d*\)/y) === undefined) this.#unsupported('a callout with text (?C"…")', start)
    return undefined
  }

  #verb(): Node | undefined {
    const start = this.#position
    const group = this.#take(/\(\*([a-z_]+):/y)?.[1]
    if (group !== undefined) {
      switch (group) {
        case 'atomic':
          return this.#atomic(start)
        case 'pla':
        case 'positive_lookahead':
          return this.#look(start, 'ahead', false)
        case 'nla':
        case 'negative_lookahead':
          return this.#look(start, 'ahead', true)
        case 'plb':
        case 'positive_lookbehind':
          return this.#look(start, 'behind', false)
        case 'nlb':
        case 'negative_lookbehind':
          return this.#look(start, 'behind', true)
        case 'napla':
        case 'naplb':
        case 'non_atomic_positive_lookahead':
        case 'non_atomic_positive_lookbehind':
        case 'sr':
        case 'script_run':
        case 'asr':
        case 'atomic_script_run':
          this.#unsupported(`(*${group}:…)`, start)
      }
      this.#bad('(*alpha_assertion) not recognized', start)
    }
    const verb = this.#take(/\(\*([A-Z]*)(?::[^)]*)?\)/y)
    switch (verb?.[1]) {
      case 'F':
      case 'FAIL':
        return { kind: 'Fail' }
      case 'ACCEPT':
      case 'COMMIT':
      case 'MARK':
      case 'PRUNE':
      case 'SKIP':
      case 'THEN':
        this.#unsupported(
          `the backtracking verb (*${verb![1]})`,
          start,
          'An atomic group (?>…) often does the same.',
        )
        break
      case '':
        this.#unsupported('the backtracking verb (*MARK)', start)
    }
    this.#position = Math.max(this.#position, start + 2)
    this.#bad('(*VERB) not recognized or malformed', start)
  }

  // ---- names, numbers and references

  #name(close: string): { text: string; start: number } {
    const start = this.#position
    const text = this.#take(/[\p{L}\p{Nd}_]+/uy)?.[0]
    if (text === undefined) this.#bad('subpattern name expected', start, start + 1)
    if (/^\p{Nd}/u.test(text)) this.#bad('subpattern name must start with a non-digit', start)
    if (text.length > 128) this.#bad('subpattern name is too long', start)
    if (!this.#eat(close)) {
      this.#bad('syntax error in subpattern name (missing terminator?)', this.#position, this.#position + 1)
    }
    return { text, start }
  }

  #groupNumber(sign: string, value: number, start: number): number {
    if (sign === '') return value
    const number = sign === '-' ? this.#groupCount - value + 1 : this.#groupCount + value
    if (value === 0 || number < 1) this.#bad('reference to non-existent subpattern', start)
    return number
  }

  #requireGroup(number: number, start: number): void {
    const end = this.#position
    this.#afterwards.push(() => {
      if (number > this.#groupCount) this.#bad('reference to non-existent subpattern', start, end)
    })
  }

  /** Hands over the numbers of a name once all names are known. */
  #resolve(
    name: { text: string; start: number },
    start: number,
    then: (numbers: readonly number[]) => void,
  ): void {
    const end = this.#position
    this.#afterwards.push(() => {
      const numbers = this.#groupNames
        .filter((group) => group.name === name.text)
        .map((group) => group.number)
      if (numbers.length === 0) this.#bad('reference to non-existent subpattern', start, end)
      then(numbers)
    })
  }

  #backreferenceTo(target: number | { text: string; start: number }, start: number): Node {
    const ignoreCase = this.#options.i
    if (typeof target === 'number') {
      this.#requireGroup(target, start)
      return { kind: 'Backreference', numbers: [target], ignoreCase }
    }
    const numbers: number[] = []
    this.#resolve(target, start, (found) => numbers.push(...found))
    return { kind: 'Backreference', numbers, ignoreCase }
  }

  #recursionTo(target: number | { text: string; start: number }, start: number): Node {
    if (typeof target === 'number') {
      this.#requireGroup(target, start)
      return { kind: 'Recursion', number: target }
    }
    const node = { kind: 'Recursion' as const, number: 0 }
    this.#resolve(target, start, (numbers) => {
      node.number = numbers[0]!
    })
    return node
  }

  // ---- escapes

  #escape(): Node {
    const start = this.#position
    const letter = this.#text[start + 1]
    const assertion = (at: AssertionNode['at']): Node => {
      this.#position += 2
      return { kind: 'Assertion', at }
    }
    switch (letter) {
      case 'A':
        return assertion('textStart')
      case 'Z':
        return assertion('end')
      case 'z':
        return assertion('textEnd')
      case 'b':
        return assertion('wordBoundary')
      case 'B':
        return assertion('notWordBoundary')
      case 'G':
        return assertion('searchStart')
      case 'K':
        this.#position += 2
        if (this.#lookDepth > 0) {
          this.#bad('\\K is not allowed in lookarounds (but see PCRE2_EXTRA_ALLOW_LOOKAROUND_BSK)', start)
        }
        return { kind: 'Keep' }
      case 'N':
        if (/^\\N\{(?!\d+(?:,\d*)?\})/.test(this.#text.slice(start, start + 12))) break
        this.#position += 2
        return { kind: 'Character', set: notNewline }
      case 'R':
        this.#position += 2
        return anyLineBreak
      case 'X':
      case 'C':
        this.#position += 2
        return this.#unsupported(letter === 'X' ? '\\X (a grapheme cluster)' : '\\C (a single byte)', start)
      case 'g':
        return this.#gReference()
      case 'k': {
        this.#position += 2
        const close = this.#eat('<') ? '>' : this.#eat("'") ? "'" : this.#eat('{') ? '}' : undefined
        if (close === undefined) {
          this.#bad('\\k is not followed by a braced, angle-bracketed, or quoted name', start)
        }
        return this.#backreferenceTo(this.#name(close), start)
      }
    }
    const number = this.#take(/\\([1-9]\d*)/y)
    if (number !== undefined) {
      const digitText = number[1]!
      const value = Number(digitText)
      if (value < 10 || digitText[0]! >= '8' || value <= this.#groupCount) {
        if (value > largestCount) this.#bad('reference to non-existent subpattern', start)
        return this.#backreferenceTo(value, start)
      }
      this.#position = start
    }
    const character = this.#characterEscape()
    if (character.kind === 'set') return { kind: 'Character', set: character.set }
    return this.#literal(character.code)
  }

  /** `\g1 \g{-1} \g{name}` refer back, `\g<1> \g'name'` call. */
  #gReference(): Node {
    const start = this.#position
    this.#position += 2
    const numbered = this.#take(/\{([+-]?)(\d+)\}|([+-]?)(\d+)/y)
    if (numbered !== undefined) {
      const value = Number(numbered[2] ?? numbered[4])
      const number = this.#groupNumber(numbered[1] ?? numbered[3] ?? '', value, start)
      if (number === 0) this.#bad('reference to non-existent subpattern', start)
      return this.#backreferenceTo(number, start)
    }
    const call = this.#take(/<([+-]?)(\d+)>|'([+-]?)(\d+)'/y)
    if (call !== undefined) {
      const value = Number(call[2] ?? call[4])
      return this.#recursionTo(this.#groupNumber(call[1] ?? call[3] ?? '', value, start), start)
    }
    if (this.#eat('{')) return this.#backreferenceTo(this.#name('}'), start)
    if (this.#eat('<')) return this.#recursionTo(this.#name('>'), start)
    if (this.#eat("'")) return this.#recursionTo(this.#name("'"), start)
    return this.#bad(
      '\\g is not followed by a braced, angle-bracketed, or quoted name/number or by a plain number',
      start,
    )
  }

  /** An escape that means one character or a set, inside a class and outside. */
  #characterEscape(): CharacterEscape {
    const start = this.#position
    const literal = (code: number): CharacterEscape => ({ kind: 'literal', code })
    const set = (chars: CharSet): CharacterEscape => ({ kind: 'set', set: chars })
    this.#position++
    if (this.#atEnd) this.#bad('\\ at end of pattern', start)
    const code = this.#nextCodePoint()
    switch (String.fromCodePoint(code)) {
      case 'a':
        return literal(0x07)
      case 'e':
        return literal(0x1b)
      case 'f':
        return literal(0x0c)
      case 'n':
        return literal(0x0a)
      case 'r':
        return literal(0x0d)
      case 't':
        return literal(0x09)
      case 'd':
        return set(digits)
      case 'D':
        return set(complement(digits))
      case 'h':
        return set(horizontalSpaces)
      case 'H':
        return set(complement(horizontalSpaces))
      case 's':
        return set(spaces)
      case 'S':
        return set(complement(spaces))
      case 'v':
        return set(verticalSpaces)
      case 'V':
        return set(complement(verticalSpaces))
      case 'w':
        return set(wordChars)
      case 'W':
        return set(complement(wordChars))
      case 'p':
        return set(this.#property(start, false))
      case 'P':
        return set(this.#property(start, true))
      case 'x':
        return literal(this.#hexadecimal(start))
      case 'o':
        return literal(this.#octalInBraces(start))
      case 'c':
        return literal(this.#control(start))
      case 'N': {
        const named = this.#take(/\{U\+([0-9A-Fa-f]*)\}/y)
        if (named !== undefined) return literal(this.#codePoint(named[1]!, 16, start))
        this.#bad('PCRE2 does not support \\F, \\L, \\l, \\N{name}, \\U, or \\u', start)
        break
      }
      case 'F':
      case 'L':
      case 'l':
      case 'U':
      case 'u':
        this.#bad('PCRE2 does not support \\F, \\L, \\l, \\N{name}, \\U, or \\u', start)
    }
    if (code >= 0x30 && code <= 0x37) {
      const further = this.#take(/[0-7]{0,2}/y)![0]
      return literal(Number.parseInt(String.fromCharCode(code) + further, 8))
    }
    if (code <= 0x7a && /[A-Za-z]/.test(String.fromCodePoint(code)))
      this.#bad('unrecognized character follows \\', start)
    return literal(code)
  }

  #codePoint(digitText: string, base: number, start: number): number {
    if (digitText === '') this.#bad('digits missing in \\x{} or \\o{} or \\N{U+}', start)
    const code = Number.parseInt(digitText, base)
    if (code > 0x10ffff) this.#bad('character code point value in \\x{} or \\o{} is too large', start)
    if (code >= 0xd800 && code <= 0xdfff) {
      this.#bad('disallowed Unicode code point (>= 0xd800 && <= 0xdfff)', start)
    }
    return code
  }

  #hexadecimal(start: number): number {
    if (!this.#peek('{')) return Number.parseInt(this.#take(/[0-9A-Fa-f]{0,2}/y)?.[0] || '0', 16)
    const braced = this.#take(/\{([^}]*)\}?/y)!
    if (!/^[0-9A-Fa-f]*$/.test(braced[1]!) || !braced[0].endsWith('}')) {
      this.#bad('non-hex character in \\x{} (closing brace missing?)', start)
    }
    return this.#codePoint(braced[1]!, 16, start)
  }

  #octalInBraces(start: number): number {
    if (!this.#peek('{')) this.#bad('missing opening brace after \\o', start)
    const braced = this.#take(/\{([^}]*)\}?/y)!
    if (!/^[0-7]*$/.test(braced[1]!) || !braced[0].endsWith('}')) {
      this.#bad('non-octal character in \\o{} (closing brace missing?)', start)
    }
    return this.#codePoint(braced[1]!, 8, start)
  }

  #control(start: number): number {
    if (this.#atEnd) this.#bad('\\c at end of pattern', start)
    const code = this.#nextCodePoint()
    if (code < 0x20 || code > 0x7e) this.#bad('\\c must be followed by a printable ASCII character', start)
    const upper = code >= 0x61 && code <= 0x7a ? code - 32 : code
    return upper ^ 0x40
  }

  #property(start: number, negated: boolean): CharSet {
    const name = this.#take(/\{(\^?)([^}]*)\}|([A-Za-z])/y)
    if (name === undefined) this.#bad('malformed \\P or \\p sequence', start)
    const set = propertySet(name[2] ?? name[3]!)
    if (set === undefined) {
      this.#unsupported(
        `the property "${name[2] ?? name[3]}"`,
        start,
        'General categories (Lu), scripts (Greek), Any, L&, Xan, Xsp, Xps and Xwd are known.',
      )
    }
    return negated !== (name[1] === '^') ? complement(set) : set
  }

  // ---- classes

  #bracketClass(): CharSet {
    const start = this.#position
    const posix = this.#posixSyntax()
    if (posix !== undefined) {
      this.#bad(
        posix[1] === ':'
          ? 'POSIX named classes are supported only within a class'
          : 'POSIX collating elements are not supported',
        start,
        start + posix[0].length,
      )
    }
    this.#position++
    const negated = this.#eat('^')
    const sets: CharSet[] = []
    // Single characters and ranges have cases, sets such as \w have not.
    const ranges: [number, number][] = []
    let first = true
    for (;;) {
      if (this.#options.xx) this.#take(/[ \t]+/y)
      if (this.#atEnd) this.#bad('missing terminating ] for character class', start, start + 1)
      if (this.#peek(']') && !first) break
      if (this.#eat('\\E')) continue
      if (this.#eat('\\Q')) {
        for (const code of this.#quoted()) ranges.push([code, code])
        if (this.#text.slice(0, this.#position).endsWith('\\E')) first = first && ranges.length === 0
        continue
      }
      const at = this.#position
      const member = this.#classMember()
      first = false
      this.#take(/(?:\\E)+/y)
      const isRange =
        this.#peek('-') && !/^-(?:\\E)*\]/.test(this.#text.slice(this.#position, this.#position + 16))
      if (member.kind === 'set') {
        sets.push(member.set)
        if (isRange && this.#position + 1 < this.#text.length)
          this.#bad('invalid range in character class', at, this.#position + 1)
        continue
      }
      if (!isRange) {
        ranges.push([member.code, member.code])
        continue
      }
      this.#position++
      this.#take(/(?:\\E)+/y)
      if (this.#options.xx) this.#take(/[ \t]+/y)
      if (this.#atEnd) this.#bad('missing terminating ] for character class', start, start + 1)
      if (this.#peek(']')) {
        ranges.push([member.code, member.code], [0x2d, 0x2d])
        continue
      }
      const last = this.#eat('\\Q') ? this.#rangeEndInQuotes() : this.#classMember()
      if (last.kind === 'set') this.#bad('invalid range in character class', at)
      if (last.code < member.code) this.#bad('range out of order in character class', at)
      ranges.push([member.code, last.code])
    }
    this.#position++
    const singles = charSet(ranges)
    const set = unionOf([...sets, this.#options.i ? foldCase(singles) : singles])
    return negated ? complement(set) : set
  }

  /** `[a-\Qz…\E]`: the range ends with the first quoted character, the rest are read as the class goes on. */
  #rangeEndInQuotes(): CharacterEscape {
    const end = this.#text.indexOf('\\E', this.#position)
    if (end >= 0 && end - this.#position <= 2) {
      const code = this.#nextCodePoint()
      this.#eat('\\E')
      return { kind: 'literal', code }
    }
    return this.#unsupported('a range that ends within \\Q…\\E', this.#position - 2)
  }

  #classMember(): CharacterEscape {
    const start = this.#position
    if (this.#peek('[')) {
      const posix = this.#posixSyntax()
      if (posix !== undefined) {
        this.#position += posix[0].length
        if (posix[1] !== ':') this.#bad('POSIX collating elements are not supported', start)
        const name = this.#options.i && /^(?:upper|lower)$/.test(posix[3]!) ? 'alpha' : posix[3]!
        const set = posixClasses.get(name)
        if (set === undefined) this.#bad('unknown POSIX class name', start)
        return { kind: 'set', set: posix[2] === '^' ? complement(set) : set }
      }
    }
    if (!this.#peek('\\')) return { kind: 'literal', code: this.#nextCodePoint() }
    switch (this.#text[start + 1]) {
      case 'b':
        this.#position += 2
        return { kind: 'literal', code: 0x08 }
      case 'N':
        if (!this.#peek('\\N{U+')) {
          this.#position += 2
          this.#bad('\\N is not supported in a class', start)
        }
        break
      case 'B':
      case 'R':
      case 'X':
        this.#position += 2
        this.#bad('escape sequence is invalid in character class', start)
        break
      case '8':
      case '9':
        this.#position += 2
        return { kind: 'literal', code: this.#text.charCodeAt(start + 1) }
    }
    return this.#characterEscape()
  }

  /** `[:name:]`, `[.x.]` or `[=x=]` here, as PCRE recognises them. */
  #posixSyntax(): RegExpExecArray | undefined {
    const syntax = /\[([:.=])(\^?)([^\\\]]*?)\1\]/y
    syntax.lastIndex = this.#position
    return syntax.exec(this.#text) ?? undefined
  }
}

const code = (char: number): Node => ({ kind: 'Character', set: [char, char] })

/** `\R`: CR LF, or any single line break; once CR LF was taken, LF is not given back. */
export const anyLineBreak: AtomicNode = {
  kind: 'Atomic',
  body: {
    kind: 'Alternation',
    options: [
      { kind: 'Sequence', items: [code(0x0d), code(0x0a)] },
      { kind: 'Character', set: verticalSpaces },
    ],
  },
}
