import { expect, test } from 'vitest'
import { renderCrossFire } from './cross-fire.ts'

const page = renderCrossFire({
  datasets: [
    { name: 'T1/<script>.log', events: 10 },
    { name: 'T2/b.log', events: 1234 },
  ],
  detections: [
    {
      name: 'Noisy "one"',
      version: 1,
      rows: new Map([
        [0, 3],
        [1, 250],
      ]),
      declared: new Set([0]),
    },
    { name: 'Blind', version: 2, rows: new Map(), declared: new Set([1]) },
    { name: 'Silent', version: 1, rows: new Map(), declared: new Set() },
    { name: 'Broken', version: 1, rows: new Map(), declared: new Set(), problem: 'no such command' },
  ],
  skipped: 2,
  program: 'karst 1',
})

test('a square per hit: own data outlined, misses empty, names as text', () => {
  expect(page).toContain('<rect class="f1 own"')
  expect(page).toContain('<rect class="f3"')
  expect(page).toContain('<rect class="missed"')
  expect(page).toContain('<title>Noisy &quot;one&quot; v1 — T2/b.log: 250 rows</title>')
  expect(page).not.toContain('<script>')
  // A detection that neither fires nor should is not drawn.
  expect(page).not.toContain('Silent')
})

test('the tables say who fires on data of others, who misses its own, and what could not be run', () => {
  expect(page).toMatch(
    /<td>Noisy &quot;one&quot; v1<\/td><td class="number">1 of 1<\/td><td class="number">1<\/td><td class="number">250<\/td>/,
  )
  expect(page).toContain('<td>Blind v2</td><td class="small breakable">2: T2/b.log</td>')
  expect(page).toContain('<td>Broken v1</td><td>no such command</td>')
  expect(page).toContain('the data of 2 tests was not there')
})
