// Findings seen by entity: who took how much risk, from what and when. The report, the table and Markdown show it.

import type { Finding, KnownEntity, RiskObject, Severity } from '../detect/finding.ts'
import { severities } from '../detect/finding.ts'
import { textsOf } from '../value/value.ts'
import { type Tactic, tactics } from './attack.ts'

/** A finding as one entity sees it. */
export interface EntityFinding {
  readonly finding: Finding
  /** What it adds to the entity's risk; 0 for an incident, which sums up what was added before. */
  readonly score: number
}

/** Somebody or something with risk. */
export interface Entity {
  /** As the first finding writes it, or the list of assets or identities. */
  readonly name: string
  readonly type: RiskObject['type']
  /** The sum of the scores. */
  readonly score: number
  readonly severity: Severity
  /** Findings and incidents in the order of time; those without a time last. */
  readonly findings: readonly EntityFinding[]
  /** How many of them are incidents, the findings of Correlation detections, and how many are not. */
  readonly incidents: number
  readonly raising: number
  /** In the order of the ATT&CK matrix. */
  readonly tactics: readonly Tactic[]
  readonly first?: string
  readonly last?: string
  readonly known?: KnownEntity
}

/** The entities of findings: those with incidents and then the highest score first, names that are none last. */
export function rankEntities(findings: readonly Finding[]): Entity[] {
  const found = new Map<string, Gathered>()
  /** By the names that risk objects have in rows: an incident names its subject so, without what a list knows of it. */
  const named = new Map<string, Gathered>()
  const gathered = (object: EntityName): Gathered => {
    const key = entityKey(object)
    let entity = found.get(key)
    if (entity === undefined) {
      entity = { object, findings: [] }
      found.set(key, entity)
    }
    named.set(entityKey({ object: object.object, type: object.type }), entity)
    return entity
  }
  for (const finding of findings) {
    // The same entity may stand in several fields of a row; each of them counts, as each has its own risk event.
    const scores = new Map<Gathered, number>()
    for (const object of finding.risk.objects) {
      const entity = gathered(object)
      scores.set(entity, (scores.get(entity) ?? 0) + object.score)
    }
    for (const [entity, score] of scores) entity.findings.push({ finding, score })
  }
  for (const finding of findings) {
    const subjects = incidentSubjects(finding)
    const [first] = subjects
    if (first === undefined) continue
    const keys = subjects.map(entityKey)
    const entity = keys.map((key) => found.get(key) ?? named.get(key)).find((known) => known !== undefined)
    ;(entity ?? gathered(first)).findings.push({ finding, score: 0 })
  }
  return [...found.values()].map(entityOf).sort(byRisk)
}

interface EntityName {
  readonly object: string
  readonly type: RiskObject['type']
  readonly known?: KnownEntity
}

interface Gathered {
  readonly object: EntityName
  readonly findings: EntityFinding[]
}

/** The same for findings of the same entity: its type, and its name in the lists or, in lower case, its own. */
export const entityKey = ({ object, type, known }: EntityName): string =>
  `${type}\n${(known?.name ?? object).toLowerCase()}`

/** Whether a finding sums up others: it is of a Correlation detection. */
export const isIncident = ({ detection }: Finding): boolean => detection.type === 'Correlation'

/** Incidents with the most serious and then the highest risk first, where their rows state it. */
export const byIncidentRisk = (a: Finding, b: Finding): number =>
  severities.indexOf(b.severity) - severities.indexOf(a.severity) ||
  Number(b.row['risk_score'] ?? 0) - Number(a.row['risk_score'] ?? 0) ||
  byTime(a, b)

/** Whom an incident is about, by the names it has for it: the row of a Correlation detection names a risk object. */
export function incidentSubjects({ detection, row }: Finding): EntityName[] {
  if (detection.type !== 'Correlation') return []
  const text = (field: string): string => textsOf(row[field])[0] ?? ''
  const stated = text('risk_object_type')
  const type = stated === 'system' || stated === 'user' ? stated : 'other'
  return ['risk_object', 'normalized_risk_object']
    .map(text)
    .filter((object) => object !== '')
    .map((object) => ({ object, type }))
}

function entityOf({ object, findings }: Gathered): Entity {
  const sorted = findings.toSorted((a, b) => byTime(a.finding, b.finding))
  const times = sorted
    .flatMap(({ finding: { first, last, time } }) => [first, last, time].filter(isText))
    .sort()
  const hit = new Set(sorted.flatMap(({ finding }) => finding.annotations.tactics))
  const worst = Math.max(...sorted.map(({ finding }) => severities.indexOf(finding.severity)))
  const [first] = times
  const last = times.at(-1)
  const score = sorted.reduce((sum, { score: added }) => sum + added, 0)
  const incidents = sorted.filter(({ finding }) => isIncident(finding)).length
  return {
    name: object.known?.name ?? object.object,
    type: object.type,
    score: Math.round(score * 100) / 100,
    severity: severities[worst]!,
    findings: sorted,
    incidents,
    raising: sorted.length - incidents,
    tactics: tactics.filter((tactic) => hit.has(tactic)),
    ...(first === undefined ? {} : { first }),
    ...(last === undefined ? {} : { last }),
    ...(object.known === undefined ? {} : { known: object.known }),
  }
}

const isText = (text: string | undefined): text is string => text !== undefined

/** Compares by time; a finding without one comes last. */
export const byTime = (a: Finding, b: Finding): number =>
  a.time === b.time ? 0 : a.time === undefined ? 1 : b.time === undefined ? -1 : a.time < b.time ? -1 : 1

/** Whether a name stands for "no name": data models fill empty fields with it, so it gathers what does not belong together. */
export const isPlaceholder = (name: string): boolean => /^(?:unknown|null|none|n\/a|-|)$/i.test(name.trim())

const byRisk = (a: Entity, b: Entity): number =>
  Number(isPlaceholder(a.name)) - Number(isPlaceholder(b.name)) ||
  Math.sign(b.incidents) - Math.sign(a.incidents) ||
  b.score - a.score ||
  (a.name < b.name ? -1 : 1)
