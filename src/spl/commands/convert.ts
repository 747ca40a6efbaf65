// Converts field values: times to text and back, durations, sizes and numbers with units to numbers.

import { parseNumber } from '../../base/text/number.ts'
import { hasWildcard } from '../../base/text/wildcard.ts'
import { strftime } from '../../base/time/strftime.ts'
import { strptime } from '../../base/time/strptime.ts'
import type { Batch } from '../../value/batch.ts'
import { type Column, mapColumn, plain, valueAt, valuesOf } from '../../value/column.ts'
import { isMultivalue, multivalue, scalarText, textsOf, type Value } from '../../value/value.ts'
import { union } from '../plan/wanted-fields.ts'
import type { ExpressionContext } from '../run/context.ts'
import { defineCommand } from './command.ts'
import { collectRows, inBatches } from './shared/collect-rows.ts'
import { parseDuration, parseMinutesSeconds } from './shared/duration.ts'
import { anyFieldTest } from './shared/field-patterns.ts'
import { type Renaming, renamedFields, renaming } from './shared/renaming.ts'

const functionNames = [
  'auto',
  'ctime',
  'dur2sec',
  'memk',
  'mktime',
  'mstime',
  'none',
  'num',
  'rmcomma',
  'rmunit',
] as const
type FunctionName = (typeof functionNames)[number]

interface Conversion {
  readonly function: FunctionName
  readonly fields: Renaming
}

interface ConvertArguments {
  readonly timeformat: string
  readonly conversions: readonly Conversion[]
}

const defaultTimeFormat = '%m/%d/%Y %H:%M:%S'

export const convert = defineCommand<ConvertArguments>({
  name: 'convert',
  type: 'distributable streaming',
  summary:
    'Converts field values: epoch times to text and back, durations, memory sizes and numbers with units to numbers.',
  syntax: 'convert [timeformat=<string>] (<function>(<wc-field>) [AS <wc-field>])…',
  options: {
    timeformat: `The format that ctime writes and mktime reads. Default: ${defaultTimeFormat}.`,
    'auto(field)':
      'To numbers, by whichever function fits; a field with a value that none fits stays as it is.',
    'ctime(field)': 'Epoch seconds to text.',
    'dur2sec(field)': '[D+]HH:MM:SS to seconds.',
    'memk(field)': 'A number with k, m or g behind it to kilobytes.',
    'mktime(field)': 'Text to epoch seconds.',
    'mstime(field)': '[MM:]SS.SSS to seconds.',
    'none(field)': 'Leaves fields alone that a wildcard of another function would include.',
    'num(field)': 'Like auto, value by value; values that are no numbers go.',
    'rmcomma(field)': 'Removes commas.',
    'rmunit(field)': 'Keeps the number that a value begins with.',
  },
  examples: [
    {
      search: '* | convert timeformat="%Y-%m-%dT%H:%M:%S" ctime(firstTime) rmunit(size) AS bytes',
      input: [{ firstTime: '1700000000', size: '512bytes' }],
      output: [{ firstTime: '2023-11-14T22:13:20', size: '512bytes', bytes: '512' }],
    },
  ],

  parse(reader) {
    let { timeformat } = reader.options({ timeformat: 'string' })
    const conversions: Conversion[] = []
    while (!reader.isDone) {
      if (reader.punctuation(',')) continue
      const option = reader.options({ timeformat: 'string' })
      if (option.timeformat !== undefined) {
        timeformat = option.timeformat
        continue
      }
      const word = reader.requiredWord('a function such as ctime(field)')
      const name =
        functionNames.find((known) => known === word.text.toLowerCase()) ??
        reader.fail(
          'bad-argument',
          `convert has no function "${word.text}".`,
          word.span,
          `It has: ${functionNames.join(', ')}.`,
        )
      if (!reader.punctuation('(')) reader.missing(`"(" after "${word.text}"`)
      const start = reader.position
      const field = reader.field()
      if (!reader.punctuation(')')) reader.missing(`")" after "${field}"`)
      const to = reader.keyword('as') ? reader.field('a name') : field
      conversions.push({ function: name, fields: renaming(reader, field, to, start) })
    }
    if (conversions.length === 0) reader.missing('a function such as ctime(field)')
    return { timeformat: timeformat ?? defaultTimeFormat, conversions }
  },

  needs: ({ conversions }, wanted) =>
    conversions.some(({ function: name, fields }) => name === 'auto' || hasWildcard(fields.from))
      ? 'all'
      : union(
          wanted,
          conversions.map(({ fields }) => fields.from),
        ),

  async *run(args, input, context) {
    const convertBatch = converter(args, context)
    if (args.conversions.some(({ function: name }) => name === 'auto')) {
      // A field is converted only if all its values can be.
      yield* inBatches(convertBatch(await collectRows(input, context, 'convert auto')))
      return
    }
    for await (const batch of input) yield convertBatch(batch)
  },
})

/** A value's conversion; undefined when it does not have the form. */
type Convert = (text: string) => string | number | undefined

function converter(
  { timeformat, conversions }: ConvertArguments,
  context: ExpressionContext,
): (batch: Batch) => Batch {
  const functions = convertFunctions(timeformat, context)
  const isLeftAlone = anyFieldTest(
    conversions.filter(({ function: name }) => name === 'none').map(({ fields }) => fields.from),
  )
  const apply = (batch: Batch, { function: name, fields }: Conversion): Batch => {
    if (name === 'none') return batch
    const columns: [string, Column][] = []
    for (const [from, to] of renamedFields(fields, () => batch.names())) {
      const column = batch.column(from)
      if (column === undefined || (hasWildcard(fields.from) && isLeftAlone(from))) continue
      const convertText = functions[name]
      if (name === 'auto') {
        const converted = convertAll(column, batch.length, convertText)
        if (converted !== undefined) columns.push([to, besideOld(batch, from, to, converted)])
        continue
      }
      const removes = name === 'num' || from !== to
      const converted = mapColumn(column, (value) => convertValue(value, convertText, removes))
      columns.push([to, besideOld(batch, from, to, converted)])
    }
    return batch.with(columns)
  }
  return (batch) => conversions.reduce(apply, batch)
}

/** A row without the field keeps what it has under the new name, whichever rows are read with it. */
function besideOld(batch: Batch, from: string, to: string, converted: Column): Column {
  const source = batch.column(from)
  const old = batch.column(to)
  if (from === to || source === undefined || old === undefined) return converted
  const value = (_: unknown, row: number): Value =>
    valueAt(source, row) === undefined ? valueAt(old, row) : valueAt(converted, row)
  return plain(Array.from({ length: batch.length }, value))
}

/** @param removes whether what cannot be converted becomes null; else it stays as it is */
function convertValue(value: Value, apply: Convert, removes: boolean): Value {
  if (value === undefined) return undefined
  if (isMultivalue(value)) {
    return multivalue(
      value.flatMap((text) => {
        const converted = apply(text) ?? (removes ? undefined : text)
        return converted === undefined ? [] : [scalarText(converted)]
      }),
    )
  }
  return apply(scalarText(value)) ?? (removes ? undefined : value)
}

/** The column converted, or undefined when a value has no known form. */
function convertAll(column: Column, length: number, apply: Convert): Column | undefined {
  const fits = valuesOf(column, length).every((value) =>
    textsOf(value).every((text) => apply(text) !== undefined),
  )
  return fits ? mapColumn(column, (value) => convertValue(value, apply, false)) : undefined
}

const kilobytes: Readonly<Record<string, number>> = { '': 1, k: 1, m: 1024, g: 1024 * 1024 }

function convertFunctions(
  timeformat: string,
  { timeZone, now }: ExpressionContext,
): Readonly<Record<FunctionName, Convert>> {
  const memk: Convert = (text) => {
    const [, digits, unit = ''] = /^(\d{1,15}(?:\.\d{1,15})?)([kmg]?)$/i.exec(text) ?? []
    return digits === undefined ? undefined : Number(digits) * kilobytes[unit.toLowerCase()]!
  }
  const rmcomma: Convert = (text) => text.replaceAll(',', '')
  const rmunit: Convert = (text) => /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)/.exec(text)?.[0]
  const mktime: Convert = (text) => strptime(text, timeformat, timeZone, now)
  const auto: Convert = (text) => {
    const plain = parseNumber(text)
    if (plain !== undefined) return plain
    const unit = rmunit(text)
    return (
      parseNumber(String(rmcomma(text))) ??
      parseDuration(text) ??
      mktime(text) ??
      memk(text) ??
      (unit === undefined || !/^[^\d.,:+-]+$/.test(text.slice(String(unit).length))
        ? undefined
        : parseNumber(String(unit)))
    )
  }
  return {
    auto,
    num: auto,
    none: (text) => text,
    ctime: (text) => {
      const time = parseNumber(text)
      return time === undefined ? undefined : strftime(time, timeformat, timeZone)
    },
    dur2sec: parseDuration,
    mstime: parseMinutesSeconds,
    memk,
    mktime,
    rmcomma,
    rmunit,
  }
}
