import { Batch } from './src/value/batch.ts'
import { valueAt } from './src/value/column.ts'
import { displayValue } from './src/value/value.ts'
import { parseExpression } from './src/spl/syntax/parser.ts'
import { compileExpression } from './src/spl/eval/compile.ts'
import { locatedText } from './src/diagnostics/source.ts'
import { renderDiagnostic } from './src/diagnostics/render.ts'
import { readFileSync } from 'node:fs'
const ctx = { now: 1700000000, timeZone: 'UTC', warn: (d: any) => console.log('   WARN', d.message) }
const fields: any = { x: '5', y: '3', d: '1.5', t: '1700000000.500000', mv: ['a','b','c'], s: 'hello', nums: ['1','2','10'] }
for (const line of readFileSync(0, 'utf8').split('\n')) {
  if (!line.trim()) continue
  try {
    const r = valueAt(compileExpression(parseExpression(line), ctx, { locate: locatedText({ name: 'search', text: line }) })(Batch.fromRows([fields])), 0)
    console.log('%s', line.padEnd(60), JSON.stringify(displayValue(r)))
  } catch (e: any) { console.log('%s', line.padEnd(50), 'ERR', e.diagnostics ? e.diagnostics.map(renderDiagnostic).join('\n') : e.stack) }
}
