// The options of outlier, which anomalydetection method=iqr has, too.

import type { ArgumentReader, Options } from '../../syntax/argument-reader.ts'
import { readFieldNames } from './field-names.ts'
import type { OutlierTerms } from './outliers.ts'

export const outlierOptionSchema = {
  action: ['remove', 'rm', 'transform', 'tf'],
  mark: 'boolean',
  param: 'number',
  type: ['iqr'],
  uselower: 'boolean',
} as const

export const outlierOptionDocs = {
  action: 'remove (rm) removes rows with outliers, transform (tf) cuts the outliers off. Default: transform.',
  mark: 'Whether a value that was cut off begins with 000. Default: false.',
  param:
    'How many times the range between the 25th and the 75th percentile a number may lie outside. Default: 2.5.',
  type: 'iqr, which is all there is.',
  uselower: 'Whether numbers may be outliers below, too. Default: false.',
} as const

/** Puts the options together with the fields. */
export function outlierTerms(
  options: Options<typeof outlierOptionSchema>,
  patterns: readonly string[],
): OutlierTerms {
  const { action = 'transform', mark = false, param = 2.5, uselower = false } = options
  return {
    removes: action === 'remove' || action === 'rm',
    marks: mark,
    factor: param,
    usesLower: uselower,
    patterns,
  }
}

/** Reads options and fields in any order. */
export function readOutlierTerms(reader: ArgumentReader): OutlierTerms {
  const options: Options<typeof outlierOptionSchema> = {}
  const patterns: string[] = []
  while (!reader.isDone) {
    Object.assign(options, reader.options(outlierOptionSchema))
    const names = readFieldNames(reader)
    if (names.length === 0 && reader.peekOption() === undefined) break
    patterns.push(...names)
  }
  return outlierTerms(options, patterns)
}
