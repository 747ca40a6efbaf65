// Random regular expressions of all constructs that PCRE has and we support, and texts for them.

import { pick, type RandomNumbers } from '../../support/random-numbers.ts'

/** What texts are made of. */
export const characters = [
  'a', 'a', 'b', 'c', 'A', 'B', 'k', '-', '1', ' ', '\n', '\r', 'é', 'K', 'ß', '😀', 's', 'ſ', 'Σ', 'ς', '\t', '\u2028', ']', '\\',
] // biome-ignore format: a list
const atoms = [
  'a', 'b', 'ab', 'k', 'É', '😀', '.', '\\d', '\\w', '\\W', '\\s', '\\S', '\\h', '\\v', '\\R', '\\N', '\\x61', '\\x{1F600}', '[ab]', '[^a]',
  '[a-c]', '[^\\W]', '[[:alpha:]-]', '[^[:upper:]]', '[k-é]', '\\p{Lu}', '\\Qa.\\E', '\\n', '-', '1', 'S', 'ſ', 'σ', '(?i:ς)', '[^ſ]', '\\H', '\\V',
  '\\N{U+61}', '\\o{141}', '\\141', '\\cI', '\\t', '[]a]', '[^]a]', '[a\\]b]', '[\\w-]', '[\\d-z]', '[[:^digit:]]', '\\p{L&}', '\\P{Lu}', '\\pN',
  '\\p{Greek}', '[^\\p{L}\\d]', '[\\Qa-\\Ec]', '[\\x{100}-\\x{200}]', '[a-\\x{1F600}]', '\\08', '[\\b]', '\\]', '\\\\', '[-a]', '[a-]', '[[.a.]]', '{', '}', ']',
] // biome-ignore format: a list
const assertions = ['^', '$', '\\b', '\\B', '\\A', '\\z', '\\Z', '\\G', '\\K']
const quantifiers = [
  '*',
  '+',
  '?',
  '*?',
  '+?',
  '??',
  '*+',
  '++',
  '?+',
  '{2}',
  '{1,2}',
  '{0,3}?',
  '{2,}',
  '{1,2}+',
]

const settings = ['(?i)', '(?s)', '(?m)', '(?im)', '(?U)', '(?x) ', '(?xx)', '(?J)', '(?n)']
const references = ['\\g{-1}', '\\g1', '\\k<n>', '(?P=n)', '\\k{m}', '(?i)\\1']
const calls = ['(?R)', '(?1)', '(?2)', '(?-1)', '(?+1)', '(?&n)', '(?P>m)', "\\g'n'", '\\g<1>']
const conditions = ['1', '2', '-1', '+1', '<n>', "'m'", 'R', 'R1', 'R&n', 'n']

/** A random pattern. It need not be valid: a group that it refers to may be missing. */
export function randomPattern(random: RandomNumbers, depth = 3): string {
  return (random(3) === 0 ? pick(random, settings) : '') + alternation(random, depth)
}

function alternation(random: RandomNumbers, depth: number): string {
  return Array.from({ length: random(4) === 0 ? 1 + random(3) : 1 }, () => sequence(random, depth)).join('|')
}

function sequence(random: RandomNumbers, depth: number): string {
  return Array.from({ length: random(8) === 0 ? 0 : 1 + random(3) }, () => repeated(random, depth)).join('')
}

function repeated(random: RandomNumbers, depth: number): string {
  if (random(7) === 0) return pick(random, assertions)
  const item = depth > 0 && random(2) === 0 ? group(random, depth - 1) : pick(random, atoms)
  if (random(2) === 0) return item
  return item + pick(random, quantifiers)
}

function group(random: RandomNumbers, depth: number): string {
  const inner = alternation(random, depth)
  const branches = (): string => `${sequence(random, depth)}|${sequence(random, depth)}`
  switch (random(32)) {
    case 0:
      return `(?>${inner})`
    case 1:
      return `(?=${inner})`
    case 2:
      return `(?!${inner})`
    case 3:
      return `(?<=${sequence(random, 0)})`
    case 4:
      return `(?<!${sequence(random, 0)})`
    case 5:
      return `(?i:${inner})`
    case 6:
      return `(?-i:${inner})`
    case 7:
      return `(?|${inner}|(${inner}))`
    case 8:
      return `\\${1 + random(3)}`
    case 9:
      return pick(random, references)
    case 10:
      return `(?${random(3)})`
    case 11:
      return pick(random, calls)
    case 12:
      return `(?(1)${branches()})`
    case 13:
      return `(?(${pick(random, conditions)})${branches()})`
    case 14:
      return `(?(?=${inner})${sequence(random, depth)}|b)`
    case 15:
      return `(?(?!${inner})${sequence(random, depth)}|b)`
    case 16:
      return `(?(?<${pick(random, ['=', '!'])}${sequence(random, 0)})${branches()})`
    case 17:
      return `(?<n>${inner})`
    case 18:
      return `(?P<m>${inner})`
    case 19:
      return `(?(DEFINE)(?<${pick(random, ['n', 'm'])}>${inner}))`
    case 20:
      return pick(random, [
        '(?#c)',
        '(?-i)',
        '(?i)',
        '(?^)',
        '(*F)',
        ' ',
        '#',
        '{,2}',
        '(?s-m)',
        '\\E',
        '\\Q\\E',
      ])
    case 21:
    case 22:
    case 23:
      return `(?:${inner})`
    default:
      return `(${inner})`
  }
}

/** A short text that patterns like to match. */
export function randomText(random: RandomNumbers): string {
  const alphabet = random(2) === 0 ? 5 : characters.length
  return Array.from({ length: random(12) }, () => characters[random(alphabet)]!).join('')
}
