import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { loadContent } from '../../content/load.ts'
import { renderSite } from './site.ts'
import type { SiteData } from './site-data.ts'
import { drawSpl, splTokens } from './spl-markup.ts'
import { differenceOf } from './versions.ts'

const bundled = await loadContent([fileURLToPath(new URL('../../../packs/content', import.meta.url))])
const site: SiteData = {
  content: bundled,
  title: 'Our <content>',
  program: 'karst 0.0.0',
  made: Date.parse('2024-05-12T08:00:00Z'),
  sourceUrl: 'https://example.org/blob/main/',
  describe: () => ({
    macros: [
      { name: 'powershell', args: [], definition: 'source=x' },
      { name: 'security_content_ctime(1)', args: ['field'], definition: 'convert ctime($field$)' },
    ],
    plan: ['scan <a>', 'stats count'],
    reads: ['Computer', 'EventCode', 'Extra', '_time'],
  }),
}
const files = new Map([...renderSite(site)].map(({ path, text }) => [path, text]))
const page = files.get('detections/remote-process-instantiation-via-dcom-and-powershell-script-block.html')!

test('there is a page for every version, story and data source, and the lists that lead there', () => {
  expect([...files.keys()].sort()).toEqual([
    'attack-navigator.json',
    'attack.html',
    'data-sources.html',
    'data-sources/powershell-script-block-logging-4104.html',
    'detections/remote-process-instantiation-via-dcom-and-powershell-script-block-v1.html',
    'detections/remote-process-instantiation-via-dcom-and-powershell-script-block.html',
    'index.html',
    'stories.html',
    'stories/active-directory-lateral-movement.html',
    'style.css',
  ])
})

test('every link inside the site leads to a page and a place that are there', () => {
  const broken: string[] = []
  for (const [path, text] of files) {
    if (!path.endsWith('.html')) continue
    for (const [, href] of text.matchAll(/ href="([^"]+)"/g)) {
      if (/^https?:/.test(href!)) continue
      const { pathname, hash } = new URL(href!, `file:///${path}`)
      const target = files.get(pathname.slice(1))
      const isQuery = hash.startsWith('#q=')
      if (target === undefined || (hash !== '' && !isQuery && !target.includes(` id="${hash.slice(1)}"`)))
        broken.push(`${path}: ${href}`)
    }
  }
  expect(broken).toEqual([])
})

test('the page of a detection shows what its file says and what its search needs', () => {
  for (const text of [
    'Mauricio Velazco, Splunk',
    'fa1c3040-4680-11ec-a618-3e22fbd008af',
    'Distributed Component Object Model',
    'TA0008',
    'DE.CM',
    'CIS 10',
    'security_content_ctime(field)',
    'impact × confidence / 100 = 90 × 70 / 100 = <b>63</b>',
    'karst test --detection fa1c3040-4680-11ec-a618-3e22fbd008af',
    'https://example.org/blob/main/detections/endpoint/',
    'scan &lt;a&gt;',
    'What it changed against version 1',
  ])
    expect(page).toContain(text)
  // A field that the author forgot, and one that the search does not read.
  expect(page).toMatch(/Extra<\/td><td><b>no<\/b>/)
  expect(page).toMatch(/ScriptBlockText<\/td><td>yes, but the search does not read it/)
  expect(page).toContain(
    '<title>Remote Process Instantiation via DCOM and PowerShell Script Block · Our &lt;content&gt;</title>',
  )
})

test('commands that are printed run as printed: no option is empty, and data of the web is fetched first', () => {
  expect(page).not.toMatch(/--source(?:type)? &#39;&#39;/)
  expect(page).toContain('karst scan ../../samples/powershell-operational.xml --detection fa1c3040')
  expect(page).toContain('It must find nothing in:')
  expect(page).toMatch(/It must give 5 rows, and these, in:[\s\S]*<th>firstTime<\/th>/)
  const [newest] = bundled.detections
  const attackData = [
    { data: 'https://example.org/datasets/a b.log', source: 'XmlWinEventLog:Security', sourcetype: 'x' },
  ]
  const tests = [{ name: 'T', attackData, mustNotFire: false }]
  const remote = [...renderSite({ ...site, content: { ...bundled, detections: [{ ...newest!, tests }] } })]
  const text = remote.find(({ path }) => path.startsWith('detections/'))!.text
  expect(text).toContain(
    'curl -LO &#39;https://example.org/datasets/a b.log&#39;\nkarst scan &#39;a b.log&#39;',
  )
  expect(text).toContain('--source XmlWinEventLog:Security --sourcetype x')
})

test('what fires on the same data is told where that was tried', () => {
  expect(page).not.toContain('What fires on the same data')
  const [v3, v1] = bundled.detections
  const crossFire = {
    datasets: [{ name: 'T1021.003/<a>.log', events: 32 }],
    detections: new Map([
      [v3!, { rows: new Map([[0, 5]]), declared: new Set([0]) }],
      [v1!, { rows: new Map([[0, 2]]), declared: new Set<number>() }],
    ]),
  }
  const tried = [...renderSite({ ...site, crossFire })].find(({ path }) => path.endsWith('block.html'))!.text
  expect(tried).toContain('T1021.003/&lt;a&gt;.log')
  expect(tried).toContain('32 events; this detection gives 5 rows, and 1 other:')
  expect(tried).toMatch(/block-v1\.html">[^<]+<\/a> v1 <span class="soft small">2<\/span>/)
})

test('the tokens of a search are its text, whatever it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ab1 |[]()="\\\'`<>%,.\n$*{}') }), (text) => {
      expect(
        splTokens(text)
          .map((token) => token.text)
          .join(''),
      ).toBe(text)
    }),
  )
})

test('commands, functions, fields, texts and macros are told apart', () => {
  const kinds = splTokens('`sysmon` EventCode=10 "a \\" b" | stats count min(_time) as t by dest | where x>3')
    .filter(({ text }) => text.trim() !== '')
    .map(({ kind, text }) => `${kind} ${text}`)
  expect(kinds).toEqual([
    'macro `sysmon`', 'field EventCode', 'plain =', 'number 10', 'string "a \\" b"', 'pipe |', 'command stats', 'plain count',
    'function min', 'plain (', 'plain _time', 'plain )', 'keyword as', 'plain t', 'keyword by', 'plain dest', 'pipe |',
    'command where', 'field x', 'plain >', 'number 3',
  ]) // biome-ignore format: a list
  // A macro behind a pipe begins with a command.
  expect(splTokens('convert x', true)[0]).toEqual({ kind: 'command', text: 'convert' })
  expect(splTokens('convert x')[0]).toEqual({ kind: 'plain', text: 'convert' })
  expect(drawSpl('a | b [search c | d] | e').html.split('\n')).toHaveLength(3)
})

test('a difference keeps what is common, in order', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 })
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const difference = differenceOf(before, after)
      const side = (left: 'removed' | 'added') =>
        difference.filter(({ kind }) => kind !== left).map(({ text }) => text)
      expect(side('added')).toEqual(before)
      expect(side('removed')).toEqual(after)
    }),
  )
  expect(differenceOf(['a', 'b', 'c'], ['a', 'c', 'd']).map(({ kind, text }) => kind + text)).toEqual([
    'samea', 'removedb', 'samec', 'addedd',
  ]) // biome-ignore format: a list
})
