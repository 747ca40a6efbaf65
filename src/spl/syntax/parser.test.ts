import { describe, expect, test } from 'vitest'
import { SearchError } from '../../diagnostics/diagnostic.ts'
import { renderDiagnostic } from '../../diagnostics/render.ts'
import { locatedText } from '../../diagnostics/source.ts'
import {
  type CommandSyntax,
  type CommandSyntaxes,
  parseExpression,
  parsePipeline,
  parseSearchTerms,
} from './parser.ts'
import { printExpression, printPipeline, printSearch } from './print.ts'

/** Commands of the parser's own tests: what the real ones do is tested with them. */
const known: readonly CommandSyntax[] = [
  { name: 'search', type: 'distributable streaming', parse: (reader) => ({ terms: reader.searchTerms() }) },
  { name: 'where', type: 'distributable streaming', parse: (reader) => ({ condition: reader.expression() }) },
  { name: 'append', type: 'dataset processing', parse: (reader) => ({ pipeline: reader.subsearch() }) },
  { name: 'makeresults', type: 'generating', parse: (reader) => reader.options({ count: 'integer' }) },
  { name: 'table', type: 'transforming', parse: (reader) => ({ fields: reader.fields() }) },
]

const syntaxes: CommandSyntaxes = {
  get: (name) => known.find((command) => command.name === name),
  names: () => known.map(({ name }) => name),
  refusal: (name) => (name === 'sendemail' ? 'it sends mail' : undefined),
}

const parse = (text: string) => parsePipeline(locatedText({ name: 'search', text }), syntaxes)

function errorOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof SearchError) return error.diagnostics.map(renderDiagnostic).join('\n')
    throw error
  }
  return 'no error'
}

describe('search terms', () => {
  const cases: readonly (readonly [text: string, printed: string])[] = [
    ['a=1 b=2 OR c=3', '(a="1" (b="2" OR c="3"))'],
    ['a=1 OR b=2 c=3', '((a="1" OR b="2") c="3")'],
    ['NOT a=1 b=2', '(NOT a="1" b="2")'],
    ['NOT (a=1 OR b=2)', 'NOT (a="1" OR b="2")'],
    ['NOT(a IN("x", y*))', 'NOT a IN ("x", "y*")'],
    ['a = "b c"', 'a="b c"'],
    ['"my field"=x', '"my field"="x"'],
    ["'my field'=x", '"my field"="x"'],
    ['tags{}.name=x', 'tags{}.name="x"'],
    ['path="C:\\\\Users\\\\*"', 'path="C:\\\\Users\\\\*"'],
    ['path=*\\\\x', 'path="*\\\\x"'],
    ['x="*\\sam *"', 'x="*\\\\sam *"'],
    ['x="*\\|Action\\|*"', 'x="*|Action|*"'],
    ['status>=300 status<500', '(status>="300" status<"500")'],
    ['a IN (x y,, "z",)', 'a IN ("x", "y", "z")'],
    ['x NOT IN (1)', 'NOT x IN ("1")'],
    ['failed "log in" TERM(10.0.0.1) CASE(Error)', '("failed" "log in" TERM("10.0.0.1") CASE("Error"))'],
    ['earliest=-70m@m x=1', '(earliest="-70m@m" x="1")'],
    ['or and', '("or" "and")'],
    ['NOT=1', 'NOT="1"'],
    ['x=f(a)', 'x="f(a)"'],
    ['(x=f)', 'x="f"'],
    ['( )', '()'],
    ['*', '*'],
    ['a=*\\"p\\":true* b', '(a="*\\"p\\":true*" "b")'],
    ['country IN', '("country" "IN")'],
    ['earliest>=@d+1h latest<@d', '(earliest="@d+1h" latest="@d")'],
    ['latest>5', 'latest>"5"'],
    ['starttime=2023-11-14 timeformat=%F', '(timeformat="%F" starttime="2023-11-14")'],
    [
      'timeformat=%F (starttime=2023-11-14 OR NOT endtime=2023-11-15) a=1',
      '(((timeformat="%F" starttime="2023-11-14") OR NOT (timeformat="%F" endtime="2023-11-15")) a="1")',
    ],
  ]
  test.each(cases)('%s', (text, printed) => {
    const tree = parseSearchTerms(text)
    expect(printSearch(tree)).toBe(printed)
    expect(printSearch(parseSearchTerms(printed))).toBe(printed)
  })

  test('an operator without its term is an error with a place', () => {
    expect(errorOf(() => parseSearchTerms('a=1 OR'))).toContain('OR needs a term after it.')
    expect(errorOf(() => parseSearchTerms('AND a=1'))).toContain('AND needs a term before it.')
    expect(errorOf(() => parseSearchTerms('a='))).toContain('"a" needs a value')
    expect(errorOf(() => parseSearchTerms('(a=1'))).toContain('never closed')
    expect(errorOf(() => parseSearchTerms('a=1)'))).toContain('never opened')
    expect(errorOf(() => parseSearchTerms('a<>1'))).toContain('Use "!="')
  })

  test('nesting is bounded, so that a hostile search cannot exhaust the stack', () => {
    expect(errorOf(() => parseSearchTerms(`${'('.repeat(100_000)}a`))).toContain('nested more than')
    expect(errorOf(() => parseSearchTerms(`${'NOT '.repeat(100_000)}a`))).toContain('nested more than')
  })
})

describe('expressions', () => {
  const cases: readonly (readonly [text: string, printed: string])[] = [
    ['a=1 OR b=2 AND c=3', 'a == 1 OR b == 2 AND c == 3'],
    ['(a=1 OR b=2) AND c=3', '(a == 1 OR b == 2) AND c == 3'],
    ['NOT a=1 and b', 'NOT a == 1 AND b'],
    ['1+2*3', '1 + 2 * 3'],
    ['(1+2)*3', '(1 + 2) * 3'],
    ['1-(2-3)', '1 - (2 - 3)'],
    ['-x + -1', '-x + -1'],
    ['a.b', 'a . b'],
    ['"x"."y" + 1', '"x" . "y" + 1'],
    ['\'a b\'="c\\"d"', '\'a b\' == "c\\"d"'],
    ['x IN ("a","b")', 'x IN ("a", "b")'],
    ['NOT new IN (old)', 'NOT new IN (old)'],
    ['x like "%y%"', 'x LIKE "%y%"'],
    ['like(x, "%y%")', 'like(x, "%y%")'],
    ['CASE(a=1,"b",true(),"c")', 'case(a == 1, "b", true(), "c")'],
    ['8.250*0.2', '8.250 * 0.2'],
    ['if(isnull(x),null,x)', 'if(isnull(x), null, x)'],
    ['a{}.b{}', "'a{}' . 'b{}'"],
    ['x!="y"', 'x != "y"'],
    ['a xor b or c', 'a XOR b OR c'],
    ['{"a": 1, "b c": [true, x+1]}', 'json_object("a", 1, "b c", json_array(true(), x + 1))'],
    ['[null, {}, [], -1]', 'json_array(null(), json_object(), json_array(), -1)'],
    ['f(["a"], {"b": true})', 'f(json_array("a"), json_object("b", true()))'],
  ]
  test.each(cases)('%s', (text, printed) => {
    expect(printExpression(parseExpression(text))).toBe(printed)
    expect(printExpression(parseExpression(printed))).toBe(printed)
  })

  test('says what was expected', () => {
    expect(errorOf(() => parseExpression('1 +'))).toContain(
      'An expression was expected, found the end of the command.',
    )
    expect(errorOf(() => parseExpression('f(1 2)'))).toContain('"," or ")" was expected')
    expect(errorOf(() => parseExpression('f(1'))).toContain('never closed')
    expect(errorOf(() => parseExpression('"abc'))).toContain('never closed')
    expect(errorOf(() => parseExpression('{a: 1}'))).toContain('A key in quotation marks was expected')
    expect(errorOf(() => parseExpression('{"a" 1}'))).toContain('":" was expected')
    expect(errorOf(() => parseExpression('["a" "b"]'))).toContain('"," or "]" was expected')
    expect(errorOf(() => parseExpression('{"a": 1'))).toContain('The brace is never closed.')
    expect(errorOf(() => parseExpression('[search a=1]'))).toContain('subsearch cannot stand')
  })

  test('nesting is bounded', () => {
    for (const text of [
      '('.repeat(50_000),
      'not '.repeat(50_000),
      '-'.repeat(50_000),
      'f('.repeat(50_000),
      '['.repeat(50_000),
    ]) {
      expect(errorOf(() => parseExpression(`${text}1`))).toContain('nested more than')
    }
    expect(errorOf(() => parseExpression('{"a":'.repeat(50_000)))).toContain('nested more than')
  })
})

describe('pipelines', () => {
  test('are split at pipes, but not inside quotation marks and brackets', () => {
    const tree = parse('a="x|y" | where b="]|[" | append [ search c=1 | table d ] |table e')
    expect(tree.commands.map(({ name }) => name)).toEqual(['search', 'where', 'append', 'table'])
  })

  test('field names may be those of calls', () => {
    expect(parse('a | table x, sum(a.b) "count (x)"').commands[1]?.args).toEqual({
      fields: ['x', 'sum(a.b)', 'count (x)'],
    })
  })

  test('an escaped quotation mark outside a string opens none', () => {
    expect(parse('a=*\\"x\\":1* | append [search b=\\"] | table c').commands).toHaveLength(3)
  })

  test('print back to an equal tree', () => {
    const printed = printPipeline(parse('  a="x  y"\n   b=2   |  table   c,d '))
    expect(printed).toBe('a="x  y" b=2 | table c,d')
    expect(printPipeline(parse(printed))).toBe(printed)
    expect(printPipeline(parse('|makeresults count=3|table a'))).toBe('| makeresults count=3 | table a')
    expect(printPipeline(parse("a  don't  | where 'a  b'   = 'c'"))).toBe("a don't | where 'a  b' = 'c'")
  })

  test('a second "search" before a macro that brings its own is skipped', () => {
    expect(parse('a=1 | search search *').commands[1]?.args).toMatchObject({
      terms: { kind: 'Keyword', text: '*' },
    })
    expect(parse('a=1 | search search=*').commands[1]?.args).toMatchObject({
      terms: { kind: 'Comparison', field: 'search' },
    })
  })

  test('every wrong command is reported at once, with its place', () => {
    expect(errorOf(() => parse('a=1 | tabel b | where | sendemail'))).toMatchInlineSnapshot(`
      "error[unknown-command]: Unknown command "tabel".
       --> search:1:7
      1 | a=1 | tabel b | where | sendemail
        |       ^^^^^
      help: Did you mean "table"?
      error[syntax]: An expression was expected, found the end of the command.
       --> search:1:23
      1 | a=1 | tabel b | where | sendemail
        |                       ^
      error[unsupported]: The command "sendemail" is not supported: it sends mail.
       --> search:1:25
      1 | a=1 | tabel b | where | sendemail
        |                         ^^^^^^^^^"
    `)
  })

  test('brackets, quotation marks and pipes must fit', () => {
    expect(errorOf(() => parse('a=1 | append [ search b'))).toContain('The bracket is never closed.')
    expect(errorOf(() => parse('a=1 ] | table b'))).toContain('The bracket was never opened.')
    expect(errorOf(() => parse('a="1'))).toContain('The quotation mark " is never closed.')
    expect(errorOf(() => parse('a=1 || table b'))).toContain('There is no command between these pipes.')
    expect(errorOf(() => parse(''))).toContain('The search is empty.')
  })

  test('a generating command must come first', () => {
    expect(errorOf(() => parse('a=1 | makeresults'))).toContain(
      '"makeresults" begins a search and cannot follow another command.',
    )
  })

  test('subsearches nest only so deep', () => {
    expect(errorOf(() => parse(`${'[search '.repeat(5000)}a${']'.repeat(5000)}`))).toContain(
      'nested more than',
    )
  })
})
