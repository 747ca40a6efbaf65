// Reads one YAML file of content: its data as texts, lists and maps, and where each part of it is written.
// What the data means is left to the readers of the formats.

import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type Node, parseDocument } from 'yaml'
import { type PlainYaml, readPlainYaml } from '../base/text/plain-yaml.ts'
import { isDeepYaml } from '../base/text/yaml-depth.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Label, LocatedText, Source, Span } from '../diagnostics/source.ts'
import { type ScalarStyle, scalarPositions } from './scalar-positions.ts'

/** Keys and list indices from the top of a file to a value. */
export type KeyPath = readonly (string | number)[]

/** A YAML value. Numbers, booleans and dates stay the text that was written; an empty value is ''. */
export type YamlValue = PlainYaml

/** What the reader of a file's kind made of its values, as plain data: the same for the same bytes. */
export interface CheckedContent {
  readonly data: unknown
  readonly unknownKeys: readonly UnknownKey[]
}

/** A key that Karst does not know, once per file. */
export interface UnknownKey {
  /** `tags.foo`; list items as `tests[].foo`. */
  readonly key: string
  readonly path: KeyPath
  /** What may have been meant. */
  readonly known: readonly string[]
}

export interface YamlFile {
  readonly source: Source
  readonly value: YamlValue
  /** Absent: the values are to be checked. */
  readonly checked?: CheckedContent
  /** Where a value is written; where it is missing, the nearest thing that holds it. */
  label(path: KeyPath, text?: string): Label
  /** Where the key of a value is written. */
  keyLabel(path: KeyPath, text?: string): Label
  /** A text whose every character knows its place in the file. */
  located(path: KeyPath, text: string): LocatedText
}

/** Content files are small: the largest of Splunk's own is 90 KB. */
export const maxContentBytes = 2 * 1024 * 1024

/**
 * Parses a content file. YAML's dialects agree here with what PyYAML reads, which is what content is written for.
 *
 * @param name  the file's name as people see it
 * @returns the file, absent when it cannot be read; and what is wrong with it
 */
export function parseYamlFile(
  name: string,
  text: string,
): { file?: YamlFile; diagnostics: readonly Diagnostic[] } {
  const source: Source = { name, text: withoutMark(text) }
  const plain = readPlainYaml(source.text)
  if (plain !== undefined) return { file: locatable(source, asWritten(source.text), plain), diagnostics: [] }
  const problem = (message: string, help: string, span: Span = { start: 0, end: 0 }): Diagnostic => ({
    code: 'bad-content',
    severity: 'error',
    message: `${name}: ${message}`,
    labels: [{ source, span, primary: true }],
    help,
  })
  if (isDeepYaml(source.text)) {
    return {
      diagnostics: [problem('is nested too deeply to be content.', 'Flatten the lists and maps in it.')],
    }
  }

  let layout = asWritten(source.text)
  let document = parse(layout.text)
  if (document.errors.some(({ code }) => code === 'MISSING_CHAR')) {
    layout = withIndentedQuotes(source.text)
    document = parse(layout.text)
  }
  const diagnostics: Diagnostic[] = []
  for (const error of document.errors) {
    const span = { start: layout.original(error.pos[0]), end: layout.original(error.pos[1]) }
    if (error.code === 'DUPLICATE_KEY') {
      const key = source.text.slice(span.start).match(/^[^:\n]*/)?.[0] ?? ''
      const help = 'The last one counts. Remove the others.'
      diagnostics.push({
        ...problem(`the key "${key.trim()}" stands here twice.`, help, span),
        severity: 'warning',
      })
      continue
    }
    const reason = error.message.split(/ at line \d|\n/)[0]
    return {
      diagnostics: [problem(`is not valid YAML: ${reason}.`, 'The rest of the file was not read.', span)],
    }
  }

  try {
    const value = document.toJS({ maxAliasCount: 100 }) as YamlValue | null
    if (/[&*]/.test(source.text) && holdsItself(value ?? ''))
      return {
        diagnostics: [problem('has a value that holds itself.', 'Remove the alias inside its own value.')],
      }
    return { file: locatable(source, layout, value ?? ''), diagnostics }
  } catch (error) {
    // The only thing that fails here is an alias: unknown, or one of a chain that would unfold without end.
    const reason = error instanceof ReferenceError ? error.message : String(error)
    return {
      diagnostics: [
        problem(`cannot be unfolded: ${reason}.`, 'Write the values out instead of using aliases.'),
      ],
    }
  }
}

const withoutMark = (text: string): string => (text.startsWith('\ufeff') ? text.slice(1) : text)

/**
 * A file whose content is known already: it is parsed when somebody asks for a value or a place after all.
 *
 * @param bytes  what `parseYamlFile` found nothing wrong with before
 */
export function knownYamlFile(name: string, bytes: Uint8Array, checked: CheckedContent): YamlFile {
  let parsed: YamlFile | undefined
  const file = (): YamlFile => {
    parsed ??= parseYamlFile(name, decodeText(bytes)).file!
    return parsed
  }
  return {
    checked,
    source: {
      name,
      get text() {
        return file().source.text
      },
    },
    get value() {
      return file().value
    },
    label: (path, text) => file().label(path, text),
    keyLabel: (path, text) => file().keyLabel(path, text),
    located: (path, text) => ({
      text,
      locate: (span, note) => file().located(path, text).locate(span, note),
    }),
  }
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** The text of a content file's bytes; what is not UTF-8 in them becomes U+FFFD. */
export const decodeText = (bytes: Uint8Array): string => decoder.decode(bytes)

/** Whether an alias stands inside the value that it names. Depth is bounded before; what aliases repeat is, too. */
function holdsItself(value: YamlValue, above: ReadonlySet<YamlValue> = new Set()): boolean {
  if (typeof value === 'string') return false
  if (above.has(value)) return true
  const inside = new Set(above).add(value)
  return Object.values(value).some((inner: YamlValue) => inner !== null && holdsItself(inner, inside))
}

/** The failsafe schema keeps every scalar as text, so `version: 010` or `name: off` mean what they say. */
function parse(text: string): Document.Parsed {
  return parseDocument(text, { schema: 'failsafe', prettyErrors: true, logLevel: 'error' })
}

/** A text as the parser gets it, and where its characters are in the file. */
interface Layout {
  readonly text: string
  original(offset: number): number
}

const asWritten = (text: string): Layout => ({ text, original: (offset) => offset })

/**
 * Indents the further lines of top-level quoted values that begin in the first column: PyYAML reads them, and three
 * files of Splunk's content have them, but YAML wants them indented. Folding makes the added blank disappear.
 */
function withIndentedQuotes(text: string): Layout {
  const inserted: number[] = []
  const lines: string[] = []
  let offset = 0
  let quote: string | undefined
  for (const line of text.split('\n')) {
    if (quote !== undefined && !/^\s/.test(line)) {
      inserted.push(offset)
      lines.push(` ${line}`)
    } else lines.push(line)
    quote = quoteAfter(line, quote)
    offset += line.length + 1
  }
  return {
    text: lines.join('\n'),
    original: (at) => {
      let before = 0
      while (before < inserted.length && inserted[before]! + before < at) before++
      return at - before
    },
  }
}

/** The quote that is still open at the end of a line; one opens only as the value of a top-level key. */
function quoteAfter(line: string, open: string | undefined): string | undefined {
  let rest = line
  let quote = open
  if (quote === undefined) {
    const start = /^[\w-]+:\s+(['"])/.exec(line)
    if (start === null) return undefined
    quote = start[1]
    rest = line.slice(start[0].length)
  }
  const closed = quote === "'" ? /^(?:[^']|'')*'(?!')/ : /^(?:[^"\\]|\\.)*"/
  return closed.test(rest) ? undefined : quote
}

/** The tree that was asked for last: several messages about one file come one after another. */
let lastTree: { readonly layout: Layout; readonly document: Document.Parsed } | undefined

function locatable(source: Source, layout: Layout, value: YamlValue): YamlFile {
  // The tree is large and rarely asked for, so places are found by parsing the text once more; only the last one is kept.
  const tree = (): Document.Parsed => {
    if (lastTree?.layout !== layout) lastTree = { layout, document: parse(layout.text) }
    return lastTree.document
  }
  const spanOf = (node: Node | undefined): Span => {
    const [start, end] = node?.range ?? [0, 0]
    return { start: layout.original(start), end: Math.max(layout.original(start), layout.original(end)) }
  }
  // Finding the place takes longer than reading the file did, and most messages are only counted.
  const labelled = (find: () => Span, text: string | undefined): Label => {
    let found: Span | undefined
    return {
      source,
      get span() {
        found ??= find()
        return found
      },
      primary: true,
      ...(text === undefined ? {} : { text }),
    }
  }
  return {
    source,
    value,
    label: (path, text) => labelled(() => spanOf(nodeAt(tree(), path).node), text),
    keyLabel: (path, text) => labelled(() => spanOf(nodeAt(tree(), path).key), text),
    located: (path, text) => {
      let positions: Uint32Array | undefined
      const find = (): Uint32Array => {
        const { node } = nodeAt(tree(), path)
        const span = spanOf(node)
        const [start, end] = node?.range ?? [0, 0]
        const style = (isScalar(node) ? node.type : undefined) as ScalarStyle | undefined
        const found = style === undefined ? undefined : scalarPositions(layout.text, start, end, style, text)
        // Only a text that is not the scalar's own would differ; its start is then the best place known.
        return found?.map((at) => layout.original(at)) ?? new Uint32Array(text.length + 1).fill(span.start)
      }
      return {
        text,
        locate: (span, note) => {
          const inFile = (): Span => {
            positions ??= find()
            const last = positions.length - 1
            const start = positions[Math.min(span.start, last)]!
            const end = span.end > span.start ? positions[Math.min(span.end, last) - 1]! + 1 : start
            return { start, end: Math.max(start, end) }
          }
          return [labelled(inFile, note)]
        },
      }
    },
  }
}

/** The node at a path and its key, or the nearest ones above it. */
function nodeAt(document: Document.Parsed, path: KeyPath): { node: Node | undefined; key: Node | undefined } {
  let node: Node | undefined = document.contents ?? undefined
  let key: Node | undefined = node
  for (const step of path) {
    const inside: Node | undefined = isAlias(node) ? node.resolve(document) : node
    if (isMap(inside)) {
      const pair = inside.items.find((item) => isScalar(item.key) && item.key.value === String(step))
      if (pair === undefined) break
      key = isNode(pair.key) ? pair.key : key
      node = isNode(pair.value) ? pair.value : key
    } else if (isSeq(inside) && typeof step === 'number' && isNode(inside.items[step])) {
      node = inside.items[step]
      key = node
    } else break
  }
  return { node, key }
}
