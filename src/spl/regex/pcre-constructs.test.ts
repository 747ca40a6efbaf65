import { describe, expect, test } from 'vitest'
import { compileProgram, runProgram } from './backtracker.ts'
import { compilePcre } from './pcre.ts'
import { parsePcre } from './pcre-parser.ts'

type Groups = readonly (string | null)[] | null

// What each construct matches and what not: the match and its groups, null for a group that is not set, null for no match.
// Every answer is that of libpcre2 10.42.
const constructs: readonly (readonly [
  what: string,
  pattern: string,
  answers: readonly (readonly [string, Groups])[],
])[] = [
  [
    'the start of the text: \\A, not of a line',
    '\\Ab',
    [
      ['bc', ['b']],
      ['a\nb', null],
    ],
  ],
  [
    'the very end: \\z',
    'b\\z',
    [
      ['ab', ['b']],
      ['ab\n', null],
    ],
  ],
  [
    'the end or before the last line break: \\Z',
    'b\\Z',
    [
      ['ab', ['b']],
      ['ab\n', ['b']],
      ['ab\n\n', null],
    ],
  ],
  [
    '$ is the end or before the last line break',
    'b$',
    [
      ['ab', ['b']],
      ['ab\n', ['b']],
      ['b\na', null],
    ],
  ],
  ['$ does not stand before CR LF', 'b$', [['ab\r\n', null]]],
  [
    '^ is the start of the text',
    '^b',
    [
      ['bc', ['b']],
      ['a\nb', null],
    ],
  ],
  [
    '(?m): ^ and $ stand at line breaks',
    '(?m)^b$',
    [
      ['a\nb\nc', ['b']],
      ['b\n', ['b']],
      ['a\r\nb\r\n', null],
    ],
  ],
  [
    '(?m): ^ does not stand behind the last line break',
    '(?m)\\n^',
    [
      ['a\nb', ['\n']],
      ['a\n', null],
    ],
  ],
  [
    '\\G is where the search begins',
    '\\Gb',
    [
      ['bc', ['b']],
      ['ab', null],
    ],
  ],
  [
    '\\b and \\B see ASCII words',
    '\\bé\\b|\\Bx',
    [
      ['aéb', ['é']],
      ['é', null],
      ['ax', ['x']],
    ],
  ],
  [
    '. is anything but LF',
    'a.c',
    [
      ['a\rc', ['a\rc']],
      ['a\u2028c', ['a\u2028c']],
      ['a\nc', null],
    ],
  ],
  [
    '. is a whole character',
    '^.$',
    [
      ['😀', ['😀']],
      ['é', ['é']],
      ['😀a', null],
    ],
  ],
  ['(?s): . is anything', '(?s)a.c', [['a\nc', ['a\nc']]]],
  [
    '\\N is anything but LF, also under (?s)',
    '(?s)a\\Nc',
    [
      ['abc', ['abc']],
      ['a\nc', null],
    ],
  ],
  [
    '\\d, \\w and \\s are ASCII',
    '^[\\d\\w\\s]$',
    [
      ['7', ['7']],
      ['_', ['_']],
      ['\x0b', ['\x0b']],
      ['\u0663', null],
      ['é', null],
      ['\u00a0', null],
    ],
  ],
  [
    '\\D, \\W and \\S are the rest',
    '^\\D\\W\\S$',
    [
      ['a-é', ['a-é']],
      ['1-a', null],
      ['😀😀😀', ['😀😀😀']],
    ],
  ],
  [
    '\\h is any horizontal space',
    'a\\hb',
    [
      ['a\tb', ['a\tb']],
      ['a\u3000b', ['a\u3000b']],
      ['a\nb', null],
      ['ahb', null],
    ],
  ],
  [
    '\\H is the rest',
    'a\\Hb',
    [
      ['a\nb', ['a\nb']],
      ['a b', null],
    ],
  ],
  [
    '\\v is any vertical space',
    'a\\vb',
    [
      ['a\x0bb', ['a\x0bb']],
      ['a\u2028b', ['a\u2028b']],
      ['a\nb', ['a\nb']],
      ['avb', null],
    ],
  ],
  [
    '\\V is the rest',
    'a\\Vb',
    [
      ['a b', ['a b']],
      ['a\nb', null],
    ],
  ],
  [
    '\\R is any line break, CR LF at once',
    '^a\\R(.*)',
    [
      ['a\r\nb', ['a\r\nb', 'b']],
      ['a\nb', ['a\nb', 'b']],
      ['a\u0085b', ['a\u0085b', 'b']],
      ['ab', null],
    ],
  ],
  [
    '\\R does not give LF back',
    'a\\R\\nb',
    [
      ['a\r\nb', null],
      ['a\r\n\nb', ['a\r\n\nb']],
    ],
  ],
  [
    '\\e \\a \\f \\t \\cX',
    '^\\e\\a\\f\\t\\cA\\c?$',
    [
      ['\x1b\x07\f\t\x01\x7f', ['\x1b\x07\f\t\x01\x7f']],
      ['ea', null],
    ],
  ],
  [
    '\\x41 and \\x{…}',
    '\\x41\\x{202E}\\x{1F600}',
    [
      ['A\u202e😀', ['A\u202e😀']],
      ['x41', null],
    ],
  ],
  ['\\x with one digit or none', '^\\xa\\x$', [['\n\x00', ['\n\x00']]]],
  ['\\0, \\012 and \\o{…}', '^\\0\\012\\o{101}$', [['\x00\nA', ['\x00\nA']]]],
  ['\\101 is octal without so many groups', '^\\101$', [['A', ['A']]]],
  ['\\N{U+…}', '\\N{U+41}', [['A', ['A']]]],
  [
    '\\Q…\\E is text',
    '\\Qa.b*\\E+',
    [
      ['a.b***', ['a.b***']],
      ['axb', null],
    ],
  ],
  ['\\E alone is nothing', 'a\\Eb', [['ab', ['ab']]]],
  ['escaped punctuation is text', '\\-\\/\\:\\"\\<\\@\\!\\ \\_', [['-/:"<@! _', ['-/:"<@! _']]]],
  [
    'an unpaired brace or bracket is text',
    '^a{,3}]}{$',
    [
      ['a{,3}]}{', ['a{,3}]}{']],
      ['aaa]}{', null],
    ],
  ],
  [
    'POSIX classes',
    '^[[:alpha:]][[:digit:]_][[:^space:]]$',
    [
      ['a1-', ['a1-']],
      ['é1-', null],
      ['a_ ', null],
      ['a1é', ['a1é']],
    ],
  ],
  [
    'POSIX names under (?i)',
    '(?i)^[[:upper:]]+$',
    [
      ['aB', ['aB']],
      ['a1', null],
    ],
  ],
  [
    ']] and ^ in classes',
    '^[]a^-]+$',
    [
      [']a^-', [']a^-']],
      ['b', null],
    ],
  ],
  [
    '\\b in a class is backspace',
    '[\\b]',
    [
      ['\b', ['\b']],
      ['b', null],
    ],
  ],
  [
    'ranges and escapes in classes',
    '^[\\x41-\\x43\\n\\-]+$',
    [
      ['AB\n-', ['AB\n-']],
      ['D', null],
    ],
  ],
  [
    '\\Q…\\E in classes',
    '^[\\Q^-]\\E]+$',
    [
      [']^-', [']^-']],
      ['a', null],
    ],
  ],
  [
    'negated classes take line breaks and whole characters',
    'a[^b]c',
    [
      ['a\nc', ['a\nc']],
      ['a😀c', ['a😀c']],
      ['abc', null],
    ],
  ],
  [
    '\\p{…} and \\P{…}',
    '^\\p{Lu}\\p{L&}\\P{L}\\p{^L}\\pN$',
    [
      ['Éa1-\u0663', ['Éa1-\u0663']],
      ['éa1-1', null],
    ],
  ],
  [
    'scripts',
    '^\\p{Greek}\\p{Cyrillic}$',
    [
      ['αж', ['αж']],
      ['aж', null],
    ],
  ],
  [
    'Xwd and Xan',
    '^\\p{Xwd}\\p{Xan}$',
    [
      ['_é', ['_é']],
      ['_-', null],
    ],
  ],
  ['named groups in all spellings', "(?<a>x)(?P<b>y)(?'c'z)", [['xyz', ['xyz', 'x', 'y', 'z']]]],
  [
    'backreferences in all spellings',
    '(?<n>a|b)\\1\\g1\\g{1}\\g{-1}\\k<n>\\k{n}(?P=n)',
    [
      ['aaaaaaaa', ['aaaaaaaa', 'a']],
      ['aaaaaaab', null],
    ],
  ],
  [
    'a group that is not set refers to nothing',
    '(a)?\\1b',
    [
      ['aab', ['aab', 'a']],
      ['b', null],
    ],
  ],
  [
    'backreferences ignore case under (?i)',
    '(?i)(k)\\1',
    [
      ['k\u212a', ['k\u212a', 'k']],
      ['Kk', ['Kk', 'K']],
      ['ks', null],
    ],
  ],
  [
    '(?i) for all',
    '(?i)straße',
    [
      ['STRAßE', ['STRAßE']],
      ['straẞe', ['straẞe']],
      ['strasse', null],
    ],
  ],
  [
    '(?i) follows Unicode',
    '(?i)^[k-s]é$',
    [
      ['KÉ', ['KÉ']],
      ['\u212aé', ['\u212aé']],
      ['ſé', ['ſé']],
      ['tÉ', null],
    ],
  ],
  [
    '(?i) from the middle on, also in further options',
    'a(?i)b|c',
    [
      ['aB', ['aB']],
      ['AB', null],
      ['C', ['C']],
    ],
  ],
  [
    '(?i:…) in a part',
    'a(?i:b)c',
    [
      ['aBc', ['aBc']],
      ['aBC', null],
    ],
  ],
  [
    '(?-i) ends it',
    '(?i)a(?-i)b',
    [
      ['Ab', ['Ab']],
      ['AB', null],
    ],
  ],
  [
    '(?^) ends all',
    '(?i)(?^:a)b',
    [
      ['aB', ['aB']],
      ['AB', null],
    ],
  ],
  [
    'options end with their group',
    '(a(?i)b)c',
    [
      ['aBc', ['aBc', 'aB']],
      ['aBC', null],
    ],
  ],
  [
    '(?x): blanks and comments are nothing',
    '(?x) a b # c\n \\  [ ] d',
    [
      ['ab  d', ['ab  d']],
      ['abd', null],
    ],
  ],
  [
    '(?xx): nor in classes',
    '(?xx)[a b]\\#',
    [
      ['a#', ['a#']],
      [' #', null],
    ],
  ],
  ['(?n): plain groups take nothing', '(?n)(a)(?<b>b)', [['ab', ['ab', 'b']]]],
  [
    '(?U): lazy by default',
    '(?U)a+|b+?$',
    [
      ['aaa', ['a']],
      ['bbb', ['bbb']],
    ],
  ],
  [
    '(?J): a name for two groups',
    '(?J)(?:(?<n>a)|(?<n>b))\\k<n>',
    [
      ['aa', ['aa', 'a', null]],
      ['bb', ['bb', null, 'b']],
      ['ab', null],
    ],
  ],
  ['(?#…) is nothing', 'a(?#b*)+', [['aa', ['aa']]]],
  [
    'quantifiers',
    '^a{2}b{1,}c{0,2}?d*e+?f??$',
    [
      ['aabccde', ['aabccde']],
      ['abe', null],
    ],
  ],
  [
    'possessive quantifiers give nothing back',
    'a++a|b?+b|c{1,2}+c|"[^"]*+"',
    [
      ['aaa', null],
      ['bb', ['bb']],
      ['b', null],
      ['ccc', ['ccc']],
      ['cc', null],
      ['"x"', ['"x"']],
      ['"x', null],
    ],
  ],
  [
    'atomic groups give nothing back',
    '(?>a|ab)c',
    [
      ['abc', null],
      ['ac', ['ac']],
    ],
  ],
  [
    'lookahead',
    'a(?=b(.))(?!bd)',
    [
      ['abc', ['a', 'c']],
      ['abd', null],
    ],
  ],
  [
    'lookbehind',
    '(?<=a|bc)d(?<!ad)',
    [
      ['ad', null],
      ['bcd', ['d']],
    ],
  ],
  [
    'lookbehind over whole characters',
    '(?<=^.)a',
    [
      ['😀a', ['a']],
      ['ba', ['a']],
      ['bba', null],
    ],
  ],
  [
    'lookarounds by name',
    '(*pla:a)(*nlb:b).(*atomic:c*)',
    [
      ['acc', ['acc']],
      ['ba', null],
    ],
  ],
  [
    '\\K begins the match anew',
    'a\\Kb|c\\K',
    [
      ['ab', ['b']],
      ['c', ['']],
    ],
  ],
  [
    'branch reset',
    '(?|a(.)|b(.)(.))(c)',
    [
      ['axc', ['axc', 'x', null, 'c']],
      ['bxyc', ['bxyc', 'x', 'y', 'c']],
    ],
  ],
  [
    'recursion into the pattern',
    '\\((?:[^()]|(?R))*\\)',
    [
      ['x(a(b)c)', ['(a(b)c)']],
      ['((', null],
    ],
  ],
  [
    'recursion into groups',
    '^(?<p>a(?&p)?b)(?P>p)?\\g<1>?(?1)?$',
    [
      ['aabbab', ['aabbab', 'aabb']],
      ['aab', null],
    ],
  ],
  [
    'recursion forward and backward',
    '(?+1)(a|b)(?-1)',
    [
      ['aba', ['aba', 'b']],
      ['ac', null],
    ],
  ],
  [
    'conditions on a group',
    '^(<)?a(?(1)>|!)$',
    [
      ['<a>', ['<a>', '<']],
      ['a!', ['a!', null]],
      ['<a!', null],
    ],
  ],
  [
    'conditions on a name',
    "^(?<q>')?a(?(<q>)'|!)$",
    [
      ["'a'", ["'a'", "'"]],
      ['a!', ['a!', null]],
      ["'a", null],
    ],
  ],
  [
    'conditions that look',
    '^(?(?=\\d)\\d{2}|[a-z])$',
    [
      ['42', ['42']],
      ['a', ['a']],
      ['4', null],
    ],
  ],
  [
    'conditions that look behind',
    '(?(?<!a)b|c)',
    [
      ['ac', ['c']],
      ['xb', ['b']],
    ],
  ],
  [
    '(?(DEFINE)…) only defines',
    '(?(DEFINE)(?<d>\\d{2}))^(?&d)-(?&d)$',
    [
      ['12-34', ['12-34', null]],
      ['1-34', null],
    ],
  ],
  [
    'conditions on recursion',
    '^(a(?(R)b|c)(?1)?)',
    [
      ['acab', ['acab', 'acab']],
      ['ab', null],
    ],
  ],
  [
    'a \\K that a condition reaches by recursion does not count, other than that of a lookaround',
    '(?:(?(?=(?1))ab|-)|(?(?!(?1))-|cd)|(?=(?1))ef)(?(DEFINE)(.\\K.))',
    [
      ['ab', ['ab', null]],
      ['cd', ['cd', null]],
      ['ef', ['f', null]],
    ],
  ],
  [
    'a possessive loop in a group that is called stays possessive, wherever the group stands',
    '(?2)a|b(a?+)|c(\\w*+)',
    [
      ['xa', null],
      ['bxa', ['b', '', null]],
      ['cxa', ['cxa', null, 'xa']],
    ],
  ],
  [
    'comments, \\E and blanks under (?x) may stand before the sign of a quantifier',
    '^(?:a+(?#c)(?#d)?(a+)|b+\\E+b|(?x)c+ (?#c) \\Q\\E ? (c+))$',
    [
      ['aaa', ['aaa', 'aa', null]],
      ['bbb', null],
      ['ccc', ['ccc', null, 'cc']],
    ],
  ],
  [
    '(*FAIL) and (*F)',
    'a(*FAIL)|b(?:(*F)){1,2}|c',
    [
      ['abc', ['c']],
      ['ab', null],
    ],
  ],
  ['groups keep what earlier rounds took', '^(?:(a)|(b))+$', [['ab', ['ab', 'a', 'b']]]],
  [
    'an empty round is taken once',
    '^(a|)+$',
    [
      ['aa', ['aa', '']],
      ['', ['', '']],
    ],
  ],
  ['an optional group can match nothing', '^(a*)?b', [['b', ['b', '']]]],
  [
    'an empty option stands',
    '^(?:INX||HTM)$',
    [
      ['INX', ['INX']],
      ['', ['']],
    ],
  ],
  ['settings at the start', '(*UTF)(*LF)(*NO_JIT)é', [['é', ['é']]]],
  ['callouts do nothing', 'a(?C1)b', [['ab', ['ab']]]],
]

function fromJavaScript(pattern: string, text: string): Groups {
  const match = compilePcre(pattern).exec(text)
  return match === undefined ? null : Array.from(match.groups, (group) => group ?? null)
}

function fromBacktracker(pattern: string, text: string): Groups {
  const slots = runProgram(compileProgram(parsePcre(pattern), false), text, 0, 100_000)
  if (typeof slots === 'string') return null
  return Array.from({ length: slots.length / 2 }, (_, group) =>
    slots[2 * group + 1]! < 0 ? null : text.slice(slots[2 * group], slots[2 * group + 1]),
  )
}

describe.each(constructs)('%s', (_what, pattern, answers) => {
  test.each(answers)(`${pattern} on %j`, (text, groups) => {
    expect(fromJavaScript(pattern, text)).toEqual(groups)
    expect(fromBacktracker(pattern, text)).toEqual(groups)
    expect(compilePcre(pattern).test(text)).toBe(groups !== null)
  })
})
