import { writeFileSync } from 'node:fs'
import { openKarst } from '../../src/engine/engine.ts'

const karst = await openKarst({ content: ['../shared/corpus/escu'] })
const findings: any[] = []
const s = await karst.scan(['../shared/corpus/evtx'], {}, { onFinding: (f) => findings.push(f) })
const raw = await karst.rawEvents(findings.slice(0, 1500).flatMap((f) => f.events.slice(0, 3)))
writeFileSync(
  '/tmp/rba/data.json',
  JSON.stringify({
    made: Date.now(),
    program: 'karst 0.1.0',
    evidencePaths: ['../shared/corpus/evtx'],
    contentPaths: ['../shared/corpus/escu'],
    seconds: 7.2,
    isInterrupted: false,
    findings,
    runs: s.outcomes.map(({ diagnostics, ...o }) => o),
    files: s.evidence.files,
    events: s.evidence.events,
    bytes: s.evidence.bytes,
    throttled: 0,
    rawEvents: [...raw],
  }),
)
console.log(findings.length, s.outcomes.filter((o) => o.status !== 'ran').length, raw.size)
