// Found rows as plain data, which one thread can send to another. A column that several requests share is sent once, and
// so is the reference of an event that several want.

import type { FoundRows } from '../detect/row-finder.ts'
import { Batch, type EventReference } from '../value/batch.ts'
import type { Column } from '../value/column.ts'

/** What the requests want of one block. */
export interface PackedRows {
  readonly found: readonly PackedBatch[]
  /** The files of the events. */
  readonly files: readonly string[]
  /** By event, the number of its file, and what identifies it there. */
  readonly fileOf: readonly number[]
  readonly records: readonly string[]
}

interface PackedBatch {
  readonly request: number
  readonly length: number
  readonly columns: readonly (readonly [name: string, column: Column])[]
  /** By row, the numbers of the events that it came from; absent where these are not known. */
  readonly events?: readonly (readonly number[])[] | Uint32Array
}

/** Packs the rows of one block. */
export function packRows(found: readonly FoundRows[]): PackedRows {
  const events = new EventTable()
  return {
    found: found.map(({ request, rows }) => {
      const names = rows.names()
      const { origins } = rows
      return {
        request,
        length: rows.length,
        columns: names.flatMap((name) => {
          const column = rows.column(name)
          return column === undefined ? [] : [[name, column] as const]
        }),
        ...(origins === undefined ? {} : { events: events.numbers(rows.length, origins) }),
      }
    }),
    files: [...events.files.keys()],
    fileOf: events.fileOf,
    records: events.records,
  }
}

/** The rows again. */
export function unpackRows({ found, files, fileOf, records }: PackedRows): readonly FoundRows[] {
  const references: (readonly EventReference[])[] = []
  const referenceTo = (event: number): readonly EventReference[] => {
    references[event] ??= [{ file: files[fileOf[event]!]!, record: records[event]! }]
    return references[event]
  }
  return found.map(({ request, length, columns, events }) => {
    const origins =
      events === undefined
        ? undefined
        : (row: number): readonly EventReference[] => {
            const from = events[row]!
            return typeof from === 'number' ? referenceTo(from) : from.flatMap(referenceTo)
          }
    return { request, rows: new Batch(length, columns, undefined, origins) }
  })
}

/** Gives events numbers. Events are told apart by identity: a block makes the reference of an event once. */
class EventTable {
  readonly files = new Map<string, number>()
  readonly fileOf: number[] = []
  readonly records: string[] = []
  readonly #numbers = new Map<EventReference, number>()

  numbers(
    length: number,
    origins: (row: number) => readonly EventReference[],
  ): readonly (readonly number[])[] | Uint32Array {
    const ofRows = Array.from({ length }, (_, row) => origins(row))
    if (ofRows.every((references) => references.length === 1))
      return Uint32Array.from(ofRows, ([reference]) => this.#number(reference!))
    return ofRows.map((references) => references.map((reference) => this.#number(reference)))
  }

  #number(reference: EventReference): number {
    let number = this.#numbers.get(reference)
    if (number === undefined) {
      number = this.records.length
      this.#numbers.set(reference, number)
      let file = this.files.get(reference.file)
      if (file === undefined) {
        file = this.files.size
        this.files.set(reference.file, file)
      }
      this.fileOf.push(file)
      this.records.push(reference.record)
    }
    return number
  }
}
