// Writes the pages that follow from the registries: docs/commands, docs/functions.md, docs/aggregates.md,
// docs/spl-coverage.md, which also tells the conformance cases that fail. With --check it writes nothing and fails when
// a page is not up to date.
//
//   npm run docs            npm run docs -- --check

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { diagnosticCodes } from '../src/diagnostics/codes.ts'
import { runConformanceCase } from '../src/engine/conform.ts'
import { openKarst } from '../src/engine/engine.ts'
import type { AnyCommand, Example } from '../src/spl/commands/command.ts'
import { commands, refusedCommands } from '../src/spl/commands/index.ts'
import type { EvalFunction } from '../src/spl/eval/function.ts'
import { functions } from '../src/spl/eval/functions/index.ts'
import { aggregates, refusedAggregates } from '../src/spl/stats/aggregates/index.ts'
import { complaint, readCases } from '../test/support/conformance-case.ts'

type Cell = string | readonly string[] | null | undefined

const docs = resolve(import.meta.dirname, '../docs')
const generated = '<!-- Written by `npm run docs` from the source. Do not edit. -->\n\n'

const escapeCell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
const code = (text: string): string => (text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``)
const tableRow = (cells: readonly string[]): string => `| ${cells.map(escapeCell).join(' | ')} |\n`
const table = (headings: readonly string[], rows: readonly (readonly string[])[]): string =>
  tableRow(headings) + tableRow(headings.map(() => '---')) + rows.map(tableRow).join('')
const shown = (value: Cell): string =>
  value === null || value === undefined ? '' : typeof value === 'string' ? value : value.join(', ')

function rowTable(rows: readonly Readonly<Record<string, string | readonly string[]>>[]): string {
  const names = [...new Set(rows.flatMap(Object.keys))]
  if (names.length === 0) return '(no rows)\n'
  return table(
    names,
    rows.map((row) => names.map((name) => shown(row[name]))),
  )
}

function example(item: Example): string {
  if (typeof item === 'string') return `\`\`\`spl\n${item}\n\`\`\`\n\n`
  const input = item.input === undefined ? '' : `over\n\n${rowTable(item.input)}\n`
  return `${item.note === undefined ? '' : `${item.note}\n\n`}\`\`\`spl\n${item.search}\n\`\`\`\n\n${input}gives\n\n${rowTable(item.output)}\n`
}

const missing = (command: AnyCommand): readonly string[] => command.missing ?? []

/** The end of a page: what the manual does not say. */
const leftOpenSection = (leftOpen: readonly string[] = []): string =>
  leftOpen.length === 0
    ? ''
    : `## Left open by the manual\n\n${leftOpen.map((item) => `- ${item}\n`).join('')}\n`

function commandPage(command: AnyCommand): string {
  const options = Object.entries(command.options ?? {})
  return [
    generated,
    `# ${command.name}\n\n${command.summary}\n\n`,
    `\`\`\`\n${command.syntax}\n\`\`\`\n\n`,
    `Type: ${command.type}.${command.aliases === undefined ? '' : ` Also called ${command.aliases.map(code).join(', ')}.`}\n\n`,
    options.length === 0
      ? ''
      : `## Options\n\n${table(
          ['option', 'what it does'],
          options.map(([name, text]) => [code(name), text]),
        )}\n`,
    missing(command).length === 0
      ? ''
      : `## Not supported\n\n${missing(command)
          .map((item) => `- ${item}\n`)
          .join('')}\nEach of these is refused with a message.\n\n`,
    leftOpenSection(command.leftOpen),
    `## Examples\n\n${command.examples.map(example).join('')}`,
  ]
    .join('')
    .trimEnd()
    .concat('\n')
}

const signature = ({ name, parameters }: EvalFunction): string =>
  `${name}(${parameters
    .map(({ name: parameter, optional, repeated }) => {
      const text = repeated === true ? `${parameter}, …` : parameter
      return optional === true ? `[${text}]` : text
    })
    .join(', ')})`

function functionsPage(): string {
  const categories = [...new Set(functions.map(({ category }) => category))].sort()
  const sections = categories.map((category) => {
    const members = functions.filter((candidate) => candidate.category === category)
    return `## ${category}\n\n${members.map(functionSection).join('')}`
  })
  return `${generated}# Eval functions\n\n${sections.join('')}`.trimEnd().concat('\n')
}

function functionSection(definition: EvalFunction): string {
  const examples = definition.examples.map(({ expression, fields, result }) => {
    const given = Object.entries(fields ?? {})
      .map(([name, value]) => `${name} = ${shown(value)}`)
      .join('; ')
    return [code(expression), given, result === null ? 'null' : code(shown(result))]
  })
  const aliases =
    definition.aliases === undefined ? '' : ` Also called ${definition.aliases.map(code).join(', ')}.`
  return `### ${code(signature(definition))}\n\n${definition.summary} Gives: ${definition.returns}.${aliases}\n\n${table(['example', 'with', 'result'], examples)}\n`
}

function aggregatesPage(): string {
  const rows = aggregates.map(({ syntax, aliases = [], summary, leftOpen = [] }) => [
    code(syntax),
    aliases.map(code).join(', '),
    summary,
    leftOpen.join(' '),
  ])
  return `${generated}# Aggregates of stats\n\n${table(['aggregate', 'also called', 'what it gives', 'left open by the manual'], rows)}`
}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name < b.name ? -1 : 1

/** How an option is supported: one that changes nothing here says so in its description. */
const optionCoverage = (description: string): string =>
  /\baccepted\b/i.test(description) ? 'accepted, without effect' : 'exact'

function optionsTable(): string {
  const rows = [...commands].sort(byName).flatMap((command) => {
    const options = Object.entries(command.options ?? {})
    const namesOf = (coverage: string): string =>
      options
        .filter(([, description]) => optionCoverage(description) === coverage)
        .map(([name]) => code(name))
        .join(' ')
    return options.length === 0
      ? []
      : [
          [
            `[${command.name}](commands/${command.name}.md)`,
            namesOf('exact'),
            namesOf('accepted, without effect'),
            missing(command).join('; '),
          ],
        ]
  })
  return table(['command', 'exact', 'accepted, without effect', 'refused'], rows)
}

function functionsTable(): string {
  const categories = [...new Set(functions.map(({ category }) => category))].sort()
  const rows = categories.map((category) => [
    category,
    functions
      .filter((candidate) => candidate.category === category)
      .flatMap(({ name, aliases = [] }) => [name, ...aliases])
      .map(code)
      .join(' '),
  ])
  return table(['category', 'exact'], rows)
}

function openTable(): string {
  const named = [
    ...[...commands].sort(byName).map(({ name, leftOpen = [] }) => ({ name, leftOpen })),
    ...aggregates.map(({ syntax, leftOpen = [] }) => ({ name: syntax, leftOpen })),
  ]
  return table(
    ['where', 'what is open, and what Karst does'],
    named.flatMap(({ name, leftOpen }) => leftOpen.map((item) => [name, item])),
  )
}

/** Runs the conformance cases of the project and lists those that fail, with the documentation that says otherwise. */
async function failingCases(): Promise<string> {
  const { dataModels } = (await openKarst()).knowledge
  const rows: string[][] = []
  for (const { file, cases } of readCases(resolve(import.meta.dirname, '../test/conformance'))) {
    for (const item of cases) {
      const wrong = complaint(item, await runConformanceCase(item, { dataModels }))
      if (wrong !== undefined) rows.push([code(item.id), file, item.source, wrong])
    }
  }
  return rows.length === 0
    ? 'None: every case of [test/conformance](../test/conformance) gives what the documentation says.\n'
    : table(['case', 'file', 'contradicts', 'what is wrong'], rows)
}

async function coveragePage(): Promise<string> {
  const rows = [...commands]
    .sort(byName)
    .map((command) => [
      `[${command.name}](commands/${command.name}.md)`,
      missing(command).length === 0 ? 'exact' : 'partial',
      missing(command).join('; '),
    ])
  const refused = [...refusedCommands]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, reason]) => [name, reason])
  const aggregateRows = [
    ['exact', aggregates.map(({ syntax }) => code(syntax)).join(' ')],
    ...[...refusedAggregates].map(([name, reason]) => [`refused: ${reason}`, code(name)]),
  ]
  return [
    generated,
    '# What of SPL is supported\n\n',
    'Measured against Splunk’s Search Reference. “Exact” means every form and option that it documents; “partial” names what is missing. What is missing is refused by name when a search uses it; nothing is guessed or ignored. Where the manual leaves something open, the list below says what Karst does.\n\n',
    `## Commands\n\n${table(['command', 'coverage', 'missing'], rows)}\n`,
    `## Options\n\n${optionsTable()}\n`,
    `## Commands that are refused\n\n${table(['command', 'why'], refused)}\n`,
    `## Eval functions\n\nWhat each does: [functions.md](functions.md). None that the Search Reference lists is missing.\n\n${functionsTable()}\n`,
    `## Aggregates\n\nWhat each does: [aggregates.md](aggregates.md).\n\n${table(['coverage', 'aggregates'], aggregateRows)}\n`,
    `## Left open by the manual\n\n${openTable()}\n`,
    `## Failing conformance cases\n\n${await failingCases()}\n`,
    `## Messages\n\n${table(
      ['code', 'meaning'],
      Object.entries(diagnosticCodes).map(([name, meaning]) => [code(name), meaning]),
    )}`,
  ].join('')
}

async function pages(): Promise<Map<string, string>> {
  return new Map([
    ...commands.map((command) => [join('commands', `${command.name}.md`), commandPage(command)] as const),
    ['functions.md', functionsPage()],
    ['aggregates.md', aggregatesPage()],
    ['spl-coverage.md', await coveragePage()],
  ])
}

const isCheck = process.argv.includes('--check')
const wanted = await pages()
const folder = join(docs, 'commands')
mkdirSync(folder, { recursive: true })
const stale = readdirSync(folder).filter((name) => !wanted.has(join('commands', name)))
const changed = [...wanted].filter(
  ([name, text]) => !existsSync(join(docs, name)) || readFileSync(join(docs, name), 'utf8') !== text,
)

if (isCheck && stale.length + changed.length > 0) {
  console.error(
    `Not up to date: ${[...stale, ...changed.map(([name]) => name)].join(', ')}. Run "npm run docs".`,
  )
  process.exitCode = 1
} else if (!isCheck) {
  for (const name of stale) rmSync(join(folder, name))
  for (const [name, text] of changed) writeFileSync(join(docs, name), text)
  console.log(`${wanted.size} pages, ${changed.length} written, ${stale.length} removed`)
} else console.log(`${wanted.size} pages are up to date`)
