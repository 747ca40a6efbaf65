// Logs that name their columns in lines of their own: the W3C format (IIS, CloudFront and others), Zeek's tab-separated
// form, and flow logs of AWS. Such a file begins with directives or names; each later line is an event whose columns
// become index-time fields. What the fields mean is left to the packs.
// (W3C: Extended Log File Format; Zeek: Log Formats; AWS: Flow log records)

import { cleanKey } from '../base/text/clean-key.ts'
import { type FieldText, type RawEvent, withMetadata } from '../decode/reader.ts'

/** Adds fields to the events of a file; undefined for a line that is no event but a directive. */
export type HeaderReader = (event: RawEvent) => RawEvent | undefined

/** More columns than this are not read: no log has so many. */
const mostColumns = 1000

interface Columns {
  readonly names: readonly string[]
  separator: string
  /** Zeek: how values are typed and written. Absent for W3C. */
  readonly types?: readonly string[]
}

/**
 * Makes a reader for the events of one file, in file order.
 * @param sourcetype of the file where it is told; else W3C logs of IIS are `ms:iis:auto`, and Zeek's have the sourcetype
 *                   of their JSON form, whose fields they have (`bro:conn:json`); those of CloudFront and flow logs have
 *                   their own
 */
export function headerReader(sourcetype: string | undefined): HeaderReader {
  let isFirst = true
  let read: HeaderReader = (event) => event
  return (event) => {
    if (isFirst) {
      isFirst = false
      const raw = event.content.kind === 'text' ? event.raw() : ''
      if (/^#(?:Software|Version|Fields|Date):/.test(raw)) read = w3cReader(sourcetype)
      else if (raw.startsWith('#separator ')) read = zeekReader(sourcetype)
      else if (isFlowHeader(raw)) read = flowReader(sourcetype)
    }
    return read(event)
  }
}

function w3cReader(told: string | undefined): HeaderReader {
  let names: readonly string[] = []
  let isIis = false
  let isCloudFront = false
  return (event) => {
    const line = event.raw()
    if (!line.startsWith('#')) {
      const sourcetype =
        told ?? (isIis ? 'ms:iis:auto' : isCloudFront ? 'aws:cloudfront:accesslogs' : undefined)
      return withColumns(event, line.trimEnd().split(isCloudFront ? '\t' : ' '), names, sourcetype)
    }
    if (line.startsWith('#Software:')) isIis = line.includes('Internet Information Services')
    // cs(User-Agent) is cs_User_Agent.
    if (line.startsWith('#Fields:')) {
      isCloudFront = line.includes(' x-edge-location ')
      names = columnNames(line.slice('#Fields:'.length).trim().split(/\s+/)).map((name) =>
        cleanKey(name).replace(/_+$/, ''),
      )
    }
    return undefined
  }
}

const isFlowHeader = (line: string): boolean =>
  /^[a-z][a-z\d-]*(?: [a-z][a-z\d-]*)+$/.test(line) && /(?:^| )interface-id(?: |$)/.test(line)

/** The records of a flow log that is kept in S3, whose columns its owner chooses. `-` stands for none. */
function flowReader(told: string | undefined): HeaderReader {
  let names: readonly string[] = []
  return (event) => {
    const cells = event.raw().trimEnd().split(' ')
    if (isFlowHeader(event.raw())) {
      names = columnNames(cells).map(cleanKey)
      return undefined
    }
    const values = cells.map((cell) => (cell === '-' ? undefined : cell))
    return withColumns(event, values, names, told ?? 'aws:cloudwatchlogs:vpcflow')
  }
}

function zeekReader(told: string | undefined): HeaderReader {
  let columns: Columns = { names: [], separator: '\t' }
  let separator = '\t'
  let setSeparator = ','
  let unset = '-'
  let empty = '(empty)'
  let path: string | undefined
  return (event) => {
    const line = event.raw()
    if (!line.startsWith('#')) {
      const { names, types = [] } = columns
      const cells = line.split(columns.separator).map((cell, index): FieldText | undefined => {
        if (cell === unset || cell === empty) return undefined
        if (isList(types[index])) return cell.split(setSeparator)
        return types[index] === 'bool' ? (cell === 'T' ? 'true' : 'false') : cell
      })
      return withColumns(event, cells, names, told ?? zeekSourcetype(path))
    }
    if (line.startsWith('#separator ')) {
      const written = line.slice('#separator '.length).trimEnd()
      const code = /^\\x([\da-fA-F]{2})$/.exec(written)?.[1]
      separator = code === undefined ? written : String.fromCharCode(Number.parseInt(code, 16))
    }
    const [directive, ...rest] = line.trimEnd().split(separator)
    const [value = ''] = rest
    if (directive === '#set_separator') setSeparator = value
    else if (directive === '#unset_field') unset = value
    else if (directive === '#empty_field') empty = value
    else if (directive === '#path' && /^\w{1,64}$/.test(value)) path = value
    else if (directive === '#fields') columns = { names: columnNames(rest), separator }
    else if (directive === '#types') {
      // A list has the name that an array has in JSON.
      const names = columns.names.map((name, index) => (isList(rest[index]) ? `${name}{}` : name))
      columns = { names, separator, types: rest }
    }
    return undefined
  }
}

/** Detections know three logs under Zeek's later name. */
const renamedLogs: ReadonlyMap<string, string> = new Map([
  ['ssl', 'zeek:ssl:json'],
  ['x509', 'zeek:x509:json'],
  ['dce_rpc', 'zeek:rpc:json'],
])

const zeekSourcetype = (path: string | undefined): string | undefined =>
  path === undefined ? undefined : (renamedLogs.get(path) ?? `bro:${path}:json`)

const isList = (type: string | undefined): boolean => type !== undefined && /^(?:set|vector)\[/.test(type)

const columnNames = (names: readonly string[]): readonly string[] => names.slice(0, mostColumns)

function withColumns(
  event: RawEvent,
  cells: readonly (FieldText | undefined)[],
  names: readonly string[],
  sourcetype: string | undefined,
): RawEvent {
  const fields = new Map(event.metadata.fields)
  names.forEach((name, index) => {
    const cell = cells[index]
    if (cell !== undefined && name !== '') fields.set(name, cell)
  })
  const { form, ...metadata } = event.metadata
  return withMetadata(event, {
    ...metadata,
    fields,
    isTable: true,
    form: { ...(sourcetype === undefined ? {} : { sourcetype }), ...form },
  })
}
