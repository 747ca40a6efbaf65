// The events that findings leave in the indexes "risk" and "notable", with the fields that Splunk Enterprise Security
// writes, so that Correlation detections and drilldowns find them there. Searching them is left to engine.

import type { Detection } from '../content/detection.ts'
import type { Annotations, Finding, RiskObject } from '../detect/finding.ts'
import { isMultivalue, multivalue, textsOf, type Value } from '../value/value.ts'
import { type AttackTable, type Tactic, tacticIds, tacticShortName, techniqueOf } from './attack.ts'

/** An event of one of the two indexes. */
export type IndexedEvent = ReadonlyMap<string, Value>

/** A finding and the detection that it is of. */
export interface DetectedFinding {
  readonly finding: Finding
  readonly detection: Detection
}

/** The name under which Splunk runs a detection; risk events have it as `source`. (contentctl) */
export const searchName = ({ searchName: stated, name }: Detection): string =>
  stated ?? `ESCU - ${name} - Rule`

/** One event for each risk object of a finding. */
export function riskEvents({ finding, detection }: DetectedFinding, attack: AttackTable): IndexedEvent[] {
  const common = commonFields(finding, detection, 'risk', attack)
  return finding.risk.objects.map((object, index) =>
    withRawText(new Map([...common, ...riskFields(finding, object, index)])),
  )
}

/**
 * The event of a finding that somebody is to look at: of TTP and Correlation detections. Anomalies raise risk only, hunts
 * neither.
 */
export function notableEvent(
  { finding, detection }: DetectedFinding,
  attack: AttackTable,
): IndexedEvent | undefined {
  if (detection.type !== 'TTP' && detection.type !== 'Correlation') return undefined
  return withRawText(
    new Map<string, Value>([
      ...commonFields(finding, detection, 'notable', attack),
      ['event_id', finding.finding],
      ['rule_name', detection.name],
      ['rule_title', detection.type === 'Correlation' ? `RBA: ${detection.name}` : detection.name],
      ['rule_description', finding.risk.message || detection.description],
      ['security_domain', detection.tags.securityDomain ?? 'threat'],
      ['owner', 'unassigned'],
      ['status_label', 'New'],
    ]),
  )
}

/** Fields that an index gives its events; a row's own are kept under another name. */
const takenNames = new Set(['_time', '_raw', 'host', 'index', 'source', 'sourcetype', 'search_name'])

function commonFields(
  { row, time, severity, annotations }: Finding,
  detection: Detection,
  index: 'risk' | 'notable',
  attack: AttackTable,
): Map<string, Value> {
  const fields = new Map<string, Value>()
  for (const [name, value] of Object.entries(row)) {
    fields.set(takenNames.has(name) ? `orig_${name.replace(/^_/, '')}` : name, value)
  }
  const name = searchName(detection)
  const own: readonly (readonly [string, Value])[] = [
    ['_time', time === undefined ? undefined : Date.parse(time) / 1000],
    ['index', index],
    ['source', name],
    ['sourcetype', 'stash'],
    ['search_name', name],
    ['savedsearch_description', detection.description],
    ['severity', severity],
    ['analyticstories', multivalue(annotations.analytic_story)],
    ...annotationFields(annotations, attack),
  ]
  for (const [field, value] of own) if (value !== undefined) fields.set(field, value)
  return fields
}

function annotationFields(
  annotations: Annotations,
  attack: AttackTable,
): readonly (readonly [string, Value])[] {
  const { mitre_attack: ids, tactics, kill_chain_phases, nist, cis20, analytic_story } = annotations
  const frameworks = { analytic_story, cis20, kill_chain_phases, mitre_attack: ids, nist }
  const used = Object.entries(frameworks).filter(([, values]) => values.length > 0)
  return [
    ['annotations', JSON.stringify(Object.fromEntries(used))],
    ['annotations._all', multivalue([...new Set(used.flatMap(([, values]) => values))])],
    ['annotations._frameworks', multivalue(used.map(([framework]) => framework))],
    ...used.map(([framework, values]) => [`annotations.${framework}`, multivalue(values)] as const),
    ['annotations.mitre_attack.mitre_technique_id', multivalue(ids)],
    [
      'annotations.mitre_attack.mitre_technique',
      multivalue([...new Set(ids.flatMap((id) => techniqueOf(id, attack)?.name ?? []))]),
    ],
    ['annotations.mitre_attack.mitre_tactic', multivalue(tactics.map(tacticShortName))],
    [
      'annotations.mitre_attack.mitre_tactic_id',
      multivalue(tactics.map((tactic) => tacticIds[tactic as Tactic])),
    ],
  ]
}

function riskFields(
  { finding, risk, allowed }: Finding,
  { field, object, type, score, known, base_score }: RiskObject,
  place: number,
): (readonly [string, Value])[] {
  const fields: (readonly [string, Value])[] = [
    ['risk_event_id', `${finding}-${place}`],
    ['risk_object', object],
    ['risk_object_field', field],
    ['risk_object_type', type],
    ['normalized_risk_object', (known?.name ?? object).toLowerCase()],
    ['risk_score', known?.base_score ?? base_score ?? score],
    ['risk_factor_mult', (known?.multiply ?? 1) * (allowed?.multiply ?? 1)],
    ['risk_factor_add', (known?.add ?? 0) * (allowed?.multiply ?? 1)],
    ['calculated_risk_score', score],
    ['risk_message', risk.message],
    ['threat_object', multivalue(risk.threat_objects.map((threat) => threat.object))],
    ['threat_object_type', multivalue(risk.threat_objects.map((threat) => threat.type))],
    ['risk_object_priority', known?.priority],
    ['risk_object_category', multivalue(known?.category ?? [])],
    ['risk_object_bunit', known?.bunit],
    ['risk_object_owner', known?.owner],
  ]
  return fields.filter(([, value]) => value !== undefined)
}

/** Adds the text of the event, in the form of the sourcetype "stash": the time, then `name="value"`. */
function withRawText(fields: Map<string, Value>): IndexedEvent {
  const pair = (name: string, text: string): string => `${name}="${text.replace(/["\\]/g, '\\$&')}"`
  const pairs = [...fields].flatMap(([name, value]) =>
    takenNames.has(name) ? [] : textsOf(value).map((text) => pair(name, text)),
  )
  const time = fields.get('_time')
  const head = typeof time === 'number' ? [String(Math.floor(time))] : []
  const source = pair('search_name', String(fields.get('search_name')))
  return fields.set('_raw', [...head, source, ...pairs].join(', '))
}

/**
 * An event as a line that HTTP Event Collector takes. `karst` reads it as evidence, so that drilldowns over the risk index
 * run on it as printed, and Splunk takes it in.
 */
export function eventEnvelope(event: IndexedEvent): string {
  const metadata: Record<string, unknown> = {}
  const fields: Record<string, string | readonly string[]> = Object.create(null)
  for (const [name, value] of event) {
    if (name === '_time') metadata['time'] = value
    else if (name === 'index' || name === 'source' || name === 'sourcetype') metadata[name] = value
    else if (name === '_raw') metadata['event'] = value
    else if (value !== undefined) fields[name] = isMultivalue(value) ? value : textsOf(value)[0]!
  }
  return `${JSON.stringify({ ...metadata, fields })}\n`
}
