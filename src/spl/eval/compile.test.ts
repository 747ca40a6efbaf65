import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { SearchError } from '../../diagnostics/diagnostic.ts'
import { locatedText } from '../../diagnostics/source.ts'
import { Batch } from '../../value/batch.ts'
import { type Column, constant, dictOf, plain, valuesOf } from '../../value/column.ts'
import { displayValue, type Value } from '../../value/value.ts'
import type { Expression } from '../syntax/ast.ts'
import { parseExpression } from '../syntax/parser.ts'
import { compileExpression, compilePredicate } from './compile.ts'
import { functions } from './functions/index.ts'

const warnings: Diagnostic[] = []
const context = {
  now: 1_700_000_000,
  timeZone: 'UTC',
  warn: (warning: Diagnostic) => void warnings.push(warning),
}

/** What an expression shows for one row; null for null. */
function result(expression: string, fields: Record<string, Value> = {}) {
  const column = compileExpression(parseExpression(expression), context)(Batch.fromRows([fields]))
  return displayValue(valuesOf(column, 1)[0]) ?? null
}

function holds(condition: string, fields: Record<string, Value> = {}) {
  return compilePredicate(parseExpression(condition), context)(Batch.fromRows([fields]))[0] === 1
}

function refusal(expression: string): Diagnostic {
  const locate = locatedText({ name: 'search', text: expression })
  try {
    compileExpression(parseExpression(expression), context, { locate })
  } catch (error) {
    if (error instanceof SearchError) return error.diagnostics[0]!
    throw error
  }
  throw new Error('was not refused')
}

/** The text that the first label of a refusal points at. */
function pointedAt({ labels: [label] }: Diagnostic): string | undefined {
  return label?.source.text.slice(label.span.start, label.span.end)
}

describe('arithmetic', () => {
  test.each([
    ['2+3*4', '14'],
    ['100/10/2', '5'],
    ['10/4', '2.5'],
    ['-x+1', '-4'],
    ['10%4', '2'],
    ['5/0', null],
    ['5%0', null],
    ['x*missing', null],
    ['x-"a"', null],
    ['x*2', '10'],
    ['pow(2,53)-1+1', '9007199254740992'],
  ])('%s is %s', (expression, expected) => {
    expect(result(expression, { x: '5' })).toBe(expected)
  })

  test('+ adds what looks like numbers and joins anything else', () => {
    expect(result('x+y', { x: '5', y: '3' })).toBe('8')
    expect(result('x+y', { x: '5', y: 'a' })).toBe('5a')
    expect(result('x+missing', { x: 'a' })).toBeNull()
  })

  test('+ with a text as written joins, whatever the other side looks like', () => {
    expect(result('"0"+hour', { hour: '5' })).toBe('05')
    expect(result('"5"+"3"')).toBe('53')
    expect(result('tostring(1)+tostring(2)')).toBe('12')
  })

  test('a multivalue is no number', () => {
    expect(result('x*2', { x: ['1', '2'] })).toBeNull()
  })
})

describe('precision', () => {
  test.each([
    ['8.250*0.2', '2'],
    ['8.250*0.20', '1.7'],
    ['8.250*0.200', '1.65'],
    ['8.250*exact(0.2)', '1.650'],
    ['0.1+0.2', '0.3'],
    ['1.00*1111', '1111'],
    ['exact(0.75*0.5)', '0.375'],
    ['5.0', '5.0'],
    ['3*c', '2'],
    ['a*b', '0.0032'],
    ['end-start', '172800.000000'],
    ['1/3', '0.3333333333333333'],
  ])('%s is %s', (expression, expected) => {
    const fields = { c: '0.5', a: '0.014', b: '0.23', start: '1709078400.000000', end: '1709251200.000000' }
    expect(result(expression, fields)).toBe(expected)
  })

  test('functions of numbers and comparisons see all digits', () => {
    expect(result('round(8.250*0.2, 2)')).toBe('1.65')
    expect(holds('8.250*0.2 < 1.7')).toBe(true)
  })

  test('computed numbers are exact, decimals written as text are not', () => {
    expect(result('x*3', { x: 0.5 })).toBe('1.5')
    expect(result('x*3', { x: '0.5' })).toBe('2')
  })
})

describe('comparison', () => {
  test.each([
    ['x > 9', { x: '10' }, true],
    ['x > "9"', { x: '10' }, true],
    ['x = 10.0', { x: '10' }, true],
    ['x = "abc"', { x: 'ABC' }, false],
    ['x < "a"', { x: 'Z' }, true],
    ['x < y', { x: '10', y: '9a' }, true],
    ['"b" = x', { x: ['a', 'b'] }, true],
    ['5 < x', { x: '6' }, true],
    ['x != "a"', {}, false],
    ['NOT x = "a"', {}, false],
    ['x = null()', {}, false],
    ['missing = 1 OR 1 = 1', {}, true],
    ['missing = 1 AND 1 = 1', {}, false],
    ['isnull(missing = 1)', {}, true],
    ['1 = 1 OR 1 = 2 XOR 1 = 1', {}, false],
    ['x IN ("a", y)', { x: 'c', y: ['b', 'c'] }, true],
    ['NOT x IN ("a", missing)', { x: 'c' }, false],
    ['x LIKE "a%"', { x: 'abc' }, true],
  ] as const)('%s over %o is %s', (condition, fields, expected) => {
    expect(holds(condition, fields as unknown as Record<string, Value>)).toBe(expected)
  })
})

test('"." joins texts and numbers', () => {
  expect(result('1 . 2')).toBe('12')
  expect(result('x.y', { x: '5', y: '3' })).toBe('53')
  expect(result('"a" . missing')).toBeNull()
  expect(result('(1+2) . "x"')).toBe('3x')
})

test('the bare words true, false and null are fields', () => {
  expect(result('coalesce(null, "missing")')).toBe('missing')
  expect(result('true', { true: 'a field' })).toBe('a field')
})

test('a function runs once per distinct value and keeps the codes of the column', () => {
  const column = dictOf(['a', 'b', 'a', 'a', 'b'])
  const batch = new Batch(5, [['x', column]])
  expect(compileExpression(parseExpression('upper(x) . "!"'), context)(batch)).toEqual({
    kind: 'dict',
    values: ['A!', 'B!'],
    codes: column.codes,
  })
  expect(
    compileExpression(parseExpression('if(x="a" AND len(x)=1, x . upper(x), x)'), context)(batch),
  ).toMatchObject({
    kind: 'plain',
    values: ['aA', 'b', 'aA', 'aA', 'b'],
  })
})

test('constants are computed before any row', () => {
  const column = compileExpression(parseExpression('upper("a") . (1 + 2)'), context)(new Batch(3, []))
  expect(column).toEqual(constant('A3'))
})

describe('what is wrong is refused with its place', () => {
  test.each([
    ['nosuchfunction(1)', 'unknown-function', 'nosuchfunction'],
    ['len("a") + strtfime(1, "%Y")', 'unknown-function', 'strtfime'],
    ['if(1==1, "a")', 'wrong-arity', 'if(1==1, "a")'],
    ['case(1==1, "a", 2==2)', 'wrong-arity', 'case(1==1, "a", 2==2)'],
    ['(a==b) + 1', 'boolean-result', 'a==b'],
    ['if("text", 1, 2)', 'bad-argument', '"text"'],
    ['x AND len(y)', 'bad-argument', 'len(y)'],
    ['mvfilter(a="x" OR b="y")', 'bad-argument', 'mvfilter(a="x" OR b="y")'],
    ['match(x, "(")', 'bad-regex', '('],
    ['cidrmatch("10.0.0.1/99", x)', 'bad-argument', 'cidrmatch("10.0.0.1/99", x)'],
    ['tostring(x, "roman")', 'bad-argument', 'tostring(x, "roman")'],
    ['tonumber("seven")', 'bad-argument', 'tonumber("seven")'],
    ['sum(1, "2")', 'bad-argument', '"2"'],
    ['replace(x, "a", "\\9")', 'bad-argument', 'replace(x, "a", "\\9")'],
  ])('%s', (expression, code, place) => {
    const diagnostic = refusal(expression)
    expect(diagnostic.code).toBe(code)
    expect(pointedAt(diagnostic)).toBe(place)
  })

  test('an unknown function suggests one, a wrong number of arguments names the parameters', () => {
    expect(refusal('strtfime(1, "%Y")').help).toBe('Did you mean "strftime"?')
    expect(refusal('if(1==1, "a")').message).toContain(
      'if(predicate, true_value, false_value) needs 3 arguments, found 2',
    )
  })
})

test('a field as a condition warns', () => {
  warnings.length = 0
  expect(result('case(x > 9, "big", true, "other")', { x: '1' })).toBeNull()
  expect(warnings).toMatchObject([{ code: 'suspicious', help: 'Write true().' }])
})

test('a bad regular expression in the rows warns and gives null', () => {
  warnings.length = 0
  expect(result('if(match("a", pattern), "yes", "no")', { pattern: '(' })).toBe('no')
  expect(warnings).toMatchObject([{ code: 'bad-regex', severity: 'warning' }])
})

describe('the form of a column does not matter', () => {
  const values = fc.constantFrom<Value>(
    undefined,
    'a',
    'A',
    'b',
    '5',
    '10',
    '1.5',
    '',
    ['a', 'b'],
    ['5', '7'],
    7,
    0.5,
  )
  const expressions = [
    'x',
    'x + y',
    'x . "-" . y',
    'x * 2 - y',
    'if(x > y, upper(x), len(y))',
    'case(x = "a", 1, y IN ("b", "10"), 2, isnull(x), 3)',
    'mvmap(x, x . y)',
    'mvfilter(x != "a")',
    'coalesce(x, y, "z")',
    'max(x, y)',
    'tostring(x = y)',
    'json_object("x", x, "y", y)',
  ].map((text) => parseExpression(text))
  const conditions = [
    'x = y',
    'x > 5 AND y != "a"',
    'NOT x = "a" OR y < x',
    'match(x, "^a") XOR isnull(y)',
  ].map((text) => parseExpression(text))
  const rows = fc.array(fc.record({ x: values, y: values }), { minLength: 1, maxLength: 12 })

  const columnsOf = (cells: readonly Value[]): Column[] => [
    plain(cells),
    dictOf(cells),
    ...(new Set(cells).size === 1 ? [constant(cells[0])] : []),
  ]
  const shown = (expression: Expression, batch: Batch): unknown[] =>
    valuesOf(compileExpression(expression, context)(batch), batch.length).map(
      (value) => displayValue(value) ?? null,
    )

  test('for values', () => {
    fc.assert(
      fc.property(rows, fc.constantFrom(...expressions), (table, expression) => {
        const expected = table.flatMap((row) => shown(expression, Batch.fromRows([row])))
        const xs = columnsOf(table.map(({ x }) => x))
        const ys = columnsOf(table.map(({ y }) => y))
        for (const x of xs) {
          for (const y of ys) {
            const batch = new Batch(table.length, [
              ['x', x],
              ['y', y],
            ])
            expect(shown(expression, batch)).toEqual(expected)
          }
        }
      }),
      { numRuns: 200 },
    )
  })

  test('for conditions, which hold exactly where their value is TRUE', () => {
    fc.assert(
      fc.property(rows, fc.constantFrom(...conditions), (table, condition) => {
        const batch = Batch.fromRows(table)
        const truth = valuesOf(compileExpression(condition, context)(batch), batch.length)
        expect([...compilePredicate(condition, context)(batch)]).toEqual(
          truth.map((value) => (value === true ? 1 : 0)),
        )
      }),
      { numRuns: 200 },
    )
  })
})

describe('hostile input', () => {
  const nasty = [
    '__proto__',
    '\u0000',
    '\ud800',
    '%s%n%9999999d',
    '((((',
    '{}[]',
    'constructor',
    '1e999',
    '-0',
    '日本',
    '٣',
  ]

  test('no function throws on odd values, except for what its own message says', () => {
    const anything = fc.oneof(
      fc.constantFrom<Value>(...nasty, undefined, 0, -1, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY),
      fc.string(),
      fc.double(),
      fc.array(fc.string(), { minLength: 2, maxLength: 4 }),
    )
    const fields = ['a', 'b', 'c', 'd']
    fc.assert(
      fc.property(
        fc.constantFrom(...functions),
        fc.tuple(anything, anything, anything, anything),
        (definition, cells) => {
          const needed = definition.parameters.filter(({ optional }) => !optional).length
          const args = definition.parameters
            .slice(0, Math.max(needed, 4))
            .map(({ type }, index) => (type === 'Boolean' ? 'a = b' : fields[index % 4]))
          const text = `${definition.name}(${definition.name === 'mvfilter' ? 'a = "x"' : args.join(', ')})`
          const row = Object.fromEntries(fields.map((field, index) => [field, cells[index]]))
          try {
            result(text, row)
          } catch (error) {
            if (!(error instanceof SearchError)) throw error
          }
        },
      ),
      { numRuns: 800 },
    )
  })
})
