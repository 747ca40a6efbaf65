import { describe, expect, test } from 'vitest'
import type { Detection } from '../content/detection.ts'
import type { Finding } from '../detect/finding.ts'
import type { DetectionOutcome } from '../detect/run-detections.ts'
import { locatedText } from '../diagnostics/source.ts'
import { diffScans } from './diff-content.ts'

const outcome = (
  id: string,
  version: number,
  more: { search?: string; status?: DetectionOutcome['status'] } = {},
) =>
  ({
    detection: {
      id,
      name: id.toUpperCase(),
      version,
      search: locatedText({ name: id, text: more.search ?? 'index=a' }),
    } as unknown as Detection,
    status: more.status ?? 'ran',
    diagnostics: [],
    matchedEvents: 0,
    rows: 0,
    ms: 0,
  }) satisfies DetectionOutcome

interface Given {
  readonly version?: number
  readonly row: Finding['row']
  readonly severity?: Finding['severity']
  readonly object?: string
  readonly time?: string
  readonly record?: string
}

const finding = (id: string, given: Given): Finding =>
  ({
    detection: { id, name: id, version: given.version ?? 1, type: 'TTP', path: '' },
    severity: given.severity ?? 'high',
    risk: {
      message: 'm',
      objects:
        given.object === undefined ? [] : [{ field: 'dest', object: given.object, type: 'system', score: 1 }],
      threat_objects: [],
    },
    row: given.row,
    events: given.record === undefined ? [] : [{ file: 'f', record: given.record }],
    ...(given.time === undefined ? {} : { time: given.time }),
  }) as unknown as Finding

/** Each change as `change: old → new`, rows shown. */
function changes(
  before: readonly Finding[],
  after: readonly Finding[],
  versions: [number, number] = [1, 1],
): string[] {
  const { findings } = diffScans(
    { findings: before, outcomes: [outcome('a', versions[0])] },
    { findings: after, outcomes: [outcome('a', versions[1])] },
  )
  const row = (one: Finding | undefined): string => (one === undefined ? '-' : JSON.stringify(one.row))
  return findings.map(({ change, old, new: fresh, differences }) =>
    [`${change}: ${row(old)} → ${row(fresh)}`, ...differences.map(({ field }) => field)].join('; '),
  )
}

describe('findings', () => {
  test('the same rows are the same, whatever version found them', () => {
    expect(
      changes([finding('a', { row: { x: '1' } })], [finding('a', { row: { x: '1' }, version: 2 })], [1, 2]),
    ).toEqual([])
  })

  test('a row that is only judged otherwise has changed', () => {
    const row = { x: '1' }
    expect(changes([finding('a', { row })], [finding('a', { row, severity: 'low' })])).toEqual([
      'changed: {"x":"1"} → {"x":"1"}; severity',
    ])
  })

  test('another row of the same events, or else of the same object and time, has changed', () => {
    const old = finding('a', { row: { x: '1' }, record: '7' })
    expect(changes([old], [finding('a', { row: { x: '2', y: '3' }, record: '7' })])).toEqual([
      'changed: {"x":"1"} → {"x":"2","y":"3"}; x; y',
    ])
    const at = { object: 'pc', time: '2021-11-15T14:19:27.000Z' }
    expect(
      changes([finding('a', { row: { x: '1' }, ...at })], [finding('a', { row: { x: '2' }, ...at })]),
    ).toEqual(['changed: {"x":"1"} → {"x":"2"}; x'])
  })

  test('what has no counterpart is lost or gained', () => {
    const [old, fresh] = [
      finding('a', { row: { x: '1' }, object: 'pc1', record: '1' }),
      finding('a', { row: { x: '2' }, object: 'pc2', record: '2' }),
    ]
    expect(changes([old], [fresh])).toEqual(['lost: {"x":"1"} → -', 'gained: - → {"x":"2"}'])
    expect(changes([old, old], [old])).toEqual(['lost: {"x":"1"} → -'])
  })

  test('a field that is named like a property of objects is a field', () => {
    const row = JSON.parse('{"__proto__": "1", "constructor": "2"}')
    expect(
      changes([finding('a', { row, record: '1' })], [finding('a', { row: { x: '1' }, record: '1' })]),
    ).toEqual(['changed: {"__proto__":"1","constructor":"2"} → {"x":"1"}; __proto__; constructor; x'])
  })
})

describe('detections', () => {
  const compared = (old: readonly DetectionOutcome[], fresh: readonly DetectionOutcome[]) =>
    diffScans({ findings: [], outcomes: old }, { findings: [], outcomes: fresh }).detections.map(
      ({ change, oldVersion, newVersion, isSearchChanged, newStatus }) =>
        [change, oldVersion, newVersion, isSearchChanged, newStatus]
          .filter((one) => one !== undefined)
          .join(' '),
    )

  test('added, removed, changed; versions of one id that both have go together', () => {
    expect(compared([outcome('a', 1)], [outcome('a', 1)])).toEqual([])
    expect(compared([outcome('a', 1)], [outcome('b', 1)])).toEqual(['removed 1 false', 'added 1 false ran'])
    expect(compared([outcome('a', 1), outcome('a', 3)], [outcome('a', 3), outcome('a', 4)])).toEqual([
      'changed 1 4 false ran',
    ])
    expect(compared([outcome('a', 1)], [outcome('A', 1, { search: 'index=b' })])).toEqual([
      'changed 1 1 true ran',
    ])
    expect(compared([outcome('a', 1)], [outcome('a', 1, { search: ' index=a\n' })])).toEqual([])
  })

  test('one that runs no more is a difference', () => {
    expect(compared([outcome('a', 1)], [outcome('a', 1, { status: 'unsupported' })])).toEqual([
      'changed 1 1 false unsupported',
    ])
  })
})
