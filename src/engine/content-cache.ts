// What reading content gave, kept on disk for the next time: what content files hold, and what searches were parsed to.
// Everything goes by what it was made from (a file's bytes, a search's text and its macros), so nothing is ever wrong
// after an edit: see docs/adr/0007. How values are stored is kept-file's business.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { FileMemory, KnownFile } from '../content/load.ts'
import { type Diagnostic, SearchError } from '../diagnostics/diagnostic.ts'
import type { LocatedText } from '../diagnostics/source.ts'
import type { MacroDefinition, Macros } from '../spl/host.ts'
import type { ParsingContext } from '../spl/run/context.ts'
import { type ParsedSearch, parseSearch } from '../spl/run/run.ts'
import type { Pipeline } from '../spl/syntax/ast.ts'
import { type KeepingPlace, KeptFile } from './kept-file.ts'
import type { Habit, HabitMemory } from './search-habits.ts'

/** What is kept of a search beside its tree. */
interface KeptSearch {
  /** The macros that were looked up, and digests of what they were; undefined for one that did not exist. */
  readonly macros: readonly (readonly [name: string, digest: string | undefined])[]
  /** After macro expansion; undefined when the search is wrong. */
  readonly text?: string
  /** What is wrong with it; places are looked up anew. */
  readonly errors?: readonly Omit<Diagnostic, 'labels'>[]
  readonly habit?: Habit
}

export class ContentCache {
  readonly #place: KeepingPlace
  readonly #subject: readonly string[]
  readonly #files: KeptFile
  #searches: KeptFile | undefined
  readonly #digests = new Map<string, string>()
  /** Searches whose macros are as they were, by their text. */
  readonly #valid = new Map<string, { readonly key: string; readonly search: KeptSearch }>()

  /** @param paths  of the content; each set of paths has files of its own in the cache */
  constructor(place: KeepingPlace, paths: readonly string[]) {
    this.#place = place
    this.#subject = paths.map((path) => resolve(path))
    this.#files = new KeptFile(place, 'files', this.#subject)
  }

  /** What content files hold. */
  get files(): FileMemory {
    return {
      get: (digest) => this.#files.get(digest) as KnownFile | undefined,
      set: (digest, file) => this.#files.set(digest, file),
    }
  }

  /**
   * Parses a search, unless the same was parsed before with the same macros.
   * @throws SearchError as `parseSearch`
   */
  parse(search: LocatedText, macros: Macros, context: ParsingContext): ParsedSearch {
    // What commands of the user's own read is their secret.
    if (context.commands !== undefined) return parseSearch(search, macros, context)
    this.#searches ??= new KeptFile(this.#place, 'searches', this.#subject)
    const key = createHash('sha256').update(search.text).digest('base64')
    const known = this.#searches.get(key) as KeptSearch | undefined
    if (known?.macros.every(([name, digest]) => this.#digestOf(macros.get(name)) === digest)) {
      this.#valid.set(search.text, { key, search: known })
      return this.#parsedBefore(key, known, search, macros, context)
    }
    const asked = new Map<string, MacroDefinition | undefined>()
    let isWhole = true
    const recording: Macros = {
      get(name) {
        const definition = macros.get(name)
        asked.set(name, definition)
        return definition
      },
      names() {
        isWhole = false
        return macros.names()
      },
    }
    const keep = (search: Omit<KeptSearch, 'macros'>): KeptSearch | undefined => {
      // What expressions gave may depend on the clock, and what was like a name on all other names.
      if (!isWhole || [...asked.values()].some((macro) => macro !== undefined && isEvaluated(macro)))
        return undefined
      const kept = {
        macros: [...asked].map(([name, definition]) => [name, this.#digestOf(definition)] as const),
        ...search,
      }
      this.#searches!.set(key, kept)
      return kept
    }
    try {
      const parsed = parseSearch(search, recording, context)
      const kept = keep({ text: parsed.expanded.text })
      if (kept !== undefined) {
        this.#searches.set(treeOf(key), parsed.pipeline)
        this.#valid.set(search.text, { key, search: kept })
      }
      return parsed
    } catch (error) {
      if (error instanceof SearchError)
        keep({ errors: error.diagnostics.map(({ labels: _, ...diagnostic }) => diagnostic) })
      throw error
    }
  }

  #parsedBefore(
    key: string,
    { text, errors }: KeptSearch,
    search: LocatedText,
    macros: Macros,
    context: ParsingContext,
  ): ParsedSearch {
    let again: ParsedSearch | undefined
    const parseAgain = (): ParsedSearch => {
      again ??= parseSearch(search, macros, context)
      return again
    }
    if (text === undefined) throw new SearchError(errors!.map(placedBy(parseAgain)))
    const searches = this.#searches!
    return {
      get pipeline() {
        return (searches.get(treeOf(key)) as Pipeline | undefined) ?? parseAgain().pipeline
      },
      expanded: {
        text,
        get macros() {
          return parseAgain().expanded.macros
        },
        locate: (span, note) => parseAgain().expanded.locate(span, note),
      },
    }
  }

  /** What searches do without events, of those that `parse` was given before. */
  get habits(): HabitMemory {
    return {
      get: ({ search: { text } }) => this.#valid.get(text)?.search.habit,
      set: ({ search: { text } }, habit) => {
        const valid = this.#valid.get(text)
        if (valid !== undefined) this.#searches!.set(valid.key, { ...valid.search, habit })
      },
    }
  }

  /** Writes what is new. */
  save(): void {
    this.#files.save()
    this.#searches?.save()
  }

  #digestOf(macro: MacroDefinition | undefined): string | undefined {
    if (macro === undefined) return undefined
    // Where it is defined is left out: that is looked up anew for messages.
    const { args, definition, isEval, validation, errorMessage } = macro
    const text = JSON.stringify([args, definition, isEval, validation, errorMessage])
    let digest = this.#digests.get(text)
    if (digest === undefined) {
      digest = createHash('sha256').update(text).digest('base64')
      this.#digests.set(text, digest)
    }
    return digest
  }
}

const isEvaluated = ({ isEval, validation = '' }: MacroDefinition): boolean => isEval || validation !== ''

/** The key of a search's tree: it is larger than all else and not always needed. */
const treeOf = (key: string): string => `${key} tree`

/** Gives a diagnostic its places when they are asked for, by making the same mistake again. */
const placedBy =
  (parse: () => unknown) =>
  (diagnostic: Omit<Diagnostic, 'labels'>, place: number): Diagnostic => ({
    ...diagnostic,
    get labels() {
      try {
        parse()
      } catch (error) {
        if (error instanceof SearchError) return error.diagnostics[place]?.labels ?? []
        throw error
      }
      return []
    },
  })

/** The build that this code is of; undefined where it runs from its source, which changes without notice. */
export function buildOfThisCode(): string | undefined {
  try {
    return readFileSync(new URL('../build.txt', import.meta.url), 'utf8').trim()
  } catch {
    return undefined
  }
}
