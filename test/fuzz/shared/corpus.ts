// Real files that fuzzers damage: the samples of this project, and a corpus of evidence and detections beside the
// project, where there is one. Without it a run tries other inputs, so it says so.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { evtx } from '../../../src/decode/evtx/file.ts'
import { evidenceAt, evidencePlaces } from '../../../src/source/files.ts'

const corpus = fileURLToPath(new URL('../../../../shared/corpus/', import.meta.url))
const samples = fileURLToPath(new URL('../../../samples/', import.meta.url))

/** The paths of real files of a kind, sorted; none, with a warning, where the corpus is missing. */
export function corpusPaths(folder: 'evtx' | 'otrf' | 'escu/detections', ending: string): string[] {
  const root = join(corpus, folder)
  if (!existsSync(root)) {
    console.warn(`SKIPPED: ../shared is missing, so no real files of ../shared/corpus/${folder} are damaged`)
    return []
  }
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(root, name))
}

/** The samples of this project, whole. */
export const sampleFiles = (): Buffer[] =>
  readdirSync(samples)
    .sort()
    .map((name) => readFileSync(join(samples, name)))

/** The beginnings of the files in real archives: JSON lines of Windows hosts. */
export async function archivedTexts(bytes: number): Promise<Buffer[]> {
  const texts: Buffer[] = []
  for await (const found of evidenceAt(evidencePlaces(corpusPaths('otrf', '.zip')))) {
    if (found.kind === 'problem') throw new Error(`${found.name}: ${found.reason}`)
    const parts: Uint8Array[] = []
    let size = 0
    for await (const chunk of found.open().chunks()) {
      parts.push(chunk)
      size += chunk.length
      if (size >= bytes) break
    }
    texts.push(Buffer.concat(parts).subarray(0, bytes))
  }
  return texts
}

/** Real Windows events as XML, the first few of each file. */
export async function eventXmls(eventsOfFile: number): Promise<string[]> {
  const texts: string[] = []
  for (const path of corpusPaths('evtx', '.evtx')) {
    async function* chunks() {
      yield readFileSync(path)
    }
    const options = { recover: false, onDamage: () => {} }
    for await (const group of evtx.decode({ name: path, chunks }, options)) {
      texts.push(...group.slice(0, eventsOfFile).map((event) => event.raw()))
      break
    }
  }
  return texts
}
