// Extractions that a search names: stanzas of transforms.conf for extract, and forms for kvform.

import { searchError } from '../diagnostics/diagnostic.ts'
import type { Extractions, NamedExtraction } from '../spl/host.ts'
import { compilePcre, warnAtBudget } from '../spl/regex/pcre.ts'
import type { Conf, Report } from './conf-file.ts'
import { expandModularRegex } from './extract/modular-regex.ts'
import { readExtraction, regexesOf } from './transforms.ts'

/** The extractions of transforms.conf. */
export function namedExtractions(transforms: Conf, report: Report): Extractions {
  const known = new Map<string, NamedExtraction>()
  return {
    get(name, cleansKeys) {
      const stanza = transforms.get(name)
      if (stanza === undefined) return undefined
      const key = `${name}\n${cleansKeys}`
      let extraction = known.get(key)
      if (extraction === undefined) {
        extraction = readExtraction(stanza, 'extract', transforms, report, cleansKeys)
        if (extraction === undefined)
          throw searchError('bad-content', `The stanza [${name}] of transforms.conf extracts nothing.`)
        known.set(key, extraction)
      }
      return extraction
    },
    names: () => transforms.keys(),
  }
}

/**
 * The forms of apps: texts in which `[[int:age]]` stands for the field age, in the form of the expression [int] of
 * transforms.conf.
 * @param texts by name, without `.form`
 */
export function formExtractions(
  texts: ReadonlyMap<string, string>,
  transforms: Conf,
  report: Report,
): Extractions {
  const known = new Map<string, NamedExtraction>()
  return {
    get(name) {
      const text = texts.get(name)
      if (text === undefined) return undefined
      let form = known.get(name)
      if (form === undefined) {
        form = compileForm(name, text, transforms, report)
        known.set(name, form)
      }
      return form
    },
    names: () => texts.keys(),
  }
}

/** Static text of a form matches as it is, and blanks in it match any blanks: a form is laid out for people. */
function compileForm(name: string, text: string, transforms: Conf, report: Report): NamedExtraction {
  const pattern = text
    .trim()
    .split(/(\[\[[\w-]+(?::[\w-]*)?\]\])/)
    .map((part, index) =>
      index % 2 === 1 ? part : part.replace(/[\\^$.*+?()[\]{}|#]/g, '\\$&').replace(/\s+/g, '\\s+'),
    )
    .join('')
  const expanded = expandModularRegex(pattern, regexesOf(transforms))
  if ('missing' in expanded) {
    throw searchError(
      'bad-content',
      `The form "${name}" uses the expression "${expanded.missing}", which transforms.conf does not define.`,
      `Define it: [${expanded.missing}] with REGEX = …`,
    )
  }
  const regex = compilePcre(expanded.regex, { onBudget: warnAtBudget(report) })
  return {
    source: '_raw',
    adds: false,
    extract(raw, visit) {
      const match = regex.exec(raw)
      if (match === undefined) return
      for (const { name: field, number } of regex.groupNames) {
        const value = match.groups[number]
        if (value !== undefined && value !== '') visit(field, value)
      }
    },
  }
}
