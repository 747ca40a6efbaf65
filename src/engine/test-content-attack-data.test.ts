// `karst test` end to end on a folder laid out as attack_data: real paths, Git LFS, a server, Git, reports.

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runVerb } from '../../test/support/run-verb.ts'
import { test as testVerb } from '../cli/verbs/test.ts'
import { archiveLimits } from '../source/archives.ts'
import { openKarst } from './engine.ts'
import { testDetections } from './test-content.ts'
import { downloader, findTestData } from './test-content-data.ts'

const project = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'karst-attack-data-'))
afterAll(() => rmSync(folder, { recursive: true }))

const master = 'https://media.githubusercontent.com/media/splunk/attack_data/master/'
const powershellLog = 'datasets/attack_techniques/T1021.003/lateral_movement_psh/windows-powershell.log'
const noiseLog = 'datasets/attack_techniques/T1059.001/everyday/windows-powershell.log'
const source = 'XmlWinEventLog:Microsoft-Windows-PowerShell/Operational'

function write(root: string, path: string, text: string): string {
  const file = join(root, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  return file
}

/** The texts of a channel's events as attack_data keeps them: one event of XML a line. */
async function asLog(evidence: string, channel?: string): Promise<string> {
  const karst = await openKarst()
  let text = ''
  for await (const event of karst.replayed([{ path: evidence, metadata: {} }]).events)
    if (channel === undefined || event.source === channel) text += `${event.raw.replace(/\r?\n/g, ' ')}\n`
  return text
}

/** Content with the search of the bundled detection, tested as Splunk's repository tests it. */
function writeContent(root: string, tests: string): string {
  const original = readFileSync(
    join(
      project,
      'packs/content/detections/endpoint/remote_process_instantiation_via_dcom_and_powershell_script_block.yml',
    ),
    'utf8',
  )
  write(root, 'contentctl.yml', 'app: {label: ACME}\n')
  write(
    root,
    'detections/endpoint/dcom.yml',
    `${original.slice(0, original.indexOf('\ntests:'))}\ntests:\n${tests}`,
  )
  write(
    root,
    'macros/powershell.yml',
    readFileSync(join(project, 'packs/content/macros/powershell.yml'), 'utf8'),
  )
  return root
}

const attackData = (path: string): string =>
  `  attack_data:\n  - {data: "${master}${path}", source: "${source}", sourcetype: XmlWinEventLog}\n`
const positive = `- name: True Positive Test\n${attackData(powershellLog)}`
const negative = `- name: Near Miss Test\n${attackData(noiseLog)}  must_not_fire: true\n`
const rows = `- name: Rows Test
${attackData(powershellLog)}  expected_rows:
  - {Computer: ADM-WS01.corp.example, count: 2}
  - {Computer: ADM-WS01.corp.example, count: 1}
  - {Computer: HR-WS07.corp.example, user_id: S-1-5-21-1004336348-1177238915-682003330-1108}
  - {Computer: HR-WS07.corp.example}
  - {Computer: HR-WS07.corp.example}
`

const mirror = join(folder, 'attack_data')
const content = join(folder, 'content')
let attack: string
beforeAll(async () => {
  attack = await asLog(join(project, 'samples/powershell-operational.xml'), source)
  write(mirror, powershellLog, attack)
  write(mirror, noiseLog, await asLog(join(project, 'samples/powershell-quiet-day.xml'), source))
  writeContent(content, positive + negative + rows)
})

interface Line {
  readonly test: string
  readonly status: string
  readonly reason?: string
  readonly events: number
}
const lines = (out: string): Line[] =>
  out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line)

test('detections are tested on a mirror of attack_data: what must be found, what must not, and exact rows', async () => {
  const { code, out, said } = await runVerb(testVerb, content, '--data', mirror)
  expect(lines(out)).toMatchObject([
    { test: 'True Positive Test', status: 'passed' },
    { test: 'Near Miss Test', status: 'passed' },
    { test: 'Rows Test', status: 'passed' },
  ])
  expect(lines(out)[0]!.events).toBeGreaterThan(5)
  expect(code).toBe(0)
  expect(said.join()).toMatch(/3 of 1 detections: 3 passed, 0 skipped, 0 failed/)
  // A copy of the folder "datasets" alone does as well.
  expect((await runVerb(testVerb, content, '--data', join(mirror, 'datasets'), '--strict')).code).toBe(0)
})

test('results are written as JUnit beside the others, and who fires where is drawn', async () => {
  const junit = join(folder, 'results.xml')
  const other = writeContent(join(folder, 'failing'), `- name: Broken <Test>\n${attackData(noiseLog)}`)
  const { code } = await runVerb(testVerb, content, other, '--data', mirror, '--junit', junit)
  // The second content has the same detection, which is not loaded twice; alone it fails.
  expect(code).toBe(2)
  const failing = await runVerb(testVerb, other, '--data', mirror, '--junit', junit)
  expect(failing.code).toBe(1)
  const xml = readFileSync(junit, 'utf8')
  expect(xml).toContain('<testcase name="Broken &lt;Test&gt;"')
  expect(xml).toMatch(/<failure message="It finds nothing\./)
  const matrix = join(folder, 'matrix.html')
  await runVerb(testVerb, content, '--data', mirror, '--matrix', matrix)
  expect(readFileSync(matrix, 'utf8')).toContain('T1021.003/lateral_movement_psh/windows-powershell.log')
})

test('only what a branch touches is tested', async () => {
  const root = writeContent(join(folder, 'branch'), positive)
  write(root, 'detections/other.yml', 'name: Other\nid: other\ntype: Hunting\nsearch: index=main\n')
  const git = (...args: string[]): void => {
    execFileSync('git', ['-C', root, '-c', 'user.name=k', '-c', 'user.email=k@example.org', ...args])
  }
  git('init', '-q', '-b', 'main')
  git('add', '.')
  git('commit', '-q', '-m', 'all')
  git('checkout', '-q', '-b', 'work')
  const changed = async (): Promise<string[]> => {
    const { out, code } = await runVerb(testVerb, root, '--data', mirror, '--changed', 'main')
    expect(code).toBe(0)
    return lines(out).map(({ test: name }) => name)
  }
  expect(await changed()).toEqual([])
  const macro = join(root, 'macros/powershell.yml')
  writeFileSync(macro, `${readFileSync(macro, 'utf8')}# touched\n`)
  expect(await changed()).toEqual(['True Positive Test'])
  git('commit', '-q', '-a', '-m', 'macro')
  expect(await changed()).toEqual(['True Positive Test'])
  await expect(runVerb(testVerb, root, '--changed', 'nowhere')).rejects.toThrow('git cannot compare')
})

test('data that is larger than a limit of archives proves nothing', async () => {
  const packed = join(folder, 'packed')
  write(packed, powershellLog, '')
  writeFileSync(join(packed, powershellLog), gzipSync(attack.repeat(50)))
  const root = writeContent(join(folder, 'packed-content'), positive)
  const karst = await openKarst({
    content: [root],
    archiveLimits: { ...archiveLimits, maxRatio: 5, ratioFreeBytes: 1000 },
  })
  const reasons: (string | undefined)[] = []
  await testDetections(karst, { folder: packed, onResult: ({ reason }) => reasons.push(reason) })
  expect(reasons[0]).toMatch(/^The data cannot be read: .*as archive bombs do/)
})

describe('a Git LFS pointer in place of data', () => {
  const digest = (): string => createHash('sha256').update(attack).digest('hex')
  const pointer = (sha256 = digest()): string =>
    `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${attack.length}\n`

  test('is recognised, and how to get the data is said', async () => {
    const clone = join(folder, 'clone')
    write(clone, powershellLog, pointer())
    const root = writeContent(join(folder, 'pointer'), positive)
    const { code, out } = await runVerb(testVerb, root, '--data', clone)
    expect(code).toBe(0)
    expect(lines(out)[0]!.reason).toMatch(
      /is only a Git LFS pointer to \d\.\d MB of data\. Fetch it in that repository: git lfs pull --include="datasets\/attack_techniques\/T1021\.003/,
    )
    expect((await runVerb(testVerb, root, '--data', clone, '--strict')).code).toBe(1)
  })

  /** A server that answers as it is told, in turn; then with the data. */
  async function served(...replies: ((response: ServerResponse) => void)[]) {
    const requests: string[] = []
    const server: Server = createServer((request, response) => {
      requests.push(request.url ?? '')
      const reply = replies[requests.length - 1]
      if (reply === undefined) response.end(attack)
      else reply(response)
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/media/master/${powershellLog}`
    const close = (): void => {
      server.closeAllConnections()
      server.close()
    }
    return { address, requests, close }
  }

  const answer = (status: number) => (response: ServerResponse) => {
    response.writeHead(status).end()
  }

  async function fetchFrom(
    name: string,
    replies: ((response: ServerResponse) => void)[],
    text?: string,
  ): Promise<{ found: string; requests: number; again: string; file: string }> {
    const target = join(folder, `cache-${name}`)
    mkdirSync(target)
    if (text !== undefined) write(target, powershellLog, text)
    const { address, requests, close } = await served(...replies)
    try {
      const { content: loaded } = await openKarst({ content: [content] })
      const options = { folder: target, download: downloader({ backoffMs: 1, idleMs: 120 }) }
      const find = async (): Promise<string> => {
        const found = await findTestData(loaded.detections[0]!, address, options)
        return found.kind === 'found' ? 'found' : found.reason
      }
      const found = await find()
      const count = requests.length
      const again = found === 'found' ? await find() : ''
      expect(requests.length).toBe(count)
      return { found, requests: count, again, file: join(target, powershellLog) }
    } finally {
      close()
    }
  }

  test('is replaced by the data that it names, which is not fetched again', async () => {
    const { found, requests, again, file } = await fetchFrom('good', [], pointer())
    expect([found, requests, again]).toEqual(['found', 1, 'found'])
    expect(readFileSync(file, 'utf8')).toBe(attack)
  })

  test('stays where the server sends something else, or the file is not there', async () => {
    const wrong = await fetchFrom('wrong', [], pointer('0'.repeat(64)))
    expect(wrong.found).toMatch(/what came is not the file that the Git LFS pointer names/)
    expect(readFileSync(wrong.file, 'utf8')).toContain('git-lfs')
    const lfs = await fetchFrom('lfs', [(response) => response.end(pointer())])
    expect(lfs.found).toMatch(/the server sent a Git LFS pointer instead of the file/)
    const gone = await fetchFrom('gone', [answer(404)])
    expect([gone.found, gone.requests]).toEqual([expect.stringContaining('answered 404'), 1])
    expect(existsSync(gone.file)).toBe(false)
  })

  test('is fetched in spite of faults that pass, and given up with the last of them', async () => {
    const broken = (response: ServerResponse): void => {
      response.writeHead(200, { 'content-length': String(attack.length) })
      response.write(attack.slice(0, 100))
      setImmediate(() => response.destroy())
    }
    expect(await fetchFrom('later', [answer(503), broken], pointer())).toMatchObject({
      found: 'found',
      requests: 3,
    })
    const busy = await fetchFrom('busy', [answer(503), answer(429), answer(500)])
    expect([busy.found, busy.requests]).toEqual([expect.stringContaining('answered 500'), 3])
    const silent = await fetchFrom('silent', [() => {}, () => {}, () => {}])
    expect(silent.found).toMatch(/the server said nothing for 0\.12 s/)
  })
})

const shared = resolve(project, '../shared/corpus')
if (!existsSync(shared))
  console.warn(
    'SKIPPED: ../shared is missing, so no detection of Splunk was tested on recordings laid out as attack_data',
  )

test.skipIf(!existsSync(shared))(
  "Splunk's detections pass their tests on recordings laid out as attack_data",
  async () => {
    const data = join(folder, 'recordings')
    // Detection, the recording that shows what it looks for.
    const pairs: readonly (readonly [string, string])[] = [
      ['windows_event_log_cleared', 'Defense Evasion/DE_1102_security_log_cleared.evtx'],
      ['uac_bypass_mmc_load_unsigned_dll', 'UACME_59_Sysmon.evtx'],
      [
        'powershell_4104_hunting',
        'Credential Access/phish_windows_credentials_powershell_scriptblockLog_4104.evtx',
      ],
      ['windows_ad_dsrm_password_reset', 'Credential Access/4794_DSRM_password_change_t1098.evtx'],
    ]
    const karst = await openKarst({ content: [join(shared, 'escu')] })
    const tested: string[] = []
    for (const [name, recording] of pairs) {
      const detection = karst.content.detections.find(({ path }) => path.endsWith(`/${name}.yml`))
      const [first] = detection?.tests[0]?.attackData ?? []
      if (detection === undefined || first === undefined) continue
      const path = first.data.slice(first.data.indexOf('datasets/'))
      write(data, path, await asLog(join(shared, 'evtx', recording)))
      tested.push(detection.name)
    }
    const names = tested.flatMap((name) => ['-d', name])
    const { out } = await runVerb(testVerb, join(shared, 'escu'), '--data', data, ...names)
    expect(lines(out).map(({ status, reason }) => [status, reason])).toEqual(
      tested.map(() => ['passed', undefined]),
    )
    expect(tested.length).toBeGreaterThan(2)
  },
  30_000,
)
