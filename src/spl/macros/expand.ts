// Expands search macros. They are text and may hold half an expression, so this happens before parsing, everywhere in the
// text, quotation marks included. Comments go first. What comes out knows for each character where it was written.

import { suggest } from '../../base/suggest.ts'
import type { DiagnosticCode } from '../../diagnostics/codes.ts'
import { SearchError } from '../../diagnostics/diagnostic.ts'
import { type Label, type LocatedText, locatedText, type Span } from '../../diagnostics/source.ts'
import type { Value } from '../../value/value.ts'
import type { MacroDefinition, Macros } from '../host.ts'

export interface ExpandOptions {
  /** Evaluates an expression without fields: for `iseval` macros and for validations. */
  evaluate(expression: string, name: string): Value
  /** Macros within macros, at most. */
  readonly maxDepth?: number
  /** Characters of the expanded search, at most. */
  readonly maxLength?: number
}

/** A macro that a search used, directly or through another one. */
export interface UsedMacro {
  readonly name: string
  readonly definition: MacroDefinition
}

export interface ExpandedText extends LocatedText {
  readonly macros: readonly UsedMacro[]
}

/** A run of expanded text that stands in one source unchanged. */
interface Segment {
  readonly start: number
  readonly source: LocatedText
  readonly sourceStart: number
  /** The macro calls around it, innermost first. */
  readonly calls: CallLabels
}

/** The macro calls around a text. Finding their places can mean reading a file again, so it is done for messages only. */
type CallLabels = () => readonly Label[]

/** The most macro calls of one search, those inside macros counted: content has some dozen. */
export const mostMacroCalls = 10_000

/** How deep macros nest, and how many characters a search has after expansion, unless options say otherwise. */
export const deepestMacro = 100
export const longestSearch = 4_000_000

interface Call {
  readonly name: string
  readonly args: readonly string[]
  /** Behind the closing backtick. */
  readonly end: number
}

/**
 * Expands the macros of a search and blanks out its comments.
 * @throws SearchError for a macro that is unknown, called wrongly, or never ends
 */
export function expandMacros(source: LocatedText, macros: Macros, options: ExpandOptions): ExpandedText {
  const expansion = new Expansion(macros, options)
  expansion.append(source, () => [], 0)
  return expansion.finish()
}

class Expansion {
  readonly #macros: Macros
  readonly #options: ExpandOptions
  readonly #maxDepth: number
  readonly #maxLength: number
  readonly #segments: Segment[] = []
  readonly #used = new Map<string, UsedMacro>()
  #calls = 0
  #text = ''

  constructor(macros: Macros, options: ExpandOptions) {
    this.#macros = macros
    this.#options = options
    this.#maxDepth = options.maxDepth ?? deepestMacro
    this.#maxLength = options.maxLength ?? longestSearch
  }

  append(source: LocatedText, calls: CallLabels, depth: number): void {
    const text = blankComments(source.text)
    let from = 0
    let inQuotes = false
    const marks = /[\\"`]/g
    for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
      const [character] = mark
      const at = mark.index
      if (character === '\\') marks.lastIndex++
      else if (character === '"') inQuotes = !inQuotes
      else {
        const call = readCall(text, at)
        const span = { start: at, end: call?.end ?? at + 1 }
        if (call === undefined) {
          if (inQuotes) continue
          this.#fail('bad-macro', 'This backtick does not begin a macro call.', source, span, calls)
        }
        const definition = this.#definition(call, source, span, calls, inQuotes)
        if (definition === undefined) continue
        this.#literal(text.slice(from, at), source, from, calls)
        this.#expand(call, definition, source, span, calls, depth, inQuotes)
        from = call.end
        marks.lastIndex = call.end
      }
    }
    this.#literal(text.slice(from), source, from, calls)
  }

  finish(): ExpandedText {
    const segments = this.#segments
    return {
      text: this.#text,
      macros: [...this.#used.values()],
      locate: (span, text) => locate(segments, this.#text.length, span, text),
    }
  }

  #literal(text: string, source: LocatedText, sourceStart: number, calls: CallLabels): void {
    if (text === '') return
    this.#segments.push({ start: this.#text.length, source, sourceStart, calls })
    this.#text += text
    if (this.#text.length > this.#maxLength) {
      this.#fail(
        'bad-macro',
        `The search grows beyond ${this.#maxLength} characters when its macros are expanded.`,
        source,
        { start: sourceStart, end: sourceStart + 1 },
        calls,
      )
    }
  }

  /** The macro that a call means; undefined for backticks in quotation marks that name none. */
  #definition(
    { name, args }: Call,
    source: LocatedText,
    span: Span,
    calls: CallLabels,
    inQuotes: boolean,
  ): MacroDefinition | undefined {
    const key = args.length === 0 ? name : `${name}(${args.length})`
    const definition = this.#macros.get(key)
    if (definition !== undefined) return definition
    if (inQuotes) return undefined
    const names = [...this.#macros.names()]
    const others = names.filter((other) => other === name || other.startsWith(`${name}(`))
    if (others.length > 0) {
      const given = args.length === 1 ? '1 argument' : `${args.length} arguments`
      this.#fail(
        'bad-macro',
        `Macro "${name}" does not take ${given}.`,
        source,
        span,
        calls,
        `There is: ${others.join(', ')}.`,
      )
    }
    const [nearest] = suggest(key, names)
    const help =
      nearest === undefined ? 'Define it in a macros.conf, or with --macro.' : `Did you mean "${nearest}"?`
    return this.#fail('unknown-macro', `Unknown macro "${key}".`, source, span, calls, help)
  }

  #expand(
    { name, args }: Call,
    definition: MacroDefinition,
    source: LocatedText,
    span: Span,
    calls: CallLabels,
    depth: number,
    inQuotes: boolean,
  ): void {
    if (depth >= this.#maxDepth) {
      const message = `Macro "${name}" is more than ${this.#maxDepth} macros deep; it probably calls itself.`
      this.#fail('bad-macro', message, source, span, calls)
    }
    if (++this.#calls > mostMacroCalls) {
      const message = `The search calls more than ${mostMacroCalls} macros when they are expanded.`
      this.#fail('bad-macro', message, source, span, calls)
    }
    this.#used.set(definition.name, { name: definition.name, definition })
    const substitute = (text: string): string => substituteArguments(text, definition.args, args)
    if (definition.validation !== undefined && definition.validation !== '') {
      const verdict = this.#options.evaluate(
        substitute(definition.validation),
        `validation of macro ${definition.name}`,
      )
      if (verdict === false || verdict === undefined || typeof verdict === 'string') {
        const message =
          definition.errorMessage ?? (typeof verdict === 'string' ? verdict : 'The arguments are not valid.')
        this.#fail('bad-macro', `Macro "${definition.name}": ${message}`, source, span, calls)
      }
    }
    let body = substitute(definition.definition)
    if (definition.isEval) {
      const result = this.#options.evaluate(body, `macro ${definition.name}`)
      if (typeof result !== 'string' && typeof result !== 'number') {
        this.#fail(
          'bad-macro',
          `Macro "${definition.name}" must give a text, as it is an eval macro.`,
          source,
          span,
          calls,
        )
      }
      body = String(result)
    }
    if (inQuotes) body = quotable(body)
    const where = definition.origin === undefined ? '' : ` (${definition.origin})`
    const called: CallLabels = () => [
      ...source
        .locate(span)
        .map(
          (label): Label => ({ ...label, primary: false, text: `macro "${definition.name}" is used here` }),
        ),
      ...calls(),
    ]
    this.append(locatedText({ name: `macro ${definition.name}${where}`, text: body }), called, depth + 1)
  }

  #fail(
    code: DiagnosticCode,
    message: string,
    source: LocatedText,
    span: Span,
    calls: CallLabels,
    help?: string,
  ): never {
    const labels = [...source.locate(span), ...calls()]
    throw new SearchError([
      { code, severity: 'error', message, labels, ...(help === undefined ? {} : { help }) },
    ])
  }
}

/**
 * What a macro brings into a quoted string: `map search="search `m`"` must find the macro's own quotation marks in the
 * string's value, so they are escaped. A text that is nothing but a quoted string leaves its marks behind.
 */
function quotable(body: string): string {
  const text = body.trim()
  return /^"(?:[^"\\]|\\.)*"$/s.test(text) ? text.slice(1, -1) : body.replace(/[\\"]/g, '\\$&')
}

function locate(segments: readonly Segment[], length: number, span: Span, text: string | undefined): Label[] {
  let low = 0
  let high = segments.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (segments[middle]!.start <= span.start) low = middle
    else high = middle - 1
  }
  const segment = segments[low]
  if (segment === undefined) return []
  const segmentEnd = segments[low + 1]?.start ?? length
  const start = segment.sourceStart + Math.min(span.start, length) - segment.start
  const end = segment.sourceStart + Math.min(span.end, segmentEnd) - segment.start
  return [...segment.source.locate({ start, end: Math.max(end, start) }, text), ...segment.calls()]
}

/** Replaces comments in triple backticks by as many blanks; those in quotation marks are text. Line breaks stay. */
export function blankComments(text: string): string {
  if (!text.includes('```')) return text
  let blanked = ''
  let inQuotes = false
  for (let at = 0; at < text.length; at++) {
    if (!inQuotes && text.startsWith('```', at)) {
      const close = text.indexOf('```', at + 3)
      const end = close === -1 ? text.length : close + 3
      blanked += text.slice(at, end).replace(/[^\n]/g, ' ')
      at = end - 1
      continue
    }
    if (text[at] === '\\' && at + 1 < text.length) blanked += text[at++]
    else if (text[at] === '"') inQuotes = !inQuotes
    blanked += text[at]
  }
  return blanked
}

/** Reads `` `name` `` or `` `name(a, "b")` `` at a backtick; undefined when it is none. */
function readCall(text: string, open: number): Call | undefined {
  const namePattern = /`\s*([\w.:-]+)\s*/y
  namePattern.lastIndex = open
  const found = namePattern.exec(text)
  if (found === null) return undefined
  let at = namePattern.lastIndex
  const args: string[] = []
  if (text[at] === '(') {
    const list = readArguments(text, at)
    if (list === undefined) return undefined
    args.push(...list.args)
    at = list.end
    while (text[at] === ' ') at++
  }
  return text[at] === '`' ? { name: found[1]!, args, end: at + 1 } : undefined
}

/** Arguments in parentheses, separated by commas; quotation marks around one are taken off. */
function readArguments(text: string, open: number): { args: string[]; end: number } | undefined {
  const args: string[] = []
  let from = open + 1
  let depth = 0
  for (let at = open; at < text.length; at++) {
    const character = text[at]
    if (character === '"') {
      do at += text[at] === '\\' ? 2 : 1
      while (at < text.length && text[at] !== '"')
    } else if (character === '(') depth++
    else if (character === ')' || (character === ',' && depth === 1)) {
      if (character === ')' && --depth > 0) continue
      const arg = text.slice(from, at).trim()
      if (character === ',' || arg !== '' || args.length > 0) args.push(unquoted(arg))
      from = at + 1
      if (character === ')') return { args, end: at + 1 }
    }
  }
  return undefined
}

const unquoted = (arg: string): string =>
  arg.length >= 2 && arg.startsWith('"') && arg.endsWith('"') ? arg.slice(1, -1).replace(/\\"/g, '"') : arg

/** Replaces each `$name$` in one pass, so that what an argument brings along is not replaced again. */
function substituteArguments(text: string, names: readonly string[], args: readonly string[]): string {
  if (names.length === 0) return text
  const values = new Map(names.map((name, index) => [name, args[index] ?? '']))
  return text.replace(/\$([^$\s]+)\$/g, (whole, name: string) => values.get(name) ?? whole)
}
