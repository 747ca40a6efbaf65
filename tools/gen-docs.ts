// Writes the pages that follow from the registries: docs/commands, docs/functions.md, docs/aggregates.md,
// docs/spl-coverage.md. With --check it writes nothing and fails when a page is not up to date.
//
//   npm run docs            npm run docs -- --check

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { diagnosticCodes } from '../src/diagnostics/codes.ts'
import type { AnyCommand, Example } from '../src/spl/commands/command.ts'
import { commands, refusedCommands } from '../src/spl/commands/index.ts'
import type { EvalFunction } from '../src/spl/eval/function.ts'
import { functions } from '../src/spl/eval/functions/index.ts'
import { aggregates } from '../src/spl/stats/aggregates/index.ts'

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
  const rows = aggregates.map(({ syntax, aliases = [], summary }) => [
    code(syntax),
    aliases.map(code).join(', '),
    summary,
  ])
  return `${generated}# Aggregates of stats\n\n${table(['aggregate', 'also called', 'what it gives'], rows)}`
}

function coveragePage(): string {
  const sorted = [...commands].sort((a, b) => (a.name < b.name ? -1 : 1))
  const rows = sorted.map((command) => [
    `[${command.name}](commands/${command.name}.md)`,
    missing(command).length === 0 ? 'whole' : 'partial',
    missing(command).join('; '),
  ])
  const refused = [...refusedCommands]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, reason]) => [name, reason])
  return [
    generated,
    '# What of SPL is supported\n\n',
    '“Whole” means every option that the Search Reference documents. What is missing is refused by name when a search uses it; nothing is guessed or ignored.\n\n',
    `## Commands\n\n${table(['command', 'coverage', 'missing'], rows)}\n`,
    `## Commands that are refused\n\n${table(['command', 'why'], refused)}\n`,
    `## Functions and aggregates\n\n${functions.length} eval functions ([functions.md](functions.md)) and ${aggregates.length} aggregates ([aggregates.md](aggregates.md)).\n\n`,
    `## Messages\n\n${table(
      ['code', 'meaning'],
      Object.entries(diagnosticCodes).map(([name, meaning]) => [code(name), meaning]),
    )}`,
  ].join('')
}

function pages(): Map<string, string> {
  return new Map([
    ...commands.map((command) => [join('commands', `${command.name}.md`), commandPage(command)] as const),
    ['functions.md', functionsPage()],
    ['aggregates.md', aggregatesPage()],
    ['spl-coverage.md', coveragePage()],
  ])
}

const isCheck = process.argv.includes('--check')
const wanted = pages()
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
