// Fields of the data of Windows events, read value by value: most fields of an event are asked for by nobody.
// Events that have to be read as a whole are left to eachDataField (windows-event.ts), which tells the same.

import { cleanKey } from '../../base/text/clean-key.ts'
import type { WindowsRecord } from '../../decode/reader.ts'
import { multivalue, type Value } from '../../value/value.ts'

/** The items of each field. */
type FieldItems = ReadonlyMap<string, readonly number[]>

/** Worked out once for all events whose data have the same names. */
const itemsOfNames = new WeakMap<readonly (string | undefined)[], FieldItems>()

function fieldItems(names: readonly (string | undefined)[]): FieldItems {
  let fields = itemsOfNames.get(names) as Map<string, number[]> | undefined
  if (fields === undefined) {
    fields = new Map<string, number[]>()
    for (const [item, name] of names.entries()) {
      const field = name === undefined ? '' : cleanKey(name)
      const items = fields.get(field)
      if (field === '') continue
      if (items === undefined) fields.set(field, [item])
      else items.push(item)
    }
    itemsOfNames.set(names, fields)
  }
  return fields
}

/** The data of some of the events of a block. */
export class WindowsData {
  readonly #length: number
  readonly #convert: ((text: string) => string) | undefined
  readonly #rows: number[] = []
  readonly #records: WindowsRecord[] = []
  readonly #fields: FieldItems[] = []

  /**
   * @param length  of the block
   * @param convert what is made of each text, if anything
   */
  constructor(length: number, convert?: (text: string) => string) {
    this.#length = length
    this.#convert = convert
  }

  /** Takes the event of a row; false when its data have to be read as a whole. */
  add(row: number, record: WindowsRecord): boolean {
    const names = record.dataNames?.()
    if (names === undefined) return false
    this.#rows.push(row)
    this.#records.push(record)
    this.#fields.push(fieldItems(names))
    return true
  }

  /** The names of fields that have a value in some row. */
  names(): string[] {
    const names = new Set([...new Set(this.#fields)].flatMap((fields) => [...fields.keys()]))
    return [...names].filter((name) => this.valuesOf(name) !== undefined)
  }

  /** The values of a field by row; undefined when there are none. */
  valuesOf(name: string): Value[] | undefined {
    let values: Value[] | undefined
    let fields: FieldItems | undefined
    let items: readonly number[] | undefined
    for (let index = 0; index < this.#rows.length; index++) {
      if (this.#fields[index] !== fields) {
        fields = this.#fields[index]!
        items = fields.get(name)
      }
      const value = items && this.#value(this.#records[index]!, items)
      if (value === undefined) continue
      values ??= new Array<Value>(this.#length).fill(undefined)
      values[this.#rows[index]!] = value
    }
    return values
  }

  /** An empty text is no value; several make a multivalue. */
  #value(record: WindowsRecord, items: readonly number[]): Value {
    if (items.length === 1) return this.#text(record, items[0]!)
    return multivalue(items.flatMap((item) => this.#text(record, item) ?? []))
  }

  #text(record: WindowsRecord, item: number): string | undefined {
    const text = record.dataValue!(item)
    if (text === '') return undefined
    return this.#convert === undefined ? text : this.#convert(text)
  }
}
