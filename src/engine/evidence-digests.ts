// The digests of evidence files as they lie on disk, for reports that are handed over.

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { openablePath } from './raw-events.ts'

export interface EvidenceDigest {
  readonly file: string
  readonly bytes: number
  /** Hexadecimal. */
  readonly sha256: string
}

/**
 * The SHA-256 of every file that was read, each once; of an archive its own, not those of the files in it. What cannot be
 * opened again (standard input) is left out.
 * @param names  of evidence files, as a report of reading them has them
 */
export async function evidenceDigests(names: Iterable<string>): Promise<EvidenceDigest[]> {
  const paths = new Set([...names].flatMap((name) => openablePath(name) ?? []))
  const digests: EvidenceDigest[] = []
  for (const file of paths) {
    const hash = createHash('sha256')
    let bytes = 0
    for await (const chunk of createReadStream(file) as AsyncIterable<Uint8Array>) {
      hash.update(chunk)
      bytes += chunk.length
    }
    digests.push({ file, bytes, sha256: hash.digest('hex') })
  }
  return digests
}
