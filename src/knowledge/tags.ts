// Tags from tags.conf: which field values carry which tags.

import { compileWildcard, hasWildcard } from '../base/text/wildcard.ts'
import { type Conf, confBoolean, type Report } from './conf-file.ts'

/** The tags of the values of one field. */
export interface FieldTags {
  readonly field: string
  /** The tags of one value, in the order of the file. */
  tagsOf(value: string): readonly string[]
}

/**
 * Reads stanzas such as `[eventtype=logon]` with settings `authentication = enabled`. Values may hold `*` and are
 * written as in URLs where they hold special characters (`%3A`); they compare with case.
 */
export function readTags(conf: Conf, report: Report): FieldTags[] {
  const fields = new Map<
    string,
    { literal: Map<string, string[]>; patterns: { test: (value: string) => boolean; tags: string[] }[] }
  >()
  for (const { name, settings } of conf.values()) {
    const equals = name.indexOf('=')
    const skip = (reason: string, help: string): void =>
      report({
        code: 'bad-content',
        severity: 'warning',
        message: `The stanza "[${name}]" of tags.conf ${reason}; it was skipped.`,
        labels: [],
        help,
      })
    if (equals < 1) {
      if (name !== 'default') skip('names no field value', 'Write "[field=value]".')
      continue
    }
    const field = unescapeUrl(name.slice(0, equals).trim())
    if (field === 'tag' || field.startsWith('tag::')) {
      skip('gives tags to a tag', 'Tag the eventtype or the field value that has the tag.')
      continue
    }
    const value = unescapeUrl(name.slice(equals + 1).trim())
    const tags = [...settings]
      .filter(([, setting]) => confBoolean(setting.value) === true)
      .map(([tag]) => tag)
    if (tags.length === 0) continue
    let known = fields.get(field)
    if (known === undefined) {
      known = { literal: new Map(), patterns: [] }
      fields.set(field, known)
    }
    if (hasWildcard(value)) known.patterns.push({ test: compileWildcard(value, { ignoreCase: false }), tags })
    else known.literal.set(value, [...(known.literal.get(value) ?? []), ...tags])
  }
  return [...fields].map(([field, { literal, patterns }]) => ({
    field,
    tagsOf(value) {
      const tags = literal.get(value) ?? []
      const further = patterns.filter(({ test }) => test(value)).flatMap((pattern) => pattern.tags)
      return further.length === 0 ? tags : [...new Set([...tags, ...further])]
    },
  }))
}

function unescapeUrl(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
