// How the search language compares one text with a literal: without regard to case, `*` as wildcard, numbers as numbers,
// networks in CIDR form as networks.

import { parseCidr } from '../../base/net/cidr.ts'
import { parseNumber } from '../../base/text/number.ts'
import { compileWildcard, hasWildcard } from '../../base/text/wildcard.ts'
import { decodeXmlReferences } from '../../base/text/xml-references.ts'
import type { ComparisonOperator, MatchMode } from '../syntax/ast.ts'

export type TextTest = (text: string) => boolean

/**
 * The texts that a literal stands for: itself, and where it holds XML references what they mean. Values of XML events are
 * decoded here, while content is also written for the add-on that leaves them as they are: `*2&gt;&amp;1*`.
 */
export function spellingsOf(literal: string): readonly string[] {
  const decoded = decodeXmlReferences(literal)
  return decoded === literal ? [literal] : [literal, decoded]
}

/** Whether a text equals a literal of the search language. */
export function equalityTest(literal: string, mode: MatchMode = 'plain'): TextTest {
  const [test, other] = spellingsOf(literal).map((spelling) => spellingTest(spelling, mode))
  return other === undefined ? test! : (text) => test!(text) || other(text)
}

function spellingTest(literal: string, mode: MatchMode): TextTest {
  const ignoreCase = mode !== 'case'
  if (hasWildcard(literal)) return compileWildcard(literal, { ignoreCase })
  const network = literal.includes('/') ? parseCidr(literal) : undefined
  const sameText = exactTest(literal, ignoreCase)
  if (network !== undefined) return (text) => sameText(text) || network.matches(text)
  const number = parseNumber(literal)
  if (number === undefined) return sameText
  return (text) => text === literal || parseNumber(text) === number
}

/** Whether a text equals one of several literals: exact ones by hash, the others in turn. */
export function membershipTest(literals: readonly string[]): TextTest {
  const exact = new Set<string>()
  const others: TextTest[] = []
  for (const literal of literals.flatMap(spellingsOf)) {
    const isPlain = !hasWildcard(literal) && !literal.includes('/') && parseNumber(literal) === undefined
    if (isPlain) exact.add(literal.toLowerCase())
    else others.push(spellingTest(literal, 'plain'))
  }
  if (exact.size === 0 && others.length === 1) return others[0]!
  return (text) => exact.has(text.toLowerCase()) || others.some((test) => test(text))
}

/** Whether a text stands in an order to a literal: as numbers when both are numbers, else as text without regard to case. */
export function orderTest(operator: Exclude<ComparisonOperator, '=' | '!='>, literal: string): TextTest {
  const number = parseNumber(literal)
  const folded = literal.toLowerCase()
  const holds = orderHolds[operator]
  return (text) => {
    const other = number === undefined ? undefined : parseNumber(text)
    if (number !== undefined && other !== undefined) return holds(other - number)
    const foldedText = text.toLowerCase()
    return holds(foldedText < folded ? -1 : foldedText > folded ? 1 : 0)
  }
}

const orderHolds = {
  '<': (difference: number) => difference < 0,
  '<=': (difference: number) => difference <= 0,
  '>': (difference: number) => difference > 0,
  '>=': (difference: number) => difference >= 0,
}

function exactTest(literal: string, ignoreCase: boolean): TextTest {
  if (!ignoreCase) return (text) => text === literal
  const folded = literal.toLowerCase()
  return (text) =>
    text === literal ||
    (text.length === literal.length && text.toLowerCase() === folded) ||
    foldedDiffers(text, literal, folded)
}

/** Folding changes the length of a few letters (İ): compare those after folding. */
function foldedDiffers(text: string, literal: string, folded: string): boolean {
  return text.length !== literal.length && folded.length !== literal.length && text.toLowerCase() === folded
}
