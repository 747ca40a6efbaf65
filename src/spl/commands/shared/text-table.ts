// Reads tables that are laid out as text: the output of ps, netstat and the like. For multikv.
// Search Reference: multikv. It tells what the columns of a table follow from, not each rule; where a row leaves a
// choice, it is counted, so that the command can say so.

import { splitAt } from '../../../base/text/key-value.ts'

export interface TextTableOptions {
  /** The number of the header's line, from 1, empty lines not counted; `none`: columns are Column_1, Column_2, … */
  readonly header: number | 'auto' | 'none'
  /** Whether a further header may follow after an empty line. */
  readonly multitable: boolean
}

export interface TextTableRow {
  /** The line as it is. */
  readonly line: string
  /** Cells by the names of the header; empty ones are left out. */
  readonly cells: readonly (readonly [name: string, text: string])[]
  /** Whether the words of the line could be shared out among the columns in more than one way. */
  readonly isUncertain: boolean
}

/** A word and where it stands in its line. */
interface Word {
  readonly text: string
  readonly start: number
  readonly end: number
}

interface Header {
  readonly columns: readonly Word[]
  /** Undefined: blanks stand between cells. */
  readonly delimiter: string | undefined
}

interface Line {
  readonly text: string
  readonly followsBlank: boolean
}

/** The rows of the tables in a text; undefined when no line is a header. */
export function readTextTable(
  text: string,
  { header: wanted, multitable }: TextTableOptions,
): TextTableRow[] | undefined {
  const lines = filledLines(text)
  const start = wanted === 'auto' ? findHeader(lines) : wanted === 'none' ? 0 : wanted - 1
  const first = lines[start]
  if (first === undefined) return undefined
  const rows: TextTableRow[] = []
  let header = readHeader(first.text)
  if (wanted === 'none') header = numbered(header)
  let body: string[] = []
  for (const line of lines.slice(wanted === 'none' ? 0 : start + 1)) {
    if (isRule(line.text)) continue
    if (multitable && wanted !== 'none' && line.followsBlank && isCapitalized(line.text)) {
      rows.push(...readRows(body, header))
      header = readHeader(line.text)
      body = []
    } else body.push(line.text)
  }
  return [...rows, ...readRows(body, header)]
}

function filledLines(text: string): Line[] {
  const lines: Line[] = []
  let followsBlank = false
  for (const line of text.split(/\r?\n/)) {
    const isBlank = line.trim() === ''
    if (!isBlank) lines.push({ text: line, followsBlank })
    followsBlank = isBlank
  }
  return lines
}

/** A line such as `-----  ----` under a header. */
const isRule = (line: string): boolean => /^[\s=+|_*-]+$/.test(line)

/** Rows of text are headers rather than others, and of those the ones in capitals or capitalized. */
function findHeader(lines: readonly Line[]): number {
  const last = lines.length - 1
  const capitalized = lines.findIndex(({ text }, index) => index < last && isCapitalized(text))
  if (capitalized >= 0) return capitalized
  const words = lines.findIndex(
    ({ text }, index) => index < last && isWords(text) && !isWords(lines[index + 1]!.text),
  )
  return words >= 0 ? words : lines.length
}

/** Whether a line has at least two cells and all of them begin with a letter or a sign such as `%`. */
function isWords(line: string): boolean {
  const { columns } = readHeader(line)
  return columns.length > 1 && columns.every(({ text }) => /^[%#]?\p{L}/u.test(text))
}

const isCapitalized = (line: string): boolean =>
  isWords(line) && readHeader(line).columns.every(({ text }) => /^[%#]?\p{Lu}/u.test(text))

function readHeader(line: string): Header {
  const delimiter = ['\t', ','].find((mark) => line.includes(mark))
  if (delimiter === undefined) return { columns: wordsOf(line), delimiter }
  const columns = splitAt(line, delimiter).map((cell) => ({ text: cell.trim(), start: 0, end: 0 }))
  return { columns, delimiter }
}

const numbered = ({ columns, delimiter }: Header): Header => ({
  columns: columns.map((column, index) => ({ ...column, text: `Column_${index + 1}` })),
  delimiter,
})

const wordsOf = (line: string): Word[] =>
  [...line.matchAll(/\S+/g)].map(({ 0: text, index }) => ({ text, start: index, end: index + text.length }))

function readRows(lines: readonly string[], header: Header): TextTableRow[] {
  const { columns, delimiter } = header
  const row = (line: string, texts: readonly (string | undefined)[], isUncertain: boolean): TextTableRow => ({
    line,
    cells: columns.flatMap(({ text: name }, index) => (texts[index] ? [[name, texts[index]] as const] : [])),
    isUncertain,
  })
  if (delimiter !== undefined) {
    return lines.map((line) => {
      const cells = splitAt(line, delimiter)
      return row(line, withRest(cells, columns.length, delimiter), cells.length < columns.length)
    })
  }
  const words = lines.map(wordsOf)
  const isInOrder = words.map((found) => found.length === columns.length)
  const standsUnderNames = words.map((found, index) => isInOrder[index] && isUnder(found, columns))
  const aligned = standsUnderNames.filter(Boolean).length
  // Names with wider gaps promise columns; lines with a word for each name show whether that is kept.
  const isLaidOut = columns.some(({ end }, index) => (columns[index + 1]?.start ?? 0) > end + 1)
  const isAligned =
    isLaidOut && (!isInOrder.includes(true) || aligned * 2 >= isInOrder.filter(Boolean).length)
  return lines.map((line, index) => {
    const own = words[index]!
    if (standsUnderNames[index] || (isInOrder[index] && !isAligned))
      return row(line, inOrder(line, own, columns), false)
    const texts = isAligned ? byAlignment(line, own, columns) : undefined
    if (texts !== undefined) return row(line, texts, false)
    return row(line, inOrder(line, own, columns), isAligned || own.length < columns.length)
  })
}

/** Whether each word stands under the name of its column. */
const isUnder = (words: readonly Word[], columns: readonly Word[]): boolean =>
  words.every(({ start, end }, index) => start < columns[index]!.end && end > columns[index]!.start)

/** What is too much belongs to the last column: the command line in the output of ps. */
function inOrder(line: string, words: readonly Word[], columns: readonly Word[]): string[] {
  const last = columns.length - 1
  const texts = words.slice(0, last).map(({ text }) => text)
  const start = words[last]?.start
  return start === undefined ? texts : [...texts, line.slice(start).trimEnd()]
}

/** The first cells, and the others as part of the last. */
function withRest(cells: readonly string[], count: number, delimiter: string): string[] {
  const own = cells.slice(0, count - 1)
  const rest = cells.slice(count - 1)
  return [...own, rest.join(delimiter)].map((cell) => cell.trim())
}

/** Gives each word to the column under whose name it stands; undefined when that is not clear for one of them. */
function byAlignment(
  line: string,
  words: readonly Word[],
  columns: readonly Word[],
): (string | undefined)[] | undefined {
  const owners: number[] = []
  for (const [index, word] of words.entries()) {
    const owner = ownerOf(word, words[index - 1], owners.at(-1), columns)
    // Columns follow each other as their words do.
    if (owner === undefined || owner < (owners.at(-1) ?? 0)) return undefined
    owners.push(owner)
  }
  return columns.map((_, column) => {
    const first = words[owners.indexOf(column)]
    const last = words[owners.lastIndexOf(column)]
    return first === undefined || last === undefined ? undefined : line.slice(first.start, last.end)
  })
}

function ownerOf(
  word: Word,
  before: Word | undefined,
  ownerBefore: number | undefined,
  columns: readonly Word[],
): number | undefined {
  const under = columns.flatMap(({ start, end }, index) =>
    word.start < end && word.end > start ? [index] : [],
  )
  if (under.length === 1) return under[0]
  if (under.length > 1) {
    const edges = under.filter((index) => {
      const { start, end } = columns[index]!
      return start === word.start || end === word.end
    })
    return edges.length === 1 ? edges[0] : undefined
  }
  // Under no name: the further words of a text, or what the last column has more.
  const last = columns.length - 1
  if (word.start >= columns[last]!.start) return last
  return before !== undefined && word.start === before.end + 1 ? ownerBefore : undefined
}
