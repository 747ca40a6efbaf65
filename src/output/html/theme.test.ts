// Contrast of the colours that text and its background use together. (WCAG 2.2, 1.4.3)

import { expect, test } from 'vitest'
import { siteStyle } from '../site/site-style.ts'

/** The colours of a rule, by their names. */
function colors(start: string): ReadonlyMap<string, string> {
  const rule = siteStyle.slice(siteStyle.indexOf(start))
  return new Map(
    [...rule.slice(0, rule.indexOf('}')).matchAll(/--([\w-]+):(#[0-9a-f]{3,6})/g)].map(([, name, value]) => [
      name!,
      value!,
    ]),
  )
}

function luminance(color: string): number {
  const digits =
    color.length === 4 ? [...color.slice(1)].map((digit) => digit + digit) : color.slice(1).match(/../g)!
  const [red, green, blue] = digits.map((pair) => {
    const part = Number.parseInt(pair, 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (light! + 0.05) / (dark! + 0.05)
}

const light = colors(':root{')
const dark = colors(':root[data-theme=dark]{')
const texts = ['text', 'soft', 'link', 'critical', 'high', 'medium', 'low', 'informational', 'accent']
const pairs: [string, string][] = [
  ...['page', 'panel', 'raised', 'code'].flatMap((ground) =>
    texts.map((text): [string, string] => [text, ground]),
  ),
  ...['critical', 'high', 'medium', 'low', 'informational'].map((ground): [string, string] => [
    'on-badge',
    ground,
  ]),
  ['text', 'medium-soft'],
  ['text', 'mark'],
  ['band-text', 'band'],
  ['band-soft', 'band'],
]

test.each([
  ['light', light],
  ['dark', dark],
])('text can be read in %s', (_, theme) => {
  const poor = pairs
    .map(([text, ground]) => ({ text, ground, ratio: contrast(theme.get(text)!, theme.get(ground)!) }))
    .filter(({ ratio }) => ratio < 4.5)
  expect(poor).toEqual([])
})

test('text can be read in the cells of the matrix and in coloured searches', () => {
  const cells = [...siteStyle.matchAll(/\.level-\d\{background:(#\w+);[^}]*?color:(#\w+)\}/g)]
  expect(cells).toHaveLength(12)
  for (const [rule, ground, text] of cells) expect(contrast(ground!, text!), rule).toBeGreaterThan(4.5)
  const tokens = [...siteStyle.matchAll(/(?<!\) )\.t-\w+\{color:(#\w+)/g)]
  expect(tokens).toHaveLength(9)
  for (const [rule, color] of tokens) expect(contrast(color!, light.get('code')!), rule).toBeGreaterThan(4.5)
  const darkTokens = [...siteStyle.matchAll(/\) \.t-\w+\{color:(#\w+)/g)]
  for (const [rule, color] of darkTokens)
    expect(contrast(color!, dark.get('code')!), rule).toBeGreaterThan(4.5)
})
