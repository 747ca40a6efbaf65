// Extractions with regular expressions and delimiters: what EXTRACT and REPORT come to.
// Reading their settings is left to transforms.ts, running them over events to source.

import { cleanKey } from '../../base/text/clean-key.ts'
import { eachDelimitedPair, splitAt } from '../../base/text/key-value.ts'
import type { FieldVisitor } from './json.ts'
import type { TextPattern } from './pattern.ts'

/** A way to get fields out of one text of an event. */
export interface Extraction {
  /** The setting it comes from, for people: `EXTRACT-user`. */
  readonly origin: string
  /** The field whose text is read, `_raw` as a rule. */
  readonly source: string
  /** The names it can give; undefined where the event decides. */
  readonly names: ReadonlySet<string> | undefined
  /** Further values of a field make it multivalue, also when an earlier extraction gave it (MV_ADD); else the first stays. */
  readonly adds: boolean
  extract(text: string, visit: FieldVisitor): void
}

/** A part of a FORMAT: text, or the number of a group. */
type TemplatePart = string | number

interface FormatPair {
  readonly name: readonly TemplatePart[]
  readonly value: readonly TemplatePart[]
}

/** More matches than this in one text are left: a pattern that fits everywhere is a mistake, or an attack. */
const mostMatches = 5000

/** An inline extraction: the first match, one field per named group. props.conf.spec: EXTRACT */
export function inlineExtraction(pattern: TextPattern, source: string, origin: string): Extraction {
  const names = [...new Set(pattern.groupNames.filter((name) => name !== undefined))]
  return {
    origin,
    source,
    names: new Set(names),
    adds: false,
    extract(text, visit) {
      const match = pattern.regex.exec(text)
      if (match === undefined) return
      pattern.groupNames.forEach((name, index) => {
        const value = match.groups[index + 1]
        if (name !== undefined && value !== undefined && value !== '') visit(name, value)
      })
    },
  }
}

export interface RegexExtractionOptions {
  readonly source: string
  readonly origin: string
  /** Undefined: named groups, or else the first group under the stanza's name. */
  readonly format: string | undefined
  readonly stanza: string
  readonly adds: boolean
  readonly cleansKeys: boolean
  readonly keepsEmpty: boolean
  /** Whether later matches count as well. */
  readonly isRepeated: boolean
}

/**
 * An extraction of transforms.conf. Names come from FORMAT (`name::$1`, `$1::$2`), from
 * named groups, or from groups `_KEY_1` and `_VAL_1`.
 *
 * @see transforms.conf.spec: REGEX, FORMAT, MV_ADD, CLEAN_KEYS
 */
export function regexExtraction(pattern: TextPattern, options: RegexExtractionOptions): Extraction {
  const { source, origin, stanza, adds, cleansKeys, keepsEmpty, isRepeated } = options
  const { groupNames } = pattern
  const dynamicPairs = groupNames.flatMap((name, index) => {
    const number = /^_KEY_(\w+)$/.exec(name ?? '')?.[1]
    const value = number === undefined ? -1 : groupNames.indexOf(`_VAL_${number}`)
    return value < 0 ? [] : [{ name: [index + 1], value: [value + 1] }]
  })
  const named = groupNames.flatMap((name, index) =>
    name === undefined || /^_(?:KEY|VAL)_/.test(name) ? [] : [{ name: [name], value: [index + 1] }],
  )
  const formatted = options.format === undefined ? [] : parseFormat(options.format)
  const pairs: readonly FormatPair[] =
    formatted.length > 0
      ? formatted
      : named.length + dynamicPairs.length > 0
        ? [...dynamicPairs, ...named]
        : [{ name: [stanza], value: [1] }]
  const isStatic = pairs.every(({ name }) => name.every((part) => typeof part === 'string'))
  return {
    origin,
    source,
    adds,
    names: isStatic ? new Set(pairs.map(({ name }) => name.join(''))) : undefined,
    extract(text, visit) {
      let position = 0
      for (let count = 0; count < (isRepeated ? mostMatches : 1) && position <= text.length; count++) {
        const match = pattern.regex.exec(text, position)
        if (match === undefined) return
        const groupAt = (number: number): string => match.groups[number] ?? ''
        for (const pair of pairs) {
          const value = fill(pair.value, groupAt)
          if (value === '' && !keepsEmpty) continue
          const isFixed = pair.name.length === 1 && typeof pair.name[0] === 'string'
          const written = isFixed ? (pair.name[0] as string) : fill(pair.name, groupAt)
          const name = isFixed || !cleansKeys ? written : cleanKey(written)
          if (name !== '') visit(name, value)
        }
        position = match.end > match.index ? match.end : match.end + 1
      }
    },
  }
}

const fill = (template: readonly TemplatePart[], groupAt: (number: number) => string): string =>
  template.length === 1 && typeof template[0] === 'string'
    ? template[0]
    : template.map((part) => (typeof part === 'string' ? part : groupAt(part))).join('')

/** Reads `user::$1 dest::"a $2"`. */
function parseFormat(format: string): FormatPair[] {
  return [...format.matchAll(/([^\s:]+(?::[^\s:]+)*)::("(?:[^"\\]|\\[\s\S])*"|\S*)/g)].map(
    ([, name = '', value = '']) => ({
      name: parseTemplate(name),
      value: parseTemplate(value.startsWith('"') ? value.slice(1, -1) : value),
    }),
  )
}

const parseTemplate = (text: string): TemplatePart[] =>
  text
    .split(/\$(\d+)/)
    .map((part, index) => (index % 2 === 1 ? Number(part) : part))
    .filter((part) => part !== '')

export interface DelimitedOptions {
  readonly source: string
  readonly origin: string
  readonly delimiters: readonly string[]
  /** Names by position; absent where the text brings its own names. */
  readonly fields: readonly string[] | undefined
  readonly adds: boolean
  readonly cleansKeys: boolean
  readonly keepsEmpty: boolean
}

/** An extraction by delimiters. transforms.conf.spec: DELIMS, FIELDS */
export function delimitedExtraction(options: DelimitedOptions): Extraction {
  const { source, origin, adds, delimiters, fields, cleansKeys, keepsEmpty } = options
  const [between = '', inside] = delimiters
  return {
    origin,
    source,
    adds,
    names: inside === undefined && fields !== undefined ? new Set(fields) : undefined,
    extract(text, visit) {
      if (inside !== undefined) {
        eachDelimitedPair(text, between, inside, (name, value) => {
          const clean = cleansKeys ? cleanKey(name) : name
          if (clean !== '' && (value !== '' || keepsEmpty)) visit(clean, value)
        })
        return
      }
      splitAt(text, between).forEach((cell, index) => {
        const name = fields?.[index]
        const value = cell.trim()
        if (name !== undefined && name !== '' && (value !== '' || keepsEmpty)) visit(name, value)
      })
    },
  }
}
