// Allow-lists: findings that somebody has looked at and lets be, for a reason and until a day. A finding that fits an entry
// is left out or weighs less; every entry counts what it did, so that nothing is silenced unseen.

import * as z from 'zod'
import { parseCidr } from '../base/net/cidr.ts'
import { suggest } from '../base/suggest.ts'
import { parseCsv } from '../base/text/csv.ts'
import { compileWildcard } from '../base/text/wildcard.ts'
import { parseTimeBound } from '../base/time/relative.ts'
import type { Detection } from '../content/detection.ts'
import { line, lines, listOf, mapOf, optional, readAs, requiredLine } from '../content/schema.ts'
import { parseYamlFile } from '../content/yaml-file.ts'
import type { Finding, RiskObject } from '../detect/finding.ts'
import { severities } from '../detect/finding.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { severityOfScore } from './severity.ts'

/** What an entry allows, until when and why. */
export interface AllowEntry {
  /** Where it is, for people: `allow.csv, row 2`. */
  readonly origin: string
  /** Ids, names, or patterns of these; empty: every detection. */
  readonly detections: readonly string[]
  /** By field, values with `*`, and networks. */
  readonly where: ReadonlyMap<string, readonly string[]>
  /** As it is written; the entry counts to the end of a day that it names. */
  readonly until?: string
  /** Epoch seconds, exclusive. */
  readonly expires?: number
  readonly reason: string
  /** What the scores of findings are multiplied with; absent: the findings are left out. */
  readonly multiply?: number
}

/** An entry and what it did in a scan. */
export interface AllowUse {
  readonly entry: AllowEntry
  /** Its day has passed, so it had no effect; `findings` then counts those that it would have fitted. */
  readonly isExpired: boolean
  /** It names a detection, and none of those that ran has the name. */
  readonly fitsNoDetection: boolean
  readonly findings: number
}

/** What an entry does to findings, in words. */
export const allowEffect = ({ entry: { multiply }, isExpired }: AllowUse): string =>
  isExpired ? 'none: expired' : multiply === undefined ? 'left out' : `score × ${multiply}`

/** What becomes of a finding that fits an entry: it is left out, or stays in another form. */
export type Allowed =
  | { readonly kind: 'left out'; readonly entry: AllowEntry }
  | { readonly kind: 'lowered'; readonly entry: AllowEntry; readonly finding: Finding }

/** The entries of a user's lists, with their counts. */
export class AllowList {
  readonly #entries: readonly Compiled[]

  /** @param now epoch seconds: entries whose day has passed by then have no effect */
  constructor(entries: readonly AllowEntry[], now: number) {
    this.#entries = entries.map((entry) => compile(entry, now))
  }

  /** Decides about a finding; undefined when no entry fits. An entry that leaves it out wins, then the one that lowers most. */
  apply(finding: Finding): Allowed | undefined {
    const fitting = this.#entries.filter(({ fits }) => fits(finding))
    for (const one of fitting) if (one.isExpired) one.findings++
    const [chosen] = fitting
      .filter(({ isExpired }) => !isExpired)
      .sort((a, b) => (a.entry.multiply ?? -1) - (b.entry.multiply ?? -1))
    if (chosen === undefined) return undefined
    chosen.findings++
    const { entry } = chosen
    return entry.multiply === undefined
      ? { kind: 'left out', entry }
      : { kind: 'lowered', entry, finding: lowered(finding, entry, entry.multiply) }
  }

  /** What each entry did, in the order of the lists. @param detections those that ran */
  uses(detections: readonly Detection[]): readonly AllowUse[] {
    return this.#entries.map(({ entry, isExpired, findings, fitsDetection }) => ({
      entry,
      isExpired,
      findings,
      fitsNoDetection: entry.detections.length > 0 && !detections.some(fitsDetection),
    }))
  }
}

interface Compiled {
  readonly entry: AllowEntry
  readonly isExpired: boolean
  readonly fitsDetection: (detection: { readonly id: string; readonly name: string }) => boolean
  readonly fits: (finding: Finding) => boolean
  findings: number
}

function compile(entry: AllowEntry, now: number): Compiled {
  const names = entry.detections.map((pattern) => compileWildcard(pattern, { ignoreCase: true }))
  const conditions = [...entry.where].map(([field, values]) => ({ field, tests: values.map(valueTest) }))
  const fitsDetection: Compiled['fitsDetection'] = ({ id, name }) =>
    names.length === 0 || names.some((test) => test(id) || test(name))
  return {
    entry,
    isExpired: entry.expires !== undefined && entry.expires <= now,
    findings: 0,
    fitsDetection,
    // Every value has to be allowed: a row that stands for ten hosts is not harmless because one of them is.
    fits: (finding) =>
      fitsDetection(finding.detection) &&
      conditions.every(({ field, tests }) => {
        const values = valuesOf(finding, field)
        return values.length > 0 && values.every((value) => tests.some((test) => test(value)))
      }),
  }
}

function valueTest(pattern: string): (value: string) => boolean {
  const network = pattern.includes('/') ? parseCidr(pattern) : undefined
  const isLike = compileWildcard(pattern, { ignoreCase: true })
  return network === undefined ? isLike : (value) => isLike(value) || network.matches(value)
}

/** The values of a field of the row; `risk_object` and `threat_object` also stand for those of the finding. */
function valuesOf({ row, risk }: Finding, field: string): readonly string[] {
  const own = Object.hasOwn(row, field) ? row[field] : undefined
  if (own !== undefined) return typeof own === 'string' ? [own] : own
  if (field === 'risk_object') return risk.objects.map(({ object }) => object)
  if (field === 'threat_object') return risk.threat_objects.map(({ object }) => object)
  return []
}

/** The same finding with less weight: lower scores, and a severity that fits them. */
function lowered(finding: Finding, { origin, reason, until }: AllowEntry, multiply: number): Finding {
  const objects = finding.risk.objects.map(
    (object): RiskObject => ({
      ...object,
      score: Math.round(object.score * multiply * 100) / 100,
      base_score: object.known?.base_score ?? object.score,
    }),
  )
  const weight = severityOfScore(Math.max(0, ...objects.map(({ score }) => score)))
  const isLess = severities.indexOf(weight) < severities.indexOf(finding.severity)
  return {
    ...finding,
    severity: isLess && multiply < 1 ? weight : finding.severity,
    risk: { ...finding.risk, objects },
    allowed: { entry: origin, reason, multiply, ...(until === undefined ? {} : { until }) },
  }
}

/** What reading an allow-list gives. */
export type ReadAllowList =
  | { readonly ok: true; readonly entries: readonly AllowEntry[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

/** A file of an allow-list, as text. */
export interface AllowFile {
  readonly name: string
  readonly text: string
}

/** Columns of a CSV list. The last three are for people. */
const columns = [
  'detection', 'field', 'value', 'until', 'reason', 'multiply', 'owner', 'ticket', 'comment',
] as const // biome-ignore format: a list

/**
 * Reads an allow-list: CSV with a header, or YAML with a list `allow`. A key or column that is not known is refused, since
 * a misspelt `until` would allow for ever.
 *
 * @param zone  in which the days of `until` end
 */
export function readAllowList(file: AllowFile, zone: string): ReadAllowList {
  if (/\.ya?ml$/i.test(file.name)) return readYaml(file, zone)
  if (/\.csv$/i.test(file.name)) return readCsv(file, zone)
  return failed([`${file.name} is no allow-list: its name ends neither in .csv nor in .yml.`])
}

/** What both forms state of an entry. */
interface Stated {
  readonly origin: string
  readonly detections: readonly string[]
  readonly where: ReadonlyMap<string, readonly string[]>
  readonly until: string
  readonly reason: string
  readonly multiply: string
}

function readCsv({ name, text }: AllowFile, zone: string): ReadAllowList {
  const [header = [], ...rows] = parseCsv(text)
  const names = header.map((column) => column.trim().toLowerCase())
  const unknown = names.filter((column) => !columns.some((known) => known === column))
  const missing = names.includes('reason') ? [] : ['reason']
  if (unknown.length + missing.length > 0) {
    return failed([
      ...unknown.map((column) => {
        const [meant] = suggest(column, columns)
        return `${name}: unknown column "${column}". ${meant === undefined ? `There is: ${columns.join(', ')}.` : `Did you mean "${meant}"?`}`
      }),
      ...missing.map(
        (column) => `${name} has no column "${column}"; its first line is "${header.join(',')}".`,
      ),
    ])
  }
  return entriesOf(
    rows.map((cells, index) => {
      const cell = (column: string): string => (cells[names.indexOf(column)] ?? '').trim()
      const filled = (column: string): string[] => (cell(column) === '' ? [] : [cell(column)])
      return {
        origin: `${name}, row ${index + 1}`,
        detections: filled('detection'),
        where: new Map(
          cell('field') === '' && cell('value') === '' ? [] : [[cell('field'), filled('value')] as const],
        ),
        until: cell('until'),
        reason: cell('reason'),
        multiply: cell('multiply'),
      }
    }),
    zone,
  )
}

const fileSchema = mapOf({
  allow: listOf(
    mapOf({
      detection: lines.optional(),
      field: optional(line),
      value: lines.optional(),
      where: z.record(z.string(), lines, 'must be a map of fields and values').optional(),
      until: optional(line),
      reason: requiredLine,
      multiply: optional(line),
      owner: optional(line),
      ticket: optional(line),
      comment: optional(line),
    }),
  ),
})

function readYaml({ name, text }: AllowFile, zone: string): ReadAllowList {
  const { file, diagnostics } = parseYamlFile(name, text)
  if (file === undefined || diagnostics.length > 0) return { ok: false, diagnostics }
  const read = readAs(fileSchema, file, 'list of allowed findings', ({ allow }) =>
    allow.map(
      (entry, index): Stated => ({
        origin: `${name}, entry ${index + 1}`,
        detections: entry.detection ?? [],
        where: new Map([
          ...Object.entries(entry.where ?? {}),
          ...(entry.field === undefined && entry.value === undefined
            ? []
            : [[entry.field ?? '', entry.value ?? []] as const]),
        ]),
        until: entry.until ?? '',
        reason: entry.reason,
        multiply: entry.multiply ?? '',
      }),
    ),
  )
  if (!read.ok) return read
  if (read.unknownKeys.length > 0) {
    return {
      ok: false,
      diagnostics: read.unknownKeys.map(({ key, path, known }) => {
        const [meant] = suggest(String(path.at(-1)), known)
        return {
          code: 'bad-configuration',
          severity: 'error',
          message: `${name}: unknown key "${key}".`,
          labels: [file.keyLabel(path)],
          help: meant === undefined ? `There is: ${known.join(', ')}.` : `Did you mean "${meant}"?`,
        }
      }),
    }
  }
  return entriesOf(read.item, zone)
}

function entriesOf(stated: readonly Stated[], zone: string): ReadAllowList {
  const problems: string[] = []
  const entries = stated.map(({ origin, detections, where, until, reason, multiply }): AllowEntry => {
    const problem = (message: string): void => {
      problems.push(`${origin}: ${message}`)
    }
    if (reason === '') problem('"reason" is empty. Say why this is allowed, for whoever reads it next year.')
    if (detections.length === 0 && where.size === 0)
      problem('neither "detection" nor "field" and "value" are given, so it would allow everything.')
    for (const [field, values] of where) {
      if (field === '') problem('"value" has no "field".')
      else if (values.length === 0) problem(`the field "${field}" has no "value"; "*" is any.`)
    }
    const expires = until === '' ? undefined : endOf(until, zone)
    if (until !== '' && expires === undefined)
      problem(`"until" needs a day or time such as 2026-12-31 or 2026-12-31T18:00:00Z, found "${until}".`)
    if (multiply !== '' && !/^\d{1,3}(?:\.\d+)?$/.test(multiply))
      problem(`"multiply" needs a number from 0, found "${multiply}".`)
    return {
      origin,
      detections,
      where,
      reason,
      ...(until === '' ? {} : { until }),
      ...(expires === undefined ? {} : { expires }),
      ...(multiply === '' ? {} : { multiply: Number(multiply) }),
    }
  })
  return problems.length > 0 ? failed(problems) : { ok: true, entries }
}

/** The end of a day, or a time; undefined for what is neither. */
function endOf(text: string, zone: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}(?:$|[T ])/.test(text)) return undefined
  if (text.length > 10) return parseTimeBound(text, 0, zone)
  const day = Date.parse(`${text}T00:00:00Z`)
  return Number.isNaN(day)
    ? undefined
    : parseTimeBound(new Date(day + 86_400_000).toISOString().slice(0, 10), 0, zone)
}

const failed = (messages: readonly string[]): ReadAllowList => ({
  ok: false,
  diagnostics: messages.map((message) => ({
    code: 'bad-configuration',
    severity: 'error',
    message,
    labels: [],
  })),
})
