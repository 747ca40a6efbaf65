// Reads savedsearches.conf, a user's own or that of an app built from a content repository: every saved search becomes
// a detection, except those that fill lookups for others (baselines) and those that analysts start by hand.
// When Splunk would run a search (schedule, dispatch times, `disabled`) has no effect here: evidence has its own times.

import { confBoolean, confItems, confPosition } from '../base/text/conf.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Label, LocatedText, Source } from '../diagnostics/source.ts'
import type { SearchNotes } from './analyticstories-conf.ts'
import { type Baseline, writtenLookups } from './baselines.ts'
import {
  type Detection,
  type DetectionRisk,
  type DetectionTags,
  type DetectionType,
  type Drilldown,
  detectionTypes,
  type RiskObjectField,
  riskObjectTypes,
  type ThreatObjectField,
  type Throttling,
} from './detection.ts'

/** A savedsearches.conf, and where it is from the content's root. */
export interface SavedSearchFile {
  readonly name: string
  readonly path: string
  readonly text: string
}

/** What saved searches are to Karst. */
export interface SavedSearches {
  readonly detections: readonly Detection[]
  readonly baselines: readonly Baseline[]
  readonly diagnostics: readonly Diagnostic[]
}

interface Setting {
  readonly value: string
  /** Where the value begins. */
  readonly start: number
  readonly source: Source
}

/** A saved search with the settings of all files; of a key that several give, the last file's counts. */
interface Stanza {
  readonly name: string
  readonly heading: Label
  readonly file: SavedSearchFile
  readonly settings: Map<string, Setting>
}

/**
 * Reads the files of one app as one, those of rising precedence (`default`, then `local`).
 * @param notes  what analyticstories.conf says about searches, by their stanzas; it counts where these files say nothing
 */
export function readSavedSearches(
  files: readonly SavedSearchFile[],
  notes: ReadonlyMap<string, SearchNotes> = new Map(),
): SavedSearches {
  const diagnostics: Diagnostic[] = []
  const detections: Detection[] = []
  const baselines: Baseline[] = []
  const stanzas = readStanzas(files, diagnostics)
  const defaults = stanzas.get('default')?.settings ?? []
  for (const [name, stanza] of stanzas) {
    if (name === 'default') continue
    const settings = new Map([...defaults, ...stanza.settings])
    const saved = new SavedSearch({ ...stanza, settings }, notes.get(name))
    switch (saved.kind()) {
      case 'detection':
        detections.push(saved.detection())
        break
      case 'baseline':
        baselines.push(saved.baseline())
        break
      case 'neither':
        break
    }
    diagnostics.push(...saved.diagnostics)
  }
  return { detections, baselines, diagnostics }
}

function readStanzas(
  files: readonly SavedSearchFile[],
  diagnostics: Diagnostic[],
): ReadonlyMap<string, Stanza> {
  const stanzas = new Map<string, Stanza>()
  for (const file of files) {
    const source: Source = { name: file.name, text: file.text }
    const stanza = (name: string, start: number): Stanza => {
      let found = stanzas.get(name)
      if (found === undefined) {
        const heading = { source, span: { start, end: start + name.length + 2 }, primary: true }
        found = { name, heading, file, settings: new Map() }
        stanzas.set(name, found)
      }
      return found
    }
    let current: Stanza | undefined
    for (const item of confItems(file.text)) {
      switch (item.kind) {
        case 'stanza':
          current = stanza(item.name, item.start)
          break
        case 'setting':
          current ??= stanza('default', 0)
          current.settings.set(item.key, { value: item.value, start: item.start, source })
          break
        case 'unreadable':
          diagnostics.push({
            code: 'bad-content',
            severity: 'warning',
            message: `${file.name}: "${item.line.trim().slice(0, 80)}" is neither a stanza nor a setting; the line was skipped.`,
            labels: [
              { source, span: { start: item.start, end: item.start + item.line.length }, primary: true },
            ],
            help: 'A value that goes on in the next line needs a backslash at the end of this one.',
          })
          break
      }
    }
  }
  return stanzas
}

/** One stanza in the words of content. */
class SavedSearch {
  readonly diagnostics: Diagnostic[] = []
  readonly #stanza: Stanza
  readonly #notes: SearchNotes | undefined

  constructor(stanza: Stanza, notes: SearchNotes | undefined) {
    this.#stanza = stanza
    this.#notes = notes
  }

  /** @see contentctl, which marks what it builds by `action.escu.search_type` */
  kind(): 'detection' | 'baseline' | 'neither' {
    if (this.#text('search') === '') return 'neither'
    switch (this.#text('action.escu.search_type')) {
      case 'support':
        return 'baseline'
      case 'investigative':
        return 'neither'
      default:
        return 'detection'
    }
  }

  baseline(): Baseline {
    const search = this.#text('search')
    const { file } = this.#stanza
    return {
      id: this.#stanza.name,
      name: this.#name(),
      version: 1,
      date: this.#date(),
      author: '',
      status: 'production',
      description: this.#text('description'),
      search: this.#located('search'),
      howToImplement: this.#prose('action.escu.how_to_implement'),
      analyticStories: textsOf(this.#json('action.escu.analytic_story')),
      detections: [],
      lookups: writtenLookups(search),
      path: file.path,
      file: file.name,
    }
  }

  detection(): Detection {
    const { name: stanza, file } = this.#stanza
    const metadata = mapOf(this.#json('action.correlationsearch.metadata'))
    const annotations = {
      ...mapOf(this.#json('action.escu.mappings')),
      ...mapOf(this.#json('action.correlationsearch.annotations')),
    }
    const risk = this.#risk()
    const throttling = this.#throttling()
    return {
      id: textOf(metadata['detection_id']) ?? stanza,
      name: this.#name(),
      version: wholeNumber(textOf(metadata['detection_version'])) ?? 1,
      date: this.#date(),
      author: '',
      status: /^(?:.* - )?Deprecated - /.test(this.#text('action.correlationsearch.label'))
        ? 'deprecated'
        : 'production',
      type: this.#type(annotations, risk),
      description: this.#text('description'),
      dataSources: textsOf(annotations['data_source']).map((sources) => sources.split(/\s+AND\s+/)),
      search: this.#located('search'),
      howToImplement: this.#prose('action.escu.how_to_implement') || this.#notes?.howToImplement || '',
      knownFalsePositives:
        this.#prose('action.escu.known_false_positives') || this.#notes?.knownFalsePositives || '',
      references: [],
      drilldowns: this.#drilldowns(),
      ...(risk === undefined ? {} : { risk }),
      tags: this.#tags(annotations),
      tests: [],
      ...(throttling === undefined ? {} : { throttling }),
      searchName: stanza,
      path: file.path,
      file: file.name,
      place: (keys, text) => this.#place(String(keys[0] ?? ''), text),
    }
  }

  #tags(annotations: JsonMap): DetectionTags {
    const list = (key: string): readonly string[] => textsOf(annotations[key])
    const stories = list('analytic_story')
    const domain = this.#text('action.notable.param.security_domain')
    const stated = <Key extends string>(key: Key, values: readonly string[]) =>
      (values.length === 0 ? {} : { [key]: values }) as { [Name in Key]?: readonly string[] }
    const percentage = (key: string) => {
      const value = wholeNumber(textOf(annotations[key]))
      return (value === undefined || value > 100 ? {} : { [key]: value }) as { confidence?: number }
    }
    return {
      analyticStories: stories.length > 0 ? stories : textsOf(this.#json('action.escu.analytic_story')),
      mitreAttackIds: list('mitre_attack'),
      cve: list('cve'),
      products: textsOf(this.#json('action.escu.product')),
      requiredFields: [],
      atomicGuids: [],
      ...(this.#notes?.assetType ? { assetType: this.#notes.assetType } : {}),
      ...stated('killChainPhases', list('kill_chain_phases')),
      ...stated('nist', list('nist')),
      ...stated('cis20', list('cis20')),
      ...percentage('confidence'),
      ...percentage('impact'),
      ...(domain === '' ? {} : { securityDomain: domain }),
    }
  }

  /** What its actions make of a row, in the words of detection types: see `DetectionType`. */
  #type(annotations: JsonMap, risk: DetectionRisk | undefined): DetectionType {
    const stated = textOf(annotations['type']) ?? textsOf(annotations['type_list'])[0]
    const known = detectionTypes.find((type) => type.toLowerCase() === stated?.toLowerCase())
    if (known !== undefined) return known
    const isNotable = confBoolean(this.#text('action.notable')) === true
    if (isNotable) {
      const readsRisk = /\bdatamodel\s*=?\s*"?Risk\b|\bindex\s*=\s*"?risk\b/i.test(this.#text('search'))
      return readsRisk ? 'Correlation' : 'TTP'
    }
    return risk === undefined ? 'Hunting' : 'Anomaly'
  }

  /** Risk as `_risk` lists it, or in the older form with one object and score. Absent where the action is off. */
  #risk(): DetectionRisk | undefined {
    if (confBoolean(this.#text('action.risk')) !== true) return undefined
    const objects: RiskObjectField[] = []
    const threatObjects: ThreatObjectField[] = []
    const object = (field: string, type: string, score: string): void => {
      const value = Number(score)
      if (field === '') return
      if (score.trim() === '' || !(value >= 0 && value <= 100)) {
        this.#warn('action.risk', `the risk of "${field}" has the score "${score}", which is not 0 to 100.`)
        return
      }
      const kind = riskObjectTypes.find((known) => known === type.toLowerCase()) ?? 'other'
      objects.push({ field, type: kind, score: value })
    }
    const list = this.#json('action.risk.param._risk')
    for (const item of Array.isArray(list) ? list : []) {
      const entry = mapOf(item)
      const text = (key: string): string => textOf(entry[key]) ?? ''
      object(text('risk_object_field'), text('risk_object_type'), text('risk_score'))
      const field = text('threat_object_field')
      if (field !== '') threatObjects.push({ field, type: text('threat_object_type') })
    }
    if (objects.length === 0) {
      const older = (key: string): string => this.#text(`action.risk.param._risk_${key}`)
      object(older('object'), older('object_type'), older('score'))
    }
    if (objects.length === 0 && threatObjects.length === 0) return undefined
    return { message: this.#text('action.risk.param._risk_message'), objects, threatObjects }
  }

  #throttling(): Throttling | undefined {
    if (confBoolean(this.#text('alert.suppress')) !== true) return undefined
    const period = /^(\d{1,9})\s*([smhd]?)/i.exec(this.#text('alert.suppress.period'))
    if (period === null) {
      this.#warn('alert.suppress', 'throttling without "alert.suppress.period" has no effect.')
      return undefined
    }
    const unit = { s: 1, m: 60, h: 3600, d: 86400 }[
      (period[2]!.toLowerCase() || 's') as 's' | 'm' | 'h' | 'd'
    ]
    const fields = this.#text('alert.suppress.fields').split(/[\s,]+/)
    return { fields: fields.filter((field) => field !== ''), seconds: Number(period[1]) * unit }
  }

  #drilldowns(): Drilldown[] {
    const list = this.#json('action.notable.param.drilldown_searches')
    const drilldowns = (Array.isArray(list) ? list : []).map((item): Drilldown => {
      const entry = mapOf(item)
      const text = (key: string): string => textOf(entry[key]) ?? ''
      return {
        name: text('name'),
        search: text('search'),
        earliest: text('earliest_offset') || text('earliest') || '$info_min_time$',
        latest: text('latest_offset') || text('latest') || '$info_max_time$',
      }
    })
    const older = (key: string): string => this.#text(`action.notable.param.drilldown_${key}`)
    if (drilldowns.length === 0 && older('search') !== '') {
      drilldowns.push({
        name: older('name'),
        search: older('search'),
        earliest: older('earliest_offset') || '$info_min_time$',
        latest: older('latest_offset') || '$info_max_time$',
      })
    }
    return drilldowns.filter(({ search }) => search !== '')
  }

  /** The name without what apps put around it: `ESCU - NAME - Rule`, `Access - NAME - Rule`. */
  #name(): string {
    const label = this.#text('action.correlationsearch.label') || this.#stanza.name
    return (/^.+? - (?:Deprecated - )?(.+) - Rule$/.exec(label)?.[1] ?? label).trim()
  }

  #date(): string {
    return this.#text('action.escu.modification_date') || this.#text('action.escu.creation_date')
  }

  #text(key: string): string {
    return this.#stanza.settings.get(key)?.value ?? ''
  }

  /** A text that contentctl writes as `none` where there is none. */
  #prose(key: string): string {
    const text = this.#text(key)
    return /^none\.?$/i.test(text) ? '' : text
  }

  /** The JSON of a setting; undefined and reported where it is none. */
  #json(key: string): unknown {
    const text = this.#text(key)
    if (text === '') return undefined
    try {
      return JSON.parse(text)
    } catch (error) {
      this.#warn(key, `"${key}" is not valid JSON: ${(error as Error).message}. It has no effect.`)
      return undefined
    }
  }

  #located(key: string): LocatedText {
    const { value, start, source } = this.#stanza.settings.get(key)!
    return {
      text: value,
      locate: (span, text) => [
        {
          source,
          span: {
            start: confPosition(source.text, start, span.start),
            end: confPosition(source.text, start, span.end),
          },
          primary: true,
          ...(text === undefined ? {} : { text }),
        },
      ],
    }
  }

  #place(key: string, text?: string): Label {
    const setting = this.#stanza.settings.get(key)
    const note = text === undefined ? {} : { text }
    if (setting === undefined) return { ...this.#stanza.heading, ...note }
    const { source, start, value } = setting
    const end = confPosition(source.text, start, value.length)
    return { source, span: { start, end }, primary: true, ...note }
  }

  #warn(key: string, message: string): void {
    this.diagnostics.push({
      code: 'bad-content',
      severity: 'warning',
      message: `[${this.#stanza.name}]: ${message}`,
      labels: [this.#place(key)],
    })
  }
}

type JsonMap = Readonly<Record<string, unknown>>

/** An object's own entries; of anything else none. */
function mapOf(value: unknown): JsonMap {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value)
  return Object.assign(Object.create(null), isMap ? value : {})
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : undefined

/** A list of texts; a lone text is a list of one. */
function textsOf(value: unknown): readonly string[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value]
  return items.flatMap((item) => textOf(item) || [])
}

const wholeNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined
