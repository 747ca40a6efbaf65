// The sed expressions of rex mode=sed: s/regex/replacement/flags and y/characters/characters/, one or several of them.
// Splunk implements no other sed command. The expressions themselves are PCRE, see regex/pcre.ts.

import { searchError } from '../../../diagnostics/diagnostic.ts'
import { compilePcre, type OnBudget } from '../../regex/pcre.ts'

/** Changes a text as the expression says. */
export type SedScript = (text: string) => string

const help = 'Write s/regex/replacement/flags with the flag g or a number, or y/abc/xyz/.'

/**
 * Compiles a sed expression; several, separated by blanks, run one after another. In a replacement `\1` to `\9` are
 * groups, `\0` is the match, `\n`, `\r` and `\t` are the control characters, and `\` before anything else but a digit is
 * that character. The delimiter is any character that is not a letter, a digit, a blank or a backslash.
 *
 * @throws SearchError for what sed or PCRE refuses
 * @see Search Reference: rex, "Sed expression"; props.conf.spec: SEDCMD
 */
export function compileSed(expression: string, onBudget: OnBudget): SedScript {
  const steps: SedScript[] = []
  let rest = expression.trimStart()
  while (rest !== '') {
    const command = /^([sy])([^\w\s\\])/.exec(rest)
    if (command === null) {
      throw searchError(
        'bad-argument',
        `The sed expression "${shorten(rest)}" is neither s/…/…/ nor y/…/…/.`,
        help,
      )
    }
    const delimiter = command[2]!
    const [first, second, end] = sections(rest, delimiter)
    const flags = /^\S*/.exec(rest.slice(end))![0]
    steps.push(
      command[1] === 's'
        ? substitution(first, second, delimiter, flags, onBudget)
        : transliteration(first, second, flags),
    )
    rest = rest.slice(end + flags.length).trimStart()
  }
  if (steps.length === 0) throw searchError('bad-argument', 'The sed expression is empty.', help)
  return (text) => steps.reduce((changed, step) => step(changed), text)
}

/** The two parts between delimiters as written, and where the flags begin. A delimiter after a backslash is text. */
function sections(text: string, delimiter: string): [first: string, second: string, end: number] {
  const parts: string[] = []
  let start = 2
  for (let at = 2; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === delimiter) {
      parts.push(text.slice(start, at))
      start = at + 1
      if (parts.length === 2) return [parts[0]!, parts[1]!, start]
    }
  }
  throw searchError(
    'bad-argument',
    `The sed expression "${shorten(text)}" needs three "${delimiter}", found ${parts.length + 1}.`,
    help,
  )
}

function substitution(
  pattern: string,
  replacement: string,
  delimiter: string,
  flags: string,
  onBudget: OnBudget,
): SedScript {
  const only = /^\d+$/.test(flags) ? Number(flags) : undefined
  if ((flags !== '' && flags !== 'g' && only === undefined) || only === 0) {
    throw searchError('bad-argument', `The sed flags "${flags}" are not supported.`, help)
  }
  // A delimiter that is special in PCRE stays escaped and so stands for itself; "/" may be either.
  const regex = compilePcre(pattern, { onBudget })
  const template = templateOf(replacement, delimiter)
  regex.replaceAll('', template)
  const options = flags === 'g' ? {} : only === undefined ? { max: 1 } : { only }
  return (text) => regex.replaceAll(text, template, options)
}

/** The replacement as a template of `replaceAll`. */
function templateOf(replacement: string, delimiter: string): string {
  return replacement.replace(/\\(.)/gsu, (written, character: string) => {
    if (character === delimiter) return delimiter
    if (/[\d\\]/.test(character)) return written
    return controls.get(character) ?? character
  })
}

const controls: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
])

function transliteration(from: string, to: string, flags: string): SedScript {
  if (flags !== '')
    throw searchError('bad-argument', `The sed command y has no flags, found "${flags}".`, help)
  const sources = plainCharacters(from)
  const targets = plainCharacters(to)
  if (sources.length !== targets.length) {
    throw searchError(
      'bad-argument',
      `The sed command y needs as many characters on both sides, found ${sources.length} and ${targets.length}.`,
      help,
    )
  }
  // Of a character that comes twice the first counts, as in sed.
  const targetOf = new Map(sources.map((source, i) => [source, targets[i]!] as const).reverse())
  return (text) => Array.from(text, (character) => targetOf.get(character) ?? character).join('')
}

/** The characters of one side of y: after a backslash n, r and t are control characters, others stand for themselves. */
function plainCharacters(side: string): string[] {
  return Array.from(side.matchAll(/\\(.)|./gsu), ([character, escaped]) =>
    escaped === undefined ? character : (controls.get(escaped) ?? escaped),
  )
}

const shorten = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text)
