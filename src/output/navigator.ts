// Layers of the ATT&CK Navigator: techniques with scores, as a file that the Navigator opens.

import { type AttackTable, bundledAttackTable } from '../risk/attack.ts'

export interface LayerTechnique {
  /** `T1021.003` */
  readonly id: string
  readonly score: number
  readonly comment: string
}

export interface Layer {
  readonly name: string
  readonly description: string
  readonly techniques: readonly LayerTechnique[]
}

/** A layer in version 4.5 of the format. @see ATT&CK Navigator, layers/spec/v4.5 */
export function navigatorLayer(
  { name, description, techniques }: Layer,
  attack: AttackTable = bundledAttackTable(),
): string {
  const sorted = techniques.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const parents = new Set(sorted.filter(({ id }) => id.includes('.')).map(({ id }) => id.split('.')[0]!))
  const layer = {
    name,
    description,
    domain: 'enterprise-attack',
    versions: { attack: attack.version.split('.')[0], navigator: '5.1.0', layer: '4.5' },
    sorting: 3,
    hideDisabled: false,
    techniques: [
      ...sorted.map(({ id, score, comment }) => ({
        techniqueID: id,
        score,
        comment,
        enabled: true,
        showSubtechniques: parents.has(id),
      })),
      // A technique without a score of its own still unfolds, so that its sub-techniques are seen.
      ...[...parents]
        .filter((id) => !sorted.some((technique) => technique.id === id))
        .sort()
        .map((id) => ({ techniqueID: id, enabled: true, showSubtechniques: true })),
    ],
    gradient: {
      colors: ['#dcebf7', '#2f7fb8', '#124a73'],
      minValue: 1,
      maxValue: Math.max(2, ...sorted.map(({ score }) => score)),
    },
  }
  return `${JSON.stringify(layer, null, 2)}\n`
}
