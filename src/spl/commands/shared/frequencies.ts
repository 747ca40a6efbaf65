// The most and the least common values of fields: top and rare differ in the order only.
// Search Reference: top, rare

import { Batch, batchRows } from '../../../value/batch.ts'
import { plain } from '../../../value/column.ts'
import { numberOf, textOf, type Value } from '../../../value/value.ts'
import type { RunContext } from '../../run/context.ts'
import { Aggregation } from '../../stats/aggregation.ts'
import { compareText } from '../../stats/text-order.ts'
import type { ArgumentReader, Options } from '../../syntax/argument-reader.ts'
import { readGroupFields } from './aggregate-terms.ts'
import { readFieldNames } from './field-names.ts'
import { originsOf } from './group-rows.ts'

const optionSchema = {
  countfield: 'string',
  limit: 'integer',
  otherstr: 'string',
  percentfield: 'string',
  showcount: 'boolean',
  showperc: 'boolean',
  useother: 'boolean',
} as const

export const frequencyOptionDocs = {
  countfield: 'The name of the field with the count. Default: count.',
  limit: 'How many values are shown, for each BY group; 0 shows all. Default: 10.',
  otherstr: 'What stands for the values in the row of all others. Default: OTHER.',
  percentfield: 'The name of the field with the percentage. Default: percent.',
  showcount: 'Whether the count is shown. Default: true.',
  showperc: 'Whether the percentage is shown. Default: true.',
  useother: 'Whether a row stands for all values that are not shown. Default: false.',
} as const

export interface FrequencyTerms {
  readonly fields: readonly string[]
  readonly by: readonly string[]
  readonly limit: number
  readonly options: Options<typeof optionSchema>
}

/** Reads the arguments of top or rare. */
export function readFrequencyTerms(reader: ArgumentReader): FrequencyTerms {
  const options: Options<typeof optionSchema> = { ...reader.options(optionSchema) }
  const count = reader.integer()
  let fields: string[] | undefined
  let by: string[] = []
  for (;;) {
    Object.assign(options, reader.options(optionSchema))
    if (fields === undefined) {
      fields = readFieldNames(reader, ['by'])
      if (fields.length === 0) reader.missing('at least one field')
    } else if (by.length === 0 && reader.keyword('by')) by = readGroupFields(reader)
    else break
  }
  const limit = options.limit ?? count ?? 10
  if (limit < 0) reader.fail('bad-argument', `The limit must be 0 or more, found "${limit}".`)
  return { fields: [...new Set(fields)], by, limit, options }
}

/** One combination of values and how many rows have it. */
interface Frequency {
  readonly group: number
  readonly count: number
}

/** Counts the combinations of values and yields them, the most common first or the least common first. */
export async function* frequencies(
  { fields, by, limit, options }: FrequencyTerms,
  order: 'most common' | 'least common',
  input: AsyncIterable<Batch>,
  context: RunContext,
): AsyncIterable<Batch> {
  const names = [...by, ...fields]
  const aggregation = new Aggregation(
    [{ function: 'count', argument: { kind: 'none' }, output: '' }],
    names.map((name) => ({ name, whenNull: 'leave-out' })),
    context,
  )
  for await (const batch of input) {
    context.signal.throwIfAborted()
    aggregation.add(batch)
  }
  const { grouping } = aggregation
  const [counts] = aggregation.results()
  const texts = names.map((_, field) =>
    Array.from({ length: grouping.count }, (_, group) => textOf(grouping.keyOf(group, field)) ?? ''),
  )
  const compareKeys = (a: number, b: number, from: number, to: number): number => {
    for (let field = from; field < to; field++) {
      const difference = compareText(texts[field]![a]!, texts[field]![b]!)
      if (difference !== 0) return difference
    }
    return 0
  }
  // Equally common values are shown last in the alphabet first by top, as its page says, and the other way by rare.
  const direction = order === 'most common' ? -1 : 1
  const ranked = Array.from(
    { length: grouping.count },
    (_, group): Frequency => ({ group, count: numberOf(counts!.value(group)) ?? 0 }),
  ).sort(
    (a, b) =>
      compareKeys(a.group, b.group, 0, by.length) ||
      (a.count - b.count) * direction ||
      compareKeys(a.group, b.group, by.length, names.length) * direction,
  )

  const rows: { values: Value[]; group: number }[] = []
  for (let start = 0, end = 0; start < ranked.length; start = end) {
    while (end < ranked.length && compareKeys(ranked[start]!.group, ranked[end]!.group, 0, by.length) === 0)
      end++
    const members = ranked.slice(start, end)
    const total = members.reduce((sum, { count }) => sum + count, 0)
    const shown = limit === 0 ? members : members.slice(0, limit)
    const percent = (count: number): string => ((100 * count) / total).toFixed(6)
    for (const { group, count } of shown) {
      rows.push({
        values: [...names.map((_, field) => grouping.keyOf(group, field)), count, percent(count)],
        group,
      })
    }
    const others = total - shown.reduce((sum, { count }) => sum + count, 0)
    if (options.useother && others > 0) {
      const { group } = members[0]!
      const keys = by.map((_, field) => grouping.keyOf(group, field))
      const labels = fields.map(() => options.otherstr ?? 'OTHER')
      rows.push({ values: [...keys, ...labels, others, percent(others)], group })
    }
  }

  const columns: readonly (string | undefined)[] = [
    ...names,
    options.showcount === false ? undefined : (options.countfield ?? 'count'),
    options.showperc === false ? undefined : (options.percentfield ?? 'percent'),
  ]
  for (let start = 0; start < rows.length; start += batchRows) {
    const part = rows.slice(start, start + batchRows)
    const shown = columns.flatMap((name, index) =>
      name === undefined ? [] : [[name, plain(part.map(({ values }) => values[index]))] as const],
    )
    yield new Batch(
      part.length,
      shown,
      undefined,
      originsOf(
        aggregation,
        Uint32Array.from(part, ({ group }) => group),
      ),
    )
  }
}
