import { readFileSync, writeFileSync } from 'node:fs'
import { renderReport } from '../../src/output/html/report.ts'

const d = JSON.parse(readFileSync('/tmp/rba/data.json', 'utf8'))
console.time('render')
writeFileSync('/tmp/rba/report.html', renderReport({ ...d, rawEvents: new Map(d.rawEvents) }))
console.timeEnd('render')
