// Parses a whole search: splits it at its pipes and lets each command read its own arguments.
// Macros are expanded and comments removed before (macros/expand.ts).

import { suggest } from '../../base/suggest.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { SearchError } from '../../diagnostics/diagnostic.ts'
import { type LocatedText, locatedText, type Span } from '../../diagnostics/source.ts'
import { ArgumentReader, closingBracket, isSearchError, skipQuoted } from './argument-reader.ts'
import type { Command, CommandIdentity, Expression, Pipeline, SearchExpression } from './ast.ts'
import { parseExpressionAt } from './expression-parser.ts'
import { Scanner } from './scanner.ts'
import { parseSearchAt } from './search-parser.ts'

/** What the parser needs to know of commands. The registry of commands is one. */
export interface CommandSyntax extends CommandIdentity {
  parse(reader: ArgumentReader): unknown
  /** Whether a generating command may also follow others with these arguments. */
  // biome-ignore lint/suspicious/noExplicitAny: the registry holds commands of all argument types
  mayFollow?(args: any): boolean
}

export interface CommandSyntaxes {
  /** @param name in lower case */
  get(name: string): CommandSyntax | undefined
  names(): Iterable<string>
  /** Why a command that Splunk has is not here: `rest needs a Splunk server`. */
  refusal(name: string): string | undefined
  /** Whether a command is not one of Karst's own. Absent: none is. */
  isAdded?(name: string): boolean
}

/** Deeper subsearches are refused, so that a hostile search cannot exhaust the stack. */
export const deepestSubsearch = 30

/** The most commands in one pipeline: each waits for the one before it, on the stack. */
export const mostCommands = 500

/**
 * Parses a search whose macros are expanded.
 * @throws SearchError with every error found: one for each command that is wrong
 */
export function parsePipeline(source: LocatedText, commands: CommandSyntaxes): Pipeline {
  return new PipelineParser(source, commands).pipeline(0, source.text.length, 0)
}

class PipelineParser {
  readonly #source: LocatedText
  readonly #commands: CommandSyntaxes

  constructor(source: LocatedText, commands: CommandSyntaxes) {
    this.#source = source
    this.#commands = commands
  }

  /** @param beginsWithTerms whether text before the first pipe is search terms; otherwise it is a command */
  pipeline(start: number, end: number, depth: number, beginsWithTerms = true): Pipeline {
    if (depth > deepestSubsearch) {
      this.#fail('syntax', `Subsearches are nested more than ${deepestSubsearch} deep.`, {
        start,
        end: start + 1,
      })
    }
    const segments = this.#segments(start, end)
    const beginsWithPipe = segments[0] !== undefined && isBlank(this.#source.text, segments[0])
    const parts = beginsWithPipe ? segments.slice(1) : segments
    const tooMany = parts[mostCommands]
    if (tooMany !== undefined)
      this.#fail('syntax', `The search has more than ${mostCommands} commands.`, tooMany)
    const errors: Diagnostic[] = []
    const commands: Command[] = []
    parts.forEach((segment, index) => {
      try {
        commands.push(
          this.#command(
            segment,
            index === 0 && beginsWithTerms,
            index === 0 && beginsWithTerms && !beginsWithPipe,
            depth,
          ),
        )
      } catch (error) {
        if (!isSearchError(error)) throw error
        errors.push(...error.diagnostics)
      }
    })
    if (errors.length > 0) throw new SearchError(errors)
    if (commands.length === 0)
      this.#fail('syntax', 'The search is empty.', { start, end: Math.max(end, start + 1) })
    return { kind: 'Pipeline', commands, span: { start, end } }
  }

  #command(segment: Span, isFirst: boolean, mayBeTerms: boolean, depth: number): Command {
    const { text } = this.#source
    const scanner = new Scanner(this.#source, segment.start, segment.end)
    scanner.skipBlanks()
    const start = scanner.position
    if (scanner.atEnd) {
      this.#fail('syntax', 'There is no command between these pipes.', {
        start: Math.max(0, segment.start - 1),
        end: Math.max(segment.end, segment.start),
      })
    }
    const word = scanner.match(/[A-Za-z_][\w.-]*/y)
    const name = word?.toLowerCase()
    const isNamed =
      name !== undefined && (!mayBeTerms || name === 'search') && /^[\s"'[(]?$/.test(scanner.peek())
    if (mayBeTerms && !isNamed)
      return this.#read('search', { start, end: start }, start, segment.end, isFirst, depth)
    if (name === undefined)
      this.#fail('unknown-command', `A command was expected, found ${scanner.found()}.`, scanner.nextWord())
    // `search` may be written before a macro that brings its own: `search search *`.
    if (name === 'search') {
      const rest = text.slice(scanner.position, segment.end)
      const doubled = /^\s+search(?=\s)(?!\s*(=|!=|<|>|IN\b|$))/.exec(rest)
      if (doubled !== null) scanner.position += doubled[0].length
    }
    return this.#read(
      name,
      { start, end: start + word!.length },
      scanner.position,
      segment.end,
      isFirst,
      depth,
    )
  }

  #read(name: string, nameSpan: Span, start: number, end: number, isFirst: boolean, depth: number): Command {
    const syntax = this.#commands.get(name)
    if (syntax === undefined) this.#unknown(name, nameSpan)
    if (syntax.type === 'generating' && !isFirst && syntax.mayFollow === undefined) {
      this.#fail('syntax', `"${name}" begins a search and cannot follow another command.`, nameSpan)
    }
    const reader = new ArgumentReader(name, this.#source, start, end, (from, to, beginsWithTerms) =>
      this.pipeline(from, to, depth + 1, beginsWithTerms),
    )
    const args = syntax.parse(reader)
    reader.finish()
    if (syntax.type === 'generating' && !isFirst && !syntax.mayFollow!(args)) {
      this.#fail(
        'syntax',
        `"${name}" begins a search; with these arguments it cannot follow another command.`,
        nameSpan,
      )
    }
    const text = this.#source.text.slice(start, end)
    const subsearches = reader.textSubsearches
    return {
      kind: 'Command',
      name: syntax.name,
      text,
      textStart: start,
      args,
      subsearches,
      span: { start: nameSpan.start, end },
      nameSpan,
      ...(this.#commands.isAdded?.(name) === true ? { definition: () => syntax } : {}),
    }
  }

  #unknown(name: string, span: Span): never {
    const refusal = this.#commands.refusal(name)
    if (refusal !== undefined)
      this.#fail('unsupported', `The command "${name}" is not supported: ${refusal}.`, span)
    const [nearest] = suggest(name, [...this.#commands.names()])
    const help = nearest === undefined ? undefined : `Did you mean "${nearest}"?`
    return this.#fail('unknown-command', `Unknown command "${name}".`, span, help)
  }

  /** The parts between the pipes; pipes in quotation marks and brackets do not count. */
  #segments(start: number, end: number): Span[] {
    const { text } = this.#source
    const segments: Span[] = []
    let from = start
    for (let at = start; at < end; at++) {
      switch (text[at]) {
        case '\\':
          // Outside quotation marks, too, a backslash takes away the meaning of what follows: reset_after="("match(x,\"a\")")"
          at++
          break
        case '"': {
          const close = skipQuoted(text, at, end)
          if (close === end)
            this.#fail('syntax', 'The quotation mark " is never closed.', { start: at, end: at + 1 })
          at = close
          break
        }
        case '[': {
          const close = closingBracket(text, at, end)
          if (close === undefined)
            this.#fail('syntax', 'The bracket is never closed.', { start: at, end: at + 1 })
          at = close
          break
        }
        case ']':
          this.#fail('syntax', 'The bracket was never opened.', { start: at, end: at + 1 })
          break
        case '|':
          segments.push({ start: from, end: at })
          from = at + 1
      }
    }
    segments.push({ start: from, end })
    return segments
  }

  #fail(code: Diagnostic['code'], message: string, span: Span, help?: string): never {
    return new Scanner(this.#source).fail(code, message, span, help)
  }
}

const isBlank = (text: string, { start, end }: Span): boolean => text.slice(start, end).trim() === ''

const noSubsearch = (what: string) => (): never => {
  throw new SearchError([
    { code: 'syntax', severity: 'error', message: `A subsearch cannot stand in ${what}.`, labels: [] },
  ])
}

/** Parses an eval expression on its own: a calculated field, an iseval macro. */
export function parseExpression(text: string, name = 'expression'): Expression {
  const scanner = new Scanner(locatedText({ name, text }))
  const expression = parseExpressionAt(scanner, noSubsearch('an expression on its own'))
  scanner.skipBlanks()
  if (!scanner.atEnd) scanner.fail('syntax', `The expression goes on unexpectedly with ${scanner.found()}.`)
  return expression
}

/** Parses search terms on their own: an eventtype, a data model's constraint, the argument of searchmatch. */
export function parseSearchTerms(text: string, name = 'search'): SearchExpression {
  const scanner = new Scanner(locatedText({ name, text }))
  scanner.takeKeyword('search')
  return parseSearchAt(scanner, noSubsearch('these search terms'))
}
