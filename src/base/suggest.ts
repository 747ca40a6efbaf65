// "Did you mean …?": names close to one that was mistyped.
// Where names come from and how a message is worded is the caller's business.

/**
 * Returns the candidates nearest to a word, nearest first, none that is too far to be a typing mistake.
 * Case does not count; the cut-off is a third of the word's length, at least 1 edit and at most 3.
 */
export function suggest(word: string, candidates: Iterable<string>, max = 1): string[] {
  const folded = word.toLowerCase()
  const cutoff = Math.min(3, Math.max(1, Math.floor(folded.length / 3)))
  const near: { candidate: string; distance: number }[] = []
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - folded.length) > cutoff) continue
    const distance = editDistance(folded, candidate.toLowerCase())
    // One edit from `a` to `b` replaces everything: that is another word, not a mistyped one.
    if (distance <= cutoff && distance < Math.max(folded.length, candidate.length)) {
      near.push({ candidate, distance })
    }
  }
  return near
    .sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, max)
    .map(({ candidate }) => candidate)
}

/** Damerau-Levenshtein distance with adjacent swaps (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      let best = Math.min(previous[j]! + 1, current[j - 1]! + 1, previous[j - 1]! + cost)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, beforePrevious[j - 2]! + 1)
      }
      current.push(best)
    }
    beforePrevious = previous
    previous = current
  }
  return previous[b.length]!
}
