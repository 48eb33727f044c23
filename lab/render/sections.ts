import { isMeasured, type Result } from '../measure/result.ts'
import type { Column } from './columns.ts'
import { accounts, evidence, FILES, runs, script, threeCounts } from './details.ts'
import { type KernelRow, kernelTerms } from './facts.ts'
import { bins, perReload, shell } from './format.ts'
import { type Cell, described, type Group } from './groups.ts'
import { Html, html } from './markup.ts'
import { latencyPlot } from './percentiles.ts'
import { badge, badges, flagged, grid, hrefOf, terms } from './pieces.ts'
import { comparisonPlot, farthest, niceTop, reloadsPlot } from './plots.ts'

/** A part of the report that says something of each group on its own. */
export interface Section {
  title: string
  note?: Html
  body: (group: Group) => Promise<Html | ''> | Html | ''
}

/** What a report says of each group: with several of them either section by section or group by group. */
export const sections = (result: Result, all: Group[], shown: Column[], kernels: KernelRow[]): Section[] => [
  { title: 'Summary', body: (group) => summary(group, shown) },
  {
    title: 'Strict count and the article’s',
    note: html`<p class="note">The bar is what was reset, by cause; the diamond is what the article’s tool would have shown of it. One scale for all.</p>
<p class="legend"><span class="strict">accept queue, completing</span><span class="reply">SYN_RECV</span><span class="unexplained">unexplained</span><span class="interval">95 % interval</span><span class="inject">of them, errs that inject would print</span></p>`,
    body: (group) => comparison(all, group),
  },
  {
    title: 'Resets by reload',
    note: html`<p class="note">A column a reload, from the first to the last; one scale for all.</p>
<p class="legend"><span class="strict">RST of a socket’s own accord</span><span class="reply">RST in reply to a segment</span></p>`,
    body: (group) => reloads(all, group),
  },
  {
    title: 'Latency',
    note: html`<p class="note">Of connections that began while reloads were made; those that timed out are as slow as they waited. Each step to the right leaves out nine tenths of those that were left. ~: noisy or overloaded.</p>`,
    body: (group) => latency(result, group),
  },
  {
    title: 'Two accounts',
    note: html`<p class="note">Strict: every connection ends in one way, and the ways sum up. inject’s: what the article’s tool would have printed.</p>`,
    body: (group) => grid(accounts(group)),
  },
  {
    title: 'Three counts',
    note: html`<p class="note">The generator’s, the packets seen on the wire, and the kernel’s counter, each without the others, must come to the same.</p>`,
    body: (group) => grid(threeCounts(group)),
  },
  {
    title: 'Exposure and proof',
    note: html`<p class="note">Whether reloads met connections, and whether the case did anything.</p>`,
    body: (group) => grid(evidence(group, result.cases)),
  },
  { title: 'How it was run', body: (group) => conditions(group, kernels[all.indexOf(group)]!) },
  { title: 'Cells', body: (group) => html`${group.cells.map((cell) => cellDetails(result, cell))}` },
]

function summary(group: Group, shown: Column[]) {
  const row = (cell: Cell) =>
    html`<tr class="${cell.verdict}"><th scope="row"><code>${cell.case}</code></th><td class="left verdict">${badges(cell)}</td>${
      isMeasured(cell)
        ? shown.map(({ text }) => {
            const [main, detail] = text(cell, group)
            const long = detail && detail.length > 20
            return html`<td>${main}${detail && html`<small${long && new Html(' class="words"')}>${detail}</small>`}</td>`
          })
        : html`<td class="words" colspan="${shown.length}">no numbers: ${cell.reason}</td>`
    }</tr>\n`
  const heads = shown.map(({ head, about }) => html`<th scope="col" title="${about}">${head}</th>`)
  return html`<p class="note">${described(group)}.</p>
<div class="panel scroll"><table class="wide">
<thead><tr><th scope="col">Case</th><th scope="col" class="left">Verdict</th>${heads}</tr></thead>
<tbody>${group.cells.map(row)}${group.skipped.map(
    ({ case: name, reason }) =>
      html`<tr><th scope="row"><code>${name}</code></th><td class="left">${badge('skipped')}</td><td class="words" colspan="${shown.length}">${reason}</td></tr>\n`,
  )}</tbody>
</table></div>`
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
    // A zero has its words in the picture.
    const words = !measured ? 'no number' : cell.resets > 0 ? perReload(cell)[0] : ''
    const doubt = cell.verdict === 'inconclusive' || cell.verdict === 'contradicts'
    figures.push(html`<figure class="${cell.verdict}"><figcaption><strong>${cell.case}</strong>${doubt && badge(cell.verdict)}${flagged(cell)}<span>${words}</span></figcaption>
${measured ? await reloadsPlot(cell, top) : html`<p class="nothing">${badge('failed')}</p>`}</figure>\n`)
  }
  return html`<div class="multiples">${figures}</div>`
}

async function comparison(all: Group[], group: Group) {
  const measured = all.flatMap(({ cells }) => cells.filter(isMeasured))
  const end = Math.max(...measured.map(farthest), 0.1)
  const title = `Resets a reload by case, ${group.title}`
  return html`<div class="panel scroll"><div class="plot">${await comparisonPlot(group.cells, end, title)}</div></div>`
}

async function latency(result: Result, group: Group) {
  const cells = group.cells.filter(isMeasured).filter(({ latencyCurve }) => latencyCurve.length > 0)
  if (cells.length === 0) return ''
  const plot = await latencyPlot(
    cells,
    ({ case: name }) => result.cases.findIndex((facts) => facts.name === name),
    `Latency by case, ${group.title}`,
  )
  return html`<div class="panel scroll"><div class="plot">${plot}</div></div>`
}

const conditions = (group: Group, kernel: KernelRow) =>
  html`${terms([
    ...kernelTerms(kernel).map(([term, fact]): [string, Html] => [term, html`<code>${fact}</code>`]),
    ['load', described(group)],
  ])}${grid(runs(group))}`

function cellDetails(result: Result, cell: Cell) {
  const facts = result.cases.find(({ name }) => name === cell.case)
  const commands = script(facts?.commands ?? {})
  return html`<details><summary><code>${cell.case}</code>${badges(cell)}<span>${isMeasured(cell) && perReload(cell).join(' · ')}</span></summary>
<dl><dt>Verdict</dt><dd>${cell.reason}</dd>
${facts && html`<dt>Idea</dt><dd>${facts.title}. ${facts.idea}</dd><dt>Source</dt><dd>${facts.source}</dd>`}
${facts && facts.drawbacks.length > 0 && html`<dt>Price</dt><dd>${facts.drawbacks.join(' ')}</dd>`}
<dt>Saved</dt><dd>${cell.eachBoot.map(({ folder }) => html`${folder}: ${FILES.map((file) => html`<a href="${hrefOf(cell.folder, `${folder}/${file}`)}">${file}</a> `)}<br>`)}</dd></dl>
${commands && html`<p class="note">Commands of the case</p><pre>${commands}</pre>`}
<p class="note">Command that started the guest</p><pre>${shell(cell.eachBoot[0]?.command ?? [])}</pre>
</details>\n`
}
