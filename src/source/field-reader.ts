// The fields of events of one kind, read when they are asked for.
//
// A field passes the stages of its profile: what the event says of itself and what extractions find, then aliases,
// calculated fields, lookups, eventtypes, tags. Each stage asks the one before it for the fields it needs, so only what
// leads to a wanted field is done; results are kept for the next who asks.

import { eachPair } from '../base/text/key-value.ts'
import { escapeXmlText } from '../base/text/xml-references.ts'
import type { FieldText, RawEvent, WindowsRecord } from '../decode/reader.ts'
import type { AutomaticLookup } from '../knowledge/aliases.ts'
import type { PossibleEventtype } from '../knowledge/eventtypes.ts'
import type { Extraction } from '../knowledge/extract/extraction.ts'
import { compactColumn, FieldTable } from '../knowledge/extract/field-table.ts'
import { type FieldVisitor, jsonReader, parseJsonObject } from '../knowledge/extract/json.ts'
import { WindowsData } from '../knowledge/extract/windows-data.ts'
import {
  eachDataField,
  headerField,
  headerFields,
  isHeaderField,
  standsAlone,
} from '../knowledge/extract/windows-event.ts'
import { eachClassicField } from '../knowledge/extract/windows-text.ts'
import { eachXmlField } from '../knowledge/extract/xml.ts'
import type { Identity } from '../knowledge/identify.ts'
import type { Knowledge } from '../knowledge/knowledge.ts'
import type { Profile } from '../knowledge/profile.ts'
import type { FieldTags } from '../knowledge/tags.ts'
import { readTextTable } from '../spl/commands/shared/text-table.ts'
import type { LookupTable } from '../spl/host.ts'
import { Batch, type ColumnReader } from '../value/batch.ts'
import {
  type Column,
  type ConstColumn,
  constant,
  dict,
  hasValues,
  mapColumn,
  plain,
  valueAt,
} from '../value/column.ts'
import { multivalue, textsOf, type Value } from '../value/value.ts'
import { type EventTimes, eventFact, eventTimes, indexedText, isTimePart, lineCount } from './event-facts.ts'
import { fieldMakers, lastBefore, lookupOutputs } from './field-makers.ts'

/** Fields that every event has, whatever it says. */
const baseFields = ['_time', '_raw', 'index', 'source', 'sourcetype', 'host', 'linecount'] as const

const isBaseField = (name: string): name is (typeof baseFields)[number] =>
  (baseFields as readonly string[]).includes(name)

/** Events of one kind, and what is known about them. */
export interface EventsOfKind {
  readonly events: readonly RawEvent[]
  readonly identities: readonly Identity[]
  readonly profile: Profile
  readonly knowledge: Knowledge
  /** The EventID, where all are Windows events with the same one. */
  readonly eventId?: string | undefined
}

/** What automatic extraction found: fields at hand, and data of Windows events that are read field by field. */
interface Found {
  readonly table: FieldTable
  readonly data: WindowsData
}

/** Reads the fields of events that share a profile. */
export class FieldReader implements ColumnReader {
  readonly #events: readonly RawEvent[]
  readonly #identities: readonly Identity[]
  readonly #profile: Profile
  readonly #knowledge: Knowledge
  readonly #eventId: string | undefined
  readonly #columns = new Map<string, Column | undefined>()
  readonly #extracted = new Map<string, FieldTable>()
  readonly #lookedUp = new Map<AutomaticLookup, LookedUp>()
  #times: EventTimes | undefined
  #given: FieldTable | undefined
  #exported: FieldTable | undefined
  #automatic: Found | undefined
  #aliasedFields: Batch | undefined

  constructor({ events, identities, profile, knowledge, eventId }: EventsOfKind) {
    this.#events = events
    this.#identities = identities
    this.#profile = profile
    this.#knowledge = knowledge
    this.#eventId = eventId
  }

  narrow(rows: Uint32Array): FieldReader {
    return new FieldReader({
      events: Array.from(rows, (row) => this.#events[row]!),
      identities: Array.from(rows, (row) => this.#identities[row]!),
      profile: this.#profile,
      knowledge: this.#knowledge,
      eventId: this.#eventId,
    })
  }

  names(): readonly string[] {
    const { extractions, aliases, calculated, lookups } = this.#profile
    const names = new Set<string>(baseFields)
    const add = (more: Iterable<string>): void => {
      for (const name of more) names.add(name)
    }
    add(this.#givenFields().names())
    extractions.forEach((extraction, index) => {
      add(extraction.names ?? this.#table(extraction, index).names())
    })
    const { table, data } = this.#automaticTable()
    add(table.names())
    add(data.names())
    if (this.#events.some(({ content }) => content.kind === 'windows') && this.#profile.automatic !== 'none')
      add(headerFields)
    add(aliases.map(({ to }) => to))
    add(calculated.keys())
    for (const lookup of lookups) add(lookupOutputs(lookup, this.#knowledge).map(([, field]) => field))
    names.add('eventtype').add('tag')
    for (const { field } of this.#knowledge.tags) names.add(`tag::${field}`)
    return [...names]
  }

  read(name: string): Column | undefined {
    if (name === 'eventtype') return this.#remember('eventtype', () => this.#eventtype())
    if (name === 'tag') return this.#remember('tag', () => this.#tags(undefined))
    if (name.startsWith('tag::')) return this.#remember(name, () => this.#tags(name.slice('tag::'.length)))
    // What an export row says was Splunk's own last word.
    const exported = this.#exportedFields().column(name)
    return this.#firstOf(exported, () => this.#looked(name, this.#profile.lookups.length))
  }

  /**
   * The rules that give a field its values in these events, the one with the last word first: settings of props.conf
   * (`EVAL-user`, `KV_MODE`), or `event` for what the event says of itself. Empty where no event has the field.
   */
  rulesOf(name: string): readonly string[] {
    const length = this.#events.length
    const gives = (column: Column | undefined): boolean => column !== undefined && hasValues(column, length)
    if (!gives(this.read(name))) return []
    if (isBaseField(name)) return ['event']
    if (name === 'eventtype') return ['eventtypes.conf']
    if (name === 'tag' || name.startsWith('tag::')) return ['tags.conf']
    if (gives(this.#exportedFields()?.column(name))) return ['event']
    const { lookups, calculated, aliases, extractions, automatic } = this.#profile
    const rules = lookups
      .filter((lookup, index) =>
        this.#run(lookup, index)
          .found.get(name)
          ?.some((value) => value !== undefined),
      )
      .map(({ origin }) => origin)
      .reverse()
    const field = calculated.get(name)
    if (field?.evaluate !== undefined) return gives(this.#calculated(name)) ? [...rules, field.origin] : rules
    for (let index = aliases.length - 1; index >= 0; index--) {
      const { to, from, origin, overwrites } = aliases[index]!
      if (to !== name || (!overwrites && !gives(this.#aliased(from, index)))) continue
      rules.push(origin)
      if (overwrites) return rules
    }
    for (const [index, extraction] of extractions.entries()) {
      const canGive = extraction.names === undefined || extraction.names.has(name)
      if (canGive && gives(this.#table(extraction, index).column(name))) rules.push(extraction.origin)
    }
    if (gives(this.#automaticField(name)))
      rules.push(automatic === 'windows_event' || automatic === 'json' ? 'event' : 'KV_MODE')
    if (gives(this.#givenFields().column(name))) rules.push('event')
    return [...new Set(rules)]
  }

  #remember(key: string, compute: () => Column | undefined): Column | undefined {
    const known = this.#columns.get(key)
    if (known !== undefined || this.#columns.has(key)) return known
    const column = compute()
    this.#columns.set(key, column)
    return column
  }

  /** The first column, and where it has no value the second one, which is not computed when nobody needs it. */
  #firstOf(first: Column | undefined, second: () => Column | undefined): Column | undefined {
    if (first === undefined) return second()
    if (isFull(first)) return first
    const other = second()
    if (other === undefined) return first
    return compactColumn(this.#events.map((_, row) => valueAt(first, row) ?? valueAt(other, row)))
  }

  // ---- what the event says of itself

  #base(name: (typeof baseFields)[number]): Column {
    switch (name) {
      case '_time':
        return this.#remember('_time', () => this.#eventTimes().column)!
      case '_raw':
        return plain(this.#events.map((_, row) => this.#raw(row)))
      case 'linecount':
        return compactColumn(this.#events.map((_, row) => lineCount(this.#raw(row))))
      case 'index':
      case 'source':
      case 'sourcetype':
      case 'host': {
        const first = this.#identities[0]?.[name]
        if (this.#identities.every((identity) => identity[name] === first)) return constant(first)
        return compactColumn(this.#identities.map((identity) => identity[name]))
      }
    }
  }

  #eventTimes(): EventTimes {
    this.#times ??= eventTimes(this.#events, this.#identities, this.#profile.timestamp, this.#knowledge)
    return this.#times
  }

  /** The text of an event as it is indexed. An export row has the text that it was exported with, or none. */
  #raw(row: number): string | undefined {
    return indexedText(this.#events[row]!, this.#identities[row]!)
  }

  /** What is noted about every event; names() leaves it out, as only who asks for it wants to see it. */
  #fact(name: string): Column | undefined {
    if (isTimePart(name)) return this.#eventTimes().part(name)
    return eventFact(name, () => this.#events.map((_, row) => this.#raw(row)))
  }

  /** Index-time fields and the fields of export rows. */
  #givenFields(): FieldTable {
    if (this.#given === undefined) {
      const table = new FieldTable(this.#events.length)
      for (let row = 0; row < this.#events.length; row++) {
        const fields = this.#rowFieldsOf(row) ?? this.#identities[row]!.fields
        if (fields !== undefined) for (const [name, value] of fields) put(table, row, name, value)
      }
      this.#given = table
    }
    return this.#given
  }

  /** What export rows say; empty for other events. */
  #exportedFields(): FieldTable {
    if (this.#exported === undefined) {
      const table = new FieldTable(this.#events.length)
      for (let row = 0; row < this.#events.length; row++) {
        for (const [name, value] of this.#rowFieldsOf(row) ?? []) {
          if (!isBaseField(name)) put(table, row, name, value)
        }
      }
      this.#exported = table
    }
    return this.#exported
  }

  #rowFieldsOf(row: number): ReadonlyMap<string, FieldText> | undefined {
    // With an EventID they are Windows events, none of them a row.
    if (this.#eventId !== undefined) return undefined
    const { content } = this.#events[row]!
    return content.kind === 'row' ? content.fields : undefined
  }

  // ---- extractions

  /** A field after the first `count` extractions. */
  #extract(name: string, count: number): Column | undefined {
    return this.#remember(`extract ${count} ${name}`, () => {
      if (isBaseField(name)) return this.#base(name)
      const { extractions, automatic } = this.#profile
      let column = this.#firstOf(this.#givenFields().column(name), () => this.#fact(name))
      // What a decoder has read needs no extraction: it is there before them all, as index-time fields are.
      if (automatic === 'windows_event') column = this.#firstOf(column, () => this.#automaticField(name))
      for (let index = 0; index < count && index < extractions.length; index++) {
        const extraction = extractions[index]!
        if (extraction.names !== undefined && !extraction.names.has(name)) continue
        const found = this.#table(extraction, index).column(name)
        column = extraction.adds ? this.#joined(column, found) : this.#firstOf(column, () => found)
      }
      if (count <= extractions.length || automatic === 'windows_event') return column
      return this.#firstOf(column, () => this.#automaticField(name))
    })
  }

  /** All extractions and automatic extraction. */
  #extractedField(name: string): Column | undefined {
    return this.#extract(name, this.#profile.extractions.length + 1)
  }

  #table(extraction: Extraction, index: number): FieldTable {
    const key = String(index)
    let table = this.#extracted.get(key)
    if (table === undefined) {
      table = new FieldTable(this.#events.length)
      const texts = this.#extract(extraction.source, index)
      if (texts !== undefined) this.#runExtraction(extraction, texts, table)
      this.#extracted.set(key, table)
    }
    return table
  }

  #runExtraction(extraction: Extraction, texts: Column, table: FieldTable): void {
    for (let row = 0; row < this.#events.length; row++) {
      const value = valueAt(texts, row)
      if (value === undefined) continue
      for (const text of textsOf(value)) {
        extraction.extract(text, (name, found) => {
          if (extraction.adds) table.append(row, name, found)
          else table.keep(row, name, found)
        })
      }
    }
  }

  #joined(first: Column | undefined, second: Column | undefined): Column | undefined {
    if (first === undefined || second === undefined) return first ?? second
    return compactColumn(
      this.#events.map((_, row) =>
        multivalue([...textsOf(valueAt(first, row)), ...textsOf(valueAt(second, row))]),
      ),
    )
  }

  // ---- automatic extraction

  #automaticField(name: string): Column | undefined {
    const { automatic } = this.#profile
    if (automatic === 'none') return undefined
    if (!isHeaderField(name)) return this.#foundField(name)
    if (name === 'EventCode' && this.#eventId !== undefined) return constant(this.#eventId)
    const keepsEscapes = this.#knowledge.keepsXmlEscapes
    let some = false
    const header = this.#events.map((event) => {
      const record = windowsRecord(event)
      if (record === undefined) return undefined
      some = true
      const value = headerField(record, name, () => event.raw())
      return value !== undefined && keepsEscapes && !name.endsWith('_Xml') ? escapeXmlText(value) : value
    })
    const column = some ? compactColumn(header) : undefined
    const inData = (): Column | undefined => this.#foundField(name)
    return standsAlone(name) ? this.#firstOf(column, inData) : this.#joined(column, inData())
  }

  /** A field that automatic extraction finds in the events' data or text. */
  #foundField(name: string): Column | undefined {
    return this.#remember(`found ${name}`, () => {
      const { table, data } = this.#automaticTable()
      const values = data.valuesOf(name)
      return this.#firstOf(values && compactColumn(values), () => table.column(name))
    })
  }

  #automaticTable(): Found {
    if (this.#automatic === undefined) {
      const table = new FieldTable(this.#events.length)
      const convert = this.#knowledge.keepsXmlEscapes ? escapeXmlText : undefined
      const data = new WindowsData(this.#events.length, convert)
      this.#automatic = { table, data }
      if (this.#profile.automatic !== 'none') this.#fillAutomatic(this.#automatic)
    }
    return this.#automatic
  }

  #fillAutomatic({ table, data }: Found): void {
    const { automatic: mode, automaticOptions: options } = this.#profile
    const keepsEscapes = this.#knowledge.keepsXmlEscapes
    const isPaired = mode === 'auto' || mode === 'auto_escaped'
    const readsJson = !isPaired || options.readsJson
    const readJson = jsonReader()
    for (let row = 0; row < this.#events.length; row++) {
      const { content } = this.#events[row]!
      const append = (name: string, text: string): void => table.append(row, name, text)
      if (content.kind === 'windows') {
        if (data.add(row, content.record)) continue
        eachDataField(
          content.record,
          keepsEscapes ? (name, text) => append(name, escapeXmlText(text)) : append,
        )
        continue
      }
      // A key such as "source" is not the event's source; Splunk calls it extracted_source.
      const appendJson = (name: string, text: string): void => {
        const field = options.trimsBraces ? name.replaceAll('{}', '') : name
        append(isBaseField(field) ? `extracted_${field}` : field, text)
      }
      // What the decoder has parsed is not what is indexed, where SEDCMD or a transform changed the text.
      if (readsJson && content.kind === 'json' && this.#identities[row]!.readText === undefined) {
        readJson(content.value, appendJson)
        continue
      }
      const text = this.#raw(row)
      if (text === undefined) continue
      const object = readsJson && (isPaired || mode === 'json') ? parseJsonObject(text) : undefined
      if (object !== undefined) readJson(object, appendJson)
      else if (mode === 'windows_event') eachClassicField(text, append)
      else if (mode === 'xml') eachXmlField(text, append)
      else if (mode === 'multi') eachTableCell(text, append)
      else if (isPaired) {
        eachPair(text, mode === 'auto_escaped', (name, value) =>
          table.keep(row, name, options.trimsBlanks ? value.replace(/^ +| +$/g, '') : value),
        )
      }
    }
  }

  // ---- aliases and calculated fields

  #aliased(name: string, count: number): Column | undefined {
    const index = lastBefore(fieldMakers(this.#profile, this.#knowledge, name).aliases, count)
    if (index === undefined) return this.#extractedField(name)
    const alias = this.#profile.aliases[index]!
    return this.#remember(`alias ${index}`, () => {
      const original = this.#aliased(alias.from, index)
      return alias.overwrites ? original : this.#firstOf(this.#aliased(name, index), () => original)
    })
  }

  #calculated(name: string): Column | undefined {
    const field = this.#profile.calculated.get(name)
    const evaluate = field?.evaluate
    if (evaluate === undefined) return this.#aliased(name, this.#profile.aliases.length)
    return this.#remember(`eval ${name}`, () => evaluate(this.#aliasedBatch))
  }

  /** What calculated fields see: no calculated field, lookup, eventtype or tag. */
  get #aliasedBatch(): Batch {
    this.#aliasedFields ??= this.#batchOf((name) => this.#aliased(name, this.#profile.aliases.length))
    return this.#aliasedFields
  }

  #batchOf(read: (name: string) => Column | undefined): Batch {
    return new Batch(this.#events.length, [], { names: () => this.names(), read })
  }

  // ---- lookups

  #looked(name: string, count: number): Column | undefined {
    const index = lastBefore(fieldMakers(this.#profile, this.#knowledge, name).lookups, count)
    if (index === undefined) return this.#calculated(name)
    const lookup = this.#profile.lookups[index]!
    return this.#remember(`lookup ${index} ${name}`, () => {
      const before = (): Column | undefined => this.#looked(name, index)
      const { found, isAsked } = this.#run(lookup, index)
      const values = found.get(name)
      if (values === undefined) return before()
      if (!lookup.overwrites) return this.#firstOf(before(), () => compactColumn(values))
      const old = isAsked.includes(0) ? before() : undefined
      return compactColumn(
        values.map((value, row) => (isAsked[row] === 1 || old === undefined ? value : valueAt(old, row))),
      )
    })
  }

  /** All output fields of a lookup, matched once per distinct input. */
  #run(lookup: AutomaticLookup, index: number): LookedUp {
    const known = this.#lookedUp.get(lookup)
    if (known !== undefined) return known
    const outputs = lookupOutputs(lookup, this.#knowledge)
    const found = outputs.map(() => new Array<Value>(this.#events.length).fill(undefined))
    const isAsked = new Uint8Array(this.#events.length)
    const results = { found: new Map(outputs.map(([, field], place) => [field, found[place]!])), isAsked }
    this.#lookedUp.set(lookup, results)

    const table = this.#tableOf(lookup)
    const inputs = lookup.inputs.map(([field, name]) => ({ field, column: this.#looked(name, index) }))
    if (table === undefined || inputs.some(({ column }) => column === undefined)) return results
    const times = this.#base('_time')
    const seen = new Map<string, readonly Value[]>()
    for (let row = 0; row < this.#events.length; row++) {
      const values = inputs.map(({ column }) => valueAt(column!, row))
      if (!values.includes(undefined)) isAsked[row] = 1
      const time = valueAt(times, row)
      const key = JSON.stringify(table.isTimed ? [time, ...values] : values)
      let cells = seen.get(key)
      if (cells === undefined) {
        const matches = table.match(
          inputs.map(({ field }, place) => [field, values[place]] as const),
          typeof time === 'number' ? time : undefined,
        )
        cells = outputs.map(([field]) =>
          multivalue(matches.flatMap((match) => match.get(field) ?? '').filter((cell) => cell !== '')),
        )
        seen.set(key, cells)
      }
      for (let place = 0; place < found.length; place++) found[place]![row] = cells[place]
    }
    return results
  }

  /** The table of a lookup, if it is there and has the fields that the lookup reads. What is wrong is reported. */
  #tableOf({ origin, table: name, inputs }: AutomaticLookup): LookupTable | undefined {
    const { lookups, report } = this.#knowledge
    const table = lookups.get(name)
    const missing = inputs.find(([field]) => table?.fields.includes(field) === false)
    if (table !== undefined && missing === undefined) return table
    const reason =
      missing === undefined
        ? (lookups.problem?.(name) ?? `The lookup "${name}" is not defined.`)
        : `The lookup "${name}" has no field "${missing[0]}".`
    report({
      code: 'missing-lookup',
      severity: 'warning',
      message: `${origin} adds nothing: ${reason}`,
      labels: [],
    })
    return undefined
  }

  // ---- eventtypes and tags

  #eventtype(): Column | undefined {
    const length = this.#events.length
    const constants = new Map<string, string>()
    // Not the host: hosts are many, so an eventtype that names one is tested like any other.
    const kindFields = [
      'index',
      'source',
      'sourcetype',
      ...(this.#eventId === undefined ? [] : ['EventCode']),
    ]
    for (const field of kindFields) {
      const column = this.#looked(field, this.#profile.lookups.length)
      if (column?.kind === 'const' && typeof column.value === 'string') constants.set(field, column.value)
    }
    const possible = this.#knowledge.possibleEventtypes(constants)
    if (possible.every(({ matches }) => matches === undefined)) return eventtypesOfAll(possible)
    const batch = this.#batchOf((name) => this.#looked(name, this.#profile.lookups.length))
    const masks = possible.map(({ matches }) => matches?.(batch))

    // Each combination of eventtypes gets a number; a row moves from one to the next as eventtypes are found to fit.
    const combinations: string[][] = [[]]
    const next = new Map<number, number>()
    const codes = new Uint32Array(length)
    possible.forEach(({ name }, place) => {
      const mask = masks[place]
      next.clear()
      for (let row = 0; row < length; row++) {
        if (mask !== undefined && mask[row] !== 1) continue
        const code = codes[row]!
        let following = next.get(code)
        if (following === undefined) {
          following = combinations.length
          combinations.push([...combinations[code]!, name])
          next.set(code, following)
        }
        codes[row] = following
      }
    })
    return dict(combinations.map(multivalue), codes)
  }

  /** Tags of one field, or of all fields together. */
  #tags(only: string | undefined): Column | undefined {
    const tagged: Column[] = []
    for (const { field, tagsOf } of this.#knowledge.tags) {
      if (only !== undefined && field !== only) continue
      const column = this.read(field)
      if (column === undefined) continue
      const tags =
        column.kind === 'const'
          ? tagsOfAll(column, tagsOf)
          : mapColumn(column, (value) => tagsIn(value, tagsOf))
      if (hasValues(tags, this.#events.length)) tagged.push(tags)
    }
    if (tagged.length <= 1) return tagged[0]
    return compactColumn(
      this.#events.map((_, row) =>
        multivalue([...new Set(tagged.flatMap((column) => textsOf(valueAt(column, row))))].sort()),
      ),
    )
  }
}

/** What an automatic lookup gives. */
interface LookedUp {
  /** By field of the event. */
  readonly found: ReadonlyMap<string, readonly Value[]>
  /**
   * 1 for the rows that have all fields which are looked up. Where nothing fits, these lose what they had: "Any event
   * that has all of the <match_field> values but no matching entry in the lookup table clears all of the output fields."
   * (props.conf.spec: LOOKUP, for OUTPUT)
   */
  readonly isAsked: Uint8Array
}

// What all events of a kind have in common is worked out once, not once per block.

const eventtypesOfKinds = new WeakMap<readonly PossibleEventtype[], ConstColumn>()

function eventtypesOfAll(eventtypes: readonly PossibleEventtype[]): ConstColumn {
  let column = eventtypesOfKinds.get(eventtypes)
  if (column === undefined) {
    column = constant(multivalue(eventtypes.map(({ name }) => name)))
    eventtypesOfKinds.set(eventtypes, column)
  }
  return column
}

const tagsOfKinds = new WeakMap<FieldTags['tagsOf'], WeakMap<ConstColumn, ConstColumn>>()

function tagsOfAll(column: ConstColumn, tagsOf: FieldTags['tagsOf']): ConstColumn {
  const known = tagsOfKinds.get(tagsOf) ?? new WeakMap<ConstColumn, ConstColumn>()
  tagsOfKinds.set(tagsOf, known)
  let tags = known.get(column)
  if (tags === undefined) {
    tags = constant(tagsIn(column.value, tagsOf))
    known.set(column, tags)
  }
  return tags
}

const tagsIn = (value: Value, tagsOf: FieldTags['tagsOf']): Value =>
  multivalue([...new Set(textsOf(value).flatMap((text) => tagsOf(text)))].sort())

function isFull(column: Column): boolean {
  switch (column.kind) {
    case 'const':
      return column.value !== undefined
    case 'dict':
    case 'plain':
      return !column.values.includes(undefined)
  }
}

function put(table: FieldTable, row: number, name: string, value: FieldText): void {
  for (const text of typeof value === 'string' ? [value] : value) table.append(row, name, text)
}

/** The cells of a table that is laid out as text: a column is a field, its rows are values. */
function eachTableCell(text: string, visit: FieldVisitor): void {
  for (const { cells } of readTextTable(text, { header: 'auto', multitable: true }) ?? [])
    for (const [name, cell] of cells) visit(name, cell)
}

const windowsRecord = ({ content }: RawEvent): WindowsRecord | undefined =>
  content.kind === 'windows' ? content.record : undefined
