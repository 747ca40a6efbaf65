// The style sheet of a site of detections, beyond what reports and pages share.

import { matrixStyle } from '../html/attack-matrix.ts'
import { theme } from '../html/theme.ts'
import { splStyle } from './spl-markup.ts'

export const siteStyle = `${theme}${matrixStyle}${splStyle}
.band{background:var(--band);color:var(--band-text);border-bottom:3px solid #2f7fb8;position:sticky;top:0;z-index:5}
.band .wrap{display:flex;gap:.4rem 1.6rem;align-items:center;flex-wrap:wrap;padding-top:.7rem;padding-bottom:.7rem}
.band a{color:var(--band-text);text-decoration:none}.band a:hover{text-decoration:underline}
.band .home{font-weight:680;font-size:1.05rem}
.band nav{display:flex;gap:1.2rem;flex-wrap:wrap}.band nav a{color:var(--band-soft);font-size:.92rem}.band nav a[aria-current]{color:var(--band-text);border-bottom:2px solid #6fb1e4}
.wide{padding:0 1.4rem}
.wrap{max-width:1240px;margin:0 auto;padding:0 1.4rem}
main{padding-top:1.6rem!important;padding-bottom:2rem!important}
h1{font-size:1.75rem;margin-bottom:.5rem}
.crumbs{margin:0 0 .3rem}
.lead{font-size:1.04rem;max-width:80ch}
.prose{max-width:80ch;white-space:pre-line;overflow-wrap:anywhere}
.badges{margin:.3rem 0 1rem}
.columns{display:grid;grid-template-columns:minmax(0,1fr) 19rem;gap:2rem;align-items:start}
article section,main>section{margin-bottom:1.8rem}
article h2,main>section>h2{padding-bottom:.3rem;border-bottom:1px solid var(--line);margin-bottom:.6rem}
article h3{margin:1rem 0 .3rem}article h4{margin:.8rem 0 .2rem}
aside{display:grid;gap:1rem;align-content:start;align-self:stretch}
aside .contents{position:sticky;top:4rem}
.facts-list{margin:0;display:grid;gap:.55rem}.facts-list dt{font-size:.78rem;color:var(--soft)}.facts-list dd{margin:0;font-size:.92rem;overflow-wrap:anywhere}
.contents h2{font-size:.9rem;margin-bottom:.3rem}.contents ul{list-style:none;margin:0;padding:0}.contents li{padding:.1rem 0}
.plain{list-style:none;margin:0;padding:0}
.problem{border-left:4px solid var(--medium);background:var(--medium-soft);padding:.5rem .8rem;border-radius:0 6px 6px 0}
.message{margin:.4rem 0;padding:.5rem .9rem;border-left:4px solid var(--line-strong);background:var(--raised);border-radius:0 6px 6px 0;overflow-wrap:anywhere}
.plan{padding-left:1.4rem}.plan li{margin:.25rem 0;overflow-wrap:anywhere}
.many{columns:2;column-gap:2rem}
tbody th{font-weight:500;color:var(--soft);width:9rem}
.macro h3{font-size:.92rem}
.macro:target pre{border-color:var(--focus)}
.difference span{display:block;white-space:pre-wrap}.difference .added{background:#dff3e2;color:#0f3d18}.difference .removed{background:#fbe4ea;color:#5c0b22}
@media (prefers-color-scheme:dark){.difference .added{background:#12351b;color:#c8f0cf}.difference .removed{background:#3b1623;color:#ffd0dc}}
.filters{display:flex;flex-wrap:wrap;gap:.5rem .9rem;align-items:center;margin:1rem 0}
.filters input[type=search]{flex:1 1 100%;font-size:1.05rem;padding:.5rem .8rem}
.filters label{font-size:.86rem;color:var(--soft);display:inline-flex;gap:.35rem;align-items:center}
.filters select{max-width:13rem}
.entries td:first-child{min-width:16rem}
.entries a{text-decoration:none;font-weight:550}.entries a:hover{text-decoration:underline}
tr:target td{background:var(--mark)}
.foot{color:var(--soft);font-size:.86rem;padding-top:1.5rem;padding-bottom:2.5rem}
a.button{display:inline-block;text-decoration:none}
@media (max-width:900px){.columns{grid-template-columns:minmax(0,1fr)}.many{columns:1}.contents{display:none}}
@media print{.columns{display:block}aside{margin-top:1rem}.band{position:static}}
`
