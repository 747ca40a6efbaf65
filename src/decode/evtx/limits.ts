// What one record may cost, however hostile its bytes. Every limit is far above what Windows writes; beyond it the
// record is damage, not an event that exhausts the machine.

import { CHUNK_SIZE, DamagedBytes } from './chunk-bytes.ts'

/** Template instances within values of template instances. Windows nests two; each level recurses here. */
export const MAX_TEMPLATE_DEPTH = 12

// A value grows most as text when it is a SID or binary (2 to 5 characters a byte), and is written once or twice.
const CHARACTERS_PER_BYTE = 32
const SPARE_CHARACTERS = 4096
// Each honest item takes 4 bytes of the record at least; literal items come from a template with few of them.
const SPARE_ITEMS = 1024

/** The text that a record of this size may still become. A value that refers to itself many times runs out of it. */
export class Allowance {
  private characters: number
  private items: number

  constructor(characters: number, items: number) {
    this.characters = characters
    this.items = items
  }

  /** For `data()`: literals are shared with the template and cost nothing. */
  static forData(recordSize: number): Allowance {
    return new Allowance(SPARE_CHARACTERS + CHARACTERS_PER_BYTE * recordSize, SPARE_ITEMS + recordSize)
  }

  /** For XML, which also repeats the literals of the template. */
  static forXml(recordSize: number): Allowance {
    const literals = 2 * CHUNK_SIZE
    return new Allowance(literals + CHARACTERS_PER_BYTE * recordSize, SPARE_ITEMS + recordSize)
  }

  /** Counts one item or element and its characters. */
  spend(characters: number): void {
    this.characters -= characters
    this.items--
    if (this.characters < 0 || this.items < 0) {
      throw new DamagedBytes('the record expands to far more than Windows could have written')
    }
  }
}
