// MITRE ATT&CK's techniques: their names and tactics, from the bundled table.

import { readFileSync } from 'node:fs'

/** The tactics of the enterprise matrix, in its order. */
export const tactics = [
  'Reconnaissance',
  'Resource Development',
  'Initial Access',
  'Execution',
  'Persistence',
  'Privilege Escalation',
  'Defense Evasion',
  'Credential Access',
  'Discovery',
  'Lateral Movement',
  'Collection',
  'Command and Control',
  'Exfiltration',
  'Impact',
] as const
export type Tactic = (typeof tactics)[number]

/** The ids of the tactics. (MITRE ATT&CK Enterprise) */
export const tacticIds: Readonly<Record<Tactic, string>> = {
  Reconnaissance: 'TA0043',
  'Resource Development': 'TA0042',
  'Initial Access': 'TA0001',
  Execution: 'TA0002',
  Persistence: 'TA0003',
  'Privilege Escalation': 'TA0004',
  'Defense Evasion': 'TA0005',
  'Credential Access': 'TA0006',
  Discovery: 'TA0007',
  'Lateral Movement': 'TA0008',
  Collection: 'TA0009',
  'Command and Control': 'TA0011',
  Exfiltration: 'TA0010',
  Impact: 'TA0040',
}

/** A tactic as ATT&CK's data and risk events write it: `lateral-movement`. */
export const tacticShortName = (tactic: string): string => tactic.toLowerCase().replaceAll(' ', '-')

export interface Technique {
  readonly name: string
  readonly tactics: readonly Tactic[]
}

export interface AttackTable {
  /** Of ATT&CK: `16.1`. */
  readonly version: string
  /** By id: `T1021`, `T1021.003`. */
  readonly techniques: ReadonlyMap<string, Technique>
}

/** The folder is as far away from the sources as from the built files. */
const tableFile = new URL('../../packs/attack/techniques.json', import.meta.url)

let table: AttackTable | undefined

/** The table that comes with Karst; it is read once. */
export function bundledAttackTable(): AttackTable {
  table ??= readTable(readFileSync(tableFile, 'utf8'))
  return table
}

function readTable(text: string): AttackTable {
  const { version, techniques } = JSON.parse(text) as {
    version: string
    techniques: Record<string, Technique>
  }
  return { version, techniques: new Map(Object.entries(techniques)) }
}

/** A technique by its id. A sub-technique that the table lacks, being newer, is taken for its technique. */
export function techniqueOf(id: string, { techniques }: AttackTable): Technique | undefined {
  return techniques.get(id) ?? techniques.get(id.split('.')[0] ?? id)
}

/** The tactics of techniques, each once, in the order of the matrix. */
export function tacticsOf(ids: readonly string[], attack: AttackTable): Tactic[] {
  const found = new Set(ids.flatMap((id) => techniqueOf(id, attack)?.tactics ?? []))
  return tactics.filter((tactic) => found.has(tactic))
}
