// The only place where rooms are wired together: loads content and knowledge, and runs searches and scans over evidence.

import { existsSync, realpathSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { suggest } from '../base/suggest.ts'
import type { Detection } from '../content/detection.ts'
import { type Content, loadContent } from '../content/load.ts'
import type { Lookup } from '../content/lookups.ts'
import { type DecodedRecord, decodedRecord } from '../decode/decoded-record.ts'
import { decoders, findDecoder } from '../decode/detect-format.ts'
import type { DecodeLimits, Decoder } from '../decode/reader.ts'
import type { Finding } from '../detect/finding.ts'
import type { DetectionOutcome } from '../detect/run-detections.ts'
import { type Diagnostic, searchError } from '../diagnostics/diagnostic.ts'
import { locatedText } from '../diagnostics/source.ts'
import type { DefaultMetadata } from '../knowledge/identify.ts'
import { bundledPacks, type Knowledge, loadKnowledge } from '../knowledge/knowledge.ts'
import { openLocations } from '../knowledge/locations.ts'
import { type LookupDefinition, readLookupDefinition } from '../knowledge/lookups.ts'
import { type AllowEntry, AllowList, type AllowUse } from '../risk/allow-list.ts'
import { assessor } from '../risk/assess.ts'
import { type EntityLists, noEntities } from '../risk/entity-list.ts'
import { entityTables } from '../risk/entity-tables.ts'
import { knownEntities } from '../risk/known-entities.ts'
import type { RiskFactor } from '../risk/risk-factors.ts'
import type { DetectedFinding } from '../risk/risk-index.ts'
import type { ArchiveLimits } from '../source/archives.ts'
import { type ExplainedKind, explainFields } from '../source/explain-fields.ts'
import { type EvidenceReport, type ReadOptions, readEvidence } from '../source/read-evidence.ts'
import { checkSearch } from '../spl/check/check.ts'
import type { AnyCommand } from '../spl/commands/command.ts'
import type { EventSource, MacroDefinition, SavedSearch } from '../spl/host.ts'
import type { UsedMacro } from '../spl/macros/expand.ts'
import { buildPlan } from '../spl/plan/build.ts'
import { type ExplainedStage, explainPlan } from '../spl/plan/explain.ts'
import { defaultLimits, type Limits } from '../spl/run/context.ts'
import {
  type ParsedSearch,
  parseSearch,
  runSearch,
  type SearchHost,
  type SearchOptions,
} from '../spl/run/run.ts'
import type { Pipeline } from '../spl/syntax/ast.ts'
import type { Batch, EventReference } from '../value/batch.ts'
import { loadAddedCommands } from './added-commands.ts'
import {
  type BaselineOutcome,
  runBaselines,
  selectBaselines,
  type UnfilledLookup,
  unfilledLookups,
  unfilledWarning,
} from './baseline.ts'

import { buildOfThisCode, ContentCache } from './content-cache.ts'
import { type EvidenceSource, evidenceSource, type Readers } from './evidence-source.ts'

import { readRawEvents } from './raw-events.ts'
import { type Dataset, type ReplayedEvents, replayedEvents } from './replay.ts'
import { runInRounds } from './risk-index.ts'
import type { ReaderSetup } from './scan-messages.ts'
import { searchHabits } from './search-habits.ts'
import { type DetectionSelection, selectDetections } from './selection.ts'
import { type UnlistedEntities, unlistedEntities } from './unlisted-entities.ts'
import { reportStrayFolder, unpackApps } from './unpack-apps.ts'
import { searchWarnings } from './validate.ts'
import { type Explanation, whyNoRows } from './why-no-rows.ts'

export type { DetectionOutcome } from '../detect/run-detections.ts'
export type { EvidenceReport } from '../source/read-evidence.ts'
export type { BaselineOutcome } from './baseline.ts'
export type { ReplayedEvent } from './replay.ts'

export interface KarstOptions {
  /** Content to load; the bundled pack where none is given. */
  readonly content?: readonly string[]
  /** Where what was read of content is kept for the next time. Absent: nowhere. */
  readonly cache?: {
    readonly folder: string
    /** Tells this code from another; by default the build of the package. Code that runs from its source has none. */
    readonly build?: string
    /** Hears why nothing could be kept; it is no reason to stop. */
    note?(message: string): void
  }
  /** Splunk add-ons and apps; later ones win, all win over the bundled packs. */
  readonly apps?: readonly string[]
  /** Those of the apps whose own commands are loaded. They are code that runs with the rights of this process. */
  readonly appsWithCode?: readonly string[]
  /** Commands of the caller's own, beside Karst's. */
  readonly commands?: readonly AnyCommand[]
  /** CSV files by lookup name. */
  readonly lookups?: ReadonlyMap<string, string>
  /** The folder that outputlookup may write into; without it, it may not write. */
  readonly writeFolder?: string
  /** The folder of the lookups that baselines filled; they win over those of content and apps. */
  readonly state?: string
  /** Values of XML events keep `&lt;`, `&gt;` and `&amp;`, as Splunk's add-on leaves them. */
  readonly keepsXmlEscapes?: boolean
  /** A location database (.mmdb) for iplocation. */
  readonly geoip?: string
  /** Win over those of content and apps. */
  readonly macros?: readonly MacroDefinition[]
  /** A folder with one `NAME_filter.spl` per detection. */
  readonly filters?: string
  /** Epoch seconds; the real clock where it is absent. */
  readonly now?: number
  readonly timeZone?: string
  /** Epoch seconds. */
  readonly earliest?: number | undefined
  readonly latest?: number | undefined
  /** What events that state no index, source, sourcetype or host get. */
  readonly defaults?: DefaultMetadata
  /** Read evidence as this format instead of telling the format from its content. */
  readonly format?: string
  /** Also read deleted and superseded records, where the format keeps them. */
  readonly recover?: boolean
  /** Assets and identities: searches look them up, and what they are changes risk scores. */
  readonly entities?: EntityLists
  /** How that changes scores; the default factors where they are absent. */
  readonly riskFactors?: readonly RiskFactor[]
  /** Findings to leave out of scans, or to lower. */
  readonly allow?: readonly AllowEntry[]
  /** What the incident rules that come with Karst find in the risk of a scan counts among its findings. */
  readonly incidents?: boolean
  /** Files that are written while evidence is read, and so are none. */
  readonly outputs?: readonly string[]
  /** What `-` reads. */
  readonly stdin?: AsyncIterable<Uint8Array>
  /** Limits of searches. */
  readonly limits?: Limits
  /** Limits of what archives may hold. */
  readonly archiveLimits?: ArchiveLimits
  /** What one event may cost. */
  readonly decodeLimits?: DecodeLimits
  /** Threads that read evidence in a scan, beside the one that searches; 0 for none. Absent: as many as pay. */
  readonly workers?: number
  readonly signal?: AbortSignal
  /** Hears what is wrong or has no effect in content, configuration and searches. */
  readonly report?: (diagnostic: Diagnostic) => void
  /** A scan also reports what its detections' searches surely get wrong. It reads them once more for that. */
  readonly checksSearches?: boolean
}

/** How a scan ended. */
export interface ScanSummary {
  readonly evidence: EvidenceReport
  readonly outcomes: readonly DetectionOutcome[]
  /** By detection, how many findings it gave. */
  readonly findings: ReadonlyMap<Detection, number>
  /** By detection, how many findings its throttling silenced. */
  readonly throttled: ReadonlyMap<Detection, number>
  /** Detections that compared with a lookup that no baseline has filled. */
  readonly unfilled: readonly UnfilledLookup[]
  /** Detections that looked names up in lists of assets or identities of which none was given. */
  readonly unlisted: readonly UnlistedEntities[]
  /** What the allow-lists did, by entry. */
  readonly allowed: readonly AllowUse[]
  /** What Karst's own incident rules found, where that does not count among the findings. */
  readonly incidents: readonly DetectedFinding[]
}

export interface ScanCallbacks {
  onFinding(finding: Finding, found: DetectedFinding): void
  /** Hears of findings that an allow-list left out. */
  onLeftOut?(finding: Finding, entry: AllowEntry): void
  /** Called when reading begins, so that progress can be watched. */
  onEvidence?(report: EvidenceReport): void
}

export interface EvidenceRows {
  readonly rows: AsyncIterable<Batch>
  /** What reading the evidence gave so far; undefined before it began, or when the search reads none. */
  evidence(): EvidenceReport | undefined
}

export interface ExplainedSearch {
  /** The detection's name. */
  readonly title?: string
  readonly pipeline: Pipeline
  /** The search after macro expansion. */
  readonly expanded: string
  readonly macros: readonly UsedMacro[]
  readonly stages: readonly ExplainedStage[]
}

export interface Karst {
  readonly content: Content
  readonly knowledge: Knowledge
  /** The clock, time range and limits of searches. */
  readonly searchOptions: SearchOptions
  /** How evidence is read: limits, layouts, the time zone. */
  readonly reading: ReadOptions
  /** What searches run with, over a source of the caller's. */
  hostOver(source: EventSource): SearchHost
  /** Reads and checks a search without running it. */
  parse(spl: string): ParsedSearch
  /** Tells what a search will do. */
  explain(spl: string): ExplainedSearch
  /** Tells why a search gives rows over this evidence or not: what each of its steps let pass. */
  explainOver(pipeline: Pipeline, paths: readonly string[]): Promise<Explanation>
  /** Tells what the searches of detections will do. */
  explainDetections(detections: readonly string[]): readonly ExplainedSearch[]
  /** Runs one search over evidence. */
  search(spl: string, paths: readonly string[]): EvidenceRows
  /** Runs detections over evidence, all in one pass. */
  scan(
    paths: readonly string[],
    selection: DetectionSelection & { readonly plain?: boolean },
    callbacks: ScanCallbacks,
  ): Promise<ScanSummary>
  /**
   * Runs baselines of the content over evidence, so that their lookups are written into `writeFolder`.
   * @param names  of those to run; without any, all whose lookups need it
   */
  runBaselines(
    paths: readonly string[],
    names: readonly string[],
    onOutcome: (outcome: BaselineOutcome) => void,
  ): Promise<EvidenceReport | undefined>
  /** The events that a replay sends, with their time and metadata as a search would see them. */
  replayed(datasets: readonly Dataset[]): ReplayedEvents
  /** The events of evidence as batches whose fields are read on demand. */
  events(paths: readonly string[]): EvidenceRows
  /** The texts of events that findings refer to, by file and record with a line break between. Reads their files again. */
  rawEvents(references: Iterable<EventReference>): Promise<ReadonlyMap<string, string>>
  /** Which fields the events of evidence have, by kind, and where they come from. */
  explainFields(paths: readonly string[]): Promise<{
    readonly kinds: readonly ExplainedKind[]
    readonly evidence: EvidenceReport
  }>
  /** The Windows events of evidence as their files hold them, before any knowledge is applied. */
  decoded(paths: readonly string[]): {
    readonly records: AsyncIterable<DecodedRecord>
    readonly report: EvidenceReport
  }
}

/** The folder of the content that comes with Karst. */
const bundledContent = fileURLToPath(new URL('../../packs/content', import.meta.url))

/** The folder of the incident rules: Correlation detections that run in every scan. */
const bundledIncidents = fileURLToPath(new URL('../../packs/incidents', import.meta.url))

/** What Enterprise Security adds to events about assets and identities; of use only with lists of them. */
const entityPack = fileURLToPath(new URL('../../packs/entities', import.meta.url))

/** What was read of this content before, where it is kept. */
function cacheOf({ cache, content = [] }: KarstOptions): ContentCache | undefined {
  const build = cache?.build ?? buildOfThisCode()
  if (cache === undefined || build === undefined) return undefined
  return new ContentCache({ ...cache, build }, content)
}

/** Loads content and knowledge. Two instances may live in one process; they share nothing. */
export async function openKarst(options: KarstOptions = {}): Promise<Karst> {
  const report = options.report ?? (() => {})
  const cache = cacheOf(options)
  const bundled = await loadContent([bundledContent], cache?.files)
  const unpacked = (paths: readonly string[]) => unpackApps(paths, options.archiveLimits, report)
  const content =
    options.content === undefined ? bundled : await loadContent(await unpacked(options.content), cache?.files)
  const apps = await unpacked(options.apps ?? [])
  for (const app of apps) reportStrayFolder(app, report)
  const trusted = options.appsWithCode ?? []
  const commands = await loadAddedCommands(
    {
      own: options.commands ?? [],
      trusted,
      others: [...content.apps, ...apps].filter((app) => !trusted.includes(app)),
    },
    report,
  )
  const searchOptions: SearchOptions = {
    ...(commands === undefined ? {} : { commands }),
    now: options.now ?? Math.floor(Date.now() / 1000),
    timeZone: options.timeZone ?? 'UTC',
    limits: options.limits ?? defaultLimits,
    earliest: options.earliest,
    latest: options.latest,
    warn: report,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  }
  const bundledRules = await loadContent([bundledIncidents], cache?.files)
  cache?.save()
  for (const diagnostic of [...content.diagnostics, ...bundledRules.diagnostics]) report(diagnostic)
  const ids = new Set(content.detections.map(({ id }) => id))
  const incidentRules = bundledRules.detections.filter(({ id }) => !ids.has(id))
  const areRulesAsked = options.incidents === true
  const allDetections = areRulesAsked ? [...content.detections, ...incidentRules] : content.detections
  const entities = options.entities ?? noEntities

  const knowledgeOptions: ReaderSetup['knowledge'] = {
    folders: [
      ...(await bundledPacks()),
      ...(options.entities === undefined ? [] : [entityPack]),
      ...content.apps,
      ...apps,
    ],
    baseMacros: [...bundled.macros.values(), ...bundledRules.macros.values()],
    macros: [
      ...(content === bundled ? [] : content.macros.values()),
      ...(options.filters === undefined ? [] : await readFilters(options.filters)),
      ...(options.macros ?? []),
    ],
    lookups: [...content.lookups.values()].flatMap((lookup) => lookupDefinition(lookup) ?? []),
    lookupFiles: {
      folders: [
        ...new Set([...content.lookups.values()].flatMap(lookupFolders)),
        ...(options.state === undefined ? [] : [options.state]),
      ],
      ...(options.lookups === undefined ? {} : { files: options.lookups }),
      ...(options.writeFolder === undefined ? {} : { writeFolder: options.writeFolder }),
    },
    keepsXmlEscapes: options.keepsXmlEscapes ?? false,
  }
  const { now, timeZone } = searchOptions
  const knowledge = await loadKnowledge({
    ...knowledgeOptions,
    lookupFiles: { ...knowledgeOptions.lookupFiles, tables: entityTables(entities) },
    savedSearches: [...content.baselines, ...content.detections].flatMap(asSaved),
    context: { now, timeZone, warn: report, ...(commands === undefined ? {} : { commands }) },
    report,
  })

  const locations = options.geoip === undefined ? undefined : await openLocations(options.geoip)
  const plainReading: ReaderSetup['reading'] = {
    recover: options.recover ?? false,
    timeZone: searchOptions.timeZone,
    ...(options.archiveLimits === undefined ? {} : { limits: options.archiveLimits }),
    ...(options.decodeLimits === undefined ? {} : { decodeLimits: options.decodeLimits }),
  }
  const reading: ReadOptions = {
    ...plainReading,
    layoutOf: (file) => knowledge.fileLayout(file, options.defaults ?? {}),
    ...(options.outputs === undefined ? {} : { except: realPaths(options.outputs) }),
    ...(options.stdin === undefined ? {} : { stdin: options.stdin }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.format === undefined ? {} : { decoder: decoderOf(options.format) }),
  }
  const readers: Readers = {
    ...(options.workers === undefined ? {} : { count: options.workers }),
    maxMemory: (searchOptions.limits ?? defaultLimits).maxMemory,
    setup: {
      knowledge: knowledgeOptions,
      entities,
      now,
      timeZone,
      defaults: options.defaults ?? {},
      reading: { ...plainReading, ...(options.format === undefined ? {} : { format: options.format }) },
    },
  }
  const signal = options.signal ?? new AbortController().signal
  const sourceOver = (paths: readonly string[], onPass?: (report: EvidenceReport) => void): EvidenceSource =>
    evidenceSource(
      paths,
      { knowledge, defaults: options.defaults ?? {}, options: reading },
      options.workers === 0 ? undefined : readers,
      onPass,
    )
  const hostOver = (source: EventSource): SearchHost => ({
    source,
    macros: knowledge.macros,
    lookups: knowledge.lookups,
    dataModels: knowledge.dataModels,
    savedSearches: knowledge.savedSearches,
    extractions: knowledge.extractions,
    forms: knowledge.forms,
    ...(locations === undefined ? {} : { locations }),
  })
  const parse = (spl: string): ParsedSearch =>
    parseSearch(locatedText({ name: 'search', text: spl }), knowledge.macros, searchOptions)

  const explain = ({ expanded, pipeline }: ParsedSearch): ExplainedSearch => ({
    pipeline,
    expanded: expanded.text,
    macros: expanded.macros,
    stages: explainPlan(buildPlan(pipeline)),
  })

  return {
    content,
    knowledge,
    searchOptions,
    reading,
    hostOver,
    parse,
    explain: (spl) => explain(parse(spl)),
    explainDetections: (detections) =>
      selectDetections(allDetections, { detections }).map(({ name, version, search }) => ({
        title: `${name} v${version}`,
        ...explain(parseSearch(search, knowledge.macros, searchOptions)),
      })),
    explainOver: (pipeline, paths) => whyNoRows(pipeline, hostOver(sourceOver(paths)), searchOptions),
    async runBaselines(paths, names, onOutcome) {
      let evidence: EvidenceReport | undefined
      await runBaselines(selectBaselines(content.baselines, names), names.length > 0, {
        lookups: knowledge.lookups,
        onOutcome,
        signal: options.signal,
        async *search({ search }) {
          const { pipeline } = parseSearch(search, knowledge.macros, searchOptions)
          const source = sourceOver(paths)
          yield* runSearch(pipeline, hostOver(source), searchOptions)
          evidence ??= source.report()
        },
      })
      return evidence
    },
    replayed: (datasets) => replayedEvents(datasets, knowledge, options.defaults ?? {}, reading),
    search(spl, paths) {
      const search = parse(spl)
      for (const warning of checkSearch(search, knowledge)) report(warning)
      const { pipeline } = search
      const source = sourceOver(paths)
      return { rows: runSearch(pipeline, hostOver(source), searchOptions), evidence: source.report }
    },
    events(paths) {
      const source = sourceOver(paths)
      return { rows: source.scan({ fields: 'all', signal }).batches, evidence: source.report }
    },
    rawEvents: (references) => readRawEvents(references, reading),
    async explainFields(paths) {
      const { groups, report: evidence } = readEvidence(paths, reading)
      return { kinds: await explainFields(groups, knowledge, options.defaults ?? {}), evidence }
    },
    decoded(paths) {
      const { groups, report: evidence } = readEvidence(paths, reading)
      async function* records(): AsyncGenerator<DecodedRecord> {
        for await (const { file, events } of groups) {
          for (const event of events) {
            const record = decodedRecord(file, event)
            if (record !== undefined) yield record
          }
        }
      }
      return { records: records(), report: evidence }
    },
    async scan(paths, { plain, ...selection }, { onFinding, onLeftOut, onEvidence }) {
      const selected = selectDetections(allDetections, selection)
      if (selected.length === 0) {
        const message =
          content.detections.length === 0
            ? 'There is no detection to run: the content holds none that can be read.'
            : 'There is no detection to run: none fits all the options that choose some.'
        throw searchError('bad-argument', message)
      }
      const rules = new Set(incidentRules.filter((rule) => !selected.includes(rule)))
      const detections = [...selected, ...rules]
      if (options.checksSearches === true) {
        for (const { search } of selected)
          for (const warning of searchWarnings(search, knowledge)) report(warning)
      }
      const source = sourceOver(paths, onEvidence)
      const outcomes: DetectionOutcome[] = []
      const findings = new Map<Detection, number>()
      const throttled = new Map<Detection, number>()
      const incidents: DetectedFinding[] = []
      // Whoever names one of the rules wants that one.
      const areAllShown = areRulesAsked && rules.size === incidentRules.length
      const isShown = (detection: Detection): boolean => areAllShown || !rules.has(detection)
      const allowList =
        options.allow === undefined ? undefined : new AllowList(options.allow, searchOptions.now)
      const admit = ({ finding }: DetectedFinding): Finding | undefined => {
        const allowed = allowList?.apply(finding)
        if (allowed === undefined) return finding
        if (allowed.kind === 'lowered') return allowed.finding
        onLeftOut?.(finding, allowed.entry)
        return undefined
      }
      try {
        await runInRounds(detections, hostOver(source), {
          ...searchOptions,
          parse: ({ search }) =>
            cache?.parse(search, knowledge.macros, searchOptions) ??
            parseSearch(search, knowledge.macros, searchOptions),
          ...(cache === undefined || searchOptions.commands !== undefined
            ? {}
            : { habits: searchHabits(cache.habits, { earliest: options.earliest, latest: options.latest }) }),
          plain: plain ?? false,
          assess: assessor(searchOptions, {
            ...(options.entities === undefined
              ? {}
              : { entities: knownEntities(entities, options.riskFactors) }),
          }),
          ...(allowList === undefined ? {} : { admit }),
          onOutcome: (outcome) => {
            if (isShown(outcome.detection)) outcomes.push(outcome)
          },
          onThrottled: (detection, count) => throttled.set(detection, count),
          onFinding: (one) => {
            if (!isShown(one.detection)) {
              incidents.push(one)
              return
            }
            findings.set(one.detection, (findings.get(one.detection) ?? 0) + 1)
            onFinding(one.finding, one)
          },
        })
      } finally {
        await source.close()
      }
      cache?.save()
      // They come as searches end, which says nothing to anybody.
      const places = new Map(detections.map((detection, place) => [detection, place]))
      outcomes.sort((a, b) => places.get(a.detection)! - places.get(b.detection)!)
      // When no detection asked for events, read them all the same, so that the summary can tell what is there.
      if (source.report() === undefined) await readThrough(source.scan({ fields: new Set(), signal }).batches)
      const ran = outcomes.filter(({ status }) => status === 'ran').map(({ detection }) => detection)
      const unfilled = unfilledLookups(ran, content.baselines, knowledge.lookups)
      for (const one of unfilled) report(unfilledWarning(one))
      return {
        evidence: source.report()!,
        outcomes,
        findings,
        throttled,
        unfilled,
        unlisted: unlistedEntities(ran, entities, knowledge.macros),
        allowed: allowList?.uses(detections) ?? [],
        incidents,
      }
    },
  }
}

/** The real paths of files; they need not be there yet. */
function realPaths(files: readonly string[]): ReadonlySet<string> {
  return new Set(
    files.map((file) => {
      const folder = dirname(resolve(file))
      return existsSync(file)
        ? realpathSync.native(file)
        : join(existsSync(folder) ? realpathSync.native(folder) : folder, basename(file))
    }),
  )
}

async function readThrough(batches: AsyncIterable<Batch>): Promise<void> {
  for await (const batch of batches) if (batch.length < 0) return
}

function decoderOf(format: string): Decoder {
  const decoder = findDecoder(format)
  if (decoder !== undefined) return decoder
  const names = decoders.map((candidate) => candidate.format)
  const [nearest] = suggest(format, names)
  const help = nearest === undefined ? `There is: ${names.join(', ')}.` : `Did you mean "${nearest}"?`
  throw searchError('bad-argument', `Unknown input format "${format}".`, help)
}

/** False-positive filters: the text of `NAME_filter.spl` is the macro `NAME_filter`. */
async function readFilters(folder: string): Promise<MacroDefinition[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.spl')).sort()
  return Promise.all(
    names.map(async (name) => ({
      name: name.slice(0, -'.spl'.length),
      args: [],
      definition: (await readFile(join(folder, name), 'utf8')).trim(),
      isEval: false,
      origin: join(folder, name),
    })),
  )
}

/** A search of content under the name that its author gave, and the one that apps built by contentctl save it under. */
function asSaved({
  name,
  searchName = `ESCU - ${name} - Rule`,
  search: { text },
}: Pick<Detection, 'name' | 'search' | 'searchName'>): SavedSearch[] {
  return [
    { name, search: text },
    { name: searchName, search: text },
  ]
}

/** A content lookup in the words of transforms.conf. */
function lookupDefinition(lookup: Lookup): LookupDefinition | undefined {
  const { store, fields, matchTypes } = lookup
  const settings = new Map<string, string>([
    ['match_type', matchTypes.map(({ type, field }) => `${type}(${field})`).join(', ')],
    ['case_sensitive_match', String(lookup.caseSensitiveMatch)],
  ])
  if (store.kind === 'kvstore') settings.set('collection', store.collection)
  else settings.set('filename', store.file)
  if (fields.length > 0) settings.set('fields_list', fields.join(', '))
  if (lookup.defaultMatch !== undefined) settings.set('default_match', lookup.defaultMatch)
  if (lookup.minMatches !== undefined) settings.set('min_matches', String(lookup.minMatches))
  if (lookup.maxMatches !== undefined) settings.set('max_matches', String(lookup.maxMatches))
  return readLookupDefinition(lookup.name, settings, lookup.origin)
}

function lookupFolders({ origin }: Lookup): string[] {
  const folder = dirname(origin)
  return existsSync(folder) ? [folder] : []
}
