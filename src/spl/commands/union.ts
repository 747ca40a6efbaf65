// Puts the rows of several datasets behind each other.

import type { Pipeline } from '../syntax/ast.ts'
import { defineCommand } from './command.ts'
import { type Dataset, datasetRows, readDataset } from './shared/datasets.ts'
import {
  type SubsearchLimits,
  subsearchLimits,
  subsearchOptionTexts,
  subsearchRows,
  subsearchSchema,
} from './shared/run-subsearch.ts'

type Member = { readonly kind: 'subsearch'; readonly pipeline: Pipeline } | Dataset

export const union = defineCommand<{ readonly limits: SubsearchLimits; readonly members: readonly Member[] }>(
  {
    name: 'union',
    type: 'generating',
    summary:
      'Puts the rows of several datasets and subsearches behind each other, and behind the rows at hand.',
    syntax:
      'union [maxtime=<int>] [maxout=<int>] [timeout=<int>] (<subsearch> | datamodel:<name> | lookup:<name> | savedsearch:<name>)…',
    options: subsearchOptionTexts,
    missing: ['extendtimerange=true'],
    examples: [
      {
        search: '* n=1 | union [search n=2] | table n',
        input: [{ n: '1' }, { n: '2' }, { n: '3' }],
        output: [{ n: '1' }, { n: '2' }],
      },
    ],

    parse(reader) {
      let options = reader.options(subsearchSchema)
      const members: Member[] = []
      while (!reader.isDone) {
        if (reader.punctuation(',')) continue
        reader.skipBlanks()
        members.push(
          reader.peek() === '[' ? { kind: 'subsearch', pipeline: reader.subsearch() } : readDataset(reader),
        )
        options = { ...options, ...reader.options(subsearchSchema) }
      }
      if (members.length === 0) reader.missing('at least one dataset or subsearch')
      return { limits: subsearchLimits(reader, options), members }
    },

    mayFollow: () => true,
    needs: (_args, wanted) => wanted,
    pipelines: ({ members }) =>
      members.flatMap((member) => (member.kind === 'subsearch' ? [member.pipeline] : [])),

    async *run({ limits, members }, input, context) {
      yield* input
      for (const member of members) {
        if (member.kind === 'subsearch') yield* subsearchRows(member.pipeline, limits, context, 'union')
        else yield* datasetRows(member, context)
      }
    },
  },
)
