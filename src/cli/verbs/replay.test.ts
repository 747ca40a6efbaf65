import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import { limitsOf } from '../../config/limits.ts'
import { loadConfig } from '../../config/load.ts'
import { parseArguments } from '../options.ts'
import { replay } from './replay.ts'

const folder = mkdtempSync(join(tmpdir(), 'karst-replay-verb-'))
afterAll(() => rmSync(folder, { recursive: true }))
let server: Server | undefined
afterEach(() => server?.close())

/** A collector that refuses events with the word "bad". */
async function collector(): Promise<{ address: string; lines: Record<string, unknown>[] }> {
  const lines: Record<string, unknown>[] = []
  server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text
    })
    request.on('end', () => {
      if (body.includes('bad')) response.writeHead(400).end('{"text":"Invalid data format","code":6}')
      else {
        lines.push(...body.split('\n').map((line) => JSON.parse(line)))
        response.end('{"text":"Success","code":0}')
      }
    })
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, lines }
}

async function run(...args: string[]): Promise<{ code: number; said: string[] }> {
  const config = loadConfig({ folder, home: folder, file: false, environment: {}, options: new Map() })
  const { values, positionals } = parseArguments('replay', replay.options, args)
  const said: string[] = []
  const code = await replay.run({
    options: values,
    positionals,
    config,
    limits: limitsOf(config.values),
    signal: new AbortController().signal,
    terminal: {
      print: () => {},
      write: () => {},
      error: (line) => said.push(line),
      drained: async () => true,
      isTerminal: false,
      errorIsTerminal: false,
      hasColor: false,
      columns: 80,
    },
  })
  return { code, said }
}

const log = join(folder, 'a.log')
writeFileSync(log, '2024-05-12T08:00:00Z one\n2024-05-12T08:00:30Z two bad\n2024-05-12T08:01:00Z three\n')

test('events are moved in time, marked as asked, and what is refused can be sent again', async () => {
  const { address, lines } = await collector()
  const rejected = join(folder, 'rejected.ndjson')
  const marks = ['--index', 'win', '--sourcetype', 'my:type', '--host', 'h', '--source', 's']
  const { code, said } = await run(
    ...[log, '--to', address, '--token', 'x', '--shift-to', '2026-01-01T00:00:00Z', ...marks],
    ...['--rejected', rejected],
  )
  expect(code).toBe(1)
  const newest = Date.UTC(2026, 0, 1) / 1000
  const marked = { source: 's', sourcetype: 'my:type', host: 'h', index: 'win' }
  expect(lines).toEqual([
    { time: newest - 60, ...marked, event: '2024-05-12T08:00:00Z one' },
    { time: newest, ...marked, event: '2024-05-12T08:01:00Z three' },
  ])
  expect(said).toContain('accepted:   2 events')
  expect(said).toContain(`rejected:   1 event, written to ${rejected}`)
  expect(JSON.parse(readFileSync(rejected, 'utf8'))).toEqual({
    ...{ time: newest - 30, ...marked },
    event: '2024-05-12T08:00:30Z two bad',
  })
  expect(await run(rejected, '--to', address, '--token', 'x')).toMatchObject({ code: 1 })
  expect(await run(log.replace('a.log', 'gone.log'), '--to', address, '--token', 'x')).toMatchObject({
    code: 4,
  })
})

test('wrong usage is explained before anything is sent', async () => {
  const to = ['--to', 'http://127.0.0.1:9', '--token', 'x']
  await expect(run(...to)).rejects.toThrow('karst replay needs a dataset')
  await expect(run(log, '--token', 'x')).rejects.toThrow('needs --to URL')
  await expect(run(log, '--to', 'splunk:8088', '--token', 'x')).rejects.toThrow(
    '--to needs an address such as',
  )
  await expect(run(log, '--to', 'https://u:p@h', '--token', 'x')).rejects.toThrow('takes no user')
  await expect(run(log, ...to, '--rate', 'fast')).rejects.toThrow(
    '--rate needs a whole number from 1, found "fast".',
  )
  await expect(run(log, ...to, '--raw', '--shift-to', 'now')).rejects.toThrow('no effect with --raw')
  await expect(run('-', ...to, '--shift-to', 'now')).rejects.toThrow('standard input does not allow')
})
