// The scan report in a real browser: over the samples, and over evidence that an attacker wrote.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Finding } from '../../src/detect/finding.ts'
import { openKarst } from '../../src/engine/engine.ts'
import { evidenceDigests } from '../../src/engine/evidence-digests.ts'
import { renderReport } from '../../src/output/html/report.ts'
import { hasBrowser, launchBrowser, openWatched } from './browser.ts'

const samples = resolve(import.meta.dirname, '../../samples')

/** A script block event as a collector writes it. */
const scriptBlock = (computer: string, text: string, time: string): string =>
  JSON.stringify({
    '@timestamp': time,
    EventID: 4104,
    Channel: 'Microsoft-Windows-PowerShell/Operational',
    Hostname: computer,
    SourceName: 'Microsoft-Windows-PowerShell',
    ScriptBlockText: text,
    ScriptBlockId: 'b1',
    UserID: 'S-1-5-18',
  })

const attack = '<img src=x onerror="document.title=1"><script>document.title=2</script>\u202E'

describe.skipIf(!hasBrowser())('the report in a browser', () => {
  let browser: Browser
  let folder: string
  let url: string
  let findings: Finding[]

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'karst-report-'))
    const evidence = join(folder, 'hostile.jsonl')
    const lines = [`a${attack}`, 'pc-1'].map((computer, index) =>
      scriptBlock(
        computer,
        `[activator]::Document.Application.ShellExecute("${attack}")`,
        `2022-03-04T05:06:0${index}.000Z`,
      ),
    )
    await writeFile(evidence, `${lines.join('\n')}\n`)
    const karst = await openKarst({ incidents: true })
    findings = []
    const summary = await karst.scan(
      [samples, evidence],
      {},
      { onFinding: (finding) => findings.push(finding) },
    )
    const file = join(folder, 'report.html')
    await writeFile(
      file,
      renderReport({
        made: Date.parse('2024-05-12T08:00:00Z'),
        program: 'karst',
        evidencePaths: ['samples', `logs/${attack}`],
        contentPaths: [],
        seconds: 1,
        isInterrupted: false,
        findings,
        incidents: summary.incidents,
        allowed: summary.allowed,
        runs: summary.outcomes,
        files: summary.evidence.files,
        digests: await evidenceDigests(summary.evidence.files.map(({ name }) => name)),
        events: summary.evidence.events,
        bytes: summary.evidence.bytes,
        throttled: 0,
        rawEvents: await karst.rawEvents(findings.flatMap(({ events }) => events)),
      }),
    )
    url = pathToFileURL(file).href
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await rm(folder, { recursive: true })
  })

  test.each([
    ['light', 1360],
    ['dark', 1360],
    ['light', 420],
  ] as const)(
    'opens in %s at %i pixels without an error, a request or a sideways scroll',
    async (colorScheme, width) => {
      const { page, problems } = await openWatched(browser, url, {
        colorScheme,
        viewport: { width, height: 900 },
      })
      expect(await page.title()).toMatch(/^Scan report/)
      expect(await page.locator('.finding').count()).toBe(findings.length)
      expect(await page.locator('img, iframe, object, embed').count()).toBe(0)
      const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
      expect(overflow).toBeLessThanOrEqual(0)
      expect(problems).toEqual([])
      await page.context().close()
    },
  )

  test('shows hostile values as text, in findings, raw events and names of files', async () => {
    const { page, problems } = await openWatched(browser, url)
    await page.locator('[data-open=yes]').click()
    const text = await page.locator('body').textContent()
    expect(text).toContain('<img src=x onerror="document.title=1"><script>document.title=2</script>⟨U+202E⟩')
    await page.locator('.events details summary').first().click()
    expect(await page.locator('.events pre').first().textContent()).toContain('4104')
    expect(await page.title()).toMatch(/^Scan report/)
    expect(problems).toEqual([])
    await page.context().close()
  })

  test('the timeline zooms by dragging, by buttons and by periods, and the findings follow', async () => {
    const { page, problems } = await openWatched(browser, url)
    const shown = (): Promise<number> => page.locator('.finding:visible').count()
    const all = await shown()
    await page.locator('svg.overview').scrollIntoViewIfNeeded()
    const box = (await page.locator('svg.overview').boundingBox())!
    await page.mouse.move(box.x + 2, box.y + 20)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.2, box.y + 20, { steps: 4 })
    await page.mouse.up()
    const dragged = await shown()
    expect(dragged).toBeGreaterThan(0)
    expect(dragged).toBeLessThan(all)
    expect(await page.locator('[data-count]').textContent()).toBe(`${dragged} of ${all} shown`)
    await page.locator('[data-zoom=all]').click()
    expect(await shown()).toBe(all)
    await page.locator('.period').last().click()
    const ofPeriod = await shown()
    expect(ofPeriod).toBe(2)
    expect(await page.locator('.period').last().getAttribute('aria-pressed')).toBe('true')
    await page.locator('[data-zoom=out]').press('Enter')
    await page.locator('[data-reset]').click()
    expect(await shown()).toBe(all)
    expect(problems).toEqual([])
    await page.context().close()
  })

  test('findings can be searched, filtered and ordered; links open what they lead to', async () => {
    const { page, problems } = await openWatched(browser, url)
    const shown = (): Promise<number> => page.locator('.finding:visible').count()
    await page.locator('[data-query]').fill('fin-ws14')
    await expect
      .poll(shown)
      .toBe(findings.filter((finding) => JSON.stringify(finding).includes('FIN-WS14')).length)
    await page.locator('[data-reset]').click()
    await page.locator('[data-level][value=high]').uncheck()
    expect(await shown()).toBe(0)
    await page.locator('[data-level][value=high]').check()
    await page.locator('[data-sort]').selectOption('time')
    const times = await page
      .locator('.finding')
      .evaluateAll((cards) =>
        cards.map((card) => Number((card as unknown as { dataset: { t: string } }).dataset.t)),
      )
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    const link = page.locator('.incidents a').first()
    const target = page.locator((await link.getAttribute('href'))!)
    await link.click()
    expect(await target.getAttribute('open')).not.toBeNull()
    expect(await target.isVisible()).toBe(true)
    expect(problems).toEqual([])
    await page.context().close()
  })

  test('everything can be reached and opened with the keyboard', async () => {
    const { page } = await openWatched(browser, url)
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.className')).toBe('skip')
    await page.locator('.entity summary').first().focus()
    await page.keyboard.press('Enter')
    expect(await page.locator('.entity').first().getAttribute('open')).not.toBeNull()
    const unnamed = await page.locator('button, input, select').evaluateAll(
      (controls) =>
        controls.filter((control) => {
          const { textContent, labels, ariaLabel } = control as unknown as {
            textContent: string
            labels: { length: number } | null
            ariaLabel: string | null
          }
          return textContent.trim() === '' && (labels?.length ?? 0) === 0 && ariaLabel === null
        }).length,
    )
    expect(unnamed).toBe(0)
    await page.context().close()
  })

  test('it can be read without scripts, and printed', async () => {
    const { page } = await openWatched(browser, url, { javaScriptEnabled: false })
    expect(await page.locator('.finding').first().isVisible()).toBe(true)
    expect(await page.locator('.lanes .mark').count()).toBeGreaterThan(5)
    const pdf = await page.pdf({ format: 'A4' })
    expect(pdf.length).toBeGreaterThan(20_000)
    await page.context().close()
  })
})
