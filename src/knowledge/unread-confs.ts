// Names the conf files of an app that are not read, so that nobody waits for what they would do. Files that say how
// Splunk collects data, runs or looks are named once each as a note; of those that would change what searches see, every
// stanza is named.

import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { parseConf, type Report } from './conf-file.ts'

/** Read elsewhere: content's stories and searches, commands of apps, names of apps. */
const readElsewhere = new Set(['analyticstories', 'savedsearches', 'commands', 'app', 'collections'])

/** What files that searches would notice are about, by their names. */
const noticed: ReadonlyMap<string, string> = new Map([
  ['fields', 'how values of a field are split (TOKENIZER) and indexed'],
  ['multikv', 'how the command multikv reads tables'],
  ['limits', 'limits of searches; set them in karst.yaml'],
  ['datetime', 'how times are recognised'],
  ['segmenters', 'how texts are cut into words'],
  ['times', 'names of time ranges'],
  ['literals', 'texts of messages'],
  ['metric_alerts', 'alerts on metrics'],
])

/**
 * Reports the conf files of an app folder that nobody reads.
 * @param read the names of those that are read, without `.conf`
 */
export async function reportUnreadConfs(
  folder: string,
  read: ReadonlySet<string>,
  report: Report,
): Promise<void> {
  const unread = new Set<string>()
  for (const layer of ['', 'default', 'local']) {
    const place = join(folder, layer)
    if (!existsSync(place)) continue
    for (const file of (await readdir(place)).sort()) {
      const name = /^(.+)\.conf$/.exec(file)?.[1]
      if (name === undefined || read.has(name) || readElsewhere.has(name)) continue
      const about = noticed.get(name)
      const shown = [basename(folder), layer, file].filter(Boolean).join('/')
      if (about === undefined) unread.add(file)
      else await reportStanzas(join(place, file), shown, about, report)
    }
  }
  if (unread.size === 0) return
  report({
    code: 'unsupported',
    severity: 'note',
    message: `The app ${basename(folder)} has ${[...unread].join(', ')}, which say nothing about events or searches here; they were not read.`,
    labels: [],
  })
}

async function reportStanzas(path: string, shown: string, about: string, report: Report): Promise<void> {
  for (const { name, settings } of parseConf(await readFile(path, 'utf8'), shown, report).values()) {
    // Whether a field is indexed changes the speed of Splunk, not its results.
    const effective = [...settings].filter(([key]) => !/^INDEXED(?:_VALUE)?$/.test(key))
    const [first] = effective
    if (first === undefined) continue
    const [, { source, start }] = first
    const end = source.text.indexOf('\n', start)
    report({
      code: 'unsupported',
      severity: 'warning',
      message: `[${name}] of ${shown} says ${about}; it was ignored (${effective.map(([key]) => key).join(', ')}).`,
      labels: [{ source, span: { start, end: end < 0 ? source.text.length : end }, primary: true }],
    })
  }
}
