// The look that reports and pages share: colours for light and dark, type, tables, badges.
// Contrast of text is at least 4.5 to 1 in both (WCAG 2.2, AA); severities also differ by their words.

export const theme = `
:root{
  --page:#f4f5f7;--panel:#fff;--raised:#f8f9fb;--line:#d9dde3;--line-strong:#b6bdc8;
  --text:#1a2230;--soft:#4d5869;--link:#0b5394;--accent:#0f4c75;--band:#10212f;--band-text:#f2f6fa;--band-soft:#b9c8d6;
  --critical:#a1123f;--high:#b03a0c;--medium:#85590a;--low:#1f649b;--informational:#556070;--on-badge:#fff;
  --critical-soft:#fbe4ea;--high-soft:#fdeade;--medium-soft:#fbf1d7;--low-soft:#e3eff9;--informational-soft:#eaedf1;
  --code:#f3f5f8;--mark:#fff3bf;--focus:#1a73e8;
  --mono:ui-monospace,"SF Mono","Cascadia Mono","JetBrains Mono","DejaVu Sans Mono",Consolas,monospace;
  --sans:"Inter","Segoe UI",system-ui,-apple-system,"Helvetica Neue",Arial,"DejaVu Sans",sans-serif;
}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){
  --page:#0e141b;--panel:#161e28;--raised:#1b2530;--line:#2b3745;--line-strong:#435264;
  --text:#e6ebf1;--soft:#a8b4c2;--link:#7db8f0;--accent:#6fb1e4;--band:#0a1016;--band-text:#eef4f9;--band-soft:#a9b9c8;
  --critical:#ff8ba7;--high:#ff9f6e;--medium:#e9bd54;--low:#7fbdf2;--informational:#a9b5c4;--on-badge:#10161d;
  --critical-soft:#3b1623;--high-soft:#3a2012;--medium-soft:#332811;--low-soft:#122c42;--informational-soft:#232d38;
  --code:#111922;--mark:#4d4213;--focus:#8ab4f8;
}}
:root[data-theme=dark]{
  --page:#0e141b;--panel:#161e28;--raised:#1b2530;--line:#2b3745;--line-strong:#435264;
  --text:#e6ebf1;--soft:#a8b4c2;--link:#7db8f0;--accent:#6fb1e4;--band:#0a1016;--band-text:#eef4f9;--band-soft:#a9b9c8;
  --critical:#ff8ba7;--high:#ff9f6e;--medium:#e9bd54;--low:#7fbdf2;--informational:#a9b5c4;--on-badge:#10161d;
  --critical-soft:#3b1623;--high-soft:#3a2012;--medium-soft:#332811;--low-soft:#122c42;--informational-soft:#232d38;
  --code:#111922;--mark:#4d4213;--focus:#8ab4f8;color-scheme:dark;
}
:root[data-theme=light]{color-scheme:light}
*{box-sizing:border-box}
html{scroll-padding-top:4rem;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--text);font:15px/1.5 var(--sans)}
a{color:var(--link);text-underline-offset:2px}
.mono a,a.mono,.spl a,a.breakable{text-underline-offset:.32em}
a:focus-visible,button:focus-visible,summary:focus-visible,input:focus-visible,select:focus-visible,[tabindex]:focus-visible{outline:2px solid var(--focus);outline-offset:2px;border-radius:3px}
h1,h2,h3,h4{line-height:1.25;margin:0;font-weight:650;text-wrap:balance}
h2{font-size:1.3rem}h3{font-size:1.05rem}h4{font-size:.95rem}
p{margin:.4rem 0}
code,pre,.mono{font-family:var(--mono);font-size:.86em}
pre code{font-size:1em}
pre{background:var(--code);border:1px solid var(--line);border-radius:6px;padding:.7rem .85rem;margin:.4rem 0;white-space:pre-wrap;overflow-wrap:anywhere;line-height:1.5}
table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{text-align:left;vertical-align:top;padding:.42rem .6rem;border-bottom:1px solid var(--line)}
thead th{font-size:.78rem;letter-spacing:.02em;color:var(--soft);font-weight:600;border-bottom:1px solid var(--line-strong);white-space:nowrap}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
time,.time{font-variant-numeric:tabular-nums;white-space:nowrap}
.breakable{overflow-wrap:anywhere}
.soft{color:var(--soft)}
.small{font-size:.86rem}
.scroll{overflow-x:auto}
.panel{background:var(--panel);border:1px solid var(--line);border-radius:10px;padding:1rem 1.15rem}
.badge{display:inline-block;font-size:.74rem;font-weight:650;line-height:1.5;padding:.05rem .5rem;border-radius:4px;color:var(--on-badge);background:var(--informational);white-space:nowrap}
.badge.critical{background:var(--critical)}.badge.high{background:var(--high)}.badge.medium{background:var(--medium)}.badge.low{background:var(--low)}
.tag{display:inline-block;font-size:.8rem;padding:.02rem .45rem;border:1px solid var(--line-strong);border-radius:4px;background:var(--raised);white-space:nowrap;margin:.1rem .2rem .1rem 0;color:var(--text);text-decoration:none}
a.tag{color:var(--link)}a.tag:hover{border-color:var(--link)}
summary{cursor:pointer}
button{font:inherit;color:inherit}
.button{border:1px solid var(--line-strong);background:var(--panel);color:var(--text);border-radius:6px;padding:.22rem .65rem;font-size:.86rem;cursor:pointer}
.button:hover{border-color:var(--link)}
.button[aria-pressed=true]{background:var(--accent);border-color:var(--accent);color:var(--panel)}
input[type=search],select{font:inherit;color:var(--text);background:var(--panel);border:1px solid var(--line-strong);border-radius:6px;padding:.3rem .6rem;min-width:0}
.skip{position:absolute;left:-999px}.skip:focus{left:.5rem;top:.5rem;background:var(--panel);padding:.4rem .7rem;z-index:9}
[hidden]{display:none!important}
@media print{
  :root,:root:not([data-theme=light]),:root[data-theme=dark]{--page:#fff;--panel:#fff;--raised:#fff;--line:#ccc;--line-strong:#999;--text:#000;--soft:#444;--link:#0b5394;--band:#fff;--band-text:#000;--band-soft:#444;--critical:#a1123f;--high:#b03a0c;--medium:#85590a;--low:#1f649b;--informational:#556070;--on-badge:#fff;--critical-soft:#fbe4ea;--high-soft:#fdeade;--medium-soft:#fbf1d7;--low-soft:#e3eff9;--informational-soft:#eaedf1;--code:#fff;color-scheme:light}
  body{font-size:10pt}
  .no-print,nav{display:none!important}
  .panel,.finding{break-inside:auto;border-color:#ccc}
  h2,h3,summary,tr{break-after:avoid;break-inside:avoid}
  *{-webkit-print-color-adjust:exact;print-color-adjust:exact}
}
`
