import { expect, test } from 'vitest'
import type { Detection } from '../content/detection.ts'
import { locatedText } from '../diagnostics/source.ts'
import { parseSearch } from '../spl/run/run.ts'
import { parseSearchTerms } from '../spl/syntax/parser.ts'
import { checkOverlap, implies } from './validate-overlap.ts'

const does = (a: string, b: string): boolean => implies(parseSearchTerms(a), parseSearchTerms(b))

test('what is certain about terms', () => {
  expect(does('a=1 b=2', 'a=1')).toBe(true)
  expect(does('a=1', 'a=1 b=2')).toBe(false)
  expect(does('a=1', 'a=1 OR b=2')).toBe(true)
  expect(does('a=1 OR b=2', 'a=1')).toBe(false)
  expect(does('a=x OR a=xy', 'a=x*')).toBe(true)
  expect(does('a="*xyz*"', 'a="*y*"')).toBe(true)
  expect(does('a="*y*"', 'a="*xyz*"')).toBe(false)
  expect(does('a IN (x, y)', 'a IN (y, x, z)')).toBe(true)
  expect(does('NOT a=x*', 'NOT a=xy')).toBe(true)
  expect(does('NOT a=xy', 'NOT a=x*')).toBe(false)
  expect(does('A=1', 'a=1')).toBe(false)
  expect(does('a>5', 'a>5')).toBe(true)
  expect(does('a>5', 'a>4')).toBe(false)
})

const macros = { get: () => undefined, names: () => [] }

/** Detections of these searches, named A, B, … */
function found(...searches: string[]): string[] {
  const all = searches.map((text, index) => {
    const name = String.fromCharCode(65 + index)
    const search = locatedText({ name, text })
    const detection = {
      id: name,
      name,
      path: `${name}.yml`,
      status: 'production',
      search,
    } as unknown as Detection
    return { detection, pipeline: parseSearch(search, macros, { now: 0, timeZone: 'UTC' }).pipeline }
  })
  return [...checkOverlap(all)].map(
    ({ code, detection, message }) => `${code} ${detection?.name}: ${message}`,
  )
}

const model = '| tstats fillnull_value=null count from datamodel=Endpoint.Processes where'

test('equal searches, apart from blanks, case and a filter that keeps everything', () => {
  expect(found('index=a  x=1 | stats count by y | search *', 'INDEX=a x=1 | stats count by y')).toEqual([])
  expect(found('index=a  x=1 | stats count by y | search *', 'index=a x=1 | stats count by y')).toEqual([
    'duplicate-search B: The search is that of "A" (A.yml).',
  ])
})

test('a narrower search is covered by a wider one of the same dataset', () => {
  const wide = `${model} Processes.process="*cmd*" by Processes.dest`
  const narrow = `${model} Processes.process="*cmd.exe /c*" Processes.user=x by Processes.dest`
  const covered = 'overlapping-search B: Everything that this detection finds, "A" (A.yml) finds as well.'
  expect(found(wide, narrow)).toEqual([covered])
  expect(found(wide, narrow.replace('Processes where', 'Registry where'))).toEqual([])
})

test('a threshold or a missing BY field leaves rows out, so nothing is certain', () => {
  const narrow = 'index=a x=1 y=2 | stats count by host'
  expect(found('index=a x=1 | stats count by host | where count>5', narrow)).toEqual([])
  expect(found('index=a x=1 | stats count by host user', narrow)).toEqual([])
  expect(found('index=a x=1 | stats count by host', narrow)).toHaveLength(1)
  expect(found('index=a x=1 | lookup t host | search found=1', narrow)).toEqual([])
})
