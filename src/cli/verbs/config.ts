// karst config: prints every setting with its value and where it comes from.

import { settingNames, settings } from '../../config/config.ts'
import type { Origin } from '../../config/load.ts'
import { printable } from '../../diagnostics/render.ts'
import { drawTable } from '../../output/terminal/table.ts'
import { UsageError } from '../options.ts'
import { defineVerb } from '../verb.ts'

export const config = defineVerb({
  name: 'config',
  usage: 'config',
  summary: 'prints every setting with its value and where it comes from',
  options: [
    'content',
    'app',
    'filters',
    'lookup',
    'macro',
    'geoip',
    'assets',
    'identities',
    'risk-factors',
    'allow',
    'tz',
    'index',
    'xml-escaped',
    'limit',
  ],
  examples: [
    'karst config',
    'KARST_LIMITS_MAX_ROWS=5_000_000 karst config',
    'karst config --limit subsearch.maxout=50000',
  ],
  async run({ positionals, config: { values, origins, file }, terminal }) {
    if (positionals.length > 0) throw new UsageError('karst config takes no arguments.')
    terminal.print(
      `file: ${file === undefined ? 'none; the nearest karst.yaml would be read' : printable(file)}\n`,
    )
    const rows = settingNames.map((name) => [
      name,
      shown(values[name]),
      where(origins.get(name)),
      settings[name].help,
    ])
    const columns = terminal.isTerminal ? terminal.columns : 400
    for (const line of drawTable(['setting', 'value', 'from', 'what it is'], rows, { columns }))
      terminal.print(line)
    return 0
  },
})

function shown(value: unknown): string {
  if (value === undefined) return '-'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function where(origin: Origin | undefined): string {
  switch (origin?.kind) {
    case undefined:
    case 'default':
      return 'default'
    case 'file':
      return `line ${origin.line}`
    case 'environment':
    case 'option':
      return origin.name
  }
}
