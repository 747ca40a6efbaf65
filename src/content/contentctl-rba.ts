// Risk as contentctl 5 writes it: a block `rba:` with a message, risk objects and threat objects.
// The older form in `tags` is left to escu-yaml.

import * as z from 'zod'
import { type DetectionRisk, riskObjectTypes } from './detection.ts'
import { listOf, mapOf, percentage, prose, requiredLine } from './schema.ts'

export const rbaSchema = mapOf({
  message: prose,
  risk_objects: listOf(
    mapOf({
      field: requiredLine,
      type: z.enum(riskObjectTypes, `must be one of ${riskObjectTypes.join(', ')}`),
      score: percentage,
    }),
  ),
  threat_objects: listOf(mapOf({ field: requiredLine, type: requiredLine })).optional(),
})

/** The risk that an `rba` block states. */
export function riskOfRba(rba: z.output<typeof rbaSchema>): DetectionRisk {
  return {
    message: rba.message.trim(),
    objects: rba.risk_objects,
    threatObjects: rba.threat_objects ?? [],
  }
}
