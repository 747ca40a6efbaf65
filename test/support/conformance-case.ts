// Conformance cases as their files hold them, and the verdict on what a search gave. Format: docs/conformance.md

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { ConformanceCase, ConformanceResult } from '../../src/engine/conform.ts'

type Row = Readonly<Record<string, string | readonly string[]>>

/** A case with what it expects: rows, an error, or only to be accepted. */
export interface ExpectingCase extends ConformanceCase {
  readonly topic: string
  readonly expect?: readonly Row[]
  readonly ordered?: boolean
  /** Compare only these fields. */
  readonly fields?: readonly string[]
  /** Relative tolerance for numbers. */
  readonly approx?: number
  readonly json_fields?: readonly string[]
  readonly error?: string
  readonly parse_only?: boolean
  readonly source: string
  readonly confidence: 'high' | 'medium'
}

/** All cases of the files below a folder, with the file's name. */
export function readCases(
  folder: string,
): { readonly file: string; readonly cases: readonly ExpectingCase[] }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => ({
      file: name,
      cases: parse(readFileSync(join(folder, name), 'utf8')) as ExpectingCase[],
    }))
}

/** What is wrong with a result; undefined when it is as expected. */
export function complaint(test: ExpectingCase, result: ConformanceResult): string | undefined {
  if (test.parse_only === true) return 'error' in result ? `must parse, got: ${result.error}` : undefined
  if (test.error !== undefined) {
    if (!('error' in result)) return `wants an error, got ${result.rows.length} rows`
    const [, flags = '', pattern = ''] = /^(?:\(\?(\w+)\))?(.*)$/s.exec(test.error) ?? []
    return new RegExp(pattern, flags).test(result.error)
      ? undefined
      : `wants an error like ${test.error}, got: ${result.error}`
  }
  if ('error' in result) return `error: ${result.error}`
  const named = new Set([...(test.expect ?? []).flatMap((row) => Object.keys(row)), ...(test.fields ?? [])])
  const wanted = (test.expect ?? []).map((row) => picked(row, test, named))
  const given = result.rows.map((row) => picked(row, test, named))
  const left = [...given]
  const found = wanted.every((row, index) => {
    const place = test.ordered === true ? index : left.findIndex((other) => isSameRow(row, other, test))
    const other = test.ordered === true ? given[index] : left.splice(place < 0 ? left.length : place, 1)[0]
    return other !== undefined && isSameRow(row, other, test)
  })
  if (found && wanted.length === given.length) return undefined
  return `wants ${JSON.stringify(wanted.map(Object.fromEntries))}\n  got ${JSON.stringify(given.map(Object.fromEntries))}`
}

type Fields = ReadonlyMap<string, string | readonly string[]>

/** The fields that count. Internal ones do when they are named; an array of one is its value, an empty one is null. */
function picked(row: Row, { fields }: ExpectingCase, named: ReadonlySet<string>): Fields {
  const counts = (name: string): boolean =>
    fields === undefined ? !name.startsWith('_') || named.has(name) : fields.includes(name)
  return new Map(
    Object.entries(row).flatMap(([name, value]) => {
      const plain = Array.isArray(value) && value.length < 2 ? value[0] : value
      return plain === undefined || plain === null || !counts(name) ? [] : [[name, plain] as const]
    }),
  )
}

function isSameRow(wanted: Fields, given: Fields, test: ExpectingCase): boolean {
  if (wanted.size !== given.size) return false
  return [...wanted].every(([name, value]) => isSame(value, given.get(name), name, test))
}

function isSame(wanted: unknown, given: unknown, field: string, test: ExpectingCase): boolean {
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(given) &&
      wanted.length === given.length &&
      wanted.every((item, index) => isSame(item, given[index], field, test))
    )
  }
  if (wanted === given) return true
  if (typeof wanted !== 'string' || typeof given !== 'string') return false
  if (test.json_fields?.includes(field)) return isSameJson(wanted, given)
  if (test.approx === undefined) return false
  const [a, b] = [Number(wanted), Number(given)]
  return Math.abs(a - b) <= Math.max(test.approx * Math.max(Math.abs(a), Math.abs(b)), 1e-9)
}

function isSameJson(wanted: string, given: string): boolean {
  const canonical = (text: string): string =>
    JSON.stringify(JSON.parse(text), (_, value: unknown) =>
      value !== null && typeof value === 'object' && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value,
    )
  try {
    return canonical(wanted) === canonical(given)
  } catch {
    return false
  }
}
