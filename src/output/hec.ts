// Sends events to an HTTP Event Collector: batches, retries, and an account of every event. What is not accepted comes
// back with the reason. Which events are sent and where rejected ones are written is left to the caller.

import { randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

/** An event as HEC receives it. */
export interface HecEnvelope {
  /** Epoch seconds. */
  readonly time?: number
  readonly source?: string
  readonly sourcetype?: string
  readonly host?: string
  readonly index?: string
  readonly fields?: Readonly<Record<string, string | readonly string[]>>
  readonly event: string
}

export interface HecOptions {
  /** The collector: `https://host:8088`, or with the path of one of its endpoints. */
  readonly url: URL
  readonly token: string
  /** `raw` sends only the texts; the receiver cuts them into events and finds their times. */
  readonly endpoint: 'event' | 'raw'
  readonly compress: boolean
  /** Ask for acknowledgements, and count an event as accepted only when it is acknowledged. */
  readonly acknowledge: boolean
  /** Events per request. */
  readonly batchEvents: number
  /** Bytes per request, before compression. */
  readonly batchBytes: number
  /** Requests that are under way at once. With more than one, requests may arrive in another order than they were made. */
  readonly parallel: number
  /** How often a request is sent again before sending is given up. */
  readonly retries: number
  /** For one request, and for acknowledgements to come after the last one. */
  readonly timeoutMs: number
  /** The first wait before a retry; each further one is twice as long. */
  readonly backoffMs: number
  /** Events per second; absent: as fast as they are taken. */
  readonly rate?: number
  /** Hears of requests that are sent again. */
  onRetry(message: string): void
  /** Hears how many more events were accepted. */
  onAccepted?(events: number): void
  /** Receives what was not accepted. */
  onRejected(envelope: HecEnvelope, reason: string): void
  readonly signal?: AbortSignal
}

/** How sending ended. */
export interface HecResult {
  readonly accepted: number
  /** By reason, how many events. */
  readonly rejected: ReadonlyMap<string, number>
  /** Why sending was given up before the last event. */
  readonly failure?: string
}

/** The longest wait before a retry, unless the server asks for a longer one. */
const longestBackoffMs = 30_000
/** No server is waited for longer than this, whatever it asks. */
const longestRetryAfterMs = 300_000
const mostUnacknowledged = 100

/**
 * Sends envelopes and gives every one of them either to the collector or to `onRejected`; after an interruption, all that
 * still come. Within a request they are in order, and requests are in order unless several are under way at once.
 * @throws never for what the collector does
 */
export async function sendToHec(
  envelopes: AsyncIterable<HecEnvelope>,
  options: HecOptions,
): Promise<HecResult> {
  const sender = new Sender(options)
  const underWay = new Set<Promise<void>>()
  let batch: HecEnvelope[] = []
  let bytes = 0
  const started = performance.now()
  let paced = 0
  const flush = async (): Promise<void> => {
    const sending = batch
    batch = []
    bytes = 0
    if (options.rate !== undefined && sender.failure === undefined) {
      const due = started + (paced / options.rate) * 1000
      paced += sending.length
      await pause(due - performance.now(), options.signal)
    }
    const request = sender.send(sending).finally(() => underWay.delete(request))
    underWay.add(request)
    // A failure is met where it is waited for, which may be later.
    request.catch(() => {})
    while (underWay.size >= options.parallel) await Promise.race(underWay)
  }
  // At a low rate a batch must not hold back what is due, so it holds a second's events at most.
  const most = Math.max(1, Math.min(options.batchEvents, Math.floor(options.rate ?? options.batchEvents)))
  for await (const envelope of envelopes) {
    const size = Buffer.byteLength(bodyOf(envelope, options.endpoint))
    const first = batch[0]
    const isFull = batch.length >= most || bytes + size > options.batchBytes
    const isOther = options.endpoint === 'raw' && first !== undefined && queryOf(first) !== queryOf(envelope)
    if (first !== undefined && (isFull || isOther)) await flush()
    batch.push(envelope)
    bytes += size
  }
  if (batch.length > 0) await flush()
  await Promise.all(underWay)
  return sender.finish()
}

/** What the collector said to a request. */
type Answer =
  | { readonly kind: 'accepted'; readonly ackId: number | undefined }
  /** The events are at fault; `culprit` is the place of the first bad one, where it is told. */
  | {
      readonly kind: 'bad-events'
      readonly reason: string
      readonly isIndex: boolean
      readonly culprit: number | undefined
    }
  /** No further event will be accepted. */
  | { readonly kind: 'failed'; readonly reason: string }

class Sender {
  failure: string | undefined
  #accepted = 0
  readonly #rejected = new Map<string, number>()
  readonly #options: HecOptions
  readonly #base: string
  /** Acknowledgements and raw events belong to a channel, which a sender chooses. */
  readonly #channel = randomUUID()
  /** Why no event may go into an index: the others for it are not tried. */
  readonly #refusedIndexes = new Map<string | undefined, string>()
  readonly #unacknowledged = new Map<number, readonly HecEnvelope[]>()
  /** No request begins before: a collector that is too busy for one is so for all. */
  #quietUntil = 0

  constructor(options: HecOptions) {
    this.#options = options
    this.#base = collectorUrl(options.url)
  }

  async send(events: readonly HecEnvelope[]): Promise<void> {
    let batch = events
    if (this.#refusedIndexes.size > 0) {
      for (const [index, reason] of this.#refusedIndexes)
        this.#reject(
          events.filter((event) => event.index === index),
          reason,
        )
      batch = events.filter(({ index }) => !this.#refusedIndexes.has(index))
      if (batch.length === 0) return
    }
    if (this.failure !== undefined || this.#options.signal?.aborted) {
      this.#reject(batch, this.failure ?? 'interrupted')
      return
    }
    const answer = await this.#post(batch)
    switch (answer.kind) {
      case 'accepted':
        await this.#accept(batch, answer.ackId)
        break
      case 'bad-events': {
        if (batch.length === 1) {
          if (answer.isIndex) this.#refusedIndexes.set(batch[0]!.index, answer.reason)
          this.#reject(batch, answer.reason)
          break
        }
        // The one at fault is isolated, and what stands around it is sent again.
        const { culprit } = answer
        const parts =
          culprit !== undefined && culprit < batch.length
            ? [batch.slice(0, culprit), batch.slice(culprit, culprit + 1), batch.slice(culprit + 1)]
            : [batch.slice(0, batch.length >> 1), batch.slice(batch.length >> 1)]
        for (const part of parts) if (part.length > 0) await this.send(part)
        break
      }
      case 'failed':
        this.failure = answer.reason
        this.#reject(batch, answer.reason)
        break
    }
  }

  async finish(): Promise<HecResult> {
    if (this.#unacknowledged.size > 0) await this.#awaitAcknowledgements(0)
    for (const batch of this.#unacknowledged.values()) this.#reject(batch, 'not acknowledged in time')
    const { failure } = this
    return {
      accepted: this.#accepted,
      rejected: this.#rejected,
      ...(failure === undefined ? {} : { failure }),
    }
  }

  async #accept(batch: readonly HecEnvelope[], ackId: number | undefined): Promise<void> {
    if (!this.#options.acknowledge) {
      this.#count(batch)
      return
    }
    if (ackId === undefined) {
      this.failure =
        'the collector does not acknowledge: turn on indexer acknowledgement for the token, or leave out --ack'
      this.#reject(batch, 'accepted, but without an acknowledgement')
      return
    }
    this.#unacknowledged.set(ackId, batch)
    if (this.#unacknowledged.size >= mostUnacknowledged)
      await this.#awaitAcknowledgements(mostUnacknowledged / 2)
  }

  #count(batch: readonly HecEnvelope[]): void {
    this.#accepted += batch.length
    this.#options.onAccepted?.(batch.length)
  }

  /** Asks until no more than so many batches are open, or for as long as a request may take. */
  async #awaitAcknowledgements(most: number): Promise<void> {
    const { timeoutMs, backoffMs, signal } = this.#options
    const deadline = performance.now() + timeoutMs
    let wait = backoffMs / 2
    while (this.#unacknowledged.size > most && performance.now() < deadline && !signal?.aborted) {
      const body = JSON.stringify({ acks: [...this.#unacknowledged.keys()] })
      const response = await this.#request('ack', `?channel=${this.#channel}`, body).catch(() => undefined)
      const acks = memberOf(response?.json, 'acks')
      for (const [id, batch] of [...this.#unacknowledged]) {
        if (memberOf(acks, String(id)) !== true) continue
        this.#unacknowledged.delete(id)
        this.#count(batch)
      }
      if (this.#unacknowledged.size <= most) return
      await pause(wait, signal)
      wait = Math.min(wait * 2, 10_000)
    }
  }

  /** Sends a batch, again and again while the fault may pass. */
  async #post(batch: readonly HecEnvelope[]): Promise<Answer> {
    const { endpoint, retries, backoffMs, onRetry, signal } = this.#options
    const body = batch.map((envelope) => bodyOf(envelope, endpoint)).join('\n')
    const query = endpoint === 'raw' ? `?channel=${this.#channel}${queryOf(batch[0]!)}` : ''
    for (let attempt = 0; ; attempt++) {
      let problem: string
      let asked: number | undefined
      await pause(this.#quietUntil - performance.now(), signal)
      if (this.failure !== undefined) return { kind: 'failed', reason: this.failure }
      try {
        const response = await this.#request(endpoint, query, body)
        if (!isPassing(response.status)) return answerOf(response)
        problem = describe(response)
        asked = response.retryAfterMs
      } catch (error) {
        problem = networkProblem(error)
        if (isTlsProblem(error)) return { kind: 'failed', reason: problem }
      }
      if (signal?.aborted) return { kind: 'failed', reason: 'interrupted' }
      if (attempt >= retries) {
        const times = attempt === 0 ? '' : ` (tried ${attempt + 1} times)`
        return { kind: 'failed', reason: `${problem}${times}` }
      }
      const wait = Math.min(
        asked ?? Math.min(backoffMs * 2 ** attempt, longestBackoffMs),
        longestRetryAfterMs,
      )
      onRetry(`${problem}; trying again in ${(wait / 1000).toFixed(1)} s`)
      this.#quietUntil = Math.max(this.#quietUntil, performance.now() + wait)
    }
  }

  async #request(endpoint: string, query: string, text: string): Promise<Response> {
    const { token, compress, timeoutMs, acknowledge } = this.#options
    const isCompressed = compress && endpoint !== 'ack'
    const needsChannel = acknowledge || endpoint !== 'event'
    const response = await fetch(`${this.#base}/${endpoint}${query}`, {
      method: 'POST',
      headers: {
        authorization: `Splunk ${token}`,
        'content-type': endpoint === 'raw' ? 'text/plain; charset=utf-8' : 'application/json',
        ...(isCompressed ? { 'content-encoding': 'gzip' } : {}),
        ...(needsChannel ? { 'x-splunk-request-channel': this.#channel } : {}),
      },
      body: isCompressed ? new Uint8Array(await promisify(gzip)(text)) : text,
      // A token must not follow a redirection to somebody else.
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const answer = await response.text()
    return {
      status: response.status,
      text: answer,
      json: jsonOf(answer),
      retryAfterMs: retryAfter(response.headers.get('retry-after')),
    }
  }

  #reject(batch: readonly HecEnvelope[], reason: string): void {
    if (batch.length === 0) return
    this.#rejected.set(reason, (this.#rejected.get(reason) ?? 0) + batch.length)
    for (const envelope of batch) this.#options.onRejected(envelope, reason)
  }
}

interface Response {
  readonly status: number
  readonly text: string
  readonly json: unknown
  readonly retryAfterMs: number | undefined
}

/** The address that endpoints are below, whether the collector or one of its endpoints was given. */
function collectorUrl(url: URL): string {
  const path = url.pathname.replace(/\/+$/, '').replace(/\/(?:event|raw)(?:\/1\.0)?$/, '')
  return `${url.origin}${path.endsWith('/services/collector') ? path : `${path}/services/collector`}`
}

/** An event's part of a request's body. */
export function bodyOf(envelope: HecEnvelope, endpoint: HecOptions['endpoint']): string {
  return endpoint === 'raw' ? envelope.event : JSON.stringify(envelope)
}

/** The metadata of raw events, which a request has for all its events. */
function queryOf({ source, sourcetype, host, index }: HecEnvelope): string {
  return Object.entries({ source, sourcetype, host, index })
    .map(([key, value]) => (value === undefined ? '' : `&${key}=${encodeURIComponent(value)}`))
    .join('')
}

/** Whether a fault may pass by itself. */
const isPassing = (status: number): boolean => status === 429 || status >= 500

/** What the collector's codes mean for whoever sends. @see Splunk, Troubleshoot HTTP Event Collector: error codes */
const codeMeanings: ReadonlyMap<number, string> = new Map([
  [1, 'the token is disabled: enable it in the HTTP Event Collector settings'],
  [2, 'the request has no token: give one with --token'],
  [3, 'the form of the authorization is not accepted'],
  [4, 'the collector does not know this token: check --token and --to'],
  [5, 'the request holds no data'],
  [6, 'the event is not in a form that the collector reads'],
  [7, 'the token may not write to this index, or there is none: choose another with --index'],
  [8, 'the collector has an internal error'],
  [9, 'the collector is busy'],
  [10, 'the token wants a channel: use --ack'],
  [11, 'the channel is not accepted'],
  [12, 'the event has no text'],
  [13, 'the text of the event is empty'],
  [14, 'the token does not acknowledge: leave out --ack, or turn it on for the token'],
  [15, 'the index-time fields of the event are not accepted'],
  [16, 'the collector takes no token in addresses'],
  [18, 'the queues of the collector are full'],
  [19, 'the acknowledgement service is not available'],
  [20, 'the queues are full and the acknowledgement service is not available'],
  [23, 'the server is shutting down'],
  [26, 'the queue of the collector is full'],
  [27, 'the channel has too many open acknowledgements'],
])

/** Codes that are about events, not about the sender. */
const eventCodes: ReadonlySet<number> = new Set([6, 7, 12, 13, 15])

function answerOf(response: Response): Answer {
  const { status, json } = response
  const code = memberOf(json, 'code')
  // Code 24 and 25 say that queues fill up, and the events are in all the same.
  if (status >= 200 && status < 300) {
    const ackId = memberOf(json, 'ackId')
    return { kind: 'accepted', ackId: typeof ackId === 'number' ? ackId : undefined }
  }
  const reason = describe(response)
  const isAboutEvents = status === 413 || (status === 400 && eventCodes.has(Number(code)))
  if (!isAboutEvents) return { kind: 'failed', reason }
  const culprit = memberOf(json, 'invalid-event-number')
  const isPlace = typeof culprit === 'number' && Number.isInteger(culprit) && culprit >= 0
  return { kind: 'bad-events', reason, isIndex: code === 7, culprit: isPlace ? culprit : undefined }
}

function describe({ status, json, text }: Response): string {
  const code = memberOf(json, 'code')
  const said = memberOf(json, 'text')
  const meaning = codeMeanings.get(Number(code)) ?? statusMeanings.get(status)
  const words = typeof said === 'string' ? said : text.trim().slice(0, 80).replace(/\s+/g, ' ')
  const numbers = typeof code === 'number' ? `HTTP ${status}, code ${code}` : `HTTP ${status}`
  return `${numbers}${words === '' ? '' : ` "${words.slice(0, 80)}"`}${meaning === undefined ? '' : `: ${meaning}`}`
}

const statusMeanings: ReadonlyMap<number, string> = new Map([
  [401, 'the token is missing or wrong'],
  [403, 'the token is not accepted'],
  [404, 'there is no collector at this address: is it the port of HEC, usually 8088?'],
  [413, 'the request is too large for the collector'],
  [429, 'the collector asks to slow down'],
  [503, 'the collector is busy'],
  ...([301, 302, 307, 308] as const).map(
    (status) => [status, 'the address leads elsewhere; give the final one'] as const,
  ),
])

/** What went wrong on the way, in a few words. */
function networkProblem(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return 'the collector did not answer in time'
  const cause = error.cause instanceof Error ? (error.cause as NodeJS.ErrnoException) : undefined
  const code = cause?.code ?? ''
  const meaning = networkMeanings.get(code)
  if (meaning !== undefined) return meaning
  if (isTlsProblem(error)) {
    if (/WRONG_VERSION|EPROTO/.test(code)) return 'the address does not speak TLS: is it http://?'
    return `the certificate of the collector is not trusted (${code}): name its authority in NODE_EXTRA_CA_CERTS, or use --insecure`
  }
  return `the connection failed: ${cause?.message ?? error.message}`
}

/** Whether it is about certificates or TLS itself, which no retry will change. */
function isTlsProblem(error: unknown): boolean {
  const cause = error instanceof Error ? (error.cause as { readonly code?: unknown } | undefined) : undefined
  return /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_SSL|ERR_TLS|EPROTO/.test(String(cause?.code))
}

const networkMeanings: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'nobody listens at the address'],
  ['ENOTFOUND', 'the host is not known'],
  ['ECONNRESET', 'the connection was cut'],
  ['UND_ERR_SOCKET', 'the connection was cut'],
  ['ETIMEDOUT', 'the host does not answer'],
  ['UND_ERR_CONNECT_TIMEOUT', 'the host does not answer'],
])

/** Reads Retry-After, which holds seconds or a date. */
function retryAfter(text: string | null): number | undefined {
  if (text === null) return undefined
  if (/^\s*\d+\s*$/.test(text)) return Number(text) * 1000
  const date = Date.parse(text)
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now())
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined
}

/** Waits, unless told to stop. */
async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  if (ms <= 0 || signal?.aborted) return
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal?.addEventListener('abort', done, { once: true })
  })
}
