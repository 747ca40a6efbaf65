// The style of the scan report, beyond what reports and pages share.

import { matrixStyle } from './attack-matrix.ts'
import { theme } from './theme.ts'

export const reportStyle = `${theme}${matrixStyle}
.band{background:var(--band);color:var(--band-text);padding:1.6rem 0 1.4rem;border-bottom:3px solid #2f7fb8}
.wrap{max-width:1240px;margin:0 auto;padding:0 1.4rem}
.band h1{font-size:1.7rem}
.band .over{font-size:.8rem;letter-spacing:.06em;color:var(--band-soft);margin:0 0 .15rem;display:flex;justify-content:space-between;gap:1rem}
.band dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(210px,1fr));gap:.5rem 1.6rem;margin:1rem 0 0}
.band dt{font-size:.76rem;color:var(--band-soft)}.band dd{margin:0;font-size:.92rem;overflow-wrap:anywhere}
.band .button{background:transparent;border-color:var(--band-soft);color:var(--band-text)}
nav.contents{position:sticky;top:0;z-index:5;background:var(--panel);border-bottom:1px solid var(--line)}
nav.contents .wrap{display:flex;gap:1.25rem;overflow-x:auto;padding-top:.55rem;padding-bottom:.55rem}
nav.contents a{color:var(--text);text-decoration:none;font-size:.88rem;white-space:nowrap}nav.contents a:hover{color:var(--link);text-decoration:underline}
main section.part{margin:2rem 0 2.4rem}
main section.part>h2{margin-bottom:.7rem;padding-bottom:.35rem;border-bottom:2px solid var(--line)}
.lead{font-size:1.04rem;max-width:78ch}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(112px,1fr));gap:.6rem;margin:1rem 0}
.tile{background:var(--panel);border:1px solid var(--line);border-top:3px solid var(--line-strong);border-radius:8px;padding:.55rem .75rem}
.tile b{display:block;font-size:1.5rem;line-height:1.2;font-weight:680;font-variant-numeric:tabular-nums}
.tile span{display:block;font-size:.8rem;line-height:1.35;color:var(--soft)}
.tile.critical{border-top-color:var(--critical)}.tile.high{border-top-color:var(--high)}.tile.medium{border-top-color:var(--medium)}.tile.low{border-top-color:var(--low)}.tile.informational{border-top-color:var(--informational)}.tile.of-incidents{border-top-color:var(--text)}
.incidents td:first-child{border-left:4px solid var(--high);white-space:nowrap}
.incidents tr.critical td:first-child{border-left-color:var(--critical)}.incidents tr.medium td:first-child{border-left-color:var(--medium)}.incidents tr.low td:first-child{border-left-color:var(--low)}
.incidents a{font-weight:600;text-decoration:none}.incidents a:hover{text-decoration:underline}
.panel>table,.panel.scroll{margin:0}
.more>summary{padding:.5rem 0;color:var(--link)}
.timeline{background:var(--panel);border:1px solid var(--line);border-radius:10px;padding:.8rem 1rem}
.timeline-tools{display:flex;gap:.4rem;flex-wrap:wrap;align-items:center;margin-bottom:.6rem}
.timeline-tools output{margin-left:.5rem}
.timeline-grid{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:0 .8rem}
.lane-names{display:flex;flex-direction:column;font-size:.8rem;color:var(--soft);text-align:right}
.lane-names span{height:22px;line-height:22px;white-space:nowrap}
.lane-names .overview-name{height:46px;line-height:46px;margin-bottom:6px}
svg.overview,svg.lanes{display:block;width:100%;touch-action:pan-y;cursor:crosshair}
svg.overview{height:46px;margin-bottom:6px;background:var(--raised);border-radius:4px}
svg.lanes{height:auto;border-top:1px solid var(--line)}
.lane{stroke:var(--line);stroke-width:1;vector-effect:non-scaling-stroke}
.tick{stroke:var(--line-strong);stroke-width:1;stroke-dasharray:2 3;vector-effect:non-scaling-stroke}
.mark{stroke-width:3;vector-effect:non-scaling-stroke;stroke-linecap:round}
.mark.critical{stroke:var(--critical)}.mark.high{stroke:var(--high)}.mark.medium{stroke:var(--medium)}.mark.low{stroke:var(--low)}.mark.informational{stroke:var(--informational)}
.bar.critical{fill:var(--critical)}.bar.high{fill:var(--high)}.bar.medium{fill:var(--medium)}.bar.low{fill:var(--low)}.bar.informational{fill:var(--informational)}
.window{fill:var(--focus);fill-opacity:.12;stroke:var(--focus);vector-effect:non-scaling-stroke}
.axis{display:flex;justify-content:space-between;min-height:1.5rem;padding-top:.2rem}
.axis.placed{display:block;position:relative}.axis.placed span{position:absolute;transform:translateX(-50%);white-space:nowrap}
.legend{display:flex;gap:1rem;flex-wrap:wrap;margin:.5rem 0 0}
.legend span{display:inline-flex;align-items:center;gap:.35rem}
.swatch{width:.75rem;height:.75rem;border-radius:3px;background:var(--informational)}
.swatch.critical{background:var(--critical)}.swatch.high{background:var(--high)}.swatch.medium{background:var(--medium)}.swatch.low{background:var(--low)}
.periods-title{margin-top:1.2rem}
.periods{display:grid;grid-template-columns:repeat(auto-fill,minmax(190px,1fr));gap:.45rem}
.period{text-align:left;background:var(--panel);border:1px solid var(--line);border-radius:7px;padding:.4rem .65rem;cursor:pointer;display:grid}
.period:hover{border-color:var(--link)}.period[aria-pressed=true]{border-color:var(--focus);box-shadow:inset 0 0 0 1px var(--focus)}
.entities{background:var(--panel);border:1px solid var(--line);border-radius:10px;overflow:hidden}
.entity-head,.entity>summary{display:grid;grid-template-columns:2rem minmax(12rem,2fr) 8rem 5rem 11.5rem 9.5rem;gap:.4rem .9rem;align-items:center;padding:.5rem .9rem}
.entity-head{border-bottom:1px solid var(--line-strong);font-weight:600}
.entity+.entity{border-top:1px solid var(--line)}
.entity>summary{list-style:none}.entity>summary::-webkit-details-marker{display:none}
.entity>summary:hover{background:var(--raised)}
.entity[open]>summary{background:var(--raised)}
.entity .rank{font-variant-numeric:tabular-nums}
.entity-score b{font-variant-numeric:tabular-nums}.entity-score svg{display:block;width:100%;height:6px;margin-top:2px}.track{fill:var(--line)}
.entity .number{font-variant-numeric:tabular-nums}
.time-range{display:grid}
.block{display:block}
.strip{display:block;width:100%;height:12px}.strip rect{fill:var(--line)}.strip rect.hit{fill:var(--accent)}
.incident-tag{border-color:var(--high);color:var(--high);font-weight:600}
.entity-body{padding:.2rem 1rem 1rem 3.4rem}
.steps{list-style:none;margin:.4rem 0;padding:0;border-left:2px solid var(--line-strong)}
.steps li{position:relative;padding:.3rem 0 .3rem 1.1rem;font-size:.9rem}
.steps li::before{content:"";position:absolute;left:-6px;top:.75rem;width:10px;height:10px;border-radius:50%;background:var(--informational)}
.steps li.critical::before{background:var(--critical)}.steps li.high::before{background:var(--high)}.steps li.medium::before{background:var(--medium)}.steps li.low::before{background:var(--low)}
.steps li.is-incident::before{border-radius:2px;transform:rotate(45deg)}
.steps .added{float:right;font-variant-numeric:tabular-nums;font-weight:600}
.steps .added .soft{display:inline-block;min-width:4.2rem;text-align:right;font-weight:400}
.steps .message{display:block;overflow-wrap:anywhere}
.filters{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;margin-bottom:.8rem}
.filters fieldset{border:0;margin:0;padding:0;display:flex;gap:.8rem;flex-wrap:wrap}
.filters label{display:inline-flex;gap:.3rem;align-items:center;font-size:.88rem}
.filters input[type=search]{flex:1 1 16rem}
.incidents td:nth-child(2){min-width:14rem}
.finding{background:var(--panel);border:1px solid var(--line);border-left:4px solid var(--informational);border-radius:7px;margin-bottom:.4rem;content-visibility:auto;contain-intrinsic-size:auto 4.2rem}
.finding.critical{border-left-color:var(--critical)}.finding.high{border-left-color:var(--high)}.finding.medium{border-left-color:var(--medium)}.finding.low{border-left-color:var(--low)}
.finding>summary{display:grid;grid-template-columns:7rem 11.8rem minmax(0,2fr) minmax(0,1fr);gap:.1rem .8rem;align-items:baseline;padding:.45rem .8rem;list-style:none}
.finding>summary::-webkit-details-marker{display:none}
.finding>summary:hover{background:var(--raised)}
.finding>summary .badge{justify-self:start}
.finding-name{font-weight:600}
.finding-objects{overflow:hidden;text-overflow:ellipsis;white-space:nowrap;text-align:right}
.finding-message{grid-column:2/-1;color:var(--soft);font-size:.88rem;overflow:hidden;display:-webkit-box;-webkit-line-clamp:2;-webkit-box-orient:vertical;overflow-wrap:anywhere}
.finding[open]>summary{border-bottom:1px solid var(--line)}
.finding[open] .finding-message{display:block;white-space:pre-wrap}
.finding-body{padding:.6rem .9rem 1rem}
.finding-body h4{margin:1rem 0 .3rem}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(230px,1fr));gap:.4rem 1.4rem;margin:.3rem 0}
.facts dt{font-size:.78rem;color:var(--soft)}.facts dd{margin:0}
table.row th{width:16rem;font-weight:500;color:var(--soft);font-family:var(--mono);font-size:.82em;overflow-wrap:anywhere}
.text{white-space:pre-wrap}
.values{margin:0;padding-left:1.1rem}
.events{margin:.2rem 0;padding-left:1.1rem}
.spl{white-space:pre-wrap}
.known-detection{margin-bottom:.5rem}
.known-detection>summary{font-weight:600}
tr.problem td{background:var(--medium-soft)}
.foot{color:var(--soft);font-size:.86rem;padding:1.5rem 0 2.5rem;border-top:1px solid var(--line)}
.only-narrow{display:none}
@media (max-width:860px){
  .only-narrow{display:inline}
  .entity-head{display:none}.entity>summary{grid-template-columns:1.6rem 1fr 6rem}.entity>summary .entity-tactics,.entity>summary .time-range,.entity>summary>.number{grid-column:2/-1}
  .finding>summary{grid-template-columns:auto 1fr}.finding-name,.finding-objects,.finding-message{grid-column:1/-1;text-align:left;white-space:normal}
  .timeline-grid{grid-template-columns:minmax(0,1fr)}.lane-names{display:none}.entity-body{padding-left:1rem}
}
@media print{.finding{content-visibility:visible}.band{padding:0 0 1rem;border-bottom-color:#000}.entity>summary{break-inside:avoid}.timeline-grid{break-inside:avoid}}
`
