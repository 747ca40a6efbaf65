// The pages of `karst docs` in a real browser, from a folder.

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser, launchBrowser, openWatched } from './browser.ts'

const project = resolve(import.meta.dirname, '../..')
const shared = resolve(project, '../shared/corpus/escu')
if (!existsSync(shared))
  console.warn('SKIPPED: ../shared is missing, so the pages are only of the bundled content')
const content = [resolve(project, 'packs/content'), ...(existsSync(shared) ? [shared] : [])]

describe.skipIf(!hasBrowser())('the pages of detections in a browser', () => {
  let browser: Browser
  let folder: string
  const url = (path: string): string => pathToFileURL(join(folder, 'site')).href + path

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'karst-site-'))
    const command = ['--import', 'tsx', 'src/cli/main.ts', 'docs', ...content, '-o', join(folder, 'site')]
    await promisify(execFile)(process.execPath, command, { cwd: project })
    browser = await launchBrowser()
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await rm(folder, { recursive: true })
  })

  test('the index finds a detection while typing, filters, and keeps the filter in its address', async () => {
    const { page, problems } = await openWatched(browser, url('/index.html'))
    const shown = (): Promise<number> => page.locator('#entries tbody tr:visible').count()
    const all = await shown()
    await page.keyboard.press('/')
    await page.keyboard.type('no such words')
    await expect.poll(shown).toBe(0)
    await page.keyboard.press('Control+A')
    await page.keyboard.type('dcom lateral')
    await expect.poll(shown).toBeGreaterThan(0)
    expect(await shown()).toBeLessThanOrEqual(all)
    expect(await page.locator('#entries tbody tr:visible').first().textContent()).toMatch(/DCOM/i)
    await page.locator('select[name=type]').selectOption('TTP')
    expect(page.url()).toContain('#q=dcom+lateral&type=TTP')
    const narrowed = await shown()
    await page.reload()
    expect(await shown()).toBe(narrowed)
    await page.locator('button[type=reset]').click()
    await expect.poll(shown).toBe(all)
    expect(problems).toEqual([])
    await page.context().close()
  })

  test.each(['light', 'dark'] as const)(
    'from the index to a detection, its story, its data source and its technique, in %s',
    async (colorScheme) => {
      const { page, problems } = await openWatched(browser, url('/index.html'), { colorScheme })
      await page
        .getByRole('link', {
          name: 'Remote Process Instantiation via DCOM and PowerShell Script Block',
          exact: true,
        })
        .click()
      expect(await page.locator('h1').textContent()).toContain('Remote Process Instantiation')
      expect(await page.locator('.t-command').first().textContent()).toBe('stats')
      await page.locator('#search .t-macro').first().click()
      expect(page.url()).toContain('#macro-')
      await page.locator('#analytic-stories a').first().click()
      expect(await page.locator('h1').textContent()).toBe('Active Directory Lateral Movement')
      await page.goBack()
      await page.locator('#events-it-needs a').first().click()
      expect(page.url()).toContain('/data-sources/')
      await page.getByRole('link', { name: 'ATT&CK coverage' }).click()
      await page.locator('a.cell', { hasText: 'T1021.003' }).click()
      expect(page.url()).toContain('index.html#q=T1021.003')
      expect(await page.locator('#entries tbody tr:visible').count()).toBeGreaterThan(0)
      expect(problems).toEqual([])
      await page.context().close()
    },
  )

  test('pages fit a telephone and work without scripts', async () => {
    const viewport = { width: 400, height: 800 }
    for (const path of ['/index.html', '/attack.html', '/stories.html', '/data-sources.html']) {
      const { page } = await openWatched(browser, url(path), { viewport, javaScriptEnabled: false })
      expect(await page.locator('h1').isVisible()).toBe(true)
      const { scrollWidth } = await page.locator('html').evaluate((element) => ({
        scrollWidth: (element as unknown as { scrollWidth: number }).scrollWidth,
      }))
      expect(scrollWidth, path).toBeLessThanOrEqual(400)
      await page.context().close()
    }
  })
})
