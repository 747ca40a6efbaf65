// Fuzzes field knowledge: hostile configuration over plain events, and hostile events under the bundled packs. Reading
// every field of every event may not throw or take long, and must not depend on which other rows are read with it.
//
//   npx tsx test/fuzz/knowledge.ts [SECONDS [SEED]]      see README.md

import { fileURLToPath } from 'node:url'
import { decoders } from '../../src/decode/detect-format.ts'
import type { RawEvent } from '../../src/decode/reader.ts'
import { SearchError } from '../../src/diagnostics/diagnostic.ts'
import { bundledPacks, type Knowledge, knowledgeOf, loadKnowledge } from '../../src/knowledge/knowledge.ts'
import { blockOf } from '../../src/source/block.ts'
import { explainFields } from '../../src/source/explain-fields.ts'
import type { Batch } from '../../src/value/batch.ts'
import { decodeAll } from '../support/decode-all.ts'
import { pick, type RandomNumbers, randomNumbers } from '../support/random-numbers.ts'
import { fuzzProgram, inputNumbers, type Run, seedOf } from './shared/extent.ts'
import { inTime } from './shared/limits.ts'

/** For some events under one set of rules; generous, as machines are shared. */
const MAX_INPUT_MS = 4000

export interface KnowledgeReport {
  readonly seed: number
  inputs: number
  events: number
  values: number
  /** What knowledge said was wrong with configuration. */
  complaints: number
  slowest: { readonly input: number; readonly ms: number }
}

const context = { now: 1_700_000_000, timeZone: 'UTC', warn: () => {} }

/** Pieces that configuration is made of, good and bad. */
const settings = [
  'KV_MODE = auto', 'KV_MODE = json', 'KV_MODE = xml', 'KV_MODE = none', 'KV_MODE = windows_event', 'KV_MODE = multi',
  'EXTRACT-a = (?<a>\\w+)=(?<b>\\S+)', 'EXTRACT-b = (?<__proto__>x+)+$', 'EXTRACT-c = ((a+)+)+b in a', 'EXTRACT-d = (',
  'EXTRACT-e = (?<constructor>.) in __proto__', 'EXTRACT-f = (?<a>.*)(?<a>.*)', 'EXTRACT- =', 'EXTRACT',
  'REPORT-a = t1, t2, missing', 'REPORT-b = t3', 'REPORT-c = t4,t4,t4', 'REPORT-d = ,',
  'FIELDALIAS-a = a AS b b AS c c AS a', 'FIELDALIAS-b = "a b" ASNEW __proto__', 'FIELDALIAS-c = a AS',
  'FIELDALIAS-d = _raw AS raw _time AS host host AS _raw',
  'EVAL-a = b . a', 'EVAL-b = if(a=1, null(), mvappend(a, b, c))', 'EVAL-c = 1/0', 'EVAL-d = (((', 'EVAL-_raw = "x"',
  'EVAL-e = replace(_raw, "(x+x+)+y", "\\1\\9")', 'EVAL-__proto__ = a', 'EVAL-f = split(_raw, "")', 'EVAL-g = spath(_raw, "a{}.b")',
  'EVAL-tag = "x"', 'EVAL-eventtype = "y"', 'EVAL-host = a',
  'LOOKUP-a = l1 a OUTPUT b', 'LOOKUP-b = l1 a AS b OUTPUTNEW c AS a', 'LOOKUP-c = missing x', 'LOOKUP-d = l2 a', 'LOOKUP-e =',
  'rename = s1', 'rename = s2', 'sourcetype = s1', 'priority = -1', 'priority = NaN', 'TZ = Mars/Phobos', 'TIME_FORMAT = %s %Q %z %',
  'TIME_PREFIX = (', 'MAX_TIMESTAMP_LOOKAHEAD = -5', 'TRANSFORMS-x = m1', 'SEDCMD-x = s/a/b/g', 'INDEXED_EXTRACTIONS = w3c',
] // biome-ignore format: pieces
const propsStanzas = [
  's1',
  's2',
  'default',
  'source::...',
  'source::*|(',
  'host::h*',
  '(?::){0}s*',
  'rule::r',
  '__proto__',
]
const transforms = `[t1]
REGEX = (\\w+)=(\\w+)
FORMAT = $1::$2
MV_ADD = true
[t2]
DELIMS = " ,", "="
[t3]
DELIMS = ","
FIELDS = a, b, __proto__, c
[t4]
REGEX = (?<_KEY_1>\\w+):(?<_VAL_1>\\w+)
SOURCE_KEY = a
REPEAT_MATCH = true
[m1]
REGEX = h=(\\S+)
DEST_KEY = MetaData:Host
FORMAT = host::$1
[l1]
filename = l1.csv
match_type = WILDCARD(a)
default_match = none
min_matches = 1
[l2]
filename = l2.csv
match_type = CIDR(a)
max_matches = 2
`
const eventtypes = [
  '[e1]\nsearch = a=* OR b=*', '[e2]\nsearch = eventtype=e1 NOT c=1', '[e3]\nsearch = eventtype=e3', '[e4]\nsearch = (((',
  '[e5]\nsearch = x | stats count', '[__proto__]\nsearch = *', '[e6]\nsearch = tag=t1', '[e7]\nsearch = sourcetype=s1 "a*"',
] // biome-ignore format: pieces
const tags = [
  '[eventtype=e1]\nt1 = enabled',
  '[a=%2A]\nt2 = enabled',
  '[host=h]\n__proto__ = enabled',
  '[=]\nx = enabled',
  '[tag=t1]\nt3 = enabled',
]
const lookupFiles = new Map([
  ['l1.csv', 'a,b,c,__proto__\n*,any,1,p\nx*y*z,some,2,\n"q""\n'],
  ['l2.csv', 'a,d\n10.0.0.0/8,inner\n999.1.1.1/99,bad\n'],
])
const models = [
  '{"modelName":"M","objects":[{"objectName":"O","constraints":[{"search":"tag=t1"}],"fields":[{"fieldName":"a"}],"calculations":[{"calculationType":"Eval","expression":"a.b","outputFields":[{"fieldName":"b"}]}]},{"objectName":"P","parentName":"O","constraints":[{"search":"(("}]}]}',
  '{"modelName":1}',
  '[',
  '{"modelName":"N","objects":[{"objectName":"__proto__","baseSearch":"a=1"}]}',
]

/** Events that other events are made of. */
const eventTexts = [
  'a=1 b="two words" c=x,y __proto__=z host=h',
  '{"a":{"b":[1,{"c":null}],"__proto__":{"x":1}},"toString":"s","a.b":2,"":3}',
  "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Sysmon'/><EventID>1</EventID><TimeCreated SystemTime='2020-10-08T11:03:46.6Z'/><EventRecordID>1</EventRecordID><Channel>Microsoft-Windows-Sysmon/Operational</Channel><Computer>h</Computer></System><EventData><Data Name='Image'>C:\\a\\b.exe</Data><Data Name='CommandLine'>a &lt; b</Data><Data Name='Hashes'>MD5=00,IMPHASH=11</Data></EventData></Event>",
  "<Event><System><EventID Qualifiers='1'>4688</EventID><Channel>Security</Channel></System><EventData><Data Name='NewProcessName'>C:\\x.exe</Data><Data Name='CommandLine'>x -y</Data><Data Name='a'>1</Data><Data Name='a'>2</Data></EventData></Event>",
  '10/08/2020 11:03:46 AM\nLogName=Security\nEventCode=4624\nComputerName=h\nMessage=An account\n\nSubject:\n\tAccount Name:\t\ta\n\nNew Logon:\n\tAccount Name:\t\tb\n',
  'type=EXECVE msg=audit(1636985967.123:42): argc=2 a0="ls" a1=2F746D70',
  '2 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 1 1697608042 1697608070 ACCEPT OK',
  '192.0.2.3 - - [15/Nov/2021:14:19:27 +0000] "GET /p?q=1 HTTP/1.1" 404 12 "-" "curl/8"',
  'Nov 15 14:19:27 web1 sshd[811]: Failed password for invalid user x from 192.0.2.5 port 42 ssh2',
] // biome-ignore format: texts

const hostile = [
  '', ' ', '=', '"', "'", '\\', '\0', '\n', '\t', '{', '}', '[', ']', '<', '>', '&lt;', '</', '<![CDATA[', '::', '$1', '%', '(', ')', '|', '*',
  '__proto__=1 ', 'constructor', 'x'.repeat(5000), 'a=b '.repeat(2000), '{"a":'.repeat(300), '<a>'.repeat(300), 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!',
  '\ud800', '\u{1F600}', '\u2028', 'İ', '99999999999999999999', '-0', '1e999', 'NaN', '2020-13-45T99:99:99Z',
] // biome-ignore format: pieces

const some = <Item>(random: RandomNumbers, most: number, make: () => Item): Item[] =>
  Array.from({ length: random(most + 1) }, make)

/** Puts pieces into a text, or takes parts out of it. */
function damaged(random: RandomNumbers, text: string, pieces: readonly string[], most: number): string {
  let result = text
  for (let count = random(most + 1); count > 0; count--) {
    const at = random(result.length + 1)
    const cut = random(3) === 0 ? random(20) : 0
    result = result.slice(0, at) + pick(random, pieces) + result.slice(at + cut)
  }
  return result
}

function hostileKnowledge(random: RandomNumbers, report: () => void): Knowledge {
  const stanza = (): string =>
    `[${pick(random, propsStanzas)}]\n${some(random, 12, () => pick(random, settings)).join('\n')}`
  const confs = {
    props: damaged(random, some(random, 5, stanza).join('\n'), [...hostile, ...settings], 3),
    transforms: damaged(random, transforms, hostile, 3),
    eventtypes: damaged(random, some(random, 6, () => pick(random, eventtypes)).join('\n'), hostile, 1),
    tags: damaged(random, some(random, 4, () => pick(random, tags)).join('\n'), hostile, 1),
    lookups: new Map([...lookupFiles].map(([name, text]) => [name, damaged(random, text, hostile, 1)])),
    models: some(random, 2, () => ({
      name: 'm.json',
      text: damaged(random, pick(random, models), hostile, 1),
    })),
  }
  return knowledgeOf(confs, { context, report })
}

/** Events as decoders make them of damaged texts, and of any sourcetype. */
async function hostileEvents(
  random: RandomNumbers,
  sourcetypes: readonly string[],
): Promise<readonly RawEvent[]> {
  const events: RawEvent[] = []
  for (let count = 1 + random(8); count > 0; count--) {
    const text = damaged(random, pick(random, eventTexts), hostile, 4)
    const { events: decoded } = await decodeAll(pick(random, decoders), text)
    for (const event of decoded.slice(0, 20)) {
      const metadata =
        random(2) === 0 ? event.metadata : { ...event.metadata, sourcetype: pick(random, sourcetypes) }
      events.push({ ...event, raw: () => event.raw(), metadata })
    }
    if (decoded.length === 0)
      events.push({ time: undefined, raw: () => text, position: '1', metadata: { sourcetype: pick(random, sourcetypes) }, content: { kind: 'text' } }) // biome-ignore format: one event
  }
  return events
}

/** Reads everything there is; a part must give what the whole gives. */
function readAll(batch: Batch, random: RandomNumbers): number {
  const rows = Uint32Array.from(
    Array.from({ length: batch.length }, (_, row) => row).filter(() => random(2) === 0),
  )
  const part = batch.gather(rows)
  let values = 0
  for (const name of batch.names()) {
    for (let index = 0; index < rows.length; index++) {
      const inPart = JSON.stringify(part.value(name, index))
      const inWhole = JSON.stringify(batch.value(name, rows[index]!))
      if (inPart !== inWhole) throw new Error(`${name} is ${inWhole} among all rows and ${inPart} among some`)
    }
    for (let row = 0; row < batch.length; row++) if (batch.value(name, row) !== undefined) values++
  }
  return values
}

/**
 * Reads fields of hostile events under hostile configuration.
 *
 * @throws the first time that a promise is broken, with the input that shows it again
 */
export async function fuzzKnowledge(run: Run): Promise<KnowledgeReport> {
  const report: KnowledgeReport = {
    seed: run.seed,
    inputs: 0,
    events: 0,
    values: 0,
    complaints: 0,
    slowest: { input: 0, ms: 0 },
  }
  const packs = await loadKnowledge({ folders: await bundledPacks(), context, report: () => {} })
  for (const input of inputNumbers(run)) {
    let [events, values, complaints] = [0, 0, 0]
    try {
      const ms = await inTime(MAX_INPUT_MS, async () => {
        ;[events, values, complaints] = [0, 0, 0]
        const random = randomNumbers(seedOf(run.seed, input))
        const isHostile = random(2) === 0
        const knowledge = isHostile ? hostileKnowledge(random, () => complaints++) : packs
        const read = await hostileEvents(random, isHostile ? ['s1', 's2', '__proto__'] : packSourcetypes)
        const identify = knowledge.identify('/evidence/x.log', {})
        const file = { files: ['/evidence/x.log'], starts: [0] }
        const block = { events: read, identities: read.map(identify), origins: () => [], ...file }
        values = readAll(blockOf(block, knowledge), random)
        events = read.length
        if (random(8) === 0) await explainFields(oneGroup(read), knowledge, {})
      })
      if (ms > report.slowest.ms) report.slowest = { input, ms: Math.round(ms) }
    } catch (error) {
      const kind = error instanceof SearchError ? 'a search error' : 'an error'
      throw new Error(`input ${input} of seed ${run.seed} gave ${kind}: ${String(error)}`, { cause: error })
    }
    report.inputs++
    report.events += events
    report.values += values
    report.complaints += complaints
  }
  return report
}

const packSourcetypes = [
  'XmlWinEventLog', 'WinEventLog', 'sysmon:linux', 'linux:audit', 'linux_secure', 'aws:cloudtrail', 'aws:cloudwatchlogs:vpcflow',
  'o365:management:activity', 'azure:monitor:aad', 'OktaIM2:log', 'suricata', 'pan:threat', 'ms:iis:splunk', 'access_combined', 'bro:conn:json',
] // biome-ignore format: names

async function* oneGroup(events: readonly RawEvent[]) {
  yield { file: '/evidence/x.log', events }
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await fuzzProgram(fuzzKnowledge, { usualInputs: 5_000 })
