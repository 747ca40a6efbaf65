// All knowledge of a run: props, transforms, eventtypes, tags, macros, lookups and data models of the bundled packs and
// of the user's add-ons, loaded once and asked by source, engine and detect.

import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FileLayout } from '../decode/reader.ts'
import type {
  Extractions,
  Lookups,
  MacroDefinition,
  Macros,
  SavedSearch,
  SavedSearches,
} from '../spl/host.ts'
import type { ExpressionContext } from '../spl/run/context.ts'
import { checkProps } from './check-props.ts'
import { type LoadedDataModels, loadDataModels, type ModelFile } from './cim/load.ts'
import { type Conf, mergeConfs, parseConf, type Report } from './conf-file.ts'
import {
  type ConstantFields,
  type Eventtype,
  type PossibleEventtype,
  possibleEventtypes,
  readEventtypes,
} from './eventtypes.ts'
import { formExtractions, namedExtractions } from './extractions.ts'
import { readFileLayout } from './file-layout.ts'
import { type DefaultMetadata, type Identify, metadataRules } from './identify.ts'
import { compileIndexRules, type IndexRules } from './indexing.ts'
import { collectLookups, type LookupDefinition, type LookupSources, lookupDefinitions } from './lookups.ts'
import { collectMacros, readMacros } from './macros.ts'
import { compileProfile, type Profile } from './profile.ts'
import { compileProps, type EventKind } from './props.ts'
import { collectSavedSearches, readSavedSearches } from './saved-searches.ts'
import { type FieldTags, readTags } from './tags.ts'
import { reportUnreadConfs } from './unread-confs.ts'

/** What is known about events and for searches. */
export interface Knowledge {
  readonly macros: Macros
  readonly lookups: Lookups
  readonly dataModels: LoadedDataModels
  readonly savedSearches: SavedSearches
  /** The stanzas of transforms.conf, for searches that name one. */
  readonly extractions: Extractions
  /** The forms of apps, for kvform. */
  readonly forms: Extractions
  readonly eventtypes: readonly Eventtype[]
  readonly tags: readonly FieldTags[]
  /** Makes an identifier for the events of a file. */
  identify(file: string, defaults: DefaultMetadata): Identify
  /** How a file is laid out, where configuration says so for its name or for the sourcetype that the user states. */
  fileLayout(file: string, defaults: DefaultMetadata): FileLayout | undefined
  /** What is to be done with events of one kind. */
  profile(kind: EventKind): Profile
  /** The eventtypes that events with these constant fields can have. */
  possibleEventtypes(constants: ConstantFields): readonly PossibleEventtype[]
  /** Values of Windows events keep `&lt;`, `&gt;` and `&amp;`, as Splunk's add-on leaves them. */
  readonly keepsXmlEscapes: boolean
  /** The clock and zone that times without a year or zone are read by, and that expressions see. */
  readonly context: ExpressionContext
  /** Hears what is wrong in configuration and shows only while it is used. */
  readonly report: Report
}

export interface KnowledgeOptions {
  /** Add-on folders, in order of rising precedence: see `bundledPacks`. */
  readonly folders: readonly string[]
  readonly context: ExpressionContext
  /** Hears what is wrong or not supported in configuration. */
  readonly report: Report
  /** Macros of the content that comes with Karst; those of folders win over them. */
  readonly baseMacros?: readonly MacroDefinition[]
  /** Macros of content and of the command line; they win over those of folders. */
  readonly macros?: readonly MacroDefinition[]
  /** Lookup definitions of content; they win over those of folders. */
  readonly lookups?: readonly LookupDefinition[]
  /** Searches of content; those that savedsearches.conf saves under the same names win over them. */
  readonly savedSearches?: readonly SavedSearch[]
  /** Further places for lookup files, files by name, and where outputlookup may write. */
  readonly lookupFiles?: Omit<Partial<LookupSources>, 'definitions'>
  readonly keepsXmlEscapes?: boolean
}

/** The folders of the packs that come with Karst. */
export async function bundledPacks(): Promise<string[]> {
  const packs = fileURLToPath(new URL('../../packs', import.meta.url))
  const names = (await readdir(join(packs, 'knowledge'))).sort()
  return [...names.map((name) => join(packs, 'knowledge', name)), join(packs, 'cim')]
}

const confNames = [
  ...(['props', 'transforms', 'eventtypes', 'tags', 'macros', 'savedsearches', 'collections'] as const),
]
type ConfName = (typeof confNames)[number]

/** Possible eventtypes are remembered for this many kinds of events. */
const mostKinds = 5000

/**
 * Loads knowledge from add-on folders. A folder holds conf files under `default/` and `local/` (local wins) or directly,
 * lookup files under `lookups/`, forms under `forms/`, data models as JSON under `default/data/models/` or directly.
 * Later folders win, key by key; what is local wins over the defaults of all. Other conf files are named in a notice.
 */
export async function loadKnowledge(options: KnowledgeOptions): Promise<Knowledge> {
  const { report } = options
  const files = new Map<ConfName, Conf[]>(confNames.map((name) => [name, []]))
  const models: ModelFile[] = []
  const lookupFolders: string[] = []
  const forms = new Map<string, string>()
  for (const folder of options.folders) {
    await readConfs(folder, ['', 'default'], files, report)
    await readModels(folder, models)
    if (existsSync(join(folder, 'lookups'))) lookupFolders.push(join(folder, 'lookups'))
    await readForms(folder, forms, report)
    await reportUnreadConfs(folder, new Set(confNames), report)
  }
  // What is local in any app wins over every app's defaults. (Admin Manual: Configuration file precedence)
  for (const folder of options.folders) await readConfs(folder, ['local'], files, report)

  return build(
    {
      confs: new Map(confNames.map((name) => [name, mergeConfs(files.get(name)!)])),
      models,
      lookupFolders,
      forms,
    },
    options,
  )
}

/** Configuration at hand, as the texts of conf files, and lookup files by name. */
export interface ConfTexts extends Partial<Record<ConfName, string>> {
  readonly lookups?: ReadonlyMap<string, string>
  readonly models?: readonly ModelFile[]
  readonly forms?: ReadonlyMap<string, string>
}

/** Makes knowledge of texts, without a disk. */
export function knowledgeOf(
  texts: ConfTexts,
  options: Pick<KnowledgeOptions, 'context' | 'report'>,
): Knowledge {
  const confs = new Map(
    confNames.map((name) => [name, parseConf(texts[name] ?? '', `${name}.conf`, options.report)]),
  )
  const lookupFiles = texts.lookups === undefined ? {} : { texts: texts.lookups }
  return build(
    { confs, models: texts.models ?? [], lookupFolders: [], forms: texts.forms ?? new Map() },
    { ...options, folders: [], lookupFiles },
  )
}

interface Loaded {
  readonly confs: ReadonlyMap<ConfName, Conf>
  readonly models: readonly ModelFile[]
  readonly lookupFolders: readonly string[]
  /** By name, without `.form`. */
  readonly forms: ReadonlyMap<string, string>
}

function build({ confs, models, lookupFolders, forms }: Loaded, options: KnowledgeOptions): Knowledge {
  const { context } = options
  const report = once(options.report)
  const conf = (name: ConfName): Conf => confs.get(name)!
  const propsConf = conf('props')
  const transforms = conf('transforms')
  checkProps(propsConf, transforms, report)
  const props = compileProps(propsConf, report)
  const eventtypes = readEventtypes(conf('eventtypes'), report)
  const macros = collectMacros([
    ...(options.baseMacros ?? []),
    ...readMacros(conf('macros'), report),
    ...(options.macros ?? []),
  ])
  const { folders: furtherFolders = [], ...lookupFiles } = options.lookupFiles ?? {}

  const lookups = collectLookups({
    ...lookupFiles,
    timeZone: context.timeZone,
    definitions: [...lookupDefinitions(transforms, conf('collections'), report), ...(options.lookups ?? [])],
    folders: [...lookupFolders, ...furtherFolders],
  })
  const rulesOfKinds = new Map<string, IndexRules>()
  const indexRules = (kind: EventKind): IndexRules => {
    const { key, settings } = props.match(kind)
    let rules = rulesOfKinds.get(key)
    if (rules === undefined) {
      rules = compileIndexRules(settings, transforms, report)
      rulesOfKinds.set(key, rules)
    }
    return rules
  }
  const profiles = new Map<string, Profile>()
  const possible = new Map<string, readonly PossibleEventtype[]>()
  return {
    macros,
    eventtypes,
    tags: readTags(conf('tags'), report),
    lookups,
    dataModels: loadDataModels(models, { macros, context, report }),
    savedSearches: collectSavedSearches([
      ...(options.savedSearches ?? []),
      ...readSavedSearches(conf('savedsearches')),
    ]),
    extractions: namedExtractions(transforms, report),
    forms: formExtractions(forms, transforms, report),
    identify: metadataRules(props, indexRules, report),
    fileLayout(file, { source = file, sourcetype = props.assignedSourcetype(file) ?? '', host = '' }) {
      const { settings } = props.match({ source, sourcetype, host })
      return readFileLayout(settings, context, report)
    },
    profile(kind) {
      const { key, settings } = props.match(kind)
      let profile = profiles.get(key)
      if (profile === undefined) {
        profile = compileProfile(key, settings, transforms, { ...context, lookups }, report)
        profiles.set(key, profile)
      }
      return profile
    },
    possibleEventtypes(constants) {
      const key = JSON.stringify([...constants])
      let found = possible.get(key)
      if (found === undefined) {
        if (possible.size >= mostKinds) possible.clear()
        found = possibleEventtypes(eventtypes, constants, context)
        possible.set(key, found)
      }
      return found
    },
    keepsXmlEscapes: options.keepsXmlEscapes ?? false,
    context,
    report,
  }
}

/** Says things once: rules run for every block of events, and complain alike each time but for numbers. */
function once(report: Report): Report {
  const said = new Set<string>()
  return (diagnostic) => {
    const key = diagnostic.message.replace(/\d+/g, '0')
    if (said.has(key)) return
    said.add(key)
    report(diagnostic)
  }
}

async function readConfs(
  folder: string,
  layers: readonly string[],
  files: ReadonlyMap<ConfName, Conf[]>,
  report: Report,
): Promise<void> {
  for (const layer of layers) {
    for (const name of confNames) {
      const path = join(folder, layer, `${name}.conf`)
      if (!existsSync(path)) continue
      const shown = [basename(folder), layer, `${name}.conf`].filter(Boolean).join('/')
      files.get(name)!.push(parseConf(await readFile(path, 'utf8'), shown, report))
    }
  }
}

async function readModels(folder: string, models: ModelFile[]): Promise<void> {
  for (const place of ['', 'data/models', 'default/data/models', 'local/data/models']) {
    if (!existsSync(join(folder, place))) continue
    for (const file of (await readdir(join(folder, place))).sort()) {
      if (file.endsWith('.json'))
        models.push({
          name: join(basename(folder), file),
          text: await readFile(join(folder, place, file), 'utf8'),
        })
    }
  }
}

/** A form is a page of text. */
const maxFormBytes = 1024 * 1024

async function readForms(folder: string, forms: Map<string, string>, report: Report): Promise<void> {
  const place = join(folder, 'forms')
  if (!existsSync(place)) return
  for (const file of (await readdir(place)).sort()) {
    if (!file.endsWith('.form')) continue
    const bytes = await readFile(join(place, file))
    if (bytes.length <= maxFormBytes) forms.set(file.slice(0, -'.form'.length), bytes.toString('utf8'))
    else {
      const message = `${join(place, file)} is larger than 1 MiB: that is no form, and it was not read.`
      report({ code: 'bad-content', severity: 'warning', message, labels: [] })
    }
  }
}
