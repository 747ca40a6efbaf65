// Regular expressions that name others: `[[nspaces:clientip]]` stands for the REGEX of [nspaces] in transforms.conf.
// Compiling the result is left to pattern.ts.

/** The names that Splunk itself defines and add-ons rely on. Its default transforms.conf: modular regular expressions */
const ownRegexes: ReadonlyMap<string, string> = new Map([
  ['all', '.*'],
  ['all_lazy', '.*?'],
  ['alnums', '[a-zA-Z0-9]+'],
  ['alphas', '[a-zA-Z]+'],
  ['bc_domain', '(?<domain>\\w++://[^/\\s"]++)'],
  ['digits', '\\d+'],
  ['float', '\\d*\\.\\d+|0x[a-fA-F0-9]+|\\d+'],
  ['int', '0x[a-fA-F0-9]+|\\d+'],
  ['nspaces', '\\S+'],
  ['octet', '2(?:5[0-5]|[0-4]\\d)|[01]\\d\\d|\\d\\d?'],
  ['qstring', '"(?<>[^"]*+)"'],
  ['sbstring', '\\[(?<>[^\\]]*+)\\]'],
])

/** Regular expressions may name each other this deep, and so many characters in all. */
const deepest = 10
const mostCharacters = 100_000

/** Finds the REGEX of a stanza. */
export type FindRegex = (name: string) => string | undefined

const reference = /\[\[([\w-]+)(?::([\w-]*))?\]\]/g

/** Whether an expression names others. A class such as `[[:alpha:]]` does not. */
export const isModular = (regex: string): boolean => regex.search(reference) >= 0

/**
 * Replaces every `[[name]]` and `[[name:prefix]]`. With a prefix, the groups of the named expression get it before their
 * names; an expression without a named group becomes a group of that name.
 * @returns the expression, or the name that nothing defines (or that leads on too far)
 */
export function expandModularRegex(
  regex: string,
  find: FindRegex,
): { readonly regex: string } | { readonly missing: string } {
  return expand(regex, find, 0, { left: mostCharacters })
}

function expand(
  regex: string,
  find: FindRegex,
  depth: number,
  characters: { left: number },
): { readonly regex: string } | { readonly missing: string } {
  let missing: string | undefined
  const expanded = regex.replace(reference, (whole, name: string, prefix = '') => {
    const found = find(name) ?? ownRegexes.get(name)
    characters.left -= found?.length ?? 0
    if (found === undefined || depth >= deepest || characters.left < 0 || missing !== undefined) {
      missing ??= name
      return whole
    }
    const inner = expand(found, find, depth + 1, characters)
    if ('missing' in inner) {
      missing ??= inner.missing
      return whole
    }
    return named(inner.regex, prefix)
  })
  return missing === undefined ? { regex: expanded } : { missing }
}

const groupName = /\(\?P?<(?![=!])(\w*)>/g

function named(regex: string, prefix: string): string {
  const hasNames = regex.search(groupName) >= 0
  if (prefix === '') return `(?:${regex.replace(/\(\?P?<>/g, '(')})`
  if (!hasNames) return `(?<${prefix}>${regex})`
  return `(?:${regex.replace(groupName, (_, name: string) => `(?<${prefix}${name}>`)})`
}
