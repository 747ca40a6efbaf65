import { launchBrowser, openWatched } from './browser.ts'

const [, , url, out, ...rest] = process.argv
const dark = rest.includes('dark'),
  full = rest.includes('full'),
  narrow = rest.includes('narrow')
const hash = rest.find((r) => r.startsWith('#'))
const click = rest.filter((r) => r.startsWith('click=')).map((r) => r.slice(6))
const b = await launchBrowser()
const { page, problems } = await openWatched(b, url! + (hash ?? ''), {
  colorScheme: dark ? 'dark' : 'light',
  viewport: { width: narrow ? 480 : 1360, height: 950 },
})
for (const c of click) {
  await page.locator(c).first().click()
}
await page.waitForTimeout(300)
await page.screenshot({ path: out!, fullPage: full })
console.log(problems)
await b.close()
