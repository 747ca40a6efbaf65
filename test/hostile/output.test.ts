// Values that would command a terminal or run in a spreadsheet.

import { expect, test } from 'vitest'
import { evidenceSummary } from '../../src/cli/evidence-summary.ts'
import { printableLines, renderDiagnostic } from '../../src/diagnostics/render.ts'
import { rowWriter } from '../../src/output/rows.ts'
import { drawTable, mostTableRows } from '../../src/output/terminal/table.ts'
import { EvidenceReport } from '../../src/source/read-evidence.ts'

const escapes = [
  '\u001b]8;;http://evil/\u0007click\u001b]8;;\u0007',
  '\u001b]52;c;cm0gLXJmIC8=\u0007',
  '\u001b[2J\u001b[H',
  '\u009b31m',
  '\rover',
  'a\bb',
  '\u202egpj.exe',
  '\u2066x\u2069',
  '\u061c',
  'a\u2028b',
]
/** What no terminal may get from us but line breaks. */
const dangerous = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/

function written(format: Parameters<typeof rowWriter>[0], rows: readonly Record<string, string>[]): string {
  let text = ''
  const writer = rowWriter(
    format,
    (part) => {
      text += part
    },
    100,
  )
  for (const row of rows) writer.row(row, Object.keys(row))
  writer.end()
  return text
}

test.each(escapes)('a table shows %j harmlessly, in cells and headings', (text) => {
  const lines = drawTable([text], [[text], [`a${text}b`]], { columns: 80 })
  expect(lines.join('\n')).not.toMatch(dangerous)
  expect(written('table', [{ [text]: text }])).not.toMatch(dangerous)
})

test.each(escapes)('messages show %j harmlessly, in names, reasons and quoted text', (text) => {
  const report = new EvidenceReport()
  report.add({
    name: text, status: 'unreadable', reason: text, events: 0, bytes: 0, lostEvents: 0,
    damages: [{ position: text, reason: text, lostEvents: 1 }], damageCount: 1,
  }) // biome-ignore format: a record
  expect(evidenceSummary(report, true).map(printableLines).join('\n')).not.toMatch(dangerous)
  const source = { name: text, text: `a ${text} b` }
  const label = { source, span: { start: 0, end: 3 }, text, primary: true }
  const diagnostic = {
    code: 'syntax',
    severity: 'error',
    message: text,
    labels: [label],
    help: text,
  } as const
  expect(renderDiagnostic(diagnostic)).not.toMatch(dangerous)
})

test('NDJSON and JSON keep every character', () => {
  const rows = escapes.map((text) => ({ a: text, b: '=1+1' }))
  expect(
    written('ndjson', rows)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual(rows)
  expect(JSON.parse(written('json', rows))).toEqual(rows)
})

test('a cell of megabytes of blanks is drawn at once', () => {
  const start = performance.now()
  const [, , line] = drawTable(['a', 'b'], [[' '.repeat(5_000_000), 'x'.repeat(5_000_000)]], { columns: 80 })
  expect(performance.now() - start).toBeLessThan(500)
  expect(line!.length).toBeLessThanOrEqual(80)
})

test('a table of more rows than anybody reads says how many are left', () => {
  let text = ''
  const writer = rowWriter(
    'table',
    (part) => {
      text += part
    },
    80,
  )
  for (let n = 0; n < mostTableRows + 5; n++) writer.row({ n: 'x' }, ['n'])
  writer.end()
  expect(text.split('\n').at(-2)).toBe('… and 5 more rows; -o ndjson gives them all')
})

test.each([
  ["=cmd|' /C calc'!A0", `'=cmd|' /C calc'!A0`],
  ['+1+2', "'+1+2"],
  ['-2+3+cmd', "'-2+3+cmd"],
  ['@SUM(1)', "'@SUM(1)"],
  ['=A1,B1', `"'=A1,B1"`],
  ['\t=1', `"'\t=1"`],
  [' =1', `' =1`],
  ['＝1', "'＝1"],
])('CSV for spreadsheets writes %j as text', (value, cell) => {
  expect(written('csv', [{ a: value }])).toBe(`a\n${cell}\n`)
  expect(written('csv', [{ [value]: 'x' }])).toBe(`${cell}\nx\n`)
})

test.each(['-5', '+3.5', '-1e3', '-', 'a=b', "o'hara", ''])(
  'CSV leaves %j alone or makes it harmless text',
  (value) => {
    const guarded = value === '-' ? "'-" : value
    expect(written('csv', [{ a: value, b: '1' }])).toBe(`a,b\n${guarded},1\n`)
  },
)

test('csv-verbatim keeps values as they are', () => {
  expect(written('csv-verbatim', [{ a: '=1+1', b: '-x' }])).toBe('a,b\n=1+1,-x\n')
})
