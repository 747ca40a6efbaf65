import { expect, test } from 'vitest'
import { parseConf } from './conf-file.ts'
import { collectMacros, readMacros } from './macros.ts'

test('macros keep their arguments, definition and file', () => {
  const conf = parseConf(
    '[ctime(1)]\nargs = field\ndefinition = convert ctime($field$)\niseval = 0',
    'macros.conf',
    () => {},
  )
  expect(collectMacros(readMacros(conf, () => {})).get('ctime(1)')).toEqual({
    name: 'ctime(1)',
    args: ['field'],
    definition: 'convert ctime($field$)',
    isEval: false,
    origin: 'macros.conf',
  })
})

test('a macro with the wrong number of arguments is named and left out', () => {
  const said: string[] = []
  const conf = parseConf('[m(2)]\nargs = one\ndefinition = x', 'macros.conf', () => {})
  expect(readMacros(conf, (diagnostic) => said.push(diagnostic.message))).toEqual([])
  expect(said).toEqual(['The macro "m(2)" says it takes 2 arguments, its args name 1; it was left out.'])
})
