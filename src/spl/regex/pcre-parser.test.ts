import { describe, expect, test } from 'vitest'
import { type Diagnostic, SearchError } from '../../diagnostics/diagnostic.ts'
import { parsePcre } from './pcre-parser.ts'

function refusal(pattern: string): Diagnostic & { readonly marked: string } {
  try {
    parsePcre(pattern)
  } catch (error) {
    if (!(error instanceof SearchError)) throw error
    const diagnostic = error.diagnostics[0]!
    const { source, span } = diagnostic.labels[0]!
    return { ...diagnostic, marked: source.text.slice(span.start, span.end) }
  }
  throw new Error(`${pattern} was not refused`)
}

// What PCRE2 10.42 refuses, in its words, and what the caret stands under.
const invalid: readonly (readonly [pattern: string, message: string, marked: string])[] = [
  ['^*', 'quantifier does not follow a repeatable item', '*'],
  ['^+a', 'quantifier does not follow a repeatable item', '+'],
  ['$*', 'quantifier does not follow a repeatable item', '*'],
  ['\\b*', 'quantifier does not follow a repeatable item', '*'],
  ['\\b+', 'quantifier does not follow a repeatable item', '+'],
  ['\\A?', 'quantifier does not follow a repeatable item', '?'],
  ['\\K*', 'quantifier does not follow a repeatable item', '*'],
  ['\\G*', 'quantifier does not follow a repeatable item', '*'],
  ['(?i)*', 'quantifier does not follow a repeatable item', '*'],
  ['a|*', 'quantifier does not follow a repeatable item', '*'],
  ['(*F)+', 'quantifier does not follow a repeatable item', '+'],
  ['a{2}{3}', 'quantifier does not follow a repeatable item', '{3}'],
  ['a{3,1}', 'numbers out of order in {} quantifier', '{3,1}'],
  ['a{65536}', 'number too big in {} quantifier', '{65536}'],
  ['a{99999}', 'number too big in {} quantifier', '{99999}'],
  ['\\Q\\E*', 'quantifier does not follow a repeatable item', '*'],
  ['(?#x)*', 'quantifier does not follow a repeatable item', '*'],
  ['[:alpha:]', 'POSIX named classes are supported only within a class', '[:alpha:]'],
  ['[[:alpha:]-z]', 'invalid range in character class', '[:alpha:]-'],
  ['[a-\\d]', 'invalid range in character class', 'a-\\d'],
  ['[\\d-z]', 'invalid range in character class', '\\d-'],
  ['[[:foo:]]', 'unknown POSIX class name', '[:foo:]'],
  ['[[.a.]]', 'POSIX collating elements are not supported', '[.a.]'],
  ['[a', 'missing terminating ] for character class', '['],
  ['[]', 'missing terminating ] for character class', '['],
  ['\\', '\\ at end of pattern', '\\'],
  ['a\\j', 'unrecognized character follows \\', '\\j'],
  ['\\x{}', 'digits missing in \\x{} or \\o{} or \\N{U+}', '\\x{}'],
  ['\\x{110000}', 'character code point value in \\x{} or \\o{} is too large', '\\x{110000}'],
  ['\\x{d800}', 'disallowed Unicode code point (>= 0xd800 && <= 0xdfff)', '\\x{d800}'],
  ['\\o{}', 'digits missing in \\x{} or \\o{} or \\N{U+}', '\\o{}'],
  ['\\o{9}', 'non-octal character in \\o{} (closing brace missing?)', '\\o{9}'],
  ['\\o12', 'missing opening brace after \\o', '\\o'],
  ['\\8', 'reference to non-existent subpattern', '\\8'],
  ['\\9', 'reference to non-existent subpattern', '\\9'],
  ['\\c', '\\c at end of pattern', '\\c'],
  ['\\cé', '\\c must be followed by a printable ASCII character', '\\cé'],
  ['\\N{foo}', 'PCRE2 does not support \\F, \\L, \\l, \\N{name}, \\U, or \\u', '\\N'],
  ['\\u0041', 'PCRE2 does not support \\F, \\L, \\l, \\N{name}, \\U, or \\u', '\\u'],
  ['\\L', 'PCRE2 does not support \\F, \\L, \\l, \\N{name}, \\U, or \\u', '\\L'],
  ['\\p', 'malformed \\P or \\p sequence', '\\p'],
  ['\\p{L', 'malformed \\P or \\p sequence', '\\p'],
  ['[\\N]', '\\N is not supported in a class', '\\N'],
  ['[\\R]', 'escape sequence is invalid in character class', '\\R'],
  ['[\\X]', 'escape sequence is invalid in character class', '\\X'],
  ['[\\B]', 'escape sequence is invalid in character class', '\\B'],
  ['(?<a>x)(?<a>y)', 'two named subpatterns have the same name (PCRE2_DUPNAMES not set)', 'a'],
  ['(?|(?<a>x)|(?<b>y))', 'different names for subpatterns of the same number are not allowed', 'b'],
  ['(?<1a>x)', 'subpattern name must start with a non-digit', '1a'],
  ['(?<a-b>x)', 'syntax error in subpattern name (missing terminator?)', '-'],
  ['(?<>x)', 'subpattern name expected', '>'],
  ['(?<a', 'syntax error in subpattern name (missing terminator?)', ''],
  ['(?<', 'subpattern name expected', ''],
  ['(?P', 'missing closing parenthesis', '('],
  ['(?P<', 'subpattern name expected', ''],
  ['(?Px)', 'unrecognized character after (?P', 'x'],
  ['(?P=a)', 'reference to non-existent subpattern', '(?P=a)'],
  ['(?P>a)', 'reference to non-existent subpattern', '(?P>a)'],
  ['(?&a)', 'reference to non-existent subpattern', '(?&a)'],
  ['(?1)', 'reference to non-existent subpattern', '(?1)'],
  ['(?+1)', 'reference to non-existent subpattern', '(?+1)'],
  ['(?-1)', 'reference to non-existent subpattern', '(?-1)'],
  [
    '\\g',
    '\\g is not followed by a braced, angle-bracketed, or quoted name/number or by a plain number',
    '\\g',
  ],
  ['\\g{', 'subpattern name expected', ''],
  ['\\g{a}', 'reference to non-existent subpattern', '\\g{a}'],
  ['\\g{-1}', 'reference to non-existent subpattern', '\\g{-1}'],
  ['\\g0', 'reference to non-existent subpattern', '\\g0'],
  ['\\g{0}', 'reference to non-existent subpattern', '\\g{0}'],
  ['(a)\\g{+1}', 'reference to non-existent subpattern', '\\g{+1}'],
  ['\\k', '\\k is not followed by a braced, angle-bracketed, or quoted name', '\\k'],
  ['\\k<a>', 'reference to non-existent subpattern', '\\k<a>'],
  ['\\k<', 'subpattern name expected', ''],
  ['(?', 'missing closing parenthesis', '('],
  ['(?z)', 'unrecognized character after (? or (?-', 'z'],
  ['(?i', 'missing closing parenthesis', '('],
  ['(?i:', 'missing closing parenthesis', '('],
  ['(a', 'missing closing parenthesis', '('],
  ['a)', 'unmatched closing parenthesis', ')'],
  ['(?(1)a|b)', 'reference to non-existent subpattern', '1'],
  ['(?(1)a|b|c)', 'conditional subpattern contains more than two branches', '(?(1)a|b|c'],
  ['(a)?(?(1)a|b|c)', 'conditional subpattern contains more than two branches', '(?(1)a|b|c'],
  ['(?(a)b)', 'reference to non-existent subpattern', 'a)'],
  ['(?(<a>)b)', 'reference to non-existent subpattern', '<a>)'],
  ['(?(DEFINE)a|b)', 'DEFINE subpattern contains more than one branch', '(?(DEFINE)a|b'],
  ['(?(?i)a)', 'assertion expected after (?( or (?(?C)', '('],
  ['(?(', 'missing closing parenthesis', '('],
  ['(?(1', 'missing closing parenthesis for condition', '1'],
  ['(?(R1)a)', 'reference to non-existent subpattern', 'R1)'],
  ['(?(R&a)b)', 'reference to non-existent subpattern', 'R&a)'],
  ['(?<=a*)b', 'lookbehind assertion is not fixed length', '(?<=a*)'],
  ['(?<=a(b|cd))e', 'lookbehind assertion is not fixed length', '(?<=a(b|cd))'],
  ['(?<=(?:a{65535}){3})b', 'lookbehind assertion is too long', '(?<=(?:a{65535}){3})'],
  ['(?<=(?1))((?1)a)', 'lookbehind assertion is not fixed length', '(?<=(?1))'],
  ['a+(?#c)?(?#d)?', 'quantifier does not follow a repeatable item', '?'],
  ['a+(?i)?', 'quantifier does not follow a repeatable item', '?'],
  ['(?<=\\R)a', 'lookbehind assertion is not fixed length', '(?<=\\R)'],
  ['(*FOO)', '(*VERB) not recognized or malformed', '(*FOO)'],
  ['(*F', '(*VERB) not recognized or malformed', '(*'],
  ['(*foo:a)', '(*alpha_assertion) not recognized', '(*foo:'],
  ['(?#abc', 'missing ) after (?# comment', '(?#abc'],
  ['a+++', 'quantifier does not follow a repeatable item', '+'],
  ['a+?+', 'quantifier does not follow a repeatable item', '+'],
  ['[z-a]', 'range out of order in character class', 'z-a'],
  ['\\2(a)', 'reference to non-existent subpattern', '\\2'],
  ['(?-i-s)a', 'invalid hyphen in option setting', '-'],
  ['(?<=a{2,3})b', 'lookbehind assertion is not fixed length', '(?<=a{2,3})'],
  ['(?=a\\K)b', '\\K is not allowed in lookarounds (but see PCRE2_EXTRA_ALLOW_LOOKAROUND_BSK)', '\\K'],
  ['{2}', 'quantifier does not follow a repeatable item', '{2}'],
  ['[[:alpha:]', 'missing terminating ] for character class', '['],
  ['(?a)b', 'unrecognized character after (? or (?-', 'a'],
  ['(?r)a', 'unrecognized character after (? or (?-', 'r'],
  ['(?|', 'missing closing parenthesis', '('],
  ['(?:(?:(?:', 'missing closing parenthesis', '('],
]

describe('what is not PCRE is refused in the words of PCRE2', () => {
  test.each(invalid)('%s: %s', (pattern, message, marked) => {
    const { code, message: said, marked: place } = refusal(pattern)
    expect(code).toBe('bad-regex')
    expect(said).toBe(`The regular expression is not valid: ${message}.`)
    expect(place).toBe(marked)
  })

  test("nesting and length have PCRE's limits", () => {
    expect(() => parsePcre(`${'('.repeat(250)}a${')'.repeat(250)}`)).not.toThrow()
    expect(refusal(`${'('.repeat(251)}a${')'.repeat(251)}`).message).toMatch('too deeply nested')
    expect(refusal('a'.repeat(70_000)).message).toMatch('too large')
  })
})

const unsupported: readonly (readonly [pattern: string, what: string, marked: string])[] = [
  ['a\\X', '\\X (a grapheme cluster)', '\\X'],
  ['\\Ca', '\\C (a single byte)', '\\C'],
  ['a(*SKIP)b', 'the backtracking verb (*SKIP)', '(*SKIP)'],
  ['a(*PRUNE:x)b', 'the backtracking verb (*PRUNE)', '(*PRUNE:x)'],
  ['a(*:x)b', 'the backtracking verb (*MARK)', '(*:x)'],
  ['(*ACCEPT)', 'the backtracking verb (*ACCEPT)', '(*ACCEPT)'],
  ['(*UCP)\\w', 'the setting (*UCP)', '(*UCP)'],
  ['(*CRLF)a', 'the setting (*CRLF)', '(*CRLF)'],
  ['(?C"x")a', 'a callout with text (?C"…")', '(?'],
  ['(?(VERSION>=10)a)', 'a condition on the version of PCRE', 'VERSION>='],
  ['(*sr:a)', '(*sr:…)', '(*sr:'],
  ['(*napla:a)', '(*napla:…)', '(*napla:'],
  ['\\p{Alphabetic}', 'the property "Alphabetic"', '\\p{Alphabetic}'],
]

test.each(unsupported)('%s is refused by name', (pattern, what, marked) => {
  const { code, message, marked: place } = refusal(pattern)
  expect(code).toBe('regex-unsupported')
  expect(message).toBe(`Karst does not support ${what} in a regular expression.`)
  expect(place).toBe(marked)
})

test('a count without a minimum is text, which is doubtful', () => {
  const { doubts } = parsePcre('ab{,3}c')
  expect(doubts).toEqual([
    {
      span: { start: 2, end: 6 },
      message: 'Without a minimum this is no quantifier but literal text; write {0,…}.',
    },
  ])
  expect(parsePcre('a{0,3}{,').doubts).toEqual([])
})

test('names come in the order of the pattern', () => {
  const { groupCount, groupNames } = parsePcre("(?<b>x)(y)(?P<a>(?'c'z))")
  expect(groupCount).toBe(4)
  expect(groupNames).toEqual([
    { name: 'b', number: 1 },
    { name: 'a', number: 3 },
    { name: 'c', number: 4 },
  ])
})

test('a name in two options of a branch reset is one group', () => {
  const { groupCount, groupNames } = parsePcre('(?|(?<a>x)|(?<a>y)(z))(w)')
  expect(groupCount).toBe(3)
  expect(groupNames).toEqual([{ name: 'a', number: 1 }])
})

test('a lookbehind over groups that call groups is measured at once', () => {
  const groups = Array.from({ length: 60 }, (_, i) => `((?${i + 2})(?${i + 2}))`).join('')
  expect(() => parsePcre(`(?<=(?1))${groups}(a)`)).toThrow('lookbehind assertion is too long')
})
