// What a command reads its arguments with: words, options, field lists, expressions, search terms, subsearches.

import { suggest } from '../../base/suggest.ts'
import { SearchError } from '../../diagnostics/diagnostic.ts'
import type { LocatedText, Span } from '../../diagnostics/source.ts'
import type { Expression, Pipeline, SearchExpression, Subsearch } from './ast.ts'
import { parseExpressionAt } from './expression-parser.ts'
import { Scanner } from './scanner.ts'
import { parseSearchAt, type SearchParserOptions } from './search-parser.ts'

/** A word as a command sees it. */
export interface Word {
  readonly text: string
  /** In quotation marks: then it is never a keyword or an option's name. */
  readonly quoted: boolean
  readonly span: Span
}

/** The types of option values and what they are read as. */
export interface OptionTypes {
  /** `t`, `true`, `1`, `f`, `false`, `0` in any case */
  boolean: boolean
  /** A whole number, perhaps with a sign. */
  integer: number
  number: number
  /** Text as it stands, with or without quotation marks: a field, a span, a path. */
  string: string
  /** An eval expression in parentheses or `eval(…)`. */
  expression: Expression
}

export type OptionSchema = Readonly<Record<string, keyof OptionTypes | readonly string[]>>

/** The options that were given; a list of words in the schema is a choice of these. */
export type Options<Schema extends OptionSchema> = {
  -readonly [Name in keyof Schema]?: Schema[Name] extends keyof OptionTypes
    ? OptionTypes[Schema[Name]]
    : Schema[Name] extends readonly (infer Choice)[]
      ? Choice
      : never
}

/** Parses a pipeline between brackets; handed in by the parser, which knows the commands. */
export type PipelineParser = (start: number, end: number, beginsWithTerms: boolean) => Pipeline

/** A bare word ends at a blank, comma, parenthesis, bracket, pipe, `=` or quotation mark. */
const barePattern = /[^\s,()[\]|="]+/y
const optionNamePattern = /[A-Za-z_][\w.-]*(?=\s*=(?!=))/y
const optionValuePattern = /[^\s,()[\]|"]+/y

/**
 * Reads the arguments of one command.
 */
export class ArgumentReader extends Scanner {
  /** The command's name, for messages. */
  readonly command: string
  readonly #parsePipeline: PipelineParser
  /** Subsearches whose results become text, in the order they were read. */
  readonly textSubsearches: Subsearch[] = []

  constructor(
    command: string,
    source: LocatedText,
    start: number,
    end: number,
    parsePipeline: PipelineParser,
  ) {
    super(source, start, end)
    this.command = command
    this.#parsePipeline = parsePipeline
  }

  /** Whether nothing but blanks is left. */
  get isDone(): boolean {
    this.skipBlanks()
    return this.atEnd
  }

  /** Refuses whatever is left. Every `parse` ends with it. */
  finish(): void {
    if (!this.isDone)
      this.fail('bad-argument', `${this.command} does not know what to do with ${this.found()}.`)
  }

  /** The next word, bare or in quotation marks; undefined at punctuation or the end. Nothing is taken at `=`. */
  word(): Word | undefined {
    this.skipBlanks()
    const start = this.position
    const mark = this.peek()
    if (mark === '"') {
      const { value, span } = this.quoted('"')
      return { text: value, quoted: true, span }
    }
    if (
      mark === "'" &&
      this.text.indexOf("'", start + 1) !== -1 &&
      this.text.indexOf("'", start + 1) < this.end
    ) {
      const { value, span } = this.quoted("'")
      return { text: value, quoted: true, span }
    }
    const text = this.match(barePattern)
    return text === undefined ? undefined : { text, quoted: false, span: this.spanFrom(start) }
  }

  /** The next word without taking it. */
  peekWord(): Word | undefined {
    const before = this.position
    const word = this.word()
    this.position = before
    return word
  }

  /** The next word, which must be there. @param what for the message: `a field` */
  requiredWord(what: string): Word {
    return this.word() ?? this.missing(what)
  }

  /** The name of a field, bare or quoted, which must be there. */
  field(what = 'a field'): string {
    return this.requiredWord(what).text
  }

  /** A whole number if one is next. */
  integer(): number | undefined {
    this.skipBlanks()
    const found = this.match(/[+-]?\d+(?![\w.])/y)
    return found === undefined ? undefined : Number(found)
  }

  /** Whether the next word is this keyword; takes it. Quoted words are no keywords. */
  keyword(...keywords: string[]): boolean {
    return keywords.some((keyword) => this.takeKeyword(keyword))
  }

  /** Takes a comma or other punctuation, after blanks. */
  punctuation(expected: string): boolean {
    this.skipBlanks()
    return this.take(expected)
  }

  /**
   * Names separated by blanks or commas, up to the end, other punctuation, or one of the stop words.
   * @param stopWords in lower case: `by`, `as`, `output`
   */
  fieldList(stopWords: readonly string[] = []): string[] {
    const fields: string[] = []
    for (;;) {
      while (this.punctuation(',')) {
        // Commas may be doubled or trailing.
      }
      const next = this.peekWord()
      if (next === undefined || (!next.quoted && stopWords.includes(next.text.toLowerCase()))) return fields
      const word = this.word()!
      fields.push(word.quoted ? word.text : word.text + this.#attachedParentheses())
    }
  }

  /** `(x)` directly behind a word: columns are named after calls, `sum(bytes)`. */
  #attachedParentheses(): string {
    return this.match(/\([^()\s"|[\]]*\)/y) ?? ''
  }

  /** Like `fieldList`, but at least one. */
  fields(stopWords: readonly string[] = []): string[] {
    const fields = this.fieldList(stopWords)
    return fields.length > 0 ? fields : this.missing('at least one field')
  }

  /** The name of the option that is next (`name=`), in lower case, without taking it. */
  peekOption(): string | undefined {
    const before = this.position
    this.skipBlanks()
    const name = this.match(optionNamePattern)
    this.position = before
    return name?.toLowerCase()
  }

  /**
   * Takes all options that are next. An option that the schema lacks is an error with a suggestion, unless `stopAtUnknown`.
   * Call it again after positional arguments where options may follow them. Later values win.
   */
  options<const Schema extends OptionSchema>(
    schema: Schema,
    { stopAtUnknown = false }: { stopAtUnknown?: boolean } = {},
  ): Options<Schema> {
    const options: Record<string, unknown> = {}
    for (;;) {
      const before = this.position
      while (this.punctuation(',')) {
        // Some content separates options by commas.
      }
      const name = this.peekOption()
      if (name === undefined || (stopAtUnknown && !Object.hasOwn(schema, name))) {
        this.position = before
        return options as Options<Schema>
      }
      this.skipBlanks()
      const start = this.position
      this.match(optionNamePattern)
      const span = this.spanFrom(start)
      const type = Object.hasOwn(schema, name) ? schema[name] : undefined
      if (type === undefined) {
        const [nearest] = suggest(name, Object.keys(schema))
        this.fail(
          'unknown-option',
          `${this.command} has no option "${this.text.slice(start, span.end)}".`,
          span,
          nearest === undefined
            ? `It has: ${Object.keys(schema).join(', ') || 'no options'}.`
            : `Did you mean "${nearest}"?`,
        )
      }
      this.punctuation('=')
      options[name] = this.#optionValue(name, type)
    }
  }

  #optionValue(name: string, type: keyof OptionTypes | readonly string[]): unknown {
    if (type === 'expression') {
      this.keyword('eval')
      return this.expression()
    }
    this.skipBlanks()
    const start = this.position
    const text = this.peek() === '"' ? this.quoted('"').value : this.match(optionValuePattern)
    if (text === undefined)
      this.fail('missing-argument', `The option "${name}" needs a value, found ${this.found()}.`)
    const span = this.spanFrom(start)
    if (typeof type !== 'string') {
      const choice = type.find((candidate) => candidate.toLowerCase() === text.toLowerCase())
      return (
        choice ??
        this.fail('bad-argument', `"${name}" must be one of ${type.join(', ')}, found "${text}".`, span)
      )
    }
    switch (type) {
      case 'string':
        return text
      case 'boolean': {
        if (/^(t|true|1|y|yes)$/i.test(text)) return true
        if (/^(f|false|0|n|no)$/i.test(text)) return false
        return this.fail('bad-argument', `"${name}" needs true or false, found "${text}".`, span)
      }
      case 'integer':
        if (/^[+-]?\d+$/.test(text)) return Number(text)
        return this.fail('bad-argument', `"${name}" needs a whole number, found "${text}".`, span)
      case 'number':
        if (text.trim() !== '' && Number.isFinite(Number(text))) return Number(text)
        return this.fail('bad-argument', `"${name}" needs a number, found "${text}".`, span)
    }
  }

  /** An eval expression. */
  expression(): Expression {
    return parseExpressionAt(this, () => this.#textSubsearch())
  }

  /** Search terms up to the end or a stop word. */
  searchTerms(options: SearchParserOptions = {}): SearchExpression {
    return parseSearchAt(this, () => this.#textSubsearch(), options)
  }

  /** A search in brackets that the command itself runs: of append, join, union. */
  subsearch(): Pipeline {
    const { start, end } = this.brackets()
    return this.#parsePipeline(start, end, true)
  }

  /** Commands in brackets that the command itself runs over its rows: of appendpipe. */
  subpipeline(): Pipeline {
    const { start, end } = this.brackets()
    return this.#parsePipeline(start, end, false)
  }

  /** The place of the text between the brackets that are next, for commands that read it later. */
  brackets(): Span {
    this.skipBlanks()
    if (this.peek() !== '[') this.missing('a subsearch in [brackets]')
    const start = this.position
    const close = closingBracket(this.text, start, this.end)
    if (close === undefined) this.fail('syntax', 'The bracket is never closed.', { start, end: start + 1 })
    this.position = close + 1
    return { start: start + 1, end: close }
  }

  /** Everything that is left, trimmed. */
  rest(): string {
    const rest = this.text.slice(this.position, this.end).trim()
    this.position = this.end
    return rest
  }

  missing(what: string): never {
    return this.fail('missing-argument', `${this.command} needs ${what}, found ${this.found()}.`)
  }

  #textSubsearch(): Subsearch {
    const start = this.position
    const pipeline = this.subsearch()
    const subsearch: Subsearch = { kind: 'Subsearch', pipeline, span: this.spanFrom(start) }
    this.textSubsearches.push(subsearch)
    return subsearch
  }
}

/** Where the bracket that opens at `open` closes; brackets in quotation marks do not count. */
export function closingBracket(text: string, open: number, end: number): number | undefined {
  let depth = 0
  for (let at = open; at < end; at++) {
    switch (text[at]) {
      case '\\':
        at++
        break
      case '"':
        at = skipQuoted(text, at, end)
        break
      case '[':
        depth++
        break
      case ']':
        if (--depth === 0) return at
    }
  }
  return undefined
}

/** The position of the closing quotation mark, or the end when there is none. */
export function skipQuoted(text: string, open: number, end: number): number {
  for (let at = open + 1; at < end; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === text[open]) return at
  }
  return end
}

/** Whether an error is about the search, so that parsing may go on with the next command. */
export const isSearchError = (error: unknown): error is SearchError => error instanceof SearchError
