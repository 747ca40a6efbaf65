// Gives fields other names. Costs a few entries in a table per batch, whatever its rows.

import { hasWildcard, substituteWildcards, wildcardCapture } from '../../base/text/wildcard.ts'
import type { Batch } from '../../value/batch.ts'
import { type Column, nullColumn, plain, valuesOf } from '../../value/column.ts'
import type { WantedFields } from '../host.ts'
import { union, without } from '../plan/wanted-fields.ts'
import { defineCommand } from './command.ts'
import { requiredFieldName } from './shared/field-names.ts'
import { type Renaming, renamedFields, renaming } from './shared/renaming.ts'

export const rename = defineCommand<{ readonly renamings: readonly Renaming[] }>({
  name: 'rename',
  type: 'distributable streaming',
  summary: 'Gives fields other names. A name that a field has already goes to the renamed field.',
  syntax: 'rename (<wc-field> AS <wc-field>)…',
  examples: [
    {
      search: '* | rename Processes.* as *, count as "Number of processes"',
      input: [{ 'Processes.user': 'alice', 'Processes.dest': 'ws1', count: '3' }],
      output: [{ user: 'alice', dest: 'ws1', 'Number of processes': '3' }],
    },
  ],

  parse(reader) {
    const renamings: Renaming[] = []
    while (!reader.isDone) {
      if (reader.punctuation(',')) continue
      const start = reader.position
      const from = requiredFieldName(reader)
      if (!reader.keyword('as')) reader.missing(`"AS" after "${from}"`)
      renamings.push(renaming(reader, from, requiredFieldName(reader, 'a new name'), start))
    }
    if (renamings.length === 0) reader.missing('a field and its new name')
    return { renamings }
  },

  needs: ({ renamings }, wanted) => renamings.toReversed().reduce(neededBefore, wanted),

  async *run({ renamings }, input) {
    for await (const batch of input) yield renamings.reduce(renameFields, batch)
  },
})

/** From left to right: each renaming sees the names that those before it gave. */
function renameFields(batch: Batch, pair: Renaming): Batch {
  if (!hasWildcard(pair.from)) {
    const { from, to } = pair
    if (from === to) return batch
    // A missing field takes its target away: the new name now stands for nothing. Search Reference: rename
    return batch.with([
      [from, undefined],
      [to, batch.column(from)],
    ])
  }
  const pairs = renamedFields(pair, () => batch.names()).filter(([from, to]) => from !== to)
  const columns = new Map<string, Column | undefined>(pairs.map(([from]) => [from, undefined]))
  const targets = new Map<string, Column>()
  for (const [from, to] of pairs) {
    // Rows that lack the field are not renamed, so that a batch with them gives what they would give alone.
    targets.set(to, firstOf(batch.column(from), targets.get(to) ?? batch.column(to), batch.length))
  }
  return batch.with([...columns, ...targets])
}

/** The values of a column, and where it is null those of another. */
function firstOf(column: Column = nullColumn, other: Column | undefined, length: number): Column {
  if (other === undefined) return column
  const others = valuesOf(other, length)
  return plain(valuesOf(column, length).map((value, row) => value ?? others[row]))
}

function neededBefore(wanted: WantedFields, { from, to }: Renaming): WantedFields {
  if (wanted === 'all') return 'all'
  if (!hasWildcard(to)) return wanted.has(to) ? union(without(wanted, [to]), [from]) : wanted
  // Which pieces several stars matched cannot be told from the result.
  if (to.split('*').length > 2) return 'all'
  const sources = [...wanted].flatMap((name) => {
    const pieces = wildcardCapture(to, name)
    return pieces === undefined ? [] : [substituteWildcards(from, pieces)]
  })
  return union(wanted, sources)
}
