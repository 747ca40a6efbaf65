// When things happened: findings as marks over time, a lane for each tactic, and the periods in which there was activity.
// The marks carry their times, so that the report's script can zoom by moving them.

import { type Finding, severities } from '../../detect/finding.ts'
import { type Tactic, tactics } from '../../risk/attack.ts'
import { plural, shownDuration, shownTime } from './format.ts'
import { type Html, html } from './html.ts'

/** A stretch of time with findings, and none for a while before and after. */
export interface Period {
  /** Epoch seconds. */
  readonly first: number
  readonly last: number
  readonly findings: number
}

/** Quiet for this long ends a period. */
const quietSeconds = 86_400

const secondsOf = (time: string): number => Date.parse(time) / 1000

/** The periods of activity, in the order of time. Findings without a time are in none. */
export function activityPeriods(findings: readonly Finding[]): Period[] {
  const times = findings
    .flatMap(({ time }) => (time === undefined ? [] : [secondsOf(time)]))
    .sort((a, b) => a - b)
  const periods: Period[] = []
  for (const time of times) {
    const last = periods.at(-1)
    if (last !== undefined && time - last.last < quietSeconds) {
      periods[periods.length - 1] = { ...last, last: time, findings: last.findings + 1 }
    } else periods.push({ first: time, last: time, findings: 1 })
  }
  return periods
}

/** Findings of the same second, lane and severity are one mark. */
interface Mark {
  readonly time: number
  readonly lane: number
  readonly severity: number
  count: number
  label: string
}

const width = 1000
const laneHeight = 22
const overviewHeight = 46
/** More marks than this are thinned out; the overview still counts all findings. */
const mostMarks = 6000

/** The timeline as a picture, with a table of its periods. */
export function drawTimeline(findings: readonly Finding[]): Html {
  const timed = findings.filter(({ time }) => time !== undefined)
  if (timed.length === 0) return html`<p class="soft">No finding has a time.</p>`
  const times = timed.map(({ time }) => secondsOf(time!))
  const start = times.reduce((a, b) => Math.min(a, b))
  const end = Math.max(
    times.reduce((a, b) => Math.max(a, b)),
    start + 60,
  )
  const x = (time: number): number => Math.round(((time - start) / (end - start)) * width * 100) / 100
  const lanes = lanesOf(timed)
  const marks = marksOf(timed, lanes)
  const height = lanes.length * laneHeight
  const thinned = marks.length > mostMarks
  const shown = thinned
    ? marks.filter((_, index) => index % Math.ceil(marks.length / mostMarks) === 0)
    : marks
  const periods = activityPeriods(timed)
  return html`<div class="timeline" data-start="${start}" data-end="${end}">
<div class="timeline-tools no-print">
<button type="button" class="button" data-zoom="all">Whole time</button>
<button type="button" class="button" data-zoom="in" aria-label="Zoom in">+</button>
<button type="button" class="button" data-zoom="out" aria-label="Zoom out">−</button>
<button type="button" class="button" data-zoom="left" aria-label="Move to earlier times">◂</button>
<button type="button" class="button" data-zoom="right" aria-label="Move to later times">▸</button>
<output class="soft small" data-range>${shownTime(iso(start))} to ${shownTime(iso(end))} UTC</output>
</div>
<div class="timeline-grid">
<div class="lane-names" aria-hidden="true"><span class="overview-name">All findings</span>${lanes.map((lane) => html`<span>${lane}</span>`)}</div>
<div>
<svg class="overview" viewBox="0 0 ${width} ${overviewHeight}" preserveAspectRatio="none" role="img" aria-label="Findings over the whole time; drag to zoom">
${overviewBars(timed, times, start, end)}
<rect class="window" x="0" y="0" width="${width}" height="${overviewHeight}"/>
</svg>
<svg class="lanes" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label="${plural(timed.length, 'finding')} by tactic from ${shownTime(iso(start))} to ${shownTime(iso(end))} UTC; the list of findings says the same">
${lanes.map((_, lane) => html`<line class="lane" x1="0" x2="${width}" y1="${(lane + 1) * laneHeight - 0.5}" y2="${(lane + 1) * laneHeight - 0.5}"/>`)}
<g class="ticks"></g>
<g class="marks">${shown.map((mark) => drawMark(mark, x))}</g>
</svg>
<div class="axis soft small"><span>${shownTime(iso(start))}</span><span>${shownTime(iso(end))}</span></div>
</div>
</div>
${thinned && html`<p class="soft small">There are more marks than can be shown; every so many are left out below. The bars above count all findings.</p>`}
<p class="legend small">${severities.toReversed().map((severity) => html`<span><i class="swatch ${severity}"></i>${severity}</span>`)}</p>
</div>
${periods.length > 1 && periodTable(periods)}`
}

const iso = (seconds: number): string => {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? '' : date.toISOString()
}

const incidentLane = 'Incidents'
const otherLane = 'No tactic'

function lanesOf(findings: readonly Finding[]): string[] {
  const hit = new Set(findings.flatMap(lanesOfFinding))
  return [incidentLane, ...tactics, otherLane].filter((lane) => hit.has(lane))
}

function lanesOfFinding({ detection, annotations }: Finding): readonly string[] {
  if (detection.type === 'Correlation') return [incidentLane]
  return annotations.tactics.length === 0 ? [otherLane] : annotations.tactics
}

function marksOf(findings: readonly Finding[], lanes: readonly (string | Tactic)[]): Mark[] {
  const marks = new Map<string, Mark>()
  for (const finding of findings) {
    const time = Math.round(secondsOf(finding.time!))
    const severity = severities.indexOf(finding.severity)
    for (const name of lanesOfFinding(finding)) {
      const lane = lanes.indexOf(name)
      const key = `${time} ${lane} ${severity}`
      const mark = marks.get(key)
      if (mark === undefined) {
        marks.set(key, { time, lane, severity, count: 1, label: finding.detection.name })
      } else if (mark.count++ < 3) mark.label += `\n${finding.detection.name}`
    }
  }
  return [...marks.values()].sort((a, b) => a.severity - b.severity)
}

function drawMark({ time, lane, severity, count, label }: Mark, x: (time: number) => number): Html {
  const more = count > 4 ? `\nand ${count - 4} more` : ''
  const half = Math.min(7, 3 + Math.log2(count))
  const y = lane * laneHeight + laneHeight / 2
  // Ticks instead of dots: the picture is stretched sideways, and circles would not stay round.
  return html`<line class="mark ${severities[severity]!}" data-t="${time}" x1="${x(time)}" x2="${x(time)}" y1="${y - half}" y2="${y + half}"><title>${shownTime(iso(time))}
${label}${more}</title></line>`
}

const overviewColumns = 120

/** Bars that count findings by severity, the worst at the bottom. */
function overviewBars(
  findings: readonly Finding[],
  times: readonly number[],
  start: number,
  end: number,
): Html[] {
  const columns = Array.from({ length: overviewColumns }, () => new Array<number>(severities.length).fill(0))
  findings.forEach(({ severity }, index) => {
    const place = Math.floor(((times[index]! - start) / (end - start)) * overviewColumns)
    columns[Math.min(overviewColumns - 1, place)]![severities.indexOf(severity)]!++
  })
  const sums = columns.map((counts) => counts.reduce((a, b) => a + b))
  // By root, so that a burst of a thousand does not flatten everything else to nothing.
  const scale = (overviewHeight - 4) / Math.sqrt(Math.max(1, ...sums))
  const step = width / overviewColumns
  return columns.flatMap((counts, column) => {
    const sum = sums[column]!
    const full = Math.sqrt(sum) * scale
    let y = overviewHeight
    return counts
      .map((count, severity) => ({ count, severity }))
      .reverse()
      .filter(({ count }) => count > 0)
      .map(({ count, severity }) => {
        const height = (count / sum) * full
        y -= height
        return html`<rect class="bar ${severities[severity]!}" x="${(column * step).toFixed(2)}" y="${y.toFixed(2)}" width="${(step - 0.6).toFixed(2)}" height="${height.toFixed(2)}"/>`
      })
  })
}

const shownPeriods = 24

function periodTable(periods: readonly Period[]): Html {
  const busiest = new Set(periods.toSorted((a, b) => b.findings - a.findings).slice(0, shownPeriods))
  const shown = periods.filter((period) => busiest.has(period))
  const title =
    shown.length < periods.length
      ? `${plural(periods.length, 'period')} of activity; the ${shown.length} with most findings`
      : `${plural(periods.length, 'period')} of activity`
  return html`<h3 class="periods-title">${title}</h3>
<p class="soft small">A day without findings separates periods. Choose one to see it above and to list its findings below.</p>
<div class="periods">${shown.map(
    ({ first, last, findings }) =>
      html`<button type="button" class="period" data-from="${first}" data-to="${last}"><span class="time">${shownTime(iso(first)).slice(0, 16)}</span><span class="soft small">${shownDuration(last - first)} · ${plural(findings, 'finding')}</span></button>`,
  )}</div>`
}
