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
  readonly name: string
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
    this.#fields = [...byField]
      .filter(([, fieldTerms]) => fieldTerms.length > 0)
      .map(([name, fieldTerms]) => ({ name, terms: fieldTerms, ofValue: new Map(), known: new Map() }))
    this.#fields.forEach((field, index) => {
      field.terms.forEach((term, place) => {
        this.#places.set(term, [index, place])
      })
    })
  }

  /** The kind of a batch's events. Where their values differ in a field, its terms stay undecided. */
  kindOf(batch: Batch): Kind {
    const signatures = this.#fields.map((field) => {
      const common = commonValue(batch.column(field.name), batch.length)
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
function commonValue(column: Column | undefined, length: number): { readonly value: Value } | undefined {
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
