// What a detection says about itself: that it is complete and well-formed.

import { filterMacroName, riskScore } from '../detection.ts'
import type { SearchFacts } from './facts.ts'
import { type Problem, problem } from './problem.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const statuses = new Set(['production', 'experimental', 'deprecated', 'validation', 'removed'])

/** Checks what a detection's file states apart from its search, its techniques and its tests. */
export function* checkMetadata({ detection, expanded, macros }: SearchFacts): Iterable<Problem> {
  const { id, name, date, status, tags, references, path, risk, type } = detection
  if (!uuid.test(id)) {
    const help = 'Make one with uuidgen; it stays the same through all versions.'
    yield problem('bad-id', detection, ['id'], `The id "${id}" is not a UUID.`, { help })
  }
  if (!isDate(date)) {
    yield problem('bad-date', detection, ['date'], `The date "${date}" is not written as YYYY-MM-DD.`)
  }
  if (!statuses.has(status)) {
    const help = `contentctl knows: ${[...statuses].join(', ')}.`
    yield problem('unknown-status', detection, ['status'], `The status "${status}" is not known.`, { help })
  }
  for (const [key, text] of [
    ['description', detection.description],
    ['how_to_implement', detection.howToImplement],
    ['known_false_positives', detection.knownFalsePositives],
  ] as const) {
    if (text === '') yield problem('missing-text', detection, [key], `The detection has no text in "${key}".`)
  }
  for (const [index, reference] of references.entries()) {
    if (/^https?:\/\/[^\s/]+/i.test(reference)) continue
    yield problem(
      'bad-reference',
      detection,
      ['references', index],
      `The reference "${reference}" is not a web address.`,
    )
  }
  for (const [index, cve] of tags.cve.entries()) {
    if (/^CVE-\d{4}-\d{4,}$/.test(cve)) continue
    yield problem('bad-cve', detection, ['tags', 'cve', index], `"${cve}" is not a CVE number.`, {
      help: 'Write it as CVE-2021-44228.',
    })
  }
  const expectedFile = `${fileNameOf(name)}.yml`
  const file = path.slice(path.lastIndexOf('/') + 1)
  if (file !== expectedFile && !file.startsWith(fileNameOf(name))) {
    yield problem('file-name', detection, ['name'], `The file is named ${file}, the detection "${name}".`, {
      help: `contentctl expects ${expectedFile}.`,
    })
  }

  const { impact, confidence, riskScore: stated } = tags
  if (stated !== undefined && impact !== undefined && confidence !== undefined) {
    const exact = riskScore(impact, confidence)
    if (Math.abs(exact - stated) >= 1) {
      const message = `The risk score ${stated} is not impact ${impact} times confidence ${confidence}, which is ${exact}.`
      const help = 'The product counts; correct the score or drop it.'
      yield problem('risk-score', detection, ['tags', 'risk_score'], message, { help })
    }
  }
  if ((type === 'TTP' || type === 'Anomaly') && (risk === undefined || risk.objects.length === 0)) {
    const message = `A detection of type ${type} raises risk, and this one states no risk object.`
    yield problem('missing-risk', detection, ['rba'], message, { help: 'Add "rba:" with "risk_objects:".' })
  }
  const filter = filterMacroName(name)
  if (expanded !== undefined && !macros.includes(filter)) {
    const help = `End it with | \`${filter}\`, so that users can cut false positives without changing it.`
    yield problem('missing-filter', detection, ['search'], 'The search does not use its filter macro.', {
      help,
    })
  }
}

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`))
}

/** @see contentctl: blanks, `-`, `.` and `/` become `_`, in lower case */
const fileNameOf = (name: string): string => name.replace(/[ \-./]/g, '_').toLowerCase()
