// What reading content gave, kept on disk for the next time: what content files hold, and what searches were parsed to.
// Everything goes by what it was made from (a file's bytes, a search's text and its macros), so nothing is ever wrong
// after an edit: see docs/adr/0007. How values are stored is kept-file's business.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { FileMemory, KnownFile } from '../content/load.ts'
import type { LocatedText } from '../diagnostics/source.ts'
import type { MacroDefinition, Macros } from '../spl/host.ts'
import type { ExpandedText } from '../spl/macros/expand.ts'
import type { ParsingContext } from '../spl/run/context.ts'
import { type ParsedSearch, parseSearch } from '../spl/run/run.ts'
import type { Pipeline } from '../spl/syntax/ast.ts'
import { type KeepingPlace, KeptFile } from './kept-file.ts'

/** A search as it is kept. */
interface KeptSearch {
  /** The macros that were looked up, and digests of what they were; undefined for one that did not exist. */
  readonly macros: readonly (readonly [name: string, digest: string | undefined])[]
  /** After macro expansion. */
  readonly text: string
  readonly pipeline: Pipeline
}

export class ContentCache {
  readonly #place: KeepingPlace
  readonly #subject: readonly string[]
  readonly #files: KeptFile
  #searches: KeptFile | undefined
  readonly #digests = new Map<string, string>()

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
    const known = this.#searches.get(search.text) as KeptSearch | undefined
    if (known?.macros.every(([name, digest]) => this.#digestOf(macros.get(name)) === digest))
      return parsedBefore(known, search, macros, context)
    const asked = new Map<string, MacroDefinition | undefined>()
    const recording: Macros = {
      get(name) {
        const definition = macros.get(name)
        asked.set(name, definition)
        return definition
      },
      names: () => macros.names(),
    }
    const parsed = parseSearch(search, recording, context)
    // What expressions gave may depend on the clock.
    if ([...asked.values()].every((macro) => macro === undefined || !isEvaluated(macro))) {
      const kept: KeptSearch = {
        macros: [...asked].map(([name, definition]) => [name, this.#digestOf(definition)]),
        text: parsed.expanded.text,
        pipeline: parsed.pipeline,
      }
      this.#searches.set(search.text, kept)
    }
    return parsed
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

function parsedBefore(
  { text, pipeline }: KeptSearch,
  search: LocatedText,
  macros: Macros,
  context: ParsingContext,
): ParsedSearch {
  let again: ExpandedText | undefined
  const expanded = (): ExpandedText => {
    again ??= parseSearch(search, macros, context).expanded
    return again
  }
  return {
    pipeline,
    expanded: {
      text,
      get macros() {
        return expanded().macros
      },
      locate: (span, note) => expanded().locate(span, note),
    },
  }
}

/** The build that this code is of; undefined where it runs from its source, which changes without notice. */
export function buildOfThisCode(): string | undefined {
  try {
    return readFileSync(new URL('../build.txt', import.meta.url), 'utf8').trim()
  } catch {
    return undefined
  }
}
