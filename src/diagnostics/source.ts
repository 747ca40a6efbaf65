// Text that a person wrote, and places in it.

/** A range of a text, in UTF-16 units: `start` up to, not including, `end`. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** A piece of text with a name, perhaps a part of a larger file. */
export interface Source {
  /** What a caret shows before the line number: `search`, `detections/foo.yml`, ``macro `powershell` ``. */
  readonly name: string
  readonly text: string
  /** How many lines of the file come before `text`. */
  readonly lineOffset?: number
  /** How many columns of the file come before the first line of `text`, and before each further one. */
  readonly columnOffset?: { readonly first: number; readonly further: number }
}

/** A place that a diagnostic points at. */
export interface Label {
  readonly source: Source
  readonly span: Span
  /** A few words beside the caret. */
  readonly text?: string
  /** The place itself; other labels tell how it came there (a macro call). */
  readonly primary: boolean
}

/** Text that spans refer to, and where each part of it was written. */
export interface LocatedText {
  readonly text: string
  /** The place of a span, first the innermost, then the macro calls that brought it there. */
  locate(span: Span, text?: string): readonly Label[]
}

/** A text that is its own source. */
export function locatedText(source: Source): LocatedText {
  return {
    text: source.text,
    locate: (span, text) => [{ source, span, primary: true, ...(text === undefined ? {} : { text }) }],
  }
}

/** Line and column of an offset, both from 1, as the file counts them. */
export function lineAndColumn(source: Source, offset: number): { line: number; column: number } {
  const before = source.text.slice(0, offset)
  const line = before.split('\n').length
  const column = offset - (before.lastIndexOf('\n') + 1)
  const indent = (line === 1 ? source.columnOffset?.first : source.columnOffset?.further) ?? 0
  return { line: line + (source.lineOffset ?? 0), column: column + 1 + indent }
}
