// A mask says for each row of a batch whether it is kept: one byte a row, 1 or 0.

export type Mask = Uint8Array

export const allRows = (length: number): Mask => new Uint8Array(length).fill(1)
export const noRows = (length: number): Mask => new Uint8Array(length)

/** Narrows `into` to the rows that are also in `other`. */
export function andInto(into: Mask, other: Mask): void {
  for (let row = 0; row < into.length; row++) into[row]! &= other[row]!
}

/** Widens `into` by the rows of `other`. */
export function orInto(into: Mask, other: Mask): void {
  for (let row = 0; row < into.length; row++) into[row]! |= other[row]!
}

export const not = (mask: Mask): Mask => mask.map((bit) => bit ^ 1)

export function isEmpty(mask: Mask): boolean {
  return !mask.includes(1)
}

export function countRows(mask: Mask): number {
  let count = 0
  for (const bit of mask) count += bit
  return count
}

/** The row numbers of a mask, ascending. */
export function rowsOf(mask: Mask): Uint32Array {
  const rows = new Uint32Array(countRows(mask))
  let next = 0
  for (let row = 0; row < mask.length; row++) if (mask[row] === 1) rows[next++] = row
  return rows
}
