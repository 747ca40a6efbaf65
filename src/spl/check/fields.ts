// What is known about the fields of rows at one place of a search, without running it.
// How each command changes that is in field-effects.ts.

import { compileWildcard, hasWildcard } from '../../base/text/wildcard.ts'
import type { Command } from '../syntax/ast.ts'

/** The fields that rows may have. Fields that are not mentioned surely do not exist only where `known` is given. */
export interface Fields {
  /** Undefined: rows may have any field, `gone` ones aside. */
  readonly known: ReadonlySet<string> | undefined
  /** With `known`: rows may also have fields that fit one of these. */
  readonly patterns: readonly string[]
  /** The command after which there are no fields but the known ones. */
  readonly closedBy: Command | undefined
  /** Fields that a command took away, and the command. */
  readonly gone: ReadonlyMap<string, Command>
}

/** Rows of which nothing is known: events, or the rows of a command that is not understood here. */
export const anyFields: Fields = { known: undefined, patterns: [], closedBy: undefined, gone: new Map() }

/** Exactly these fields. Names with `*` stand for any number of fields. */
export function onlyFields(names: Iterable<string>, closedBy: Command): Fields {
  const all = [...new Set(names)]
  return {
    known: new Set(all.filter((name) => !hasWildcard(name))),
    patterns: all.filter(hasWildcard),
    closedBy,
    gone: new Map(),
  }
}

/** Whether rows may have a field. False is certain. */
export function mayHave({ known, patterns, gone }: Fields, name: string): boolean {
  if (gone.has(name)) return false
  if (known === undefined || known.has(name)) return true
  return patterns.some((pattern) => fits(pattern, name))
}

/** The fields with more of them. Names with `*` stand for any number of fields. */
export function withFields(fields: Fields, names: Iterable<string>): Fields {
  const added = [...names]
  const gone = new Map(fields.gone)
  for (const name of added) {
    if (hasWildcard(name)) for (const lost of gone.keys()) fits(name, lost) && gone.delete(lost)
    else gone.delete(name)
  }
  if (fields.known === undefined) return { ...fields, gone }
  return {
    ...fields,
    known: new Set([...fields.known, ...added.filter((name) => !hasWildcard(name))]),
    patterns: [...new Set([...fields.patterns, ...added.filter(hasWildcard)])],
    gone,
  }
}

/** The fields without some, which `command` takes away. Internal fields fit a pattern only where it names them. */
export function withoutFields(fields: Fields, names: Iterable<string>, command: Command): Fields {
  const gone = new Map(fields.gone)
  const known = fields.known === undefined ? undefined : new Set(fields.known)
  for (const name of names) {
    if (!hasWildcard(name)) {
      gone.set(name, command)
      known?.delete(name)
      continue
    }
    for (const found of namesFitting(fields, name)) {
      gone.set(found, command)
      known?.delete(found)
    }
  }
  return { ...fields, known, gone }
}

/** What rows of either kind may have. */
export function eitherFields(a: Fields, b: Fields): Fields {
  if (a.known === undefined || b.known === undefined) return anyFields
  return {
    known: new Set([...a.known, ...b.known]),
    patterns: [...new Set([...a.patterns, ...b.patterns])],
    closedBy: a.closedBy ?? b.closedBy,
    gone: new Map([...a.gone].filter(([name]) => !mayHave(b, name))),
  }
}

/** The known names that fit a pattern. */
export function namesFitting({ known }: Fields, pattern: string): string[] {
  return known === undefined ? [] : [...known].filter((name) => fits(pattern, name))
}

function fits(pattern: string, name: string): boolean {
  if (pattern.startsWith('*') && name.startsWith('_')) return false
  return compileWildcard(pattern, { ignoreCase: false })(name)
}

/** The known names for a message: `"host" and "count"`, shortened where they are many. */
export function listFields({ known, patterns }: Fields): string {
  const names = [...(known ?? []), ...patterns].map((name) => `"${name}"`)
  const shown = names.length > 8 ? [...names.slice(0, 7), `${names.length - 7} others`] : names
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`
}
