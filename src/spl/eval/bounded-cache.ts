// Keeps what was compiled from a text that differs by row, so that hostile data cannot fill the memory with it.

/**
 * Remembers the results of a function of text. When `capacity` is reached it starts over, which costs less than
 * knowing what was used last.
 */
export function bounded<T>(compile: (text: string) => T, capacity = 200): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    const found = known.get(text)
    if (found !== undefined) return found
    const made = compile(text)
    if (known.size >= capacity) known.clear()
    known.set(text, made)
    return made
  }
}
