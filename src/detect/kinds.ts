// Kinds of events: what the fields that most searches begin with (source, EventCode, tag, …) say about their terms.
// Events of one kind have the same verdicts on all of these terms, so what a search still asks of them is worked out
// once per kind and not per event.

import type { Batch } from '../value/batch.ts'
import type { Column } from '../value/column.ts'
import type { Value } from '../value/value.ts'
import type { Term } from './condition.ts'

/**
 * Fields that tell kinds of events apart. They have few values, a block's parts have one of each as a rule, and nearly
 * every detection names one.
 */
const kindFields = ['index', 'source', 'sourcetype', 'EventCode', 'eventtype', 'tag'] as const

/** What events have in common in the fields that tell kinds apart; undefined for a field in which they differ. */
export type KindValues = readonly (CommonValue | undefined)[]

/** The value that all of some events have in a field. */
export interface CommonValue {
  readonly value: Value
}

/** What the rows of a batch have in common. */
export const kindValuesOf = (batch: Batch): KindValues =>
  kindFields.map((name) => commonValue(batch.column(name), batch.length))

/** Events of one kind within a block. */
export interface PartKind {
  readonly values: KindValues
  /** The files that they come from. */
  readonly files: readonly string[]
}

/** The kinds of events in a block, and where they come from; undefined where the block does not know. */
export function partKinds(block: Batch): readonly PartKind[] | undefined {
  const kinds: PartKind[] = []
  for (const { batch, files } of block.parts ?? [{ batch: block, files: undefined }]) {
    if (files === undefined) return undefined
    kinds.push({ values: kindValuesOf(batch), files })
  }
  return kinds
}

/** Some events, known by their verdicts. */
export interface Kind {
  /** The same for the same verdicts. */
  readonly key: string
  /** Undefined for a term that is not decided for all of the events alike. */
  verdictOf(term: Term): boolean | undefined
}

/** The verdicts of a field's terms on one value. Values with the same verdicts share one. */
interface Signature {
  readonly id: number
  readonly verdicts: readonly boolean[]
}

/** A field that tells kinds apart, and the terms on it. */
interface KindField {
  /** Its place among the fields that tell kinds apart. */
  readonly place: number
  readonly terms: readonly Term[]
  /** Multivalues are told apart by identity: those of kinds are the same from block to block. */
  readonly ofValue: Map<Value, Signature>
  readonly known: Map<string, Signature>
}

/** Verdicts are remembered for this many values of a field; hostile logs have no end of them. */
const mostValues = 10_000

/** Tells the kinds of events apart, as far as the terms do. */
export class Kinds {
  readonly #fields: readonly KindField[]
  readonly #places = new Map<Term, readonly [field: number, place: number]>()

  constructor(terms: Iterable<Term>) {
    const byField = new Map<string, Term[]>(kindFields.map((name) => [name, []]))
    for (const term of terms) {
      if (term.view.dataset === undefined) byField.get(term.field)?.push(term)
    }
    this.#fields = [...byField.values()]
      .map((fieldTerms, place) => ({ place, terms: fieldTerms, ofValue: new Map(), known: new Map() }))
      .filter((field) => field.terms.length > 0)
    this.#fields.forEach((field, index) => {
      field.terms.forEach((term, place) => {
        this.#places.set(term, [index, place])
      })
    })
  }

  /** The kind of events that have these values in common. Terms on a field in which they differ stay undecided. */
  kindOf(values: KindValues): Kind {
    const signatures = this.#fields.map((field) => {
      const common = values[field.place]
      return common && signatureOf(field, common.value)
    })
    return {
      key: signatures.map((signature) => signature?.id ?? '').join(),
      verdictOf: (term) => {
        const place = this.#places.get(term)
        return place && signatures[place[0]]?.verdicts[place[1]]
      },
    }
  }
}

function signatureOf(field: KindField, value: Value): Signature {
  let signature = field.ofValue.get(value)
  if (signature === undefined) {
    const verdicts = field.terms.map(({ passes }) => passes(value))
    const text = verdicts.map(Number).join('')
    signature = field.known.get(text)
    if (signature === undefined) {
      signature = { id: field.known.size, verdicts }
      field.known.set(text, signature)
    }
    if (field.ofValue.size >= mostValues) field.ofValue.clear()
    field.ofValue.set(value, signature)
  }
  return signature
}

/** The value that all rows have; undefined when they differ. */
function commonValue(column: Column | undefined, length: number): CommonValue | undefined {
  switch (column?.kind) {
    case undefined:
      return { value: undefined }
    case 'const':
      return column
    case 'dict': {
      const { values, codes } = column
      const first = codes[0]
      for (let row = 1; row < length; row++) if (codes[row] !== first) return undefined
      return { value: values[first!] }
    }
    case 'plain': {
      const { values } = column
      const [first] = values
      for (let row = 1; row < length; row++) if (values[row] !== first) return undefined
      return { value: first }
    }
  }
}
