// What `karst replay` sends: the datasets that a path stands for, and their events with the time and metadata that a
// search would see. Sending them is left to output.

import { existsSync } from 'node:fs'
import { open, readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { maxContentBytes, parseYamlFile, type YamlValue } from '../content/yaml-file.ts'
import type { FieldText, RawEvent } from '../decode/reader.ts'
import { searchError } from '../diagnostics/diagnostic.ts'
import type { DefaultMetadata } from '../knowledge/identify.ts'
import type { Knowledge } from '../knowledge/knowledge.ts'
import { EvidenceReport, type ReadOptions, readEvidence } from '../source/read-evidence.ts'
import { blocksOf, type EventGroup } from '../source/scan.ts'
import { displayValue } from '../value/value.ts'

/** Evidence, and what its publisher says about all its events; that wins over what the events say. */
export interface Dataset {
  readonly path: string
  readonly metadata: DefaultMetadata
}

/** An event as it is to arrive elsewhere. */
export interface ReplayedEvent {
  /** Epoch seconds; absent where none is found. */
  readonly time?: number
  readonly raw: string
  readonly source: string
  readonly sourcetype: string
  /** Absent where nobody says. */
  readonly host?: string
  /** Absent where nobody says: the receiver has a default. */
  readonly index?: string
  /** Index-time fields. */
  readonly fields?: ReadonlyMap<string, FieldText>
}

export interface ReplayedEvents {
  readonly events: AsyncIterable<ReplayedEvent>
  /** What reading gave; grows file by file. */
  readonly evidence: EvidenceReport
}

/** Reads the events of datasets in order. */
export function replayedEvents(
  datasets: readonly Dataset[],
  knowledge: Knowledge,
  defaults: DefaultMetadata,
  options: ReadOptions,
): ReplayedEvents {
  const evidence = new EvidenceReport()
  async function* events(): AsyncGenerator<ReplayedEvent> {
    for (const { path, metadata } of datasets) {
      const stated = { ...metadata, ...defaults }
      const { groups } = readEvidence([path], { ...options, onFile: (file) => evidence.add(file) })
      // Blocks hold the events in the order of the groups, so each row's event is the next one of the queue.
      const queue: RawEvent[] = []
      for await (const batch of blocksOf(noting(groups, queue), knowledge, stated)) {
        const times = batch.column('_time')
        for (let row = 0; row < batch.length; row++) {
          const event = queue[row]!
          const text = (name: string): string | undefined => {
            const shown = displayValue(batch.value(name, row))
            return typeof shown === 'string' ? shown : shown?.[0]
          }
          const time = times === undefined ? undefined : batch.value('_time', row)
          const host = stated.host ?? text('host')
          const index = stated.index ?? event.metadata.index
          const { fields } = event.metadata
          yield {
            ...(typeof time === 'number' ? { time } : {}),
            raw: event.raw(),
            source: stated.source ?? text('source') ?? path,
            sourcetype: stated.sourcetype ?? text('sourcetype') ?? 'text',
            ...(host === undefined || host === 'unknown' ? {} : { host }),
            ...(index === undefined ? {} : { index }),
            ...(fields === undefined || event.content.kind === 'row' ? {} : { fields }),
          }
        }
        queue.splice(0, batch.length)
      }
    }
  }
  return { events: events(), evidence }
}

async function* noting(groups: AsyncIterable<EventGroup>, queue: RawEvent[]): AsyncGenerator<EventGroup> {
  for await (const group of groups) {
    for (const event of group.events) queue.push(event)
    yield group
  }
}

/**
 * The datasets that a path stands for: those of a dataset file of attack_data, those of the dataset files in a folder, or
 * the path itself as evidence.
 * @throws SearchError where a dataset's file is not there or only a pointer to it
 */
export async function findDatasets(path: string): Promise<readonly Dataset[]> {
  const found = path === '-' ? undefined : await stat(path).catch(() => undefined)
  if (found?.isFile() && isYaml(path)) {
    const datasets = await readDatasetFile(path)
    if (datasets !== undefined) return datasets
    throw searchError(
      'bad-content',
      `${path} is not a dataset file.`,
      'A dataset file has "datasets:" with "path", "source" and "sourcetype", or "dataset:" with addresses.',
    )
  }
  if (found?.isDirectory()) {
    const names = (await readdir(path)).filter(isYaml).sort()
    const listed = await Promise.all(names.map((name) => readDatasetFile(join(path, name))))
    const datasets = listed.flatMap((one) => one ?? [])
    if (datasets.length > 0) return datasets
  }
  if (found?.isFile()) await refusePointer(path)
  return [{ path, metadata: {} }]
}

const isYaml = (name: string): boolean => /\.ya?ml$/i.test(name)

/** The datasets of a file in either form that attack_data has; undefined when it is another kind of file. */
async function readDatasetFile(name: string): Promise<readonly Dataset[] | undefined> {
  const { size } = await stat(name)
  if (size > maxContentBytes) return undefined
  const { file } = parseYamlFile(name, await readFile(name, 'utf8'))
  const entries = listOf(member(file?.value, 'datasets'))
  const addresses = listOf(member(file?.value, 'dataset'))
  if (entries.length === 0 && addresses.length === 0) return undefined
  const datasets = entries.map((entry) => ({
    address: typeof entry === 'string' ? entry : textOf(member(entry, 'path')),
    source: textOf(member(entry, 'source')),
    sourcetype: textOf(member(entry, 'sourcetype')),
  }))
  // The older form lists sourcetypes without saying which dataset has which, so only a single one can be believed.
  const sourcetypes = listOf(member(file?.value, 'sourcetypes')).map(textOf)
  const only = sourcetypes.length === 1 ? (sourcetypes[0] ?? '') : ''
  for (const address of addresses)
    datasets.push({ address: textOf(address), source: '', sourcetype: only.includes(':') ? '' : only })

  const placed = datasets.map(({ address, ...metadata }) => ({
    address,
    metadata,
    path: localPath(address, dirname(name)),
  }))
  const missing = placed.filter(({ path }) => path === undefined)
  if (missing.length > 0) {
    throw searchError(
      'bad-content',
      `${name} names datasets that are not here: ${missing.map(({ address }) => address || '(no path)').join(', ')}.`,
      'Download them beside the dataset file, or into the same folders below the root of attack_data.',
    )
  }
  const result: Dataset[] = []
  for (const { path, metadata } of placed) {
    await refusePointer(path!)
    const { source, sourcetype } = metadata
    result.push({
      path: path!,
      metadata: { ...(source === '' ? {} : { source }), ...(sourcetype === '' ? {} : { sourcetype }) },
    })
  }
  return result
}

/** A dataset's file: beside the dataset file, or where its address has it below a folder further up. */
function localPath(address: string, folder: string): string | undefined {
  const inside = /(?:^|\/)(datasets\/[^?#]+)/.exec(address)?.[1] ?? address.replace(/^\/+/, '')
  // Dataset files come from elsewhere: their paths may not lead out of the folders searched.
  if (inside === '' || inside.split('/').includes('..') || /^[a-z]+:/i.test(inside)) return undefined
  const beside = join(folder, basename(inside))
  if (existsSync(beside)) return beside
  for (let root = resolve(folder); ; root = dirname(root)) {
    const candidate = join(root, inside)
    if (existsSync(candidate)) return candidate
    if (dirname(root) === root) return undefined
  }
}

/** Git LFS leaves a small text where a large file belongs until that is fetched. */
async function refusePointer(path: string): Promise<void> {
  const handle = await open(path)
  try {
    const head = Buffer.alloc(64)
    const { bytesRead } = await handle.read(head, 0, head.length, 0)
    if (
      !head.subarray(0, bytesRead).toString('latin1').startsWith('version https://git-lfs.github.com/spec/')
    )
      return
  } finally {
    await handle.close()
  }
  throw searchError(
    'bad-content',
    `${path} is a pointer of Git LFS, not the dataset itself.`,
    `Fetch it: git lfs pull --include="${basename(path)}"`,
  )
}

function member(value: YamlValue | undefined, key: string): YamlValue | undefined {
  if (typeof value !== 'object' || Array.isArray(value)) return undefined
  const map = value as { readonly [key: string]: YamlValue }
  return Object.hasOwn(map, key) ? map[key] : undefined
}

function listOf(value: YamlValue | undefined): readonly YamlValue[] {
  if (value === undefined || value === '') return []
  return Array.isArray(value) ? value : [value as YamlValue]
}

const textOf = (value: YamlValue | undefined): string => (typeof value === 'string' ? value.trim() : '')
