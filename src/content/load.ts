// Loads content from disk: a security_content or contentctl repository, a folder of loose YAML files, one file, a built
// app or a savedsearches.conf.
// Broken files are named and the rest loads. Running what was loaded is left to detect and engine.

import { createHash } from 'node:crypto'
import { readFileSync, realpathSync, statSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, join, relative, resolve, sep } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { type App, findApp, readApp } from './app.ts'
import { type Baseline, readBaseline } from './baselines.ts'
import { type DataSource, readDataSource } from './data-sources.ts'
import type { Detection } from './detection.ts'
import { readDetection } from './escu-yaml.ts'
import { type Lookup, readLookup } from './lookups.ts'
import { filterMacros, type Macro, readMacro } from './macros.ts'
import { type Deployment, deploymentDifference, readDeployment, readProject } from './project.ts'
import { type ContentKind, contentFolders, projectFile, recognise } from './recognise.ts'
import { type Read, unknownKeyWarnings } from './schema.ts'
import { readStory, type Story } from './stories.ts'
import {
  type CheckedContent,
  decodeText,
  knownYamlFile,
  maxContentBytes,
  parseYamlFile,
  type UnknownKey,
  type YamlFile,
} from './yaml-file.ts'

/** All that was loaded, in the order of the paths given and of the files' names. */
export interface Content {
  readonly detections: readonly Detection[]
  /** By `name` or `name(2)`; the filter macros that no file defines are among them. */
  readonly macros: ReadonlyMap<string, Macro>
  readonly lookups: ReadonlyMap<string, Lookup>
  readonly stories: ReadonlyMap<string, Story>
  readonly dataSources: ReadonlyMap<string, DataSource>
  readonly baselines: readonly Baseline[]
  /** Folders of the apps among the content: their macros, lookups and other configuration belong to it. */
  readonly apps: readonly string[]
  /** What is wrong with the files, and what in them has no effect. */
  readonly diagnostics: readonly Diagnostic[]
}

/** More files than any repository has; a wrong folder (a home, a disk) stops here. */
export const maxFiles = 50_000

/** What a content file was found to hold, as plain data. */
export interface KnownFile extends CheckedContent {
  readonly kind: ContentKind
}

/** Remembers what files hold, by a digest of their bytes, so that they are parsed and checked but once. */
export interface FileMemory {
  get(digest: string): KnownFile | undefined
  set(digest: string, file: KnownFile): void
}

/**
 * Loads content. Where a name is defined twice the first path given wins. A file or folder from inside a repository
 * brings that repository's macros, lookups, stories and data sources, but not its other detections.
 *
 * @param memory  of files with nothing wrong in them; all files are read all the same
 * @throws never for what the files hold: that is reported in `diagnostics`
 */
export async function loadContent(paths: readonly string[], memory?: FileMemory): Promise<Content> {
  const loading = new Loading(memory)
  for (const path of paths) {
    loading.begin()
    const app = await findApp(path)
    if (app !== undefined) {
      loading.addApp(app, await readApp(app))
      continue
    }
    const files = await findFiles(path, loading.diagnostics)
    for (let i = 0; i < files.length; i++) {
      // Reading them one by one takes a sixth of the time that promises take, but others want to run, too.
      if (i % filesAtOnce === filesAtOnce - 1) await setImmediate()
      const file = files[i]!
      if (loading.isNew(file)) loading.add(file, readBytes(file))
    }
  }
  return loading.content()
}

const filesAtOnce = 64

/** A file that may hold content. */
interface ContentFile {
  /** As it can be opened. */
  readonly name: string
  /** From the content's root, with `/`. */
  readonly path: string
  /** The repository's folder it is in. */
  readonly folder: string | undefined
  /** The user named this very file, so it has to be content. */
  readonly isNamed: boolean
}

/** What has been loaded so far. */
class Loading {
  readonly diagnostics: Diagnostic[] = []
  readonly #opened = new Set<string>()
  readonly #detections = new Map<string, Detection>()
  readonly #macros = new Map<string, { item: Macro; file: YamlFile }>()
  readonly #lookups = new Map<string, { item: Lookup; file: YamlFile }>()
  readonly #stories = new Map<string, Story>()
  readonly #dataSources = new Map<string, DataSource>()
  readonly #baselines: Baseline[] = []
  readonly #apps: string[] = []
  /** Macros that the apps define; what they are is read with the rest of their configuration. */
  readonly #appMacros = new Set<string>()
  readonly #unknown: { file: YamlFile; kind: string; unknown: UnknownKey }[] = []
  readonly #memory: FileMemory | undefined
  /** What the repository at hand calls its app. */
  #label: string | undefined

  constructor(memory: FileMemory | undefined) {
    this.#memory = memory
  }

  /** Forgets what the last path said about itself. */
  begin(): void {
    this.#label = undefined
  }

  /** Whether a file comes for the first time: paths may overlap, and a repository may link to itself. */
  isNew({ name }: ContentFile): boolean {
    const real = realPath(name)
    if (this.#opened.has(real)) return false
    this.#opened.add(real)
    return true
  }

  addApp({ folder }: App, { searches, macros, stories }: Awaited<ReturnType<typeof readApp>>): void {
    if (!this.#apps.includes(folder)) this.#apps.push(folder)
    for (const name of macros) this.#appMacros.add(name)
    this.diagnostics.push(...searches.diagnostics)
    for (const detection of searches.detections) this.#addDetection(detection)
    this.#baselines.push(...searches.baselines)
    this.diagnostics.push(...stories.diagnostics)
    for (const story of stories.stories) addFirst(this.#stories, story)
  }

  add(source: ContentFile, bytes: Uint8Array | Diagnostic): void {
    if (!(bytes instanceof Uint8Array)) {
      this.diagnostics.push(bytes)
      return
    }
    const digest = this.#memory === undefined ? '' : digestOf(source, bytes)
    const known = this.#memory?.get(digest)
    if (known !== undefined) {
      this.#read(known.kind, knownYamlFile(source.name, bytes, known), source.path)
      return
    }
    const { file, diagnostics } = parseYamlFile(source.name, decodeText(bytes))
    this.diagnostics.push(...diagnostics)
    if (file === undefined) return
    const kind = recognise(file.value, source.folder)
    if (kind === undefined) {
      this.#reportUnrecognised(source, file)
      return
    }
    const checked = this.#read(kind, file, source.path)
    if (checked !== undefined && diagnostics.length === 0)
      this.#memory?.set(digest, { kind, data: checked.data, unknownKeys: checked.unknownKeys })
  }

  #reportUnrecognised({ isNamed, name }: ContentFile, file: YamlFile): void {
    this.diagnostics.push({
      code: 'bad-content',
      severity: isNamed ? 'error' : 'note',
      message: `${name} is no detection, macro, lookup, story, data source or baseline.`,
      labels: [file.label([])],
      help: 'A detection has "name", "id", "type" and "search", a macro "name" and "definition".',
    })
  }

  /** @returns what the file was found to hold, unless something is wrong with it */
  #read(kind: ContentKind, file: YamlFile, path: string): CheckedContent | undefined {
    switch (kind) {
      case 'unused':
        return { data: undefined, unknownKeys: [] }
      case 'detection':
        return this.#take(kind, file, readDetection(file, path), (item) => this.#addDetection(item))
      case 'baseline':
        return this.#take(kind, file, readBaseline(file, path), (item) => this.#baselines.push(item))
      case 'macro': {
        const meaning = ({ definition }: Macro): string => definition
        return this.#take(kind, file, readMacro(file), (item) =>
          this.#addNamed(this.#macros, item, file, kind, meaning),
        )
      }
      case 'lookup': {
        const meaning = ({ store, matchTypes }: Lookup): string => JSON.stringify([store, matchTypes])
        return this.#take(kind, file, readLookup(file), (item) =>
          this.#addNamed(this.#lookups, item, file, kind, meaning),
        )
      }
      case 'story':
        return this.#take(kind, file, readStory(file, path), (item) => addFirst(this.#stories, item))
      case 'data source':
        return this.#take(kind, file, readDataSource(file, path), (item) => addFirst(this.#dataSources, item))
      case 'deployment':
        return this.#take(kind, file, readDeployment(file), (item) => this.#compareDeployment(item))
      case 'project':
        return this.#take(kind, file, readProject(file), ({ label }) => {
          this.#label = label
        })
    }
  }

  #take<Item>(
    kind: string,
    file: YamlFile,
    read: Read<Item>,
    add: (item: Item) => void,
  ): CheckedContent | undefined {
    if (!read.ok) {
      this.diagnostics.push(...read.diagnostics)
      return undefined
    }
    add(read.item)
    for (const unknown of read.unknownKeys) this.#unknown.push({ file, kind, unknown })
    return read
  }

  /** Schedules have no effect on evidence; that actions have none is worth a word where they would change results. */
  #compareDeployment(deployment: Deployment): void {
    const difference = deploymentDifference(deployment)
    if (difference === undefined) return
    this.diagnostics.push({
      code: 'bad-content',
      severity: 'warning',
      message: difference,
      labels: [deployment.file.keyLabel(['alert_action'])],
    })
  }

  #addDetection(read: Detection): void {
    const detection =
      this.#label === undefined || read.searchName !== undefined
        ? read
        : { ...read, searchName: `${this.#label} - ${read.name} - Rule` }
    const key = `${detection.id.toLowerCase()} ${detection.version}`
    const first = this.#detections.get(key)
    if (first === undefined) {
      this.#detections.set(key, detection)
      return
    }
    const here = detection.place?.(['version'])
    const there = first.place?.(['version'], 'first stated here')
    this.diagnostics.push({
      code: 'ambiguous-content',
      severity: 'error',
      message: `${detection.file}: version ${detection.version} of the detection ${detection.id} is also in ${first.file}.`,
      labels: [
        ...(here === undefined ? [] : [here]),
        ...(there === undefined ? [] : [{ ...there, primary: false }]),
      ],
      help: 'Give one of them another version or another id; only the first is used.',
    })
  }

  #addNamed<Item extends { readonly name: string }>(
    all: Map<string, { item: Item; file: YamlFile }>,
    item: Item,
    file: YamlFile,
    kind: string,
    meaning: (item: Item) => string,
  ): void {
    const first = all.get(item.name)
    if (first === undefined) {
      all.set(item.name, { item, file })
      return
    }
    if (meaning(first.item) === meaning(item)) return
    this.diagnostics.push({
      code: 'ambiguous-content',
      severity: 'warning',
      message: `The ${kind} "${item.name}" in ${file.source.name} is also defined in ${first.file.source.name}, which is used.`,
      labels: [file.label(['name'])],
      help: 'Remove one of them, or name the wanted content first.',
    })
  }

  content(): Content {
    const detections = [...this.#detections.values()]
    const macros = items(this.#macros)
    for (const macro of filterMacros(detections))
      if (!this.#appMacros.has(macro.name)) addFirst(macros, macro)
    return {
      detections,
      macros,
      lookups: items(this.#lookups),
      stories: this.#stories,
      dataSources: this.#dataSources,
      baselines: this.#baselines,
      apps: this.#apps,
      diagnostics: [...this.diagnostics, ...unknownKeyWarnings(this.#unknown)],
    }
  }
}

function items<Item>(all: ReadonlyMap<string, { item: Item }>): Map<string, Item> {
  return new Map([...all].map(([name, { item }]) => [name, item]))
}

function addFirst<Item extends { readonly name: string }>(all: Map<string, Item>, item: Item): void {
  if (!all.has(item.name)) all.set(item.name, item)
}

/** What a file holds, or why it is not read. */
function readBytes({ name }: ContentFile): Uint8Array | Diagnostic {
  try {
    const found = statSync(name)
    // A pipe, for one, would never end.
    if (!found.isFile()) return pathProblem(`${name} is no file, so it is not read as content.`)
    if (found.size <= maxContentBytes) return readFileSync(name)
    const limit = `${maxContentBytes / 1024 / 1024} MB`
    return pathProblem(
      `${name} is larger than ${limit}, so it is not read as content.`,
      'Split it into its parts.',
    )
  } catch (error) {
    return pathProblem(`${name} cannot be read: ${(error as Error).message}.`)
  }
}

function realPath(name: string): string {
  try {
    return realpathSync.native(name)
  } catch {
    return resolve(name)
  }
}

/** Tells apart whatever makes a difference to how a file is read. Its name and place are used anew each time. */
const digestOf = ({ folder = '' }: ContentFile, bytes: Uint8Array): string =>
  createHash('sha256').update(`${folder}\0`).update(bytes).digest('base64')

function pathProblem(message: string, help?: string): Diagnostic {
  return {
    code: 'bad-content',
    severity: 'error',
    message,
    labels: [],
    ...(help === undefined ? {} : { help }),
  }
}

const isYaml = (name: string): boolean => /\.ya?ml$/i.test(name)
const withSlashes = (path: string): string => path.split(sep).join('/')

/** The files of a path given by the user, sorted by name. */
async function findFiles(path: string, diagnostics: Diagnostic[]): Promise<readonly ContentFile[]> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) {
    diagnostics.push(
      pathProblem(`There is no content at "${path}".`, 'Name a folder of detections or a .yml file.'),
    )
    return []
  }
  const walk = new Walk(diagnostics)
  const repository = await repositoryOf(path, found.isDirectory())
  if (found.isDirectory()) {
    const isWhole = repository !== undefined && resolve(repository) === resolve(path)
    if (isWhole) await walk.repository(repository, [...contentFolders.keys()])
    else await walk.folder(path, path, undefined)
    if (walk.files.length === 0) {
      diagnostics.push(
        pathProblem(`"${path}" holds no content.`, 'Content is written in files that end in .yml.'),
      )
    }
  } else if (isYaml(path)) {
    const inside = repository === undefined ? basename(path) : withSlashes(relative(repository, path))
    walk.files.push({
      name: path,
      path: inside,
      folder: inside.includes('/') ? inside.split('/')[0] : undefined,
      isNamed: true,
    })
  } else {
    diagnostics.push(
      pathProblem(
        `"${path}" is neither a YAML file nor a savedsearches.conf.`,
        'Content is written in files that end in .yml; an app is a folder, or packed as .spl, .tgz or .zip.',
      ),
    )
  }
  if (repository !== undefined && resolve(repository) !== resolve(path)) {
    await walk.repository(repository, ['macros', 'lookups', 'stories', 'data_sources'])
  }
  // First, as it says what the others are called.
  const project = repository === undefined ? undefined : join(repository, projectFile)
  if (project !== undefined && statSync(project, { throwIfNoEntry: false })?.isFile() === true)
    walk.files.unshift({ name: project, path: projectFile, folder: projectFile, isNamed: false })
  return walk.files
}

/** The repository that a path is, or whose content folders it is in: a folder with `contentctl.yml` or `detections/`. */
async function repositoryOf(path: string, isFolder: boolean): Promise<string | undefined> {
  const exists = (name: string): Promise<boolean> =>
    stat(name).then(
      () => true,
      () => false,
    )
  const isRepository = async (folder: string): Promise<boolean> =>
    (await exists(join(folder, 'contentctl.yml'))) || (await exists(join(folder, 'detections')))
  if (isFolder && (await isRepository(path))) return path
  let folder = path
  // Content lies a few folders deep, as in `detections/endpoint/windows/`.
  for (let level = 0; level < 5; level++) {
    const parent = join(folder, '..')
    const inside = basename(resolve(folder))
    if (contentFolders.has(inside) && (await isRepository(parent))) return parent
    folder = parent
  }
  return undefined
}

/** Collects files. Links to folders are not followed, so a walk ends; hidden folders and packages are left out. */
class Walk {
  readonly files: ContentFile[] = []
  readonly #diagnostics: Diagnostic[]

  constructor(diagnostics: Diagnostic[]) {
    this.#diagnostics = diagnostics
  }

  async repository(root: string, folders: readonly string[]): Promise<void> {
    for (const folder of folders) {
      const found = await stat(join(root, folder)).catch(() => undefined)
      if (found?.isDirectory()) await this.folder(join(root, folder), root, folder)
    }
  }

  async folder(path: string, root: string, folder: string | undefined): Promise<void> {
    const entries = await readdir(path, { withFileTypes: true }).catch((error: Error) => {
      this.#diagnostics.push(pathProblem(`${path} cannot be read: ${error.message}.`))
      return []
    })
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const name = join(path, entry.name)
      if (entry.isDirectory()) {
        if (!entry.name.startsWith('.') && entry.name !== 'node_modules')
          await this.folder(name, root, folder)
      } else if (isYaml(entry.name)) {
        if (this.files.length === maxFiles) {
          const help = 'Name the folder of the detections itself.'
          this.#diagnostics.push(
            pathProblem(`${root} holds more than ${maxFiles} YAML files; the rest is not read.`, help),
          )
        }
        if (this.files.length > maxFiles) return
        this.files.push({ name, path: withSlashes(relative(root, name)), folder, isNamed: false })
      }
    }
  }
}
