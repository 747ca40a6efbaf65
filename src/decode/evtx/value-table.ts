// The values that one template instance substitutes: a table of (size, type) and, behind it, the bytes in that order.
// Offsets are found when somebody asks, so a record that nobody reads costs one pass over the sizes.

import { type ChunkBytes, DamagedBytes } from './chunk-bytes.ts'
import { ARRAY_FLAG, arrayTexts, BINXML_TYPE, NULL_TYPE, valueText } from './values.ts'

/** Values of one instance. Providers pass some dozens; each search for a value may pass over all before it. */
const MAX_VALUES = 4096

/** The substitution values of a template instance. An index beyond the table is a null value. */
export class ValueTable {
  readonly chunk: ChunkBytes
  /** Where the bytes behind the last value begin. */
  readonly end: number
  private readonly table: number
  private readonly count: number
  // Values are mostly asked for in rising order: the search for an offset goes on where the last one ended.
  private atIndex = 0
  private atOffset: number

  /**
   * @param offset  where the number of values (u32) stands
   * @param limit   the end of the record or value that holds this instance
   */
  constructor(chunk: ChunkBytes, offset: number, limit: number) {
    if (offset + 4 > limit) throw new DamagedBytes('the values of a template are cut off')
    this.chunk = chunk
    this.count = chunk.u32(offset)
    this.table = offset + 4
    const first = this.table + 4 * this.count
    if (first > limit || this.count > MAX_VALUES) {
      throw new DamagedBytes(`a template is given ${this.count} values, more than a record can hold`)
    }
    let end = first
    for (let entry = this.table; entry < first; entry += 4) end += chunk.u16(entry)
    if (end > limit) throw new DamagedBytes('the values of a template are longer than their record')
    this.end = end
    this.atOffset = first
  }

  /** Type number, ARRAY_FLAG included. Zero-length BinXml is null. */
  typeOf(index: number): number {
    if (index >= this.count) return NULL_TYPE
    const type = this.chunk.bytes[this.table + 4 * index + 2]!
    return type === BINXML_TYPE && this.sizeOf(index) === 0 ? NULL_TYPE : type
  }

  sizeOf(index: number): number {
    return index < this.count ? this.chunk.u16(this.table + 4 * index) : 0
  }

  /** Where the bytes of an existing value begin. */
  offsetOf(index: number): number {
    if (index < this.atIndex) {
      this.atIndex = 0
      this.atOffset = this.table + 4 * this.count
    }
    while (this.atIndex < index) this.atOffset += this.chunk.u16(this.table + 4 * this.atIndex++)
    return this.atOffset
  }

  /** The value as text; the items of an array joined by commas; nested BinXml has no text. */
  text(index: number): string {
    const type = this.typeOf(index)
    if (type === NULL_TYPE || type === BINXML_TYPE) return ''
    if ((type & ARRAY_FLAG) !== 0) return this.items(index).join(',')
    return valueText(this.chunk, type, this.offsetOf(index), this.sizeOf(index))
  }

  /** The items of an array value. */
  items(index: number): string[] {
    return arrayTexts(this.chunk, this.typeOf(index) & ~ARRAY_FLAG, this.offsetOf(index), this.sizeOf(index))
  }
}
