// What validating content finds: diagnostics with the codes of content checks, and whom they are about.

import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Label } from '../../diagnostics/source.ts'
import type { Detection } from '../detection.ts'
import { type CheckCode, type ContentCheckCode, contentChecks } from './codes.ts'

export interface Problem extends Diagnostic<CheckCode> {
  /** Absent where it is about another file. */
  readonly detection?: Detection
  /** The file as it can be opened from the working directory; absent where no file is to blame. */
  readonly file?: string
}

/**
 * Makes a problem of a detection.
 * @param keys where in its file it is
 */
export function problem(
  code: ContentCheckCode,
  detection: Detection,
  keys: readonly (string | number)[],
  message: string,
  more: { readonly help?: string; readonly level?: Problem['severity'] } = {},
): Problem {
  const label = detection.place?.(keys)
  return problemAt(code, detection, label === undefined ? [] : [label], message, more)
}

/** Makes a problem of a detection at places that are known. */
export function problemAt(
  code: ContentCheckCode,
  detection: Detection,
  labels: readonly Label[],
  message: string,
  { help, level }: { readonly help?: string; readonly level?: Problem['severity'] } = {},
): Problem {
  return {
    code,
    severity: level ?? contentChecks[code].level,
    message,
    labels,
    ...(help === undefined ? {} : { help }),
    detection,
    file: detection.file,
  }
}

/** The place that people go to: in the problem's own file where there is one, rather than in the body of a macro. */
export function mainLabel({ labels, file }: Pick<Problem, 'labels' | 'file'>): Label | undefined {
  return labels.findLast(({ source }) => source.name === file) ?? labels[0]
}
