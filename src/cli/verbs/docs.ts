// karst docs CONTENT -o DIR: writes a site of pages about detections, to be read in a browser or put on a server.

import { mkdir, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { describeSearch } from '../../engine/docs.ts'
import { type Karst, openKarst } from '../../engine/engine.ts'
import { crossFire } from '../../engine/test-content-matrix.ts'
import { renderSite } from '../../output/site/site.ts'
import type { SiteCrossFire } from '../../output/site/site-data.ts'
import { knowledgeOptionNames, openOptions } from '../open-options.ts'
import { UsageError } from '../options.ts'
import { datasetName } from '../shown-file.ts'
import type { Terminal } from '../terminal.ts'
import { defineVerb } from '../verb.ts'
import { versionText } from '../version.ts'

export const docs = defineVerb({
  name: 'docs',
  usage: 'docs [CONTENT…] -o DIR',
  summary: 'writes pages about detections, stories and data sources: a site that works without a server',
  options: [
    'content',
    ...knowledgeOptionNames,
    'filters',
    'source-url',
    'cross-fire',
    'data',
    'output',
    'strict',
  ],
  examples: [
    'karst docs ./security_content -o site/',
    'karst docs ./detections -o site/ --source-url https://github.com/acme/detections/blob/main/',
    'karst docs ./security_content -o site/ --cross-fire --data ./attack_data',
  ],
  async run(invocation) {
    const { positionals, options, terminal, signal } = invocation
    const [folder, ...more] = options.output ?? []
    if (folder === undefined || more.length > 0) {
      throw new UsageError('karst docs needs one folder to write to: karst docs ./security_content -o site/')
    }
    const started = performance.now()
    const paths = [...positionals, ...(options.content ?? [])]
    const { engine, heard } = openOptions(invocation)
    const karst = await openKarst(paths.length === 0 ? engine : { ...engine, content: paths })
    const unreadable: string[] = []
    const fired =
      options['cross-fire'] === true ? await fires(karst, options.data, terminal, signal) : undefined
    const site = renderSite({
      content: karst.content,
      title: paths.length === 1 ? basename(resolve(paths[0]!)) : 'Detections',
      program: versionText(),
      made: Date.now(),
      ...(options['source-url'] === undefined ? {} : { sourceUrl: options['source-url'] }),
      ...(fired === undefined ? {} : { crossFire: fired }),
      describe: (detection) => {
        const described = describeSearch(detection, karst.knowledge.macros, karst.searchOptions)
        if (described.problem !== undefined) unreadable.push(`${detection.path}: ${described.problem}`)
        return described
      },
    })
    let files = 0
    let bytes = 0
    const folders = new Set<string>()
    for (const { path, text } of site) {
      if (signal.aborted) return 130
      const file = join(folder, path)
      if (!folders.has(dirname(file))) await mkdir(dirname(file), { recursive: true })
      folders.add(dirname(file))
      await writeFile(file, text)
      files++
      bytes += text.length
    }
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    terminal.error(
      `${files.toLocaleString('en')} files, ${(bytes / 1e6).toFixed(1)} MB in ${seconds} s: ${join(folder, 'index.html')}`,
    )
    if (unreadable.length > 0) {
      terminal.error(`searches that cannot be read: ${unreadable.length}; their pages say why`)
      if (options.verbose === true) for (const line of unreadable) terminal.error(`  ${line}`)
    }
    return options.strict === true && (heard.warnings.length > 0 || unreadable.length > 0) ? 2 : 0
  },
})

/** Runs every detection over the test data at hand. */
async function fires(
  karst: Karst,
  folder: string | undefined,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<SiteCrossFire> {
  const { datasets, detections, skipped } = await crossFire(karst, {
    folder,
    signal,
    onDataset: (done, all) => {
      if (terminal.errorIsTerminal) terminal.error(`${done} of ${all} datasets …`)
    },
  })
  if (skipped > 0)
    terminal.error(
      `cross-fire:  ${skipped} tests are without data here; give a copy of attack_data with --data DIR`,
    )
  return {
    datasets: datasets.map(({ path, events }) => ({ name: datasetName(path), events })),
    detections: new Map(detections.map(({ detection, rows, declared }) => [detection, { rows, declared }])),
  }
}
