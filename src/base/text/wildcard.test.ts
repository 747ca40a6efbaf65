import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileWildcard, hasWildcard, substituteWildcards, wildcardCapture } from './wildcard.ts'

describe('compileWildcard', () => {
  const cases: readonly [pattern: string, text: string, matches: boolean][] = [
    ['cmd.exe', 'cmd.exe', true],
    ['cmd.exe', 'cmdXexe', false],
    ['cmd.exe', 'CMD.EXE', true],
    ['*', '', true],
    ['**', 'anything', true],
    ['cmd*', 'cmd.exe', true],
    ['*.exe', 'cmd.exe', true],
    ['*md.e*', 'cmd.exe', true],
    ['c*d.e*e', 'cmd.exe', true],
    ['ab*ba', 'aba', false],
    ['ab*ba', 'abba', true],
    ['*a*b*', 'xbxa', false],
    ['a*b*b', 'ab', false],
    ['*\\powershell.exe', 'C:\\Windows\\PowerShell.exe', true],
    ['a\\*b', 'a\\xyzb', true],
    ['a?b', 'axb', false],
    ['[a]*', '[a]line\nbreak', true],
    ['', '', true],
    ['', 'x', false],
  ]
  test.each(cases)('%j against %j is %s', (pattern, text, matches) => {
    expect(compileWildcard(pattern, { ignoreCase: true })(text)).toBe(matches)
  })

  test('minds case when told to', () => {
    for (const pattern of ['Cmd.exe', 'Cmd*', '*Cmd.exe', '*Cmd*', 'C*m*d.exe']) {
      expect(compileWildcard(pattern, { ignoreCase: false })('Cmd.exe')).toBe(true)
      expect(compileWildcard(pattern, { ignoreCase: false })('cmd.exe')).toBe(false)
    }
  })

  test('agrees with a regular expression on every small pattern', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'B', '*', '.', '\n'), maxLength: 8 })
    fc.assert(
      fc.property(letters, letters, fc.boolean(), (pattern, text, ignoreCase) => {
        const source = pattern.replaceAll('.', '\\.').replaceAll('*', '[^]*')
        const reference = new RegExp(`^${source}$`, ignoreCase ? 'i' : '')
        expect(compileWildcard(pattern, { ignoreCase })(text)).toBe(reference.test(text))
      }),
      { numRuns: 2000 },
    )
  })

  test('stays linear on patterns that make regular expressions backtrack', () => {
    const matches = compileWildcard(`${'*a'.repeat(50)}*b`, { ignoreCase: true })
    const start = performance.now()
    expect(matches('a'.repeat(200_000))).toBe(false)
    expect(performance.now() - start).toBeLessThan(1000)
  })
})

describe('capturing and filling wildcards', () => {
  test('a capture has one piece per star', () => {
    expect(wildcardCapture('a*', 'abc')).toEqual(['bc'])
    expect(wildcardCapture('*_*', 'src_ip_nat')).toEqual(['src', 'ip_nat'])
    expect(wildcardCapture('a*b*c', 'aXbYc')).toEqual(['X', 'Y'])
    expect(wildcardCapture('same', 'same')).toEqual([])
    expect(wildcardCapture('a*', 'b')).toBeUndefined()
    expect(wildcardCapture('a*a', 'a')).toBeUndefined()
    expect(wildcardCapture('A*', 'abc')).toBeUndefined()
  })

  test('filling the captured pattern gives the text back', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 })
    fc.assert(
      fc.property(letters, letters, (pattern, text) => {
        const pieces = wildcardCapture(pattern, text)
        expect(pieces !== undefined).toBe(compileWildcard(pattern, { ignoreCase: false })(text))
        if (pieces) expect(substituteWildcards(pattern, pieces)).toBe(text)
      }),
    )
  })

  test('a template takes pieces as they are, dollar signs included', () => {
    expect(substituteWildcards('t_*_*', ['$&', 'b'])).toBe('t_$&_b')
    expect(substituteWildcards('*', [])).toBe('')
  })

  test('hasWildcard looks for stars only', () => {
    expect(hasWildcard('a*')).toBe(true)
    expect(hasWildcard('a?%')).toBe(false)
  })
})
