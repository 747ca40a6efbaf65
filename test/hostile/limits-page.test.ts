// docs/limits.md says what the code does.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { settingNames, settings } from '../../src/config/config.ts'
import { maxFiles } from '../../src/content/load.ts'
import { maxContentBytes } from '../../src/content/yaml-file.ts'
import { MAX_TEMPLATE_DEPTH } from '../../src/decode/evtx/limits.ts'
import { maxJsonDepth } from '../../src/decode/json/value-scanner.ts'
import { mostTableRows } from '../../src/output/terminal/table.ts'
import { mostValues } from '../../src/spl/eval/functions/mvrange.ts'
import { deepestMacro, longestSearch, mostMacroCalls } from '../../src/spl/macros/expand.ts'
import { deepest, mostOperators } from '../../src/spl/syntax/expression-parser.ts'
import { deepestSubsearch, mostCommands } from '../../src/spl/syntax/parser.ts'

const page = readFileSync(new URL('../../docs/limits.md', import.meta.url), 'utf8')
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) => line.split('|').map((cell) => cell.trim()))

test('every limit that can be set is listed with its default', () => {
  const listed = rows.flatMap(([, name = '', value]) =>
    /^`limits\./.test(name) ? [[name.slice(1, -1), value]] : [],
  )
  const names = settingNames.filter((name) => name.startsWith('limits.'))
  expect(listed).toEqual(names.map((name) => [name, String(settings[name].default)]))
})

test('the fixed limits are those of the code', () => {
  const listed = rows.flatMap(([, , value = '']) => (/^\d+$/.test(value) ? [Number(value)] : []))
  const settable = settingNames.filter((name) => name.startsWith('limits.')).length
  expect(listed.slice(settable)).toEqual([
    mostCommands, deepestSubsearch, deepest, mostOperators, deepestMacro, mostMacroCalls, longestSearch, mostValues,
    maxJsonDepth, MAX_TEMPLATE_DEPTH, maxContentBytes, maxFiles, mostTableRows,
  ]) // biome-ignore format: a list
})
