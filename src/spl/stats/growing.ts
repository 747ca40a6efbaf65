// Typed arrays by group that grow as groups appear.

/** An array of at least `length` numbers: the given one, or a larger copy whose new places hold `filler`. */
export function grown(
  array: Float64Array<ArrayBuffer>,
  length: number,
  filler = 0,
): Float64Array<ArrayBuffer> {
  if (array.length >= length) return array
  const larger = new Float64Array(Math.max(length, array.length * 2, 16))
  larger.set(array)
  if (filler !== 0) larger.fill(filler, array.length)
  return larger
}

/** How many groups a merge needs room for: one more than the largest target. */
export function targetCount(groupOf: Uint32Array): number {
  let count = 0
  for (const group of groupOf) if (group >= count) count = group + 1
  return count
}
