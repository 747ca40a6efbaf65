// Finds which of many substrings a text contains, in one walk over the text (Aho and Corasick, 1975).
// A regular expression of the same alternatives is 5 times slower at 200 of them, 100 times at 1,500.

/** Which of its needles a text contains. */
export interface SubstringFinder {
  /** Visits the index of every needle that the text contains, once per place. Case matters. */
  find(text: string, visit: (needle: number) => void): void
}

const asciiCount = 128

/**
 * Prepares the search for many substrings. Takes memory of about 4 bytes × distinct characters per character of the
 * needles.
 * @param needles none of them empty
 */
export function compileSubstrings(needles: readonly string[]): SubstringFinder {
  // Characters are numbered; 0 stands for all that are in no needle.
  const ascii = new Uint16Array(asciiCount)
  const others = new Map<number, number>()
  let width = 1
  for (const needle of needles) {
    for (let index = 0; index < needle.length; index++) {
      const code = needle.charCodeAt(index)
      if (code < asciiCount) ascii[code] ||= width++
      else if (!others.has(code)) others.set(code, width++)
    }
  }
  const symbolAt = (text: string, index: number): number => {
    const code = text.charCodeAt(index)
    return code < asciiCount ? ascii[code]! : (others.get(code) ?? 0)
  }

  // A state is a beginning of needles; `next` has a row of `width` following states for each.
  const mostStates = needles.reduce((sum, needle) => sum + needle.length, 1)
  const next = new Int32Array(mostStates * width)
  /** The needles that end in a state: the first in `ended`, further ones with the same text never occur. */
  const ended = new Int32Array(mostStates).fill(-1)
  const sameAs = new Map<number, number[]>()
  let states = 1
  needles.forEach((needle, number) => {
    let state = 0
    for (let index = 0; index < needle.length; index++) {
      const place = state * width + symbolAt(needle, index)
      state = next[place] ||= states++
    }
    if (ended[state]! < 0) ended[state] = number
    else sameAs.set(ended[state]!, [...(sameAs.get(ended[state]!) ?? []), number])
  })

  // Breadth first: a state falls back to the longest other beginning that its text ends with.
  const fallback = new Int32Array(states)
  /** The nearest state on the way of falling back, itself included, in which a needle ends; 0: none. */
  const reported = new Int32Array(states)
  const queue: number[] = [0]
  for (const state of queue) {
    for (let symbol = 1; symbol < width; symbol++) {
      const place = state * width + symbol
      const child = next[place]!
      const beside = state === 0 ? 0 : next[fallback[state]! * width + symbol]!
      if (child === 0) {
        next[place] = beside
      } else {
        fallback[child] = beside
        reported[child] = ended[child]! >= 0 ? child : reported[beside]!
        queue.push(child)
      }
    }
  }

  return {
    find(text, visit) {
      let state = 0
      for (let index = 0; index < text.length; index++) {
        const code = text.charCodeAt(index)
        const symbol = code < asciiCount ? ascii[code]! : (others.get(code) ?? 0)
        state = next[state * width + symbol]!
        for (let at = reported[state]!; at > 0; at = reported[fallback[at]!]!) {
          const needle = ended[at]!
          visit(needle)
          const twins = sameAs.get(needle)
          if (twins !== undefined) for (const twin of twins) visit(twin)
        }
      }
    },
  }
}
