// karst test [CONTENT…]: runs the tests that detections declare, on data at hand.

import { writeFileSync } from 'node:fs'
import { type Karst, openKarst } from '../../engine/engine.ts'
import { selectDetections } from '../../engine/selection.ts'
import { type TestResult, testDetections } from '../../engine/test-content.ts'
import { changedDetections, GitError } from '../../engine/test-content-changed.ts'
import { downloader } from '../../engine/test-content-data.ts'
import { type CrossFireOptions, crossFire } from '../../engine/test-content-matrix.ts'
import { renderCrossFire } from '../../output/html/cross-fire.ts'
import { renderTests, type ShownTest, testFormats } from '../../output/test-results.ts'
import { knowledgeOptionNames, openOptions } from '../open-options.ts'
import { UsageError } from '../options.ts'
import { openOutputs } from '../output-options.ts'
import { datasetName, shownFile } from '../shown-file.ts'
import type { Terminal } from '../terminal.ts'
import { defineVerb } from '../verb.ts'
import { versionText } from '../version.ts'

export const test = defineVerb({
  name: 'test',
  usage: 'test [CONTENT…]',
  summary: 'runs the tests that detections declare, on data at hand',
  options: [
    'content',
    'detection',
    'story',
    'technique',
    'type',
    'data',
    'download',
    'changed',
    ...knowledgeOptionNames,
    'filters',
    'now',
    'tz',
    'strict',
    'junit',
    'matrix',
    'output',
  ],
  examples: [
    'karst test',
    'karst test ./security_content --data ./attack_data --junit results.xml',
    'karst test ./security_content --data ./attack_data --changed origin/main -o github',
    'karst test ./security_content --data ./attack_data --filters ./filters',
    'karst test ./security_content --data ./attack_data --matrix crossfire.html',
  ],
  async run(invocation) {
    const { positionals, options, terminal, signal } = invocation
    if (options.download === true && options.data === undefined) {
      throw new UsageError('--download needs a folder to keep the data in: --data DIR.')
    }
    const { engine } = openOptions(invocation)
    const paths = [...positionals, ...(options.content ?? [])]
    const started = performance.now()
    const karst = await openKarst({ ...engine, ...(paths.length === 0 ? {} : { content: paths }) })
    const { detection, story, technique, type, changed } = options
    const selected = selectDetections(karst.content.detections, {
      ...(detection === undefined ? {} : { detections: detection }),
      ...(story === undefined ? {} : { stories: story }),
      ...(technique === undefined ? {} : { techniques: technique }),
      ...(type === undefined ? {} : { types: type }),
    })
    const touched = changed === undefined ? undefined : await touchedBy(karst, changed)
    const detections = touched === undefined ? selected : selected.filter((one) => touched.has(one))

    const data = {
      detections,
      folder: options.data,
      ...(options.download === true
        ? { download: downloader({ signal, onStart: (url) => terminal.error(`fetching    ${url}`) }) }
        : {}),
      ...(options.now === undefined ? {} : { now: engine.now! }),
      signal,
    }
    if (options.matrix !== undefined) return drawMatrix(options.matrix, karst, data, terminal)

    const results: TestResult[] = []
    const showsProgress = terminal.errorIsTerminal && options['no-progress'] !== true
    await testDetections(karst, {
      ...data,
      ...(options.filters === undefined ? {} : { filters: options.filters }),
      onResult: (result) => {
        results.push(result)
        if (showsProgress && results.length % 25 === 0) terminal.error(`${results.length} tests …`)
      },
    })

    const isStrict = options.strict === true
    const order = new Map(detections.map((one, index) => [one, index]))
    results.sort(
      (a, b) =>
        order.get(a.detection)! - order.get(b.detection)! ||
        a.detection.tests.indexOf(a.test) - b.detection.tests.indexOf(b.test),
    )
    const shown = results.map(shownTest)
    const drawing = { showsPassed: options.verbose === true, isStrict, program: versionText() }
    const junit = options.junit === undefined ? [] : [`junit=${options.junit}`]
    // --junit adds a file to the outputs; it replaces none.
    const wanted = options.output ?? [terminal.isTerminal ? 'table' : 'ndjson']
    for (const output of openOutputs({ output: [...wanted, ...junit] }, terminal, testFormats)) {
      output.write(renderTests(output.format, shown, { ...drawing, hasColor: output.hasColor }))
      output.close()
    }
    await terminal.drained()
    const of = (status: TestResult['status']): number => results.filter((one) => one.status === status).length
    const seconds = (performance.now() - started) / 1000
    terminal.error(
      `tests:      ${results.length} of ${detections.length} detections: ${of('passed')} passed, ${of('skipped')} skipped, ${of('failed')} failed (${seconds.toFixed(1)} s)`,
    )
    if (signal.aborted) return 130
    if (of('failed') > 0 || (isStrict && of('skipped') > 0)) return 1
    // A file that could not be read may have held a test.
    return karst.content.diagnostics.some(({ severity }) => severity === 'error') ? 2 : 0
  },
})

async function drawMatrix(
  file: string,
  karst: Karst,
  options: CrossFireOptions,
  terminal: Terminal,
): Promise<number> {
  const { datasets, detections, skipped } = await crossFire(karst, {
    ...options,
    onDataset: (done, all) => {
      if (terminal.errorIsTerminal) terminal.error(`${done} of ${all} datasets …`)
    },
  })
  const page = renderCrossFire({
    datasets: datasets.map(({ path, events }) => ({ name: datasetName(path), events })),
    detections: detections.map(({ detection: { name, version }, ...row }) => ({ name, version, ...row })),
    skipped,
    program: versionText(),
  })
  writeFileSync(file, page)
  const fired = detections.filter(({ rows }) => rows.size > 0).length
  terminal.error(
    `matrix:     ${fired} of ${detections.length} detections fire on ${datasets.length} datasets; ${skipped} tests without data; written to ${file}`,
  )
  return options.signal?.aborted === true ? 130 : 0
}

async function touchedBy(
  { content, knowledge }: Awaited<ReturnType<typeof openKarst>>,
  base: string,
): Promise<ReadonlySet<unknown>> {
  try {
    return new Set(await changedDetections(content, knowledge, base))
  } catch (error) {
    if (error instanceof GitError) throw new UsageError(error.message)
    throw error
  }
}

const shownTest = ({ detection, test: declared, ...result }: TestResult): ShownTest => ({
  detection: {
    id: detection.id,
    name: detection.name,
    version: detection.version,
    path: detection.path,
    search: detection.search.text,
    file: shownFile(detection.file),
  },
  test: declared.name,
  ...result,
})
