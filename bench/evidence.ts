// Evidence for the benches, under bench/data: real recordings where ../shared/corpus is there, else our generator's.
// Repetitions are links to one copy, so that a gigabyte takes the disk space of the corpus; each is read in full.

import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { unzipSync } from 'fflate'
import { evtx } from '../src/decode/evtx/file.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const corpus = join(root, '../shared/corpus')
const data = join(root, 'bench/data')

export type EvidenceForm = 'evtx' | 'xml' | 'json'

export interface BenchEvidence {
  readonly form: EvidenceForm
  /** What it is, for the report. */
  readonly origin: string
  /** One copy of everything. */
  readonly single: string
  /** As many copies as make the wanted size. */
  readonly repeated: string
  readonly bytes: number
}

/** The detections to load: the whole of ESCU where it is there, else the bundled pack. */
export function contentFolder(): string | undefined {
  const escu = join(corpus, 'escu')
  return existsSync(escu) ? escu : undefined
}

/** Prepares evidence of one form, or finds it prepared. */
export async function prepareEvidence(form: EvidenceForm, wantedBytes: number): Promise<BenchEvidence> {
  const single = join(data, form, 'single')
  const hasCorpus = existsSync(corpus)
  if (!existsSync(single)) {
    mkdirSync(single, { recursive: true })
    if (!hasCorpus) generate(form, single)
    else if (form === 'json') unpackRecordings(single)
    else await takeEvtx(single, form)
  }
  const files = filesIn(single)
  const size = files.reduce((sum, file) => sum + statSync(file).size, 0)
  const copies = Math.max(1, Math.ceil(wantedBytes / size))
  const repeated = join(data, form, `times-${copies}`)
  if (!existsSync(repeated)) {
    for (let copy = 1; copy <= copies; copy++) {
      for (const file of files) {
        const target = join(repeated, String(copy), relative(single, file))
        mkdirSync(dirname(target), { recursive: true })
        linkSync(file, target)
      }
    }
  }
  const what = hasCorpus ? (form === 'json' ? 'OTRF recordings' : 'EVTX corpus') : 'generated PowerShell logs'
  const shape = form === 'xml' && hasCorpus ? ' rendered to event XML' : ''
  return {
    form,
    origin: `${what}${shape}, ${files.length} files × ${copies}`,
    single,
    repeated,
    bytes: size * copies,
  }
}

/** A part of the evidence: whole files, the first by name, up to a size. */
export function slice({ form, single }: BenchEvidence, bytes: number): string {
  const folder = join(data, form, `slice-${bytes}`)
  if (existsSync(folder)) return folder
  let left = bytes
  for (const file of filesIn(single)) {
    const { size } = statSync(file)
    if (size > left) continue
    left -= size
    const target = join(folder, relative(single, file))
    mkdirSync(dirname(target), { recursive: true })
    linkSync(file, target)
  }
  return folder
}

function generate(form: EvidenceForm, folder: string): void {
  if (form === 'evtx') throw new Error('EVTX can be measured with ../shared/corpus only')
  const scratch = join(data, 'generated')
  execFileSync('npx', ['tsx', join(root, 'tools/samples/generate.ts'), '--scale', '2000', '--out', scratch])
  const wanted = form === 'xml' ? '.xml' : '.jsonl'
  for (const name of readdirSync(scratch))
    if (name.endsWith(wanted)) copyFileSync(join(scratch, name), join(folder, name))
  rmSync(scratch, { recursive: true })
}

/** Copies the EVTX corpus, or writes its events as lines of event XML. */
async function takeEvtx(folder: string, form: EvidenceForm): Promise<void> {
  const source = join(corpus, 'evtx')
  for (const file of filesIn(source)) {
    if (!file.endsWith('.evtx')) continue
    const target = join(folder, relative(source, file))
    mkdirSync(dirname(target), { recursive: true })
    if (form === 'evtx') copyFileSync(file, target)
    else writeFileSync(target.replace(/\.evtx$/, '.xml'), await eventXml(readFileSync(file)))
  }
}

async function eventXml(bytes: Buffer): Promise<string> {
  const lines: string[] = []
  async function* chunks() {
    yield bytes
  }
  for await (const group of evtx.decode({ name: 'corpus', chunks }, { recover: false, onDamage: () => {} })) {
    for (const event of group) lines.push(`${event.raw().replaceAll(/\r?\n/g, '&#10;')}\n`)
  }
  return lines.join('')
}

function unpackRecordings(folder: string): void {
  const source = join(corpus, 'otrf')
  for (const file of filesIn(source)) {
    if (!file.endsWith('.zip')) continue
    for (const [name, bytes] of Object.entries(unzipSync(readFileSync(file)))) {
      if (name.endsWith('.json'))
        writeFileSync(join(folder, `${basename(file, '.zip')}-${basename(name)}`), bytes)
    }
  }
}

export function filesIn(folder: string): string[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name)
      return statSync(path).isDirectory() ? filesIn(path) : [path]
    })
}
