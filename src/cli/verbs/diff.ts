// karst diff OLD NEW PATH…: the same evidence, two versions of the content: what each finds.

import type { Finding } from '../../detect/finding.ts'
import { diffScans } from '../../engine/diff-content.ts'
import { openKarst, type ScanSummary } from '../../engine/engine.ts'
import { diffFormats, renderDiff } from '../../output/content-diff.ts'
import { evidenceExitCode, evidenceSummary } from '../evidence-summary.ts'
import { evidenceOptionNames, knowledgeOptionNames, openOptions } from '../open-options.ts'
import { UsageError } from '../options.ts'
import { guardEvidence, openOutputs } from '../output-options.ts'
import { startProgress } from '../progress.ts'
import { defineVerb } from '../verb.ts'
import { versionText } from '../version.ts'

export const diff = defineVerb({
  name: 'diff',
  usage: 'diff OLD NEW PATH…',
  summary: 'runs two versions of the content over the same evidence: findings gained, lost, changed',
  options: [
    'detection',
    'story',
    'technique',
    'type',
    ...knowledgeOptionNames,
    'filters',
    ...evidenceOptionNames,
    'strict',
    'output',
  ],
  examples: [
    'karst diff old_content/ new_content/ /evidence',
    'karst diff main/ branch/ recordings/ -o markdown=comment.md',
  ],
  async run(invocation) {
    const { positionals, options, terminal, signal } = invocation
    const [old, fresh, ...paths] = positionals
    if (old === undefined || fresh === undefined || paths.length === 0) {
      throw new UsageError('karst diff needs two contents and evidence: karst diff OLD NEW PATH…')
    }
    if (paths.includes('-')) {
      throw new UsageError('karst diff reads the evidence twice, and standard input can be read only once.')
    }
    guardEvidence(positionals.slice(2), options)
    const { engine, heard } = openOptions(invocation)
    const scanned = async (content: string) => {
      const karst = await openKarst({ ...engine, content: [content] })
      const findings: Finding[] = []
      const progress = startProgress(terminal, options['no-progress'] !== true)
      try {
        const summary = await karst.scan(
          paths,
          {
            ...(options.detection === undefined ? {} : { detections: options.detection }),
            ...(options.story === undefined ? {} : { stories: options.story }),
            ...(options.technique === undefined ? {} : { techniques: options.technique }),
            ...(options.type === undefined ? {} : { types: options.type }),
          },
          { onEvidence: progress.watch, onFinding: (finding) => findings.push(finding) },
        )
        return { findings, outcomes: summary.outcomes, summary }
      } finally {
        progress.stop()
      }
    }
    const before = await scanned(old)
    if (signal.aborted) return 130
    const after = await scanned(fresh)
    const compared = diffScans(before, after)
    for (const output of openOutputs(options, terminal, diffFormats)) {
      output.write(renderDiff(output.format, compared, { columns: output.columns, program: versionText() }))
      output.close()
    }
    await terminal.drained()
    for (const line of evidenceSummary(after.summary.evidence, options.verbose === true)) terminal.error(line)
    for (const [name, { summary }] of [
      ['old', before],
      ['new', after],
    ] as const) {
      terminal.error(`${name}:        ${detectionLine(summary)}`)
    }
    if (signal.aborted) return 130
    // As diff does: 0 for the same, 1 for a difference.
    if (compared.findings.length > 0 || compared.detections.length > 0) return 1
    if (options.strict === true && heard.warnings.length > 0) return 2
    return evidenceExitCode(after.summary.evidence, options.strict === true)
  },
})

function detectionLine({ outcomes, findings }: ScanSummary): string {
  const ran = outcomes.filter(({ status }) => status === 'ran').length
  const count = [...findings.values()].reduce((sum, own) => sum + own, 0)
  return `${outcomes.length} detections, ${ran} ran, ${count} findings`
}
