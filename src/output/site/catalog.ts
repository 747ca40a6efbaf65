// What the pages of a site know of each other: addresses, versions, which detections belong to what.

import type { Detection } from '../../content/detection.ts'
import type { Annotations, Severity } from '../../detect/finding.ts'
import { annotationsOf } from '../../risk/annotations.ts'
import { type AttackTable, bundledAttackTable } from '../../risk/attack.ts'
import { severityOf } from '../../risk/severity.ts'
import { slug } from '../html/html.ts'
import type { SiteData } from './site-data.ts'

/** A detection with what its page and the lists show. */
export interface Entry {
  readonly detection: Detection
  /** From the site's folder. */
  readonly href: string
  readonly annotations: Annotations
  readonly severity: Severity
  /** The highest score that it gives; undefined without risk. */
  readonly score: number | undefined
  /** All versions of the detection, the newest first, this one included. */
  readonly versions: readonly Entry[]
}

export interface Catalog {
  readonly attack: AttackTable
  /** In the order of their names, every version. */
  readonly entries: readonly Entry[]
  /** The newest version of each detection. */
  readonly newest: readonly Entry[]
  /** By name, for stories that content describes and those that detections only name. */
  readonly stories: ReadonlyMap<string, { readonly href: string; readonly entries: readonly Entry[] }>
  readonly dataSources: ReadonlyMap<string, { readonly href: string; readonly entries: readonly Entry[] }>
  /** By a test's data: which detections are tested with it. */
  readonly byTestData: ReadonlyMap<string, readonly Entry[]>
}

export function catalogOf({ content }: SiteData): Catalog {
  const attack = bundledAttackTable()
  const addresses = new Addresses()
  const byId = new Map<string, Entry[]>()
  const entries = content.detections.map((detection): Entry => {
    const scores = (detection.risk?.objects ?? []).map(({ score }) => score)
    const versions = byId.get(detection.id) ?? []
    byId.set(detection.id, versions)
    const stem = detection.path.slice(detection.path.lastIndexOf('/') + 1).replace(/\.ya?ml$/i, '')
    const entry: Entry = {
      detection,
      href: addresses.give('detections', stem),
      annotations: annotationsOf(detection, attack),
      severity: severityOf(detection, { message: '', objects: [], threat_objects: [] }),
      score: scores.length === 0 ? undefined : Math.max(...scores),
      versions,
    }
    versions.push(entry)
    return entry
  })
  for (const versions of byId.values()) versions.sort((a, b) => b.detection.version - a.detection.version)
  const sorted = entries.toSorted((a, b) => byName(a.detection.name, b.detection.name))
  const newest = sorted.filter((entry) => entry.versions[0] === entry)

  const group = (folder: string, known: Iterable<string>, namesOf: (entry: Entry) => readonly string[]) => {
    const groups = new Map<string, { href: string; entries: Entry[] }>()
    const groupOf = (name: string) => {
      const group = groups.get(name) ?? { href: addresses.give(folder, name), entries: [] }
      groups.set(name, group)
      return group
    }
    for (const name of known) groupOf(name)
    for (const entry of newest) for (const name of new Set(namesOf(entry))) groupOf(name).entries.push(entry)
    return new Map([...groups].sort(([a], [b]) => byName(a, b)))
  }
  const byTestData = new Map<string, Entry[]>()
  for (const entry of newest) {
    const data = new Set(
      entry.detection.tests.flatMap(({ attackData }) => attackData.map((test) => test.data)),
    )
    for (const name of data) byTestData.set(name, [...(byTestData.get(name) ?? []), entry])
  }
  return {
    attack,
    entries: sorted,
    newest,
    stories: group('stories', content.stories.keys(), ({ annotations }) => annotations.analytic_story),
    dataSources: group('data-sources', content.dataSources.keys(), ({ detection }) =>
      detection.dataSources.flat(),
    ),
    byTestData,
  }
}

/** Names as people look for them: upper and lower case alike. */
export function byName(a: string, b: string): number {
  const [left, right] = [a.toLowerCase(), b.toLowerCase()]
  return left < right ? -1 : left > right ? 1 : 0
}

/** Gives every page an address of its own. */
class Addresses {
  readonly #taken = new Set<string>()

  give(folder: string, name: string): string {
    const base = `${folder}/${slug(name).slice(0, 120)}`
    let address = `${base}.html`
    for (let number = 2; this.#taken.has(address); number++) address = `${base}-${number}.html`
    this.#taken.add(address)
    return address
  }
}
