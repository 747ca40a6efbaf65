// The options of all verbs: one table, from which arguments are parsed and help is written.

import { parseArgs } from 'node:util'
import { suggest } from '../base/suggest.ts'

interface OptionDefinition {
  readonly type: 'boolean' | 'string'
  /** May be given more than once. */
  readonly multiple?: boolean
  readonly short?: string
  /** What stands for the value in help: `DIR`. */
  readonly value?: string
  readonly help: string
}

/** Every option, by name. A verb takes some of them. */
export const optionTable = {
  content: {
    type: 'string',
    multiple: true,
    value: 'DIR',
    help: 'detections: a security_content or contentctl repository, a folder, one .yml, or an app, also packed (.spl, .tgz, .zip); the bundled pack without it',
  },
  app: {
    type: 'string',
    multiple: true,
    value: 'DIR',
    help: 'a Splunk add-on or app, a folder or packed (.spl, .tgz), whose props, transforms, eventtypes, tags, macros and lookups win over the bundled ones; its own commands, in karst/commands, are code and run only when it is named here',
  },
  lookup: { type: 'string', multiple: true, value: 'NAME=FILE', help: 'the CSV file of a lookup' },
  geoip: { type: 'string', value: 'FILE', help: 'location database (.mmdb, with cities) for iplocation' },
  'xml-escaped': {
    type: 'boolean',
    help: "values of XML events keep &lt;, &gt; and &amp;, as Splunk's add-on for Windows leaves them",
  },
  'allow-write': {
    type: 'string',
    value: 'DIR',
    help: 'let outputlookup write lookups, into this folder only',
  },
  state: {
    type: 'string',
    value: 'DIR',
    help: 'the lookups that "karst baseline run" filled, in this folder',
  },
  macro: {
    type: 'string',
    multiple: true,
    value: "'NAME(ARGS)=TEXT'",
    help: 'defines a search macro; wins over all others',
  },
  filters: {
    type: 'string',
    value: 'DIR',
    help: 'false-positive filters: one NAME_filter.spl per detection',
  },
  detection: {
    type: 'string',
    multiple: true,
    short: 'd',
    value: 'ID|NAME|GLOB',
    help: 'only these detections',
  },
  story: {
    type: 'string',
    multiple: true,
    value: 'NAME|GLOB',
    help: 'only detections of these analytic stories',
  },
  technique: {
    type: 'string',
    multiple: true,
    value: 'T1021',
    help: 'only detections of these ATT&CK techniques; sub-techniques included',
  },
  type: {
    type: 'string',
    multiple: true,
    value: 'TYPE',
    help: 'only detections of these types: TTP, Anomaly, Hunting, Correlation',
  },
  from: {
    type: 'string',
    value: 'TIME',
    help: 'events from then on: ISO 8601, epoch seconds, or relative (-24h@h)',
  },
  to: {
    type: 'string',
    value: 'TIME|URL',
    help: 'events before then; of replay, the HTTP Event Collector: https://splunk.example:8088',
  },
  now: { type: 'string', value: 'TIME', help: 'the clock that now() and relative times see' },
  tz: {
    type: 'string',
    value: 'ZONE',
    help: 'time zone of searches, and of times in the evidence that state none; UTC without it',
  },
  index: { type: 'string', value: 'NAME', help: 'index of events that state none; main without it' },
  source: { type: 'string', value: 'NAME', help: 'source of events that state none' },
  sourcetype: { type: 'string', value: 'NAME', help: 'sourcetype of events that state none' },
  host: { type: 'string', value: 'NAME', help: 'host of events that state none' },
  input: {
    type: 'string',
    value: 'FORMAT',
    help: 'read evidence as this format instead of looking at its content',
  },
  recover: { type: 'boolean', help: 'EVTX: also read deleted and superseded records' },
  assets: {
    type: 'string',
    multiple: true,
    value: 'FILE.csv',
    help: 'assets (ip, mac, nt_host, dns, owner, priority, category, bunit, …): asset_lookup_by_str and …_by_cidr; what they are changes risk scores',
  },
  identities: {
    type: 'string',
    multiple: true,
    value: 'FILE.csv',
    help: 'identities (identity, email, priority, category, watchlist, …): identity_lookup_expanded; as --assets, for users',
  },
  'risk-factors': {
    type: 'string',
    value: 'FILE.yml',
    help: 'how what assets and identities are changes risk scores',
  },
  allow: {
    type: 'string',
    multiple: true,
    value: 'FILE',
    help: 'findings to leave out or to lower: .csv with detection, field, value, until, reason, or .yml. They are counted and named',
  },
  'left-out': {
    type: 'string',
    value: 'FILE',
    help: 'write the findings that --allow leaves out, one JSON object a line',
  },
  hashes: { type: 'boolean', help: 'html: also the SHA-256 of every evidence file; reads them once more' },
  'source-url': {
    type: 'string',
    value: 'URL',
    help: "what stands before a file's path in links to its source: https://github.com/acme/content/blob/main/",
  },
  incidents: {
    type: 'boolean',
    help: "what Karst's own incident rules find counts as findings: a score above 100 within a day, three ATT&CK tactics within a week",
  },
  decoded: { type: 'boolean', help: 'print the decoded records, before any knowledge is applied' },
  model: {
    type: 'string',
    value: 'MODEL.DATASET',
    help: 'print the events as rows of a dataset of a data model: Endpoint.Processes',
  },
  fields: {
    type: 'boolean',
    help: 'which fields events have and which rule gives each, for the evidence in PATH',
  },
  plain: { type: 'boolean', help: 'run each detection by itself instead of sharing one pass' },
  'max-memory': {
    type: 'string',
    value: 'BYTES',
    help: 'what the process may take, about: 512 MiB without it. Searches that would need more are ended, those that hold most first',
  },
  workers: {
    type: 'string',
    value: 'NUMBER',
    help: 'threads that read evidence beside the one that searches; 0 for none. Without it as many as pay and --max-memory has room for',
  },
  strict: { type: 'boolean', help: 'warnings and unreadable input are failures' },
  'fail-on': {
    type: 'string',
    value: 'LEVEL',
    help: 'exit with 1 when a finding is at least this severe: informational, low, medium, high, critical',
  },
  data: {
    type: 'string',
    value: 'DIR',
    help: 'test data: a copy of attack_data, or a folder that mirrors its datasets',
  },
  download: { type: 'boolean', help: 'fetch test data that is missing into the folder of --data' },
  changed: {
    type: 'string',
    value: 'BASE',
    help: 'only detections that differ from this Git revision, or use something that does',
  },
  junit: { type: 'string', value: 'FILE', help: 'also write the results as JUnit XML' },
  'cross-fire': {
    type: 'boolean',
    help: 'run every detection over the test data at hand, and tell on each page what else fires there',
  },
  matrix: {
    type: 'string',
    value: 'FILE.html',
    help: 'run every detection over the data of all tests and draw who fires where; instead of the tests',
  },
  severity: {
    type: 'string',
    multiple: true,
    value: 'CODE=LEVEL',
    help: 'how serious a check is: error, warning, note or off',
  },
  report: { type: 'string', value: 'FILE', help: 'write how each detection fared, one JSON object a line' },
  output: {
    type: 'string',
    short: 'o',
    multiple: true,
    value: 'FORMAT[=FILE]',
    help: 'table, ndjson, json or csv; scan also html, markdown, navigator, timesketch, risk, sarif and junit. Table on a terminal and ndjson otherwise',
  },
  limit: {
    type: 'string',
    multiple: true,
    value: 'NAME=VALUE',
    help: 'another value for a limit: subsearch.maxout=50000 ("karst config" lists them)',
  },
  config: { type: 'string', value: 'FILE', help: 'this configuration instead of the nearest karst.yaml' },
  'no-config': { type: 'boolean', help: 'read no karst.yaml' },
  'no-cache': { type: 'boolean', help: 'read all content anew, and keep nothing of it for the next time' },
  token: {
    type: 'string',
    value: 'TOKEN',
    help: 'the token of the collector; better in the environment variable SPLUNK_HEC_TOKEN, where nobody else sees it',
  },
  rate: { type: 'string', value: 'EVENTS', help: 'events per second; as fast as they are taken without it' },
  'shift-to': {
    type: 'string',
    value: 'TIME',
    help: 'move all times so that the last event happens then, keeping intervals: now, -5m, ISO 8601, epoch',
  },
  batch: { type: 'string', value: 'EVENTS', help: 'events per request; 500 without it' },
  'batch-bytes': { type: 'string', value: 'BYTES', help: 'bytes per request; 900000 without it' },
  parallel: {
    type: 'string',
    value: 'REQUESTS',
    help: 'requests that are under way at once; 1 without it, which keeps the order of events',
  },
  gzip: { type: 'boolean', help: 'compress the requests' },
  raw: {
    type: 'boolean',
    help: 'send texts only, to /services/collector/raw: the receiver finds events and times',
  },
  ack: { type: 'boolean', help: 'wait for indexer acknowledgement, and count only what is acknowledged' },
  retries: {
    type: 'string',
    value: 'NUMBER',
    help: 'how often a request is sent again while the collector is busy or away; 8 without it',
  },
  timeout: { type: 'string', value: 'SECONDS', help: 'for an answer of the collector; 60 without it' },
  rejected: {
    type: 'string',
    value: 'FILE',
    help: 'write the events that were not accepted; the file can be replayed again',
  },
  insecure: { type: 'boolean', help: "do not check the collector's certificate" },
  quiet: { type: 'boolean', short: 'q', help: 'nothing on standard error but failures' },
  verbose: {
    type: 'boolean',
    short: 'v',
    help: 'more detail on standard error: every warning, every skipped record',
  },
  'no-color': { type: 'boolean', help: 'no colours; the environment variable NO_COLOR does the same' },
  'no-progress': { type: 'boolean', help: 'no progress bar' },
  help: { type: 'boolean', short: 'h', help: 'show this help' },
} as const satisfies Readonly<Record<string, OptionDefinition>>

export type OptionName = keyof typeof optionTable

/** The values of the options that were given. */
export type OptionValues = {
  readonly [Name in OptionName]?: (typeof optionTable)[Name] extends { multiple: true }
    ? readonly string[]
    : (typeof optionTable)[Name]['type'] extends 'boolean'
      ? boolean
      : string
}

/** A mistake in how Karst was called; exit code 3. */
export class UsageError extends Error {}

const everywhere: readonly OptionName[] = [
  'config', 'no-config', 'no-cache', 'quiet', 'verbose', 'no-color', 'no-progress', 'help',
] // biome-ignore format: a list

/**
 * Parses the arguments of a verb.
 * @throws UsageError for unknown options (with a suggestion), missing values and options that the verb does not take
 */
export function parseArguments(
  verb: string,
  taken: readonly OptionName[],
  args: readonly string[],
): { readonly values: OptionValues; readonly positionals: readonly string[] } {
  const allowed = [...taken, ...everywhere]
  const options = Object.fromEntries(
    allowed.map((name) => {
      const { type, multiple, short }: OptionDefinition = optionTable[name]
      return [
        name,
        { type, ...(multiple === undefined ? {} : { multiple }), ...(short === undefined ? {} : { short }) },
      ]
    }),
  )
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  })
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const definition: OptionDefinition | undefined = Object.hasOwn(options, token.name)
      ? optionTable[token.name as OptionName]
      : undefined
    if (definition === undefined)
      throw new UsageError(unknownOption(verb, token.rawName, token.name, allowed))
    if (definition.type === 'string' && (token.value === undefined || token.value === '')) {
      throw new UsageError(`${token.rawName} needs a value: ${token.rawName} ${definition.value}`)
    }
    if (definition.type === 'boolean' && token.value !== undefined) {
      throw new UsageError(`${token.rawName} takes no value.`)
    }
  }
  return { values: values as OptionValues, positionals }
}

function unknownOption(verb: string, raw: string, name: string, allowed: readonly OptionName[]): string {
  if (Object.hasOwn(optionTable, name)) return `karst ${verb} does not take ${raw}.`
  const [nearest] = suggest(name, allowed)
  return `Unknown option ${raw}.${nearest === undefined ? '' : ` Did you mean --${nearest}?`}`
}

/** The options of a verb as lines of help. */
export function optionHelp(taken: readonly OptionName[], columns: number): string[] {
  const rows = [...taken, ...everywhere].map((name) => {
    const { short, value, help }: OptionDefinition = optionTable[name]
    const flag = `${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`
    return [flag, help] as const
  })
  const indent = 36
  return rows.flatMap(([flag, help]) => {
    const lines = wrap(help, Math.max(30, Math.min(columns, 120) - indent))
    const first =
      flag.length + 2 < indent - 2
        ? [`  ${flag.padEnd(indent - 2)}${lines[0]}`]
        : [`  ${flag}`, `${' '.repeat(indent)}${lines[0]}`]
    return [...first, ...lines.slice(1).map((line) => ' '.repeat(indent) + line)]
  })
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
