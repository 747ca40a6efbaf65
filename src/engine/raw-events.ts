// Finds the texts of events again that findings refer to, by reading their files once more. Only reports need them, and
// only of few events, so that a scan need not keep any.

import { existsSync } from 'node:fs'
import { type ReadOptions, readEvidence } from '../source/read-evidence.ts'
import type { EventReference } from '../value/batch.ts'

/** The key of an event in the result. */
export const eventKey = ({ file, record }: EventReference): string => `${file}\n${record}`

/**
 * The texts of events, by `eventKey`. Events of files that cannot be opened again (standard input) are left out.
 * @param references  few: they are kept in memory with their texts
 */
export async function readRawEvents(
  references: Iterable<EventReference>,
  options: ReadOptions,
): Promise<ReadonlyMap<string, string>> {
  const wanted = new Map<string, EventReference>()
  for (const reference of references) wanted.set(eventKey(reference), reference)
  const paths = new Set([...wanted.values()].flatMap(({ file }) => openablePath(file) ?? []))
  const texts = new Map<string, string>()
  for await (const { file, events } of readEvidence(paths, options).groups) {
    for (const event of events) {
      const key = eventKey({ file, record: event.position })
      if (wanted.has(key)) texts.set(key, event.raw())
    }
    if (texts.size === wanted.size) break
  }
  return texts
}

/** The file on disk that an event came from: the archive, where it was in one. */
export function openablePath(file: string): string | undefined {
  for (let end = file.length; end > 0; end = file.lastIndexOf('!', end - 1)) {
    const path = file.slice(0, end)
    if (existsSync(path)) return path
  }
  return undefined
}
