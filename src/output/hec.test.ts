import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import { type HecEnvelope, type HecOptions, sendToHec } from './hec.ts'

interface Received {
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

interface Reply {
  readonly status?: number
  readonly json?: unknown
  readonly headers?: Record<string, string>
  /** Never answers. */
  readonly hangs?: boolean
}

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

/** A collector on this machine that answers as it is told. */
async function collector(reply: (received: Received, count: number) => Reply) {
  const received: Received[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const bytes = Buffer.concat(chunks)
      const isGzip = request.headers['content-encoding'] === 'gzip'
      const body = (isGzip ? gunzipSync(bytes) : bytes).toString('utf8')
      const one = { path: request.url ?? '', headers: request.headers, body }
      received.push(one)
      const {
        status = 200,
        json = { text: 'Success', code: 0 },
        headers = {},
        hangs,
      } = reply(one, received.length)
      if (hangs === true) return
      response.writeHead(status, headers).end(JSON.stringify(json))
    })
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  return { url, received }
}

const events = (...texts: readonly string[]): HecEnvelope[] =>
  texts.map((event, index) => ({ time: 1715500800 + index, source: 's', sourcetype: 't', event }))

async function send(url: URL, envelopes: readonly HecEnvelope[], options: Partial<HecOptions> = {}) {
  const retried: string[] = []
  const rejected: string[] = []
  async function* stream() {
    yield* envelopes
  }
  const result = await sendToHec(stream(), {
    url,
    token: 'abc',
    endpoint: 'event',
    compress: false,
    acknowledge: false,
    batchEvents: 500,
    batchBytes: 900_000,
    parallel: 1,
    retries: 3,
    timeoutMs: 2000,
    backoffMs: 1,
    onRetry: (message) => retried.push(message),
    onRejected: ({ event }) => rejected.push(event),
    ...options,
  })
  return { ...result, retried, rejectedEvents: rejected }
}

test('events arrive as envelopes, in batches of the size asked for, with the token', async () => {
  const { url, received } = await collector(() => ({}))
  const result = await send(url, events('a', 'b', 'c'), { batchEvents: 2 })
  expect(result).toMatchObject({ accepted: 3, rejectedEvents: [] })
  expect(received.map(({ path }) => path)).toEqual(Array(2).fill('/services/collector/event'))
  expect(received[0]!.headers.authorization).toBe('Splunk abc')
  expect(received.flatMap(({ body }) => body.split('\n').map((line) => JSON.parse(line)))).toEqual(
    events('a', 'b', 'c'),
  )
})

test('a batch ends before it has too many bytes; an address may name the endpoint', async () => {
  const { url, received } = await collector(() => ({}))
  await send(new URL('/services/collector/event', url), events('a'.repeat(100), 'b'.repeat(100)), {
    batchBytes: 200,
    compress: true,
  })
  expect(received.map(({ path, body }) => [path, body.split('\n').length])).toEqual(
    Array(2).fill(['/services/collector/event', 1]),
  )
})

test('a busy collector is tried again after the time that it asks for', async () => {
  const { url, received } = await collector((_, count) =>
    count === 1
      ? { status: 503, json: { text: 'Server is busy', code: 9 }, headers: { 'retry-after': '0' } }
      : count === 2
        ? { status: 429, json: { text: 'Queue full', code: 26 } }
        : {},
  )
  const result = await send(url, events('a'))
  expect(result).toMatchObject({ accepted: 1, rejectedEvents: [] })
  expect(result.retried).toEqual([
    'HTTP 503, code 9 "Server is busy": the collector is busy; trying again in 0.0 s',
    'HTTP 429, code 26 "Queue full": the queue of the collector is full; trying again in 0.0 s',
  ])
  expect(received).toHaveLength(3)
})

test('one bad event in a batch is isolated, with and without a hint at its place', async () => {
  for (const hint of [true, false]) {
    const { url } = await collector(({ body }) => {
      const place = body.split('\n').findIndex((line) => line.includes('bad'))
      const where = hint ? { 'invalid-event-number': place } : {}
      return place < 0 ? {} : { status: 400, json: { text: 'Invalid data format', code: 6, ...where } }
    })
    const result = await send(url, events('a', 'b', 'c', 'bad', 'd', 'e', 'f'))
    expect(result).toMatchObject({ accepted: 6, rejectedEvents: ['bad'] })
    expect([...result.rejected.values()]).toEqual([1])
  }
})

test('an index that is refused is not tried again', async () => {
  const { url, received } = await collector(({ body }) =>
    body.includes('"index":"nope"') ? { status: 400, json: { text: 'Incorrect index', code: 7 } } : {},
  )
  const wrong = events('a', 'b', 'c').map((event) => ({ ...event, index: 'nope' }))
  const result = await send(url, [...wrong, ...events('d')], { batchEvents: 1 })
  expect(result).toMatchObject({ accepted: 1, rejectedEvents: ['a', 'b', 'c'] })
  expect(received).toHaveLength(2)
})

test('a wrong token ends the sending, and everything is handed back', async () => {
  const { url, received } = await collector(() => ({ status: 403, json: { text: 'Invalid token', code: 4 } }))
  const result = await send(url, events('a', 'b', 'c'), { batchEvents: 1 })
  expect(result.failure).toBe(
    'HTTP 403, code 4 "Invalid token": the collector does not know this token: check --token and --to',
  )
  expect(result).toMatchObject({ accepted: 0, rejectedEvents: ['a', 'b', 'c'] })
  expect(received).toHaveLength(1)
})

test('a collector that is not there or does not answer is given up after the retries', async () => {
  const { url } = await collector(() => ({ hangs: true }))
  const slow = await send(url, events('a'), { timeoutMs: 30, retries: 1 })
  expect(slow).toMatchObject({ failure: 'the collector did not answer in time (tried 2 times)', accepted: 0 })
  const port = url.port
  servers.splice(0).forEach((server) => {
    server.closeAllConnections()
    server.close()
  })
  const gone = await send(new URL(`http://127.0.0.1:${port}`), events('a'), { retries: 1 })
  expect(gone).toMatchObject({
    failure: 'nobody listens at the address (tried 2 times)',
    rejectedEvents: ['a'],
  })
})

test('the token does not follow a redirection', async () => {
  const { url, received } = await collector(() => ({ status: 307, headers: { location: '/elsewhere' } }))
  const result = await send(url, events('a'))
  expect(result.failure).toContain('the address leads elsewhere')
  expect(received).toHaveLength(1)
})

test('with acknowledgement only what is acknowledged counts', async () => {
  let asked = 0
  const { url, received } = await collector(({ path, body }, count) => {
    if (!path.startsWith('/services/collector/ack'))
      return { json: { text: 'Success', code: 0, ackId: count } }
    asked++
    const { acks } = JSON.parse(body) as { acks: number[] }
    return { json: { acks: Object.fromEntries(acks.map((id) => [id, id === 1 && asked > 1])) } }
  })
  const result = await send(url, events('a', 'b'), { acknowledge: true, batchEvents: 1, timeoutMs: 100 })
  expect(result).toMatchObject({ accepted: 1, rejectedEvents: ['b'] })
  expect(new Set(received.map(({ headers }) => headers['x-splunk-request-channel'])).size).toBe(1)
})

test('raw events go with their metadata in the address, a request for each kind', async () => {
  const { url, received } = await collector(() => ({}))
  const [a, b, c] = events('one', 'two', 'three') as [HecEnvelope, HecEnvelope, HecEnvelope]
  await send(url, [a, b, { ...c, host: 'h&1' }], { endpoint: 'raw' })
  expect(received.map(({ path, body }) => [path.replace(/channel=[^&]+/, ''), body])).toEqual([
    ['/services/collector/raw?&source=s&sourcetype=t', 'one\ntwo'],
    ['/services/collector/raw?&source=s&sourcetype=t&host=h%261', 'three'],
  ])
})

test('a rate spreads events over time', async () => {
  const { url, received } = await collector(() => ({}))
  const started = performance.now()
  await send(url, events('a', 'b', 'c'), { rate: 50, batchEvents: 1 })
  expect(performance.now() - started).toBeGreaterThan(35)
  expect(received).toHaveLength(3)
})

test('after an interruption what still comes is handed back', async () => {
  const controller = new AbortController()
  const { url } = await collector((_, count) => {
    if (count === 2) controller.abort()
    return {}
  })
  const result = await send(url, events('a', 'b', 'c', 'd'), { batchEvents: 1, signal: controller.signal })
  expect(result).toMatchObject({ accepted: 2, rejectedEvents: ['c', 'd'] })
  expect([...result.rejected]).toEqual([['interrupted', 2]])
})

/** A collector that takes its time, and how many requests it had at once. */
async function slowCollector(reply: (received: Received, count: number) => Reply) {
  let busy = 0
  const seen = { most: 0 }
  const received: Received[] = []
  const server = createServer((request, response) => {
    busy++
    seen.most = Math.max(seen.most, busy)
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const one = {
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      }
      received.push(one)
      const {
        status = 200,
        json = { text: 'Success', code: 0 },
        headers = {},
        hangs,
      } = reply(one, received.length)
      if (hangs === true) return
      setTimeout(() => {
        busy--
        response.writeHead(status, headers).end(JSON.stringify(json))
      }, 15)
    })
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  return { url, received, seen }
}

const letters = [...'abcdefghijklmnop']
const sentTexts = (received: readonly Received[]): string[] =>
  received.flatMap(({ body }) => body.split('\n').map((line) => (JSON.parse(line) as HecEnvelope).event))

test('several requests are under way at once, no more than asked for, and nothing is lost or doubled', async () => {
  const { url, received, seen } = await slowCollector(() => ({}))
  let accepted = 0
  const result = await send(url, events(...letters), {
    ...{ parallel: 3, batchEvents: 2, onAccepted: (count: number) => (accepted += count) },
  })
  expect(result).toMatchObject({ accepted: 16, rejectedEvents: [] })
  expect(accepted).toBe(16)
  expect(seen.most).toBe(3)
  expect(sentTexts(received).sort()).toEqual(letters)
  // Within a request the order is kept.
  for (const { body } of received) {
    const texts = sentTexts([{ path: '', headers: {}, body }])
    expect(texts).toEqual(texts.toSorted())
  }
})

test('with several requests, busy answers, lost answers and a bad event still account for every event', async () => {
  const refused = new Set<string>()
  const { url } = await slowCollector(({ body }) => {
    if (body.includes('"bad"')) {
      const place = body.split('\n').findIndex((line) => line.includes('"bad"'))
      return { status: 400, json: { text: 'Invalid data format', code: 6, 'invalid-event-number': place } }
    }
    if (refused.has(body) || refused.size >= 6) return {}
    refused.add(body)
    return [
      { status: 429, json: { code: 26 } },
      { status: 503, json: { code: 9 }, headers: { 'retry-after': '0' } },
      { hangs: true },
    ][refused.size % 3]!
  })
  const result = await send(url, events(...letters, 'bad'), {
    ...{ parallel: 4, batchEvents: 3, timeoutMs: 150, retries: 6 },
  })
  expect(result).toMatchObject({ accepted: 16, rejectedEvents: ['bad'] })
  expect(result.failure).toBeUndefined()
})

test('a wrong token ends all requests; what was not accepted is handed back once', async () => {
  const { url, received } = await slowCollector((_, count) =>
    count <= 2 ? {} : { status: 403, json: { text: 'Invalid token', code: 4 } },
  )
  const result = await send(url, events(...letters), { parallel: 2, batchEvents: 2 })
  expect(result.failure).toContain('does not know this token')
  expect(result.accepted + result.rejectedEvents.length).toBe(16)
  expect(new Set(result.rejectedEvents).size).toBe(result.rejectedEvents.length)
  expect(received.length).toBeLessThan(8)
})

test('acknowledgements of several requests are told apart', async () => {
  let next = 0
  const { url } = await slowCollector(({ path, body }) => {
    if (!path.startsWith('/services/collector/ack')) return { json: { code: 0, ackId: next++ } }
    const { acks } = JSON.parse(body) as { acks: number[] }
    return { json: { acks: Object.fromEntries(acks.map((id) => [id, id !== 3])) } }
  })
  const result = await send(url, events(...letters), {
    ...{ parallel: 3, batchEvents: 2, acknowledge: true, timeoutMs: 150 },
  })
  expect(result.accepted).toBe(14)
  expect([...result.rejected]).toEqual([['not acknowledged in time', 2]])
})
