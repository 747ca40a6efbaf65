// Data models: hierarchies of datasets, each a search and the fields that its events then have.
// Reading them from JSON is left to load.ts; tstats, datamodel and from ask for datasets by name.

import { SearchError } from '../../diagnostics/diagnostic.ts'
import { compileExpression } from '../../spl/eval/compile.ts'
import type { ColumnExpression } from '../../spl/eval/function.ts'
import type { DataModelDataset } from '../../spl/host.ts'
import { type BatchPredicate, compileSearch } from '../../spl/match/compile-search.ts'
import type { ExpressionContext } from '../../spl/run/context.ts'
import type { SearchExpression } from '../../spl/syntax/ast.ts'
import { parseExpression } from '../../spl/syntax/parser.ts'
import { Batch, type ColumnReader, readerOf } from '../../value/batch.ts'
import { type Column, constant, valueAt } from '../../value/column.ts'
import type { Mask } from '../../value/mask.ts'
import { multivalue, type Value } from '../../value/value.ts'
import type { Report } from '../conf-file.ts'
import { compactColumn } from '../extract/field-table.ts'

/** A dataset as its file declares it. */
export interface Dataset {
  readonly name: string
  readonly parent: Dataset | undefined
  readonly children: Dataset[]
  /** The names from the root down: `All_Changes.Account_Management`. */
  readonly path: string
  /** The searches of its own; those of its parents apply as well. */
  readonly constraint: SearchExpression
  /** Fields that it declares itself. */
  readonly fields: readonly string[]
  /** In the order they run, after those of the parents. */
  readonly calculations: readonly Calculation[]
}

/** A calculated field of a dataset. */
export interface Calculation {
  readonly field: string
  readonly expression: string
}

/** Fields that rows of every dataset have, without a prefix. */
const baseFields = ['_time', '_raw', 'host', 'source', 'sourcetype', 'index'] as const

/**
 * Makes a dataset ready for searching. Its rows have the fields of its parents, its own and, where an event is also in a
 * child, the child's; each under the path of the dataset that declares it.
 */
export function prepareDataset(
  model: string,
  dataset: Dataset,
  context: ExpressionContext,
  report: Report,
): DataModelDataset {
  const lineage = lineageOf(dataset)
  const members = [...lineage, ...descendantsOf(dataset)]
  const evaluate = calculator(model, context, report)
  const ownerOf = new Map<string, { owner: Dataset; field: string }>()
  for (const owner of members)
    for (const field of owner.fields) ownerOf.set(`${owner.path}.${field}`, { owner, field })
  // A child's search may also name the fields of its parents under its own path.
  for (const owner of members)
    for (const ancestor of lineageOf(owner))
      for (const field of ancestor.fields)
        if (!ownerOf.has(`${owner.path}.${field}`)) ownerOf.set(`${owner.path}.${field}`, { owner, field })
  const declared = members.flatMap((owner) => owner.fields.map((field) => `${owner.path}.${field}`))
  const memberships = new Map<Dataset, BatchPredicate>()

  const map = (events: Batch): Batch => {
    const stages = new Map<Dataset, Batch>()
    const calculatedBy = (owner: Dataset): Batch => {
      let stage = stages.get(owner)
      if (stage === undefined) {
        stage = evaluate(owner, owner.parent === undefined ? events : calculatedBy(owner.parent))
        stages.set(owner, stage)
      }
      return stage
    }
    const masks = new Map<Dataset, Mask>()
    /** The rows of the batch that are in a descendant; undefined for those who hold every row. */
    const rowsOf = (owner: Dataset): Mask | undefined => {
      if (lineage.includes(owner)) return undefined
      const known = masks.get(owner)
      if (known !== undefined) return known
      let predicate = memberships.get(owner)
      if (predicate === undefined) {
        const path = lineageOf(owner).slice(lineage.length)
        predicate = compileSearch({ kind: 'And', terms: path.map(({ constraint }) => constraint) }, context)
        memberships.set(owner, predicate)
      }
      // The constraints of children speak of the fields that their parents have calculated.
      const mask = predicate(calculatedBy(dataset))
      masks.set(owner, mask)
      return mask
    }
    const reader: ColumnReader = {
      names: () => [...baseFields, ...declared],
      read(name) {
        if ((baseFields as readonly string[]).includes(name)) return events.column(name)
        if (name === 'nodename') return nodeNames(lineage, descendantsOf(dataset), rowsOf, events.length)
        const found = ownerOf.get(name)
        if (found === undefined) return undefined
        const column = calculatedBy(found.owner).column(found.field)
        const rows = rowsOf(found.owner)
        if (column === undefined || rows === undefined) return column
        return compactColumn(
          Array.from(rows, (isMember, row) => (isMember === 1 ? valueAt(column, row) : undefined)),
        )
      },
      narrow: (rows) => readerOf(map(events.gather(rows))),
    }
    return new Batch(events.length, [], reader, events.origins)
  }

  return {
    model,
    path: dataset.path,
    constraint: { kind: 'And', terms: lineage.map(({ constraint }) => constraint) },
    fields: declared,
    map,
  }
}

/** The paths of all datasets that a row is in, as `nodename` shows them. */
function nodeNames(
  lineage: readonly Dataset[],
  descendants: readonly Dataset[],
  rowsOf: (dataset: Dataset) => Mask | undefined,
  length: number,
): Column {
  const paths = lineage.map(({ path }) => path)
  if (descendants.length === 0) return constant(multivalue(paths))
  const masks = descendants.map((descendant) => ({ path: descendant.path, mask: rowsOf(descendant) }))
  const values = Array.from(
    { length },
    (_, row): Value =>
      multivalue([...paths, ...masks.filter(({ mask }) => mask?.[row] === 1).map(({ path }) => path)]),
  )
  return compactColumn(values)
}

function lineageOf(dataset: Dataset): Dataset[] {
  return dataset.parent === undefined ? [dataset] : [...lineageOf(dataset.parent), dataset]
}

const descendantsOf = (dataset: Dataset): Dataset[] =>
  dataset.children.flatMap((child) => [child, ...descendantsOf(child)])

/** Runs the calculations of a dataset, each one when its field is first read. A later one sees the earlier ones. */
function calculator(
  model: string,
  context: ExpressionContext,
  report: Report,
): (dataset: Dataset, input: Batch) => Batch {
  const compiled = new Map<Calculation, ColumnExpression | undefined>()
  const compile = (dataset: Dataset, calculation: Calculation): ColumnExpression | undefined => {
    if (!compiled.has(calculation)) {
      let expression: ColumnExpression | undefined
      try {
        expression = compileExpression(
          parseExpression(calculation.expression, `${model}.${dataset.path}.${calculation.field}`),
          context,
        )
      } catch (error) {
        if (!(error instanceof SearchError)) throw error
        for (const diagnostic of error.diagnostics) report({ ...diagnostic, severity: 'warning' })
      }
      compiled.set(calculation, expression)
    }
    return compiled.get(calculation)
  }
  return (dataset, input) => {
    const { calculations } = dataset
    const results = new Map<number, Column | undefined>()
    const names = (): readonly string[] => [...input.names(), ...calculations.map(({ field }) => field)]
    const batchBefore = (count: number): Batch =>
      new Batch(input.length, [], { names, read: (name) => read(name, count) }, input.origins)
    /** A field after the first `count` calculations. */
    const read = (name: string, count: number): Column | undefined => {
      const index = calculations.slice(0, count).findLastIndex(({ field }) => field === name)
      if (index < 0) return input.column(name)
      if (!results.has(index))
        results.set(index, compile(dataset, calculations[index]!)?.(batchBefore(index)))
      return results.get(index)
    }
    return batchBefore(calculations.length)
  }
}
