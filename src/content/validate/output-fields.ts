// Whether the rows of a search have the fields that risk, messages, drilldowns and throttling name.

import type { Label } from '../../diagnostics/source.ts'
import type { Detection } from '../detection.ts'
import type { SearchFacts } from './facts.ts'
import { labelsAt, messagePlace, riskFieldPlace } from './places.ts'
import { type Problem, problem, problemAt } from './problem.ts'

/** Fields that the rows of a detection have in Splunk Enterprise Security whatever its search gives. */
const alwaysThere = new Set([
  'info_min_time',
  'info_max_time',
  'info_search_time',
  'info_sid',
  'name',
  'search_name',
])

/** Checks that what a detection makes of its rows is in them. */
export function* checkOutputFields(facts: SearchFacts): Iterable<Problem> {
  const { detection } = facts
  yield* brokenTokens(detection)
  if (facts.mayGive === undefined) return
  const isGone = (field: string): boolean => !facts.mayGive!(field) && !alwaysThere.has(field)
  const found = facts.given === undefined || facts.given === '' ? '' : ` It gives ${facts.given}.`

  const { risk, throttling } = detection
  for (const { field } of risk?.objects ?? []) {
    if (!isGone(field)) continue
    const message = `The risk object "${field}" is a field that the search does not give.${found}`
    yield problemAt('risk-field-gone', detection, riskFieldPlace(detection, field), message, {
      help: 'No risk is raised for it. Add the field to the search, or name another one.',
    })
  }
  for (const { field } of risk?.threatObjects ?? []) {
    if (!isGone(field)) continue
    const message = `The threat object "${field}" is a field that the search does not give.${found}`
    yield problemAt('risk-field-gone', detection, riskFieldPlace(detection, field), message, {
      level: 'warning',
    })
  }
  for (const token of new Set(tokensOf(risk?.message ?? '').closed)) {
    if (!isGone(token)) continue
    const message = `The message names $${token}$, which the search does not give.${found}`
    yield problemAt('token-gone', detection, messagePlace(detection), message)
  }
  for (const [index, { name, search }] of detection.drilldowns.entries()) {
    const tokens = new Set([...tokensOf(name).closed, ...tokensOf(search).closed])
    for (const token of tokens) {
      if (!isGone(token)) continue
      const message = `The drilldown names $${token}$, which the search does not give.${found}`
      yield problem('token-gone', detection, ['drilldown_searches', index, 'search'], message)
    }
  }
  for (const field of throttling?.fields ?? []) {
    if (!isGone(field)) continue
    const message = `Throttling goes by "${field}", which the search does not give.${found}`
    yield problem('throttling-field-gone', detection, ['tags', 'throttling', 'fields'], message)
  }
}

function* brokenTokens(detection: Detection): Iterable<Problem> {
  const texts: [text: string, place: () => readonly Label[]][] = [
    [detection.risk?.message ?? '', () => messagePlace(detection)],
    ...detection.drilldowns.map(({ name }, index): [string, () => readonly Label[]] => [
      name,
      () => labelsAt(detection, ['drilldown_searches', index, 'name']),
    ]),
  ]
  for (const [text, place] of texts) {
    for (const token of tokensOf(text).open) {
      const help = `Write $${token}$.`
      yield problemAt('broken-token', detection, place(), `"$${token}" is a token without its closing $.`, {
        help,
      })
    }
  }
}

/** Names as fields have them: dots, braces, blanks between words. */
const tokenName = /^[A-Za-z_][\w.{}:()/-]*(?: [\w.{}:()/-]+)*$/
const longestToken = 80

/** The tokens of a text, and words that only begin as one. `closed` has names between two dollars. */
export function tokensOf(text: string): {
  readonly closed: readonly string[]
  readonly open: readonly string[]
} {
  const closed: string[] = []
  const open: string[] = []
  let at = text.indexOf('$')
  while (at !== -1) {
    const close = text.indexOf('$', at + 1)
    const name = text.slice(at + 1, close === -1 ? text.length : close)
    // "$dest by $user$": a name with several words that ends in a blank is the text between two tokens.
    if (close !== -1 && name.length <= longestToken && tokenName.test(name)) {
      closed.push(name)
      at = text.indexOf('$', close + 1)
      continue
    }
    const word = /^[A-Za-z_][\w.{}:-]*/.exec(name)?.[0].replace(/[.:-]+$/, '')
    if (word !== undefined) open.push(word)
    at = close
  }
  return { closed, open }
}
