// Which decoder reads a file: told from its first bytes, never from its name.
// Archives and compressed files are opened before this (source/archives.ts).

import { csvDecoder, otherTableDecoders } from './csv/file.ts'
import { evtx } from './evtx/file.ts'
import { jsonDecoder } from './json/file.ts'
import type { Decoder } from './reader.ts'
import { auditdDecoder } from './text/auditd.ts'
import { textDecoder } from './text/file.ts'
import { wevtutilDecoder } from './text/wevtutil.ts'
import { wineventlogDecoder } from './text/wineventlog.ts'
import { xmlDecoder } from './xml/file.ts'

/** All decoders, in the order in which they are tried: sure signs first, text last. */
export const decoders: readonly Decoder[] = [
  evtx,
  jsonDecoder,
  csvDecoder,
  ...otherTableDecoders,
  xmlDecoder,
  wineventlogDecoder,
  wevtutilDecoder,
  auditdDecoder,
  textDecoder,
]

/** How many first bytes tell the form of a file. */
export const formatHeadBytes = 64 * 1024

/** The decoder of a file, or why there is none. */
export type FormatDecision =
  | { readonly kind: 'known'; readonly decoder: Decoder }
  | { readonly kind: 'unknown'; readonly reason: string }

/** Decides from the first bytes of a file (64 KiB, or all of a shorter file) how to read it. */
export function detectFormat(head: Uint8Array): FormatDecision {
  const foreign = foreignForms.find(({ magic }) => magic.every((byte, index) => head[index] === byte))
  if (foreign !== undefined) return { kind: 'unknown', reason: foreign.reason }
  const decoder = decoders.find((candidate) => candidate.detects(head))
  if (decoder !== undefined) return { kind: 'known', decoder }
  return { kind: 'unknown', reason: 'its form is not known: neither a log that Karst reads nor text' }
}

/** The decoder that `--input` names; undefined when there is none of this name (see `decoders` for those there are). */
export function findDecoder(format: string): Decoder | undefined {
  return decoders.find((decoder) => decoder.format === format.toLowerCase())
}

/** Files that lie beside logs in evidence and are no logs, by their first bytes. Naming them helps more than "unknown". */
const foreignForms: readonly { readonly magic: readonly number[]; readonly reason: string }[] = [
  { magic: [0xd4, 0xc3, 0xb2, 0xa1], reason: 'it is a packet capture (pcap), not a log' },
  { magic: [0xa1, 0xb2, 0xc3, 0xd4], reason: 'it is a packet capture (pcap), not a log' },
  { magic: [0x0a, 0x0d, 0x0d, 0x0a], reason: 'it is a packet capture (pcapng), not a log' },
  { magic: [0x4d, 0x5a, 0x90], reason: 'it is a Windows program, not a log' },
  { magic: [0x7f, 0x45, 0x4c, 0x46], reason: 'it is a Linux program, not a log' },
  { magic: [0x25, 0x50, 0x44, 0x46], reason: 'it is a PDF document, not a log' },
  { magic: [0x89, 0x50, 0x4e, 0x47], reason: 'it is an image (PNG), not a log' },
  { magic: [0xff, 0xd8, 0xff], reason: 'it is an image (JPEG), not a log' },
  {
    magic: [...Buffer.from('SQLite format 3')],
    reason: 'it is an SQLite database; export its tables as CSV',
  },
  { magic: [...Buffer.from('regf')], reason: 'it is a Windows registry hive, not a log' },
  {
    magic: [...Buffer.from('PAR1')],
    reason: 'it is a Parquet file (Amazon Security Lake keeps such); convert it to JSON lines first',
  },
  {
    magic: [...Buffer.from('LfLe')],
    reason: 'it is an event log of Windows XP (.evt); convert it to EVTX first',
  },
  {
    magic: [0x30, 0, 0, 0, 0x4c, 0x66, 0x4c, 0x65],
    reason: 'it is an event log of Windows XP (.evt); convert it to EVTX first',
  },
]
