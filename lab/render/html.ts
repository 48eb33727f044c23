import { isMeasured, type Result, VERDICTS } from '../measure/result.ts'
import { answer, headline, type Words } from './answer.ts'
import { type Column, columns } from './columns.ts'
import {
  accounts,
  conspicuous,
  FILES,
  type Grid,
  HOW_TO_READ,
  kernelFacts,
  runNames,
  runs,
  script,
  threeCounts,
} from './details.ts'
import { again, bins, perReload, shell, whole } from './format.ts'
import { type Cell, type Group, groups } from './groups.ts'
import { Html, html, marked } from './markup.ts'
import { comparisonPlot, farthest, latencyPlot, niceTop, reloadsPlot } from './plots.ts'
import { STYLE } from './style.ts'

const SIGNS = { expected: '✓', contradicts: '≠', inconclusive: '?', failed: '✕', skipped: '–', interrupted: '…' }

/** A verdict by sign and word, not by colour alone. */
const badge = (verdict: keyof typeof SIGNS, text: string = verdict) =>
  html`<span class="badge ${verdict}"><span aria-hidden="true">${SIGNS[verdict]} </span>${text}</span>`

const grid = ({ head, rows }: Grid) => html`<div class="panel scroll"><table class="wide">
<thead><tr>${head.map((text) => html`<th scope="col">${text}</th>`)}</tr></thead>
<tbody>${rows.map(([name, ...rest]) => html`<tr><th scope="row"><code>${name}</code></th>${rest.map((text) => html`<td>${text}</td>`)}</tr>\n`)}</tbody>
</table></div>`

/** A heading for each group when there are several; a single one needs none. */
const titled = (all: Group[], group: Group) => all.length > 1 && html`<h3>${group.title}</h3>`

const findings = (words: Words[]) =>
  html`<ul class="findings">${words.map((sentence) => html`<li>${marked(sentence)}</li>\n`)}</ul>`

function header(result: Result, all: Group[], labels: string[] | undefined) {
  const said = answer(result, labels)
  const cells = all.flatMap((group) => group.cells)
  const several = runNames(labels)
  const facts = [
    several ? `comparison of ${several}` : `run ${result.name}`,
    result.started.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC'),
    `${whole(result.seconds)} s`,
    `hitless ${result.lab.version}${result.lab.commit ? ` (${result.lab.commit})` : ''}`,
  ]
  const badges = VERDICTS.map((verdict) => [verdict, cells.filter((cell) => cell.verdict === verdict).length] as const)
  return html`<header>
<p class="eyebrow">${facts.join(' · ')}</p>
<h1>${marked(headline(result, labels))}</h1>
${said.whole.length > 0 && findings(said.whole)}
${said.each.map(({ title, words }) => html`<h3>${title}</h3>${findings(words)}`)}
<ul class="badges">${result.interrupted && html`<li>${badge('interrupted')}</li>`}${badges.map(
    ([verdict, count]) => count > 0 && html`<li>${badge(verdict, `${count} ${verdict}`)}</li>`,
  )}${result.skipped.length > 0 && html`<li>${badge('skipped', `${result.skipped.length} skipped`)}</li>`}</ul>
</header>`
}

function alerts(result: Result, all: Group[]) {
  const seen = conspicuous(all)
  if (seen.length + result.skipped.length === 0 && !result.interrupted) return ''
  return html`<ul class="alerts" aria-label="What is not as expected">
${result.interrupted && html`<li>${badge('interrupted')} Only the cells that had ended by then are here.</li>`}
${seen.map(
  ({
    group,
    cell,
  }) => html`<li class="${cell.verdict}">${badge(cell.verdict)} <strong>${cell.case}</strong>${all.length > 1 && ` on ${group.title}`}: ${cell.reason}
${!isMeasured(cell) && cell.consoleTail.length > 0 && html`<pre>${cell.consoleTail.join('\n')}</pre>`}</li>\n`,
)}
${result.skipped.map(({ kernel, case: name, reason }) => html`<li class="skipped">${badge('skipped')} <strong>${name}</strong> on ${kernel}: ${reason}</li>\n`)}
</ul>`
}

function summary(all: Group[], group: Group, shown: Column[]) {
  const row = (cell: Cell) =>
    html`<tr class="${cell.verdict}"><th scope="row"><code>${cell.case}</code></th><td class="left">${badge(cell.verdict)}</td>${
      isMeasured(cell)
        ? shown.map(({ text }) => {
            const [main, detail] = text(cell, group)
            return html`<td>${main}${detail && html`<small>${detail}</small>`}</td>`
          })
        : html`<td class="words" colspan="${shown.length}">no numbers: ${cell.reason}</td>`
    }</tr>\n`
  const heads = shown.map(({ head, about }) => html`<th scope="col" title="${about}">${head}</th>`)
  return html`${titled(all, group)}<p class="note">${group.conditions}.</p>
<div class="panel scroll"><table class="wide">
<thead><tr><th scope="col">Case</th><th scope="col" class="left">Verdict</th>${heads}</tr></thead>
<tbody>${group.cells.map(row)}${group.skipped.map(
    ({ case: name, reason }) =>
      html`<tr><th scope="row"><code>${name}</code></th><td class="left">${badge('skipped')}</td><td class="words" colspan="${shown.length}">${reason}</td></tr>\n`,
  )}</tbody>
</table></div>`
}

/** Resets a reload by kernel and case, shaded by the root of the number so that small ones still show. */
function heatMap(all: Group[]) {
  const cases = [...new Set(all.flatMap(({ cells }) => cells.map((cell) => cell.case)))]
  const means = all.flatMap(({ cells }) => cells.filter(isMeasured).map((cell) => cell.resetsPerReload.mean))
  const most = Math.max(...means, Number.MIN_VALUE)
  const field = (cell: Cell | undefined) => {
    if (!cell) return html`<td class="void"><span>not run</span></td>`
    if (!isMeasured(cell)) return html`<td class="void">${badge('failed')}</td>`
    const [main, detail] = perReload(cell)
    const heat = Math.round(55 * Math.sqrt(cell.resetsPerReload.mean / most))
    return cell.verdict === 'inconclusive'
      ? html`<td class="void">${badge('inconclusive')}<small><span>${main} · ${detail}</span></small></td>`
      : html`<td class="shaded" style="--heat:${heat}%">${main}<small>${detail}</small></td>`
  }
  return html`<section><h2>Kernels and cases</h2>
<p class="note">Resets a reload: the darker, the more.</p>
<div class="panel scroll"><table class="wide heat">
<thead><tr><th scope="col">Kernel</th>${cases.map((name) => html`<th scope="col"><code>${name}</code></th>`)}</tr></thead>
<tbody>${all.map((group) => html`<tr><th scope="row">${group.title}</th>${cases.map((name) => field(group.cells.find((cell) => cell.case === name)))}</tr>\n`)}</tbody>
</table></div></section>`
}

async function reloads(all: Group[], group: Group) {
  const reloaded = group.cells.filter((cell) => !isMeasured(cell) || cell.reloads > 0)
  const means = all.flatMap(({ cells }) =>
    cells.filter(isMeasured).flatMap((cell) => bins(cell.resetsByReload, 90).means),
  )
  const top = niceTop(Math.max(...means, 1))
  const figures: Html[] = []
  for (const cell of reloaded) {
    const measured = isMeasured(cell)
    const [mean, detail] = measured ? perReload(cell) : ['', 'no number']
    const doubt = cell.verdict === 'inconclusive' || cell.verdict === 'contradicts'
    figures.push(html`<figure class="${cell.verdict}"><figcaption><strong>${cell.case}</strong>${doubt && badge(cell.verdict)}<span>${mean} ${mean && detail && '·'} ${detail}</span></figcaption>
${measured ? await reloadsPlot(cell, top) : html`<p class="nothing">${badge('failed')}</p>`}</figure>\n`)
  }
  return html`${titled(all, group)}<div class="multiples">${figures}</div>`
}

async function comparison(all: Group[], group: Group) {
  const measured = all.flatMap(({ cells }) => cells.filter(isMeasured))
  const end = Math.max(...measured.map(farthest), 0.1)
  const title = `Resets a reload by case, ${group.title}`
  return html`${titled(all, group)}<div class="panel scroll"><div class="plot">${await comparisonPlot(group.cells, end, title)}</div></div>`
}

async function latency(result: Result, all: Group[], group: Group) {
  const cells = group.cells.filter(isMeasured).filter(({ latencyCurve }) => latencyCurve.length > 0)
  if (cells.length === 0) return ''
  const plot = await latencyPlot(
    cells,
    ({ case: name }) => result.cases.findIndex((facts) => facts.name === name),
    `Latency by case, ${group.title}`,
  )
  return html`${titled(all, group)}<div class="panel scroll"><div class="plot">${plot}</div></div>`
}

function cellDetails(result: Result, group: Group, cell: Cell, several: boolean) {
  const facts = result.cases.find(({ name }) => name === cell.case)
  const commands = script(facts?.commands ?? {})
  const href = (file: string) => `./${[...cell.folder.split('/'), file].map(encodeURIComponent).join('/')}`
  return html`<details><summary><code>${cell.case}</code>${badge(cell.verdict)}<span>${several && group.title} ${isMeasured(cell) && perReload(cell).join(' · ')}</span></summary>
<dl><dt>Verdict</dt><dd>${cell.reason}</dd>
${facts && html`<dt>Idea</dt><dd>${facts.title}. ${facts.idea}</dd><dt>Source</dt><dd>${facts.source}</dd>`}
${facts && facts.drawbacks.length > 0 && html`<dt>Price</dt><dd>${facts.drawbacks.join(' ')}</dd>`}
<dt>Saved</dt><dd>${FILES.map((file) => html`<a href="${href(file)}">${file}</a> `)}</dd></dl>
${commands && html`<p class="note">Commands of the case</p><pre>${commands}</pre>`}
<p class="note">Command that started the guest</p><pre>${shell(cell.command)}</pre>
</details>\n`
}

/** `draw`, one after the other: a drawing is short, and many at once would only wait for each other. */
async function inTurn<T>(items: T[], draw: (item: T) => Promise<Html | ''>) {
  const drawn: (Html | '')[] = []
  for (const item of items) drawn.push(await draw(item))
  return drawn
}

/**
 * report.html: one page that needs nothing else, neither script nor network.
 *
 * @param labels the name of each cell's run, in the order of `result.cells`, when they come from several
 */
export async function renderHtml(result: Result, labels?: string[]): Promise<string> {
  const all = groups(result, labels)
  const shown = columns(all)
  const { kernel, cpu, cpus, qemu } = result.host
  const title = headline(result, labels).replaceAll('`', '')
  const several = all.length > 1
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · hitless</title>
<style>${new Html(STYLE)}</style>
</head>
<body><main>
${header(result, all, labels)}
${alerts(result, all)}
${several && heatMap(all)}
<section><h2>Summary</h2>${all.map((group) => summary(all, group, shown))}</section>
<section><h2>Strict count and the article’s</h2>
<p class="note">The bar is what was lost; the diamond is what the article’s tool would have shown of it. One scale for all.</p>
<p class="legend"><span class="strict">resets a reload, strict</span><span class="interval">95 % interval</span><span class="inject">errs a reload that inject would print</span></p>
${await inTurn(all, (group) => comparison(all, group))}</section>
<section><h2>Resets by reload</h2>
<p class="note">A column a reload, from the first to the last; one scale for all.</p>
${await inTurn(all, (group) => reloads(all, group))}</section>
<section><h2>Latency</h2>
<p class="note">Each step to the right leaves out nine tenths of the connections that were left; the slowest of all is in the summary.</p>
${await inTurn(all, (group) => latency(result, all, group))}</section>
<section><h2>Two accounts</h2>
<p class="note">Strict: every connection ends in one way, and the ways sum up. inject’s: what the article’s tool would have printed.</p>
${all.map((group) => html`${titled(all, group)}${grid(accounts(group))}`)}</section>
<section><h2>Three counts</h2>
<p class="note">The generator’s, the packets seen on the wire, and the kernel’s counter must come to the same.</p>
${all.map((group) => html`${titled(all, group)}${grid(threeCounts(group))}`)}</section>
<section><h2>How it was run</h2>
${all.map(
  (group) =>
    html`${titled(all, group)}<dl>${kernelFacts(group).map(([term, fact]) => html`<dt>${term}</dt><dd><code>${fact}</code></dd>`)}<dt>load</dt><dd>${group.conditions}</dd>${
      labels === undefined && html`<dt>host</dt><dd>Linux ${kernel}, ${cpus} × ${cpu}${qemu && `, ${qemu}`}</dd>`
    }</dl>${grid(runs(group))}`,
)}
<h3>Again</h3><pre>${again(result.argv)}</pre></section>
<section><h2>Cells</h2>${all.map((group) => group.cells.map((cell) => cellDetails(result, group, cell, several)))}</section>
<section><h2>How to read it</h2>${HOW_TO_READ.map((words) => html`<p>${marked(words)}</p>\n`)}</section>
</main></body>
</html>
`.text
}
