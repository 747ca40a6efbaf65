// A headless Chromium for end-to-end tests: the one that CHROMIUM names, or Debian's.

import { existsSync } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

const executable = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (path) => path !== undefined && existsSync(path),
)

/** Whether there is a browser. Says so when there is none: these tests must not be missed silently. */
export function hasBrowser(): boolean {
  if (executable !== undefined) return true
  console.warn(
    'SKIPPED: no Chromium found (apt-get install chromium, or set CHROMIUM); reports and pages were not opened',
  )
  return false
}

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: executable!, args: ['--no-sandbox', '--disable-gpu'] })

/** A page and what went wrong in it: script errors, blocked resources, requests that left the folder. */
export interface WatchedPage {
  readonly page: Page
  readonly problems: string[]
}

/** Opens a page that may load files only; everything else is noted as a problem. */
export async function openWatched(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1360, height: 900 }, ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(8000)
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      problems.push(`console: ${message.text()}`)
  })
  page.on('request', (request) => {
    if (!request.url().startsWith('file:') && !request.url().startsWith('data:'))
      problems.push(`request: ${request.url()}`)
  })
  page.on('dialog', (dialog) => {
    problems.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  await page.goto(url)
  return { page, problems }
}
