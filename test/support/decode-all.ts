// Decoding small inputs in tests, whole and cut into chunks everywhere.

import type { Damage, Decoder, RawEvent } from '../../src/decode/reader.ts'

export interface Decoded {
  readonly events: readonly RawEvent[]
  readonly damages: readonly Damage[]
}

/** Decodes bytes or text, given as one chunk or several. */
export async function decodeAll(
  decoder: Decoder,
  ...chunks: readonly (string | Uint8Array)[]
): Promise<Decoded> {
  return decodeChunks(decoder, chunksOf(chunks))
}

export async function decodeChunks(decoder: Decoder, chunks: AsyncIterable<Uint8Array>): Promise<Decoded> {
  const events: RawEvent[] = []
  const damages: Damage[] = []
  const options = { recover: false, onDamage: (damage: Damage) => damages.push(damage) }
  for await (const group of decoder.decode({ name: 'test', chunks: () => chunks }, options))
    events.push(...group)
  return { events, damages }
}

/** Everything about events that can be compared. */
export function summary({ events, damages }: Decoded) {
  return {
    damages,
    events: events.map((event) => ({
      raw: event.raw(),
      time: event.time,
      position: event.position,
      metadata: event.metadata,
      content: contentSummary(event),
    })),
  }
}

function contentSummary({ content }: RawEvent) {
  if (content.kind === 'json') return { kind: content.kind, value: content.value }
  if (content.kind !== 'windows') return content
  const { record } = content
  return {
    eventId: record.system('EventID'),
    channel: record.system('Channel'),
    section: record.section,
    data: record.data(),
    message: record.rendering('Message'),
  }
}

/** Decodes the input cut in two at every place, and byte by byte; names the cuts whose results differ from the whole. */
export async function differencesWhenCut(decoder: Decoder, input: string | Uint8Array): Promise<string[]> {
  const bytes = Buffer.from(input)
  const whole = JSON.stringify(summary(await decodeAll(decoder, bytes)))
  const different: string[] = []
  const compare = async (name: string, ...chunks: Uint8Array[]) => {
    const cut = JSON.stringify(summary(await decodeAll(decoder, ...chunks)))
    if (cut !== whole) different.push(name)
  }
  for (let at = 1; at < bytes.length; at++)
    await compare(`cut at ${at}`, bytes.subarray(0, at), bytes.subarray(at))
  await compare('byte by byte', ...Array.from(bytes, (byte) => Uint8Array.of(byte)))
  return different
}

async function* chunksOf(chunks: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield Buffer.from(chunk)
}
