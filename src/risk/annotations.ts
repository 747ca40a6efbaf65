// The frameworks that a detection belongs to: as its file says, else derived as contentctl derives them.

import type { Detection } from '../content/detection.ts'
import type { Annotations } from '../detect/finding.ts'
import { type AttackTable, type Tactic, tacticsOf } from './attack.ts'

/** The phase of the kill chain that a tactic belongs to. (contentctl's mapping) */
const killChainPhase: Readonly<Record<Tactic, string>> = {
  Reconnaissance: 'Reconnaissance',
  'Resource Development': 'Weaponization',
  'Initial Access': 'Delivery',
  Execution: 'Installation',
  Persistence: 'Installation',
  'Privilege Escalation': 'Exploitation',
  'Defense Evasion': 'Exploitation',
  'Credential Access': 'Exploitation',
  Discovery: 'Exploitation',
  'Lateral Movement': 'Exploitation',
  Collection: 'Exploitation',
  'Command and Control': 'Command and Control',
  Exfiltration: 'Actions on Objectives',
  Impact: 'Actions on Objectives',
}

/** A detection's annotations. They are the same for all its rows. */
export function annotationsOf({ tags, type }: Detection, attack: AttackTable): Annotations {
  const tactics = tacticsOf(tags.mitreAttackIds, attack)
  return {
    mitre_attack: tags.mitreAttackIds,
    tactics,
    kill_chain_phases:
      tags.killChainPhases ?? [...new Set(tactics.map((tactic) => killChainPhase[tactic]))].sort(),
    // Monitoring finds what a TTP describes; everything else is an anomaly to look into. (NIST CSF, Detect)
    nist: tags.nist ?? [type === 'TTP' ? 'DE.CM' : 'DE.AE'],
    // Network monitoring is control 13, malware defences are control 10. (CIS Controls 8)
    cis20: tags.cis20 ?? [tags.securityDomain === 'network' ? 'CIS 13' : 'CIS 10'],
    cve: tags.cve,
    analytic_story: tags.analyticStories,
  }
}
