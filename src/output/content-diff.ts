// What two versions of content find differently, in the formats of people and programs.

import type { Finding } from '../detect/finding.ts'
import { plural } from './html/format.ts'
import { section } from './markdown.ts'
import { drawTable } from './terminal/table.ts'

export const diffFormats = ['table', 'ndjson', 'json', 'markdown'] as const
export type DiffFormat = (typeof diffFormats)[number]

interface Compared {
  readonly id: string
  readonly name: string
  readonly oldVersion?: number
  readonly newVersion?: number
}

export interface ShownFindingChange extends Compared {
  readonly change: 'gained' | 'lost' | 'changed'
  readonly old?: Finding
  readonly new?: Finding
  readonly differences: readonly { readonly field: string; readonly old: string; readonly new: string }[]
}

export interface ShownDetectionChange extends Compared {
  readonly change: 'added' | 'removed' | 'changed'
  readonly isSearchChanged: boolean
  readonly oldStatus?: string
  readonly newStatus?: string
  readonly reason?: string
}

export interface ShownDiff {
  readonly findings: readonly ShownFindingChange[]
  readonly detections: readonly ShownDetectionChange[]
  readonly unchanged: number
}

/** Draws a comparison. */
export function renderDiff(
  format: DiffFormat,
  diff: ShownDiff,
  options: { columns: number; program: string },
): string {
  switch (format) {
    case 'table':
      return diffTables(diff, options.columns)
    case 'ndjson':
      return plainLines(diff)
        .map((line) => `${JSON.stringify(line)}\n`)
        .join('')
    case 'json':
      return `${JSON.stringify(plainLines(diff), undefined, 2)}\n`
    case 'markdown':
      return diffMarkdown(diff, options.program)
  }
}

/** The lines of `-o ndjson`. Names are a public contract. */
function plainLines({ findings, detections }: ShownDiff): object[] {
  const compared = ({ id, name, oldVersion, newVersion }: Compared): object => ({
    id,
    name,
    ...(oldVersion === undefined ? {} : { old_version: oldVersion }),
    ...(newVersion === undefined ? {} : { new_version: newVersion }),
  })
  return [
    ...detections.map((change) => ({
      kind: 'detection',
      change: change.change,
      detection: compared(change),
      search_changed: change.isSearchChanged,
      ...(change.oldStatus === undefined ? {} : { old_status: change.oldStatus }),
      ...(change.newStatus === undefined ? {} : { new_status: change.newStatus }),
      ...(change.reason === undefined ? {} : { reason: change.reason }),
    })),
    ...findings.map((change) => ({
      kind: 'finding',
      change: change.change,
      detection: compared(change),
      ...(change.differences.length === 0 ? {} : { differences: change.differences }),
      ...(change.old === undefined ? {} : { old: change.old }),
      ...(change.new === undefined ? {} : { new: change.new }),
    })),
  ]
}

const findingHeadings = ['change', 'detection', 'time', 'objects', 'what'] as const
const detectionHeadings = ['change', 'detection', 'what'] as const

function findingCells(change: ShownFindingChange): string[] {
  const { time = '', risk } = (change.new ?? change.old)!
  const what =
    change.differences.length === 0
      ? risk.message
      : change.differences
          .map(({ field, old, new: fresh }) => `${field}: ${quoted(old)} → ${quoted(fresh)}`)
          .join('; ')
  const objects = risk.objects.map(({ object }) => object).join(', ')
  return [change.change, label(change), time.replace(/\.000Z$/, 'Z'), objects, what]
}

function detectionCells(change: ShownDetectionChange): string[] {
  const parts = [
    ...(change.isSearchChanged ? ['other search'] : []),
    ...(change.oldStatus !== undefined &&
    change.newStatus !== undefined &&
    change.oldStatus !== change.newStatus
      ? [`${change.oldStatus} → ${change.newStatus}`]
      : []),
    ...(change.newStatus !== undefined && change.newStatus !== 'ran'
      ? [change.reason?.split('\n')[0] ?? '']
      : []),
  ]
  return [change.change, label(change), parts.join('; ')]
}

const quoted = (text: string): string =>
  text === '' ? '(none)' : `"${text.length > 80 ? `${text.slice(0, 79)}…` : text}"`

function label({ name, oldVersion, newVersion }: Compared): string {
  if (oldVersion === undefined || newVersion === undefined || oldVersion === newVersion)
    return `${name} v${newVersion ?? oldVersion}`
  return `${name} v${oldVersion} → v${newVersion}`
}

const counted = ({ findings, unchanged }: ShownDiff): string => {
  const of = (change: ShownFindingChange['change']): number =>
    findings.filter((one) => one.change === change).length
  return `${plural(of('gained'), 'finding')} gained, ${of('lost')} lost, ${of('changed')} changed, ${unchanged} the same`
}

function diffTables(diff: ShownDiff, columns: number): string {
  const { findings, detections } = diff
  const tables = [
    ...(detections.length === 0
      ? []
      : [drawTable(detectionHeadings, detections.map(detectionCells), { columns })]),
    ...(findings.length === 0 ? [] : [drawTable(findingHeadings, findings.map(findingCells), { columns })]),
    [`${counted(diff)}.`],
  ]
  return `${tables.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function diffMarkdown(diff: ShownDiff, program: string): string {
  const { findings, detections } = diff
  const of = (change: ShownFindingChange['change']): string[][] =>
    findings.filter((one) => one.change === change).map((one) => findingCells(one).slice(1))
  const headings = findingHeadings.slice(1)
  return [
    '# What the content finds differently',
    `${counted(diff)}. ${plural(detections.length, 'detection')} differ. Made by ${program}.`,
    ...section('Findings gained', headings, of('gained')),
    ...section('Findings lost', headings, of('lost')),
    ...section('Findings changed', headings, of('changed')),
    ...section('Detections', detectionHeadings, detections.map(detectionCells)),
  ]
    .join('\n\n')
    .concat('\n')
}
