import { describe, expect, test } from 'vitest'
import { SearchError } from '../../diagnostics/diagnostic.ts'
import { renderDiagnostic } from '../../diagnostics/render.ts'
import { locatedText } from '../../diagnostics/source.ts'
import type { MacroDefinition, Macros } from '../host.ts'
import { blankComments, expandMacros } from './expand.ts'

function macros(
  definitions: Readonly<Record<string, Partial<MacroDefinition> & { definition: string }>>,
): Macros {
  const byName = new Map(
    Object.entries(definitions).map(([name, rest]) => [name, { name, args: [], isEval: false, ...rest }]),
  )
  return { get: (name) => byName.get(name), names: () => byName.keys() }
}

const options = { evaluate: (expression: string) => (expression === '"ok"' ? 'ok' : expression !== 'false') }
const expand = (text: string, known: Macros, more = {}) =>
  expandMacros(locatedText({ name: 'search', text }), known, { ...options, ...more })

function errorOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof SearchError) return error.diagnostics.map(renderDiagnostic).join('\n')
    throw error
  }
  return 'no error'
}

const known = macros({
  win: { definition: 'source=a OR source=b' },
  quoting: { definition: 'source="a b" x=c:\\d' },
  window: { definition: '"-70m@m"' },
  outer: { definition: '(`win`) c=1' },
  'by(2)': { args: ['f', 'v'], definition: '$f$="$v$" $other$' },
  'field(1)': { args: ['b64in'], definition: '$b64in$_decode' },
  loop: { definition: 'x `loop`' },
  bomb: { definition: '`bomb2` `bomb2` `bomb2` `bomb2`' },
  bomb2: { definition: 'x'.repeat(1000) },
  computed: { definition: '"ok"', isEval: true },
  'checked(1)': { args: ['x'], definition: 'x', validation: '$x$', errorMessage: 'x must not be false' },
  noted: { definition: 'a=1 ```a `comment` | here``` b=2' },
})

describe('expandMacros', () => {
  const cases: readonly (readonly [text: string, expanded: string])[] = [
    ['`win` d=1', 'source=a OR source=b d=1'],
    ['`outer`', '(source=a OR source=b) c=1'],
    ['`by(x, "a b")`', 'x="a b" $other$'],
    ['`by("x,y", (a,b))`', 'x,y="(a,b)" $other$'],
    ['`field(p)`', 'p_decode'],
    ['`computed`', 'ok'],
    ['`checked(1)`', 'x'],
    ['map search="search `win`"', 'map search="search source=a OR source=b"'],
    ['map search="search `quoting`"', 'map search="search source=\\"a b\\" x=c:\\\\d"'],
    ['relative_time(now(), "`window`")', 'relative_time(now(), "-70m@m")'],
    ['x="a `literal` b"', 'x="a `literal` b"'],
    ['x IN (`win`)', 'x IN (source=a OR source=b)'],
  ]
  test.each(cases)('%s', (text, expanded) => {
    expect(expand(text, known).text).toBe(expanded)
  })

  test('an argument that holds a token is not replaced again', () => {
    expect(expand('`by($v$,x)`', known).text).toBe('$v$="x" $other$')
  })

  test('comments go, those in a macro too', () => {
    expect(expand('a ```comment with `win` | and "``` b', known).text).toMatch(/^a +b$/)
    expect(expand('`noted`', known).text).toMatch(/^a=1 +b=2$/)
  })

  test('tells which macros were used', () => {
    expect(expand('`outer`', known).macros.map(({ name }) => name)).toEqual(['outer', 'win'])
  })

  test('finds the place of expanded text in the macro and at its call', () => {
    const expanded = expand('d=1 `outer` e=2', known)
    const at = expanded.text.indexOf('source=b')
    const [place, inner, outer] = expanded.locate({ start: at, end: at + 8 })
    expect(place?.source.text.slice(place.span.start, place.span.end)).toBe('source=b')
    expect(place?.source.name).toBe('macro win')
    expect(inner?.source.name).toBe('macro outer')
    expect(outer?.source.name).toBe('search')
    const behind = expanded.text.indexOf('e=2')
    const [own, none] = expanded.locate({ start: behind, end: behind + 3 })
    expect(own?.span).toEqual({ start: 12, end: 15 })
    expect(none).toBeUndefined()
  })

  test('refuses unknown macros with a suggestion, at their place', () => {
    expect(errorOf(() => expand('a `wim`', known))).toMatchInlineSnapshot(`
      "error[unknown-macro]: Unknown macro "wim".
       --> search:1:3
      1 | a \`wim\`
        |   ^^^^^
      help: Did you mean "win"?"
    `)
  })

  test('refuses wrong argument counts, failed validations, lone backticks and endless recursion', () => {
    expect(errorOf(() => expand('`by(a)`', known))).toContain('Macro "by" does not take 1 argument.')
    expect(errorOf(() => expand('`checked(false)`', known))).toContain('x must not be false')
    expect(errorOf(() => expand('a ` b', known))).toContain('This backtick does not begin a macro call.')
    expect(errorOf(() => expand('`loop`', known))).toContain('it probably calls itself')
    expect(errorOf(() => expand('`bomb`', known, { maxLength: 2000 }))).toContain(
      'grows beyond 2000 characters',
    )
  })
})

test('blankComments keeps lengths, line breaks and quoted backticks', () => {
  expect(blankComments('a ```x\ny``` "```" b')).toBe('a     \n     "```" b')
  expect(blankComments('a ```never closed')).toBe(`a${' '.repeat(16)}`)
})
