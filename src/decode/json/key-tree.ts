// Events of one kind from one collector have the same keys in the same order. A tree of the keys that were met tells the
// list of an object's keys while it is scanned, by comparing bytes only, and what follows from a list is worked out once.

import { textOf } from '../text/encoding.ts'
import { RepeatedTexts } from '../text/repeated-texts.ts'

/** Nodes that are remembered. Hostile logs may bring endless new keys. */
const mostNodes = 20_000

/** A key of an object, and by the nodes before it the keys before it. */
export interface KeyNode<Meaning> {
  /** The key's bytes and what follows them up to the value: `EventID":`. */
  readonly mark: Buffer
  readonly key: string
  readonly before: KeyNode<Meaning> | undefined
  /** The keys that came after it, by their marks, and the one that came last. */
  readonly after: Map<string, KeyNode<Meaning>>
  last: KeyNode<Meaning> | undefined
  /** Of the list of keys that ends here. */
  meaning: Meaning | undefined
}

/** The lists of keys that were met. */
export class KeyTree<Meaning> {
  private readonly mean: (keys: readonly string[]) => Meaning
  private readonly marks = new RepeatedTexts(1024)
  private top: KeyNode<Meaning> = nodeOf(Buffer.alloc(0), '', undefined)
  private count = 0

  /** @param mean works out what follows from the keys of an object, in their order */
  constructor(mean: (keys: readonly string[]) => Meaning) {
    this.mean = mean
  }

  /** The node before the first key. */
  get root(): KeyNode<Meaning> {
    if (this.count > mostNodes) {
      this.top = nodeOf(Buffer.alloc(0), '', undefined)
      this.count = 0
    }
    return this.top
  }

  /** The key at `from`, whose closing quote is at `keyEnd` and whose value begins at `valueFrom`. */
  step(
    node: KeyNode<Meaning>,
    bytes: Buffer,
    from: number,
    keyEnd: number,
    valueFrom: number,
  ): KeyNode<Meaning> {
    const text = this.marks.read(bytes, from, valueFrom)
    let next = node.after.get(text)
    if (next === undefined) {
      const mark = Buffer.from(bytes.subarray(from, valueFrom))
      next = nodeOf(mark, textOf(bytes, from, keyEnd), node)
      node.after.set(text, next)
      this.count++
    }
    node.last = next
    return next
  }

  /** What follows from the keys up to a node. */
  meaningOf(node: KeyNode<Meaning>): Meaning {
    node.meaning ??= this.mean(keysTo(node))
    return node.meaning
  }
}

function nodeOf<Meaning>(mark: Buffer, key: string, before: KeyNode<Meaning> | undefined): KeyNode<Meaning> {
  return { mark, key, before, after: new Map(), last: undefined, meaning: undefined }
}

function keysTo(last: KeyNode<unknown>): string[] {
  const keys: string[] = []
  for (let node = last; node.before !== undefined; node = node.before) keys.push(node.key)
  return keys.reverse()
}
