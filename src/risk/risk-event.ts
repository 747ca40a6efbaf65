// What a detection's row means as risk: who takes how much of it, what threatened, and what happened in words.
// Adding the risk of many rows up is left to others.

import type { Detection, RiskObjectField } from '../content/detection.ts'
import { riskObjectTypes } from '../content/detection.ts'
import type { RiskObject, RowRisk, ThreatObject } from '../detect/finding.ts'
import { isMultivalue, numberOf, textsOf, type Value } from '../value/value.ts'
import { fillMessage } from './tokens.ts'

/**
 * The risk of a row, as the risk action of Splunk Enterprise Security makes it: one risk object per declared field and
 * value, none for a field that the row lacks. A row may overrule its detection with the fields `risk_object`,
 * `risk_object_type`, `risk_score`, `risk_message`, `threat_object` and `threat_object_type`.
 *
 * Only TTP and Anomaly detections raise risk; the others get their message, which names what was found.
 */
export function riskOfRow(detection: Detection, row: ReadonlyMap<string, Value>): RowRisk {
  const message = textsOf(row.get('risk_message'))[0] ?? detection.risk?.message ?? ''
  const raises = detection.type === 'TTP' || detection.type === 'Anomaly'
  return {
    message: fillMessage(message, row),
    objects: raises ? (detection.risk?.objects ?? []).flatMap((declared) => riskObjects(declared, row)) : [],
    threat_objects: raises ? threatObjects(detection, row) : [],
  }
}

function riskObjects(declared: RiskObjectField, row: ReadonlyMap<string, Value>): RiskObject[] {
  const field = valuesOf(row, 'risk_object').length > 0 ? 'risk_object' : declared.field
  const stated = valuesOf(row, 'risk_object_type')[0]
  const type = riskObjectTypes.find((known) => known === stated) ?? declared.type
  const score = ownScore(row.get('risk_score')) ?? declared.score
  return valuesOf(row, field).map((object) => ({ field, object, type, score }))
}

/** The score that a row states, where it is one. */
function ownScore(value: Value): number | undefined {
  return isMultivalue(value) ? undefined : numberOf(value)
}

function threatObjects(detection: Detection, row: ReadonlyMap<string, Value>): ThreatObject[] {
  const own = valuesOf(row, 'threat_object')
  if (own.length > 0) {
    const types = textsOf(row.get('threat_object_type'))
    return own.map((object, index) => ({
      field: 'threat_object',
      object,
      type: types[index] ?? types[0] ?? 'unknown',
    }))
  }
  return (detection.risk?.threatObjects ?? []).flatMap(({ field, type }) =>
    valuesOf(row, field).map((object) => ({ field, object, type })),
  )
}

/** The distinct values of a field, blank ones left out. */
function valuesOf(row: ReadonlyMap<string, Value>, field: string): string[] {
  return [...new Set(textsOf(row.get(field)))].filter((value) => value.trim() !== '')
}
