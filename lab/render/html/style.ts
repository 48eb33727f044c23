/** The style of report.html: light and dark by the reader's preference, narrow screens, paper. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f7f7f5; --surface: #ffffff; --ink: #1b1f23; --muted: #5d646c; --rule: #e3e3df;
  --reset: #c8481c; --reply: #f0b48a; --inject: #1f6fb5;
  --good: #0b6e55; --good-tint: #e2f3ec; --bad: #b3261e; --bad-tint: #fbe9e7; --doubt: #8a5a00; --doubt-tint: #fdf1d8; --quiet-tint: #eeeeeb;
  --case0: #c8481c; --case1: #6b7280; --case2: #1f6fb5; --case3: #0b7f66; --case4: #a2458f; --case5: #b07b00; --case6: #2a9cc4; --case7: #5a4fcf;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #131518; --surface: #1b1e22; --ink: #e8eaed; --muted: #9aa1a9; --rule: #2e3338;
    --reset: #ff8a5c; --reply: #8f4a2c; --inject: #74b4f2;
    --good: #5fd3ae; --good-tint: #12332a; --bad: #ff8f85; --bad-tint: #3d1a18; --doubt: #f2c063; --doubt-tint: #382a0d; --quiet-tint: #282c31;
    --case0: #ff8a5c; --case1: #9aa1a9; --case2: #74b4f2; --case3: #4fcba6; --case4: #e39ad3; --case5: #ecc24e; --case6: #7fdcf5; --case7: #a9a1ff;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.6 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 1240px; margin: 0 auto; padding: 56px 24px 96px; }
p.lead { font-size: 1.15rem; max-width: 60ch; }
h1 { font-size: clamp(1.6rem, 4.2vw, 2.5rem); line-height: 1.15; letter-spacing: -0.02em; margin: 8px 0 20px; max-width: 40ch; text-wrap: balance; }
h2 { font-size: 1.3rem; letter-spacing: -0.01em; margin: 72px 0 6px; }
header + section h2 { margin-top: 40px; }
h3 { font-size: 1rem; margin: 28px 0 10px; overflow-wrap: anywhere; }
p { margin: 0 0 14px; max-width: 76ch; }
a { color: var(--inject); }
code, pre { font: 0.875em/1.55 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
code { overflow-wrap: anywhere; }
:is(p, li, h1) > code { background: var(--quiet-tint); padding: 1px 5px; border-radius: 4px; }
pre { background: var(--quiet-tint); border-radius: 8px; padding: 12px 14px; margin: 6px 0 16px; white-space: pre-wrap; overflow-wrap: anywhere; }
.eyebrow, .note { color: var(--muted); font-size: 0.875rem; }
.eyebrow { margin: 0; }
.findings { margin: 0; padding: 0 0 0 1.1em; max-width: 80ch; }
.findings li { margin: 0 0 6px; }
.findings li::marker { color: var(--muted); }
.badges { display: flex; flex-wrap: wrap; gap: 8px; margin: 20px 0 0; padding: 0; list-style: none; }
.badge { display: inline-block; white-space: nowrap; border-radius: 99px; padding: 1px 10px; font-size: 0.8125rem; font-weight: 600; background: var(--quiet-tint); color: var(--muted); }
.badge.expected { background: var(--good-tint); color: var(--good); }
.badge.contradicts, .badge.failed { background: var(--bad-tint); color: var(--bad); }
.badge.failed { outline: 1px dashed var(--bad); }
.badge.inconclusive, .badge.interrupted, .badge.missing, .badge.mixed, .badge.one-core, .badge.noisy, .badge.overloaded, .badge.understated, .badge.misjudged, .badge.uncertain, .badge.moved, .badge.capped { background: var(--doubt-tint); color: var(--doubt); }
.badges a { text-decoration: none; }
.alerts { margin: 20px 0 0; padding: 0; list-style: none; display: grid; gap: 10px; }
.alerts > li { border-left: 4px solid var(--doubt); background: var(--doubt-tint); border-radius: 0 8px 8px 0; padding: 12px 16px; min-width: 0; overflow-wrap: anywhere; }
.alerts > li.failed, .alerts > li.contradicts { border-color: var(--bad); background: var(--bad-tint); }
.alerts > li.skipped { border-color: var(--muted); background: var(--quiet-tint); }
.alerts pre { background: var(--surface); margin: 8px 0 0; }
.panel { background: var(--surface); border: 1px solid var(--rule); border-radius: 12px; padding: 18px 20px; margin: 14px 0; }
.panel.scroll { padding: 10px 12px; }
.scroll { position: relative; overflow-x: auto; background: linear-gradient(to left, var(--surface) 40%, transparent) right / 48px 100% no-repeat local, linear-gradient(to left, color-mix(in srgb, var(--ink) 22%, transparent), transparent) right / 16px 100% no-repeat scroll, var(--surface); }
table { border-collapse: collapse; width: 100%; font-size: 0.875rem; line-height: 1.35; font-variant-numeric: tabular-nums; }
th, td { padding: 9px 6px; text-align: right; vertical-align: baseline; border-bottom: 1px solid var(--rule); white-space: nowrap; }
tbody tr:last-child > * { border-bottom: 0; }
thead th { color: var(--muted); font-weight: 500; vertical-align: bottom; white-space: normal; min-width: 4.6em; }
th:first-child, .left { text-align: left; }
td:is(.badged, .several) { white-space: normal; }
tbody th { font-weight: 600; }
table.wide tbody th { white-space: normal; min-width: 9em; }
table.heat tbody th { min-width: 7.5em; }
table.heat td { white-space: normal; }
table.heat td :is(span, .badge) { white-space: nowrap; }
table.heat.dense td .badge [aria-hidden] { display: none; }
table.heat td small.long span { white-space: normal; -webkit-box-decoration-break: clone; box-decoration-break: clone; }
table.dense { font-size: 0.8125rem; }
table.dense :is(th, td) { padding: 8px 3px; }
table.dense thead th { min-width: 3.6em; font-size: 0.75rem; }
table.dense tbody th { min-width: 7em; }
table.dense td.left { white-space: normal; }
table.dense td.words { min-width: 8em; }
table.dense td small { font-size: 0.6875rem; }
table.dense .void > span { padding: 0 3px; font-size: 0.75rem; }
table.dense td small.words { min-width: 8em; }
table.dense td .badge { font-size: 0.625rem; letter-spacing: -0.02em; padding: 0 2px; }
table.wide th:first-child { position: sticky; left: 0; background: var(--surface); }
td small, tbody th small { display: block; font-weight: 400; color: var(--muted); font-size: 0.75rem; }
td.words { white-space: normal; text-align: left; color: var(--muted); min-width: 11em; }
tr.failed > * { background: var(--bad-tint) !important; }
table.heat :is(th, td):not(:first-child) { text-align: center; }
td.shaded { background: color-mix(in srgb, var(--reset) var(--heat), transparent); }
td.shaded small { color: inherit; }
td.void { background: repeating-linear-gradient(135deg, transparent 0 5px, var(--rule) 5px 6px); }
.void > span { background: var(--surface); padding: 0 6px; border-radius: 4px; }
td small.words { white-space: normal; min-width: 10em; }
.void small { margin-top: 2px; }
td :is(.badge) { padding: 0 7px; font-size: 0.75rem; }
table.heat .more > span { background: var(--surface); color: var(--case4); font-weight: 600; border-radius: 4px; padding: 0 5px; }
.multiples + .note { margin-top: 22px; }
table.heat td .badge { margin-top: 3px; }
.mark { color: var(--good); font-weight: 600; }
td.shaded .mark { color: inherit; opacity: 0.75; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
thead code { overflow-wrap: normal; font-size: 0.8125em; }
svg { display: block; width: 100%; height: auto; }
svg text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, sans-serif !important; font-size: 11px; dominant-baseline: central; font-variant-numeric: tabular-nums; }
.spots path { fill: transparent; }
.spots path:hover { fill: color-mix(in srgb, var(--ink) 10%, transparent); }
.plot { min-width: 600px; max-width: 980px; }
.multiples { display: grid; grid-template-columns: repeat(auto-fill, minmax(246px, 1fr)); gap: 14px; margin: 14px 0 0; }
.multiples.two { grid-template-columns: repeat(auto-fill, minmax(min(460px, 100%), 1fr)); }
.multiples figure { margin: 0; padding: 12px 14px 8px; background: var(--surface); border: 1px solid var(--rule); border-radius: 12px; }
.multiples figcaption { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 8px; font-size: 0.875rem; margin-bottom: 4px; }
.multiples figcaption strong { white-space: nowrap; }
.multiples figcaption span { color: var(--muted); font-variant-numeric: tabular-nums; white-space: nowrap; }
.multiples .nothing { display: grid; place-items: center; height: 7em; margin: 0; text-align: center; color: var(--muted); font-size: 0.875rem; }
.multiples .failed { border: 1px dashed var(--bad); background: var(--bad-tint); }
.multiples .failed .nothing { color: var(--bad); }
.legend { display: flex; flex-wrap: wrap; gap: 4px 22px; margin: 0 0 10px; color: var(--muted); font-size: 0.8125rem; }
.legend span::before { content: ""; display: inline-block; margin-right: 7px; vertical-align: -1px; width: 11px; height: 11px; }
.legend .strict::before { background: var(--reset); border-radius: 2px; width: 18px; }
.legend .reply::before { background: var(--reply); border-radius: 2px; width: 18px; }
.legend .unexplained::before { background: var(--muted); border-radius: 2px; width: 18px; }
.legend .interval::before { width: 18px; height: 9px; border: solid var(--ink); border-width: 0 1.5px; background: linear-gradient(var(--ink), var(--ink)) center / 100% 1.5px no-repeat; }
.legend .inject::before { background: var(--inject); border-radius: 2px; width: 18px; height: 9px; }
.legend .hid::before { border: 1.5px solid var(--inject); border-radius: 2px; width: 18px; height: 9px; }
.legend .line::before { background: var(--line); width: 18px; height: 3px; vertical-align: 4px; }
.legend .dashed::before { border-top: 1.5px dashed var(--muted); width: 20px; height: 0; vertical-align: 4px; }
.legend .full::before { background: var(--muted); border-radius: 50%; width: 8px; height: 8px; vertical-align: 1px; }
.legend .hollow::before { border: 1.5px solid var(--muted); border-radius: 50%; width: 8px; height: 8px; vertical-align: 1px; }
.multiples.map figcaption { font-size: 0.75rem; }
.multiples.map { grid-template-columns: repeat(auto-fill, minmax(max(230px, calc(100% / var(--columns) - 14px)), 1fr)); }
.zeros { color: var(--muted); font-size: 0.875rem; margin: 14px 0 0; padding: 0 0 0 1.1em; }
th small { display: block; font-weight: 400; font-size: 0.75rem; }
table.heat :is(td.words, th.left) { text-align: left !important; }
table.heat td.words { min-width: 9em; }
:is(.alerts, .findings) + .findings { margin-top: 18px; }
table.heat td > span:first-child { font-weight: 600; }
details { background: var(--surface); border: 1px solid var(--rule); border-radius: 10px; margin: 8px 0; padding: 0 18px; }
details details { background: var(--page); }
section > h3 ~ h3, details.kernel > h3 { margin-top: 40px; font-size: 1.1rem; }
details[open] { padding-bottom: 10px; }
summary { cursor: pointer; padding: 11px 0; display: flex; flex-wrap: wrap; gap: 6px 12px; align-items: baseline; }
summary::before { content: "+"; color: var(--muted); font-weight: 600; width: 0.8em; }
details[open] > summary::before { content: "−"; }
summary::-webkit-details-marker { display: none; }
summary span:last-child { margin-left: auto; color: var(--muted); font-size: 0.875rem; font-variant-numeric: tabular-nums; }
dl { display: grid; grid-template-columns: minmax(7em, max-content) 1fr; gap: 6px 20px; font-size: 0.875rem; margin: 8px 0 16px; }
dt { color: var(--muted); }
dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 640px) {
  main { padding: 28px 14px 64px; }
  h2 { margin-top: 52px; }
  .panel { padding: 12px; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: 8px; }
}
@media print {
  :root { --page: #fff; }
  body { font-size: 11pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  main { max-width: none; padding: 0; }
  h2, h3 { break-after: avoid; }
  figure, tr, .alerts > li { break-inside: avoid; }
  .plot { min-width: 0; }
  table { font-size: 7.5pt; }
  th, td { padding: 4px 5px; }
  .scroll { overflow: visible; }
}
`
