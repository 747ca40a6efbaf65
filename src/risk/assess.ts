// Makes a finding of a detection's row: the one door of this room.

import type { Detection } from '../content/detection.ts'
import { type Annotations, type Finding, findingTimes, makeFinding } from '../detect/finding.ts'
import type { EventReference } from '../value/batch.ts'
import type { Value } from '../value/value.ts'
import { annotationsOf } from './annotations.ts'
import { type AttackTable, bundledAttackTable } from './attack.ts'
import { type DrilldownClock, fillDrilldowns } from './drilldowns.ts'
import type { KnownEntities } from './known-entities.ts'
import { riskOfRow } from './risk-event.ts'
import { severityOf } from './severity.ts'

/** A row that a detection's search gave, and where it came from. */
export interface AssessedRow {
  readonly detection: Detection
  readonly row: ReadonlyMap<string, Value>
  readonly events: readonly EventReference[]
  /** When its events happened, in epoch seconds, where that is known. */
  readonly observed?: { readonly first?: number; readonly last?: number }
}

/** What rows are assessed with. */
export interface AssessorOptions {
  readonly attack?: AttackTable
  /** Assets and identities, whose priority changes scores. */
  readonly entities?: KnownEntities
}

/**
 * Returns a function that makes findings of rows.
 *
 * @param clock  the scan's; its time zone is that in which the rows' formatted times are written
 */
export function assessor(
  clock: DrilldownClock,
  { attack = bundledAttackTable(), entities }: AssessorOptions = {},
): (row: AssessedRow) => Finding {
  const known = new Map<Detection, Annotations>()
  return ({ detection, row, events, observed }) => {
    let annotations = known.get(detection)
    if (annotations === undefined) {
      annotations = annotationsOf(detection, attack)
      known.set(detection, annotations)
    }
    const times = findingTimes(row, clock.timeZone, events, observed)
    const base = riskOfRow(detection, row)
    const risk =
      entities === undefined
        ? base
        : { ...base, objects: base.objects.map((object) => entities.apply(object)) }
    return makeFinding({
      detection,
      row,
      events,
      times,
      // How serious the act is does not depend on whom it hit; that is what the changed score says.
      severity: severityOf(detection, base),
      risk,
      annotations,
      drilldowns: fillDrilldowns(detection, row, times, clock),
    })
  }
}
