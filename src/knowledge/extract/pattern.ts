// Regular expressions of configuration files, as extractions use them.

import { SearchError } from '../../diagnostics/diagnostic.ts'
import { type CompiledRegex, compilePcre, warnAtBudget } from '../../spl/regex/pcre.ts'
import { aboutSetting, type ConfValue, type Report } from '../conf-file.ts'

/** A compiled expression. */
export interface TextPattern {
  readonly regex: CompiledRegex
  /** Names by group number, from group 1; undefined for groups without a name. */
  readonly groupNames: readonly (string | undefined)[]
}

/**
 * Compiles the expression of a setting as PCRE.
 * @returns undefined when it is wrong, which is reported with its place; a text that is too hard for it warns and does
 *   not match
 */
export function compilePattern(setting: ConfValue, what: string, report: Report): TextPattern | undefined {
  try {
    const regex = compilePcre(setting.value, { onBudget: warnAtBudget(report) })
    const groupNames = new Array<string | undefined>(regex.groupCount).fill(undefined)
    for (const { name, number } of regex.groupNames) groupNames[number - 1] = name
    return { regex, groupNames }
  } catch (error) {
    if (!(error instanceof SearchError)) throw error
    for (const { code, message, help } of error.diagnostics)
      report(aboutSetting(code, `${what}: ${message}`, setting, help))
    return undefined
  }
}
