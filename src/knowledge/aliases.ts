// Field aliases (FIELDALIAS) and automatic lookups (LOOKUP): reading their settings.

import { aboutSetting, type ConfValue, type Report } from './conf-file.ts'

/** One name for another. */
export interface Alias {
  readonly origin: string
  readonly from: string
  readonly to: string
  /**
   * AS: the alias becomes what the field is, also nothing when the field is missing. ASNEW: only where the alias has
   * no value yet.
   * @see Release notes: Field alias behavior change (7.2.4)
   */
  readonly overwrites: boolean
}

/** Reads `a AS b "c d" ASNEW e`. */
export function readAliases(origin: string, setting: ConfValue, report: Report): Alias[] {
  const aliases: Alias[] = []
  const words = readWords(setting.value)
  for (let index = 0; index < words.length; index += 3) {
    const [from, as, to] = words.slice(index, index + 3)
    const keyword = as?.toUpperCase()
    if (from === undefined || to === undefined || (keyword !== 'AS' && keyword !== 'ASNEW')) {
      report(
        aboutSetting(
          'bad-content',
          `${origin} is not a list of "field AS alias"; the rest of it was skipped.`,
          setting,
        ),
      )
      break
    }
    aliases.push({ origin, from, to, overwrites: keyword === 'AS' })
  }
  return aliases
}

/** A lookup that runs by itself. */
export interface AutomaticLookup {
  readonly origin: string
  readonly table: string
  /** The table's field, the event's field. */
  readonly inputs: readonly (readonly [table: string, event: string])[]
  /** Undefined: all fields of the table that are no inputs. */
  readonly outputs: readonly (readonly [table: string, event: string])[] | undefined
  /** OUTPUTNEW: a field that the event has stays. */
  readonly overwrites: boolean
}

/** Reads `table key AS field, key2 OUTPUT out AS name out2`. */
export function readAutomaticLookup(
  origin: string,
  setting: ConfValue,
  report: Report,
): AutomaticLookup | undefined {
  const [table, ...words] = readWords(setting.value)
  const outputAt = words.findIndex((word) => /^OUTPUT(NEW)?$/i.test(word))
  const inputs = readPairs(outputAt < 0 ? words : words.slice(0, outputAt))
  if (table === undefined || inputs.length === 0) {
    report(
      aboutSetting(
        'bad-content',
        `${origin} names no lookup with a field to look up; it was skipped.`,
        setting,
        'Write "table field OUTPUT field".',
      ),
    )
    return undefined
  }
  const outputs = outputAt < 0 ? [] : readPairs(words.slice(outputAt + 1))
  return {
    origin,
    table,
    inputs,
    outputs: outputs.length === 0 ? undefined : outputs,
    overwrites: outputAt < 0 || words[outputAt]!.toUpperCase() === 'OUTPUT',
  }
}

function readPairs(words: readonly string[]): [string, string][] {
  const pairs: [string, string][] = []
  for (let index = 0; index < words.length; index++) {
    const name = words[index]!
    const isRenamed = words[index + 1]?.toUpperCase() === 'AS' && words[index + 2] !== undefined
    pairs.push([name, isRenamed ? words[index + 2]! : name])
    if (isRenamed) index += 2
  }
  return pairs
}

const readWords = (text: string): string[] =>
  [...text.matchAll(/"([^"]*)"|([^\s,"]+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')
