import { isMeasured, type Result } from '../../model/result.ts'
import type { Column } from '../facts/columns.ts'
import {
  accounts,
  causes,
  disagreeing,
  evidence,
  FILES,
  loading,
  runs,
  script,
  threeCounts,
  together,
} from '../facts/details.ts'
import { bins, counted, perReload, shell, whole } from '../facts/format.ts'
import { type Cell, described, type Group } from '../facts/groups.ts'
import { type KernelRow, kernelOf, kernelTerms } from '../facts/kernels.ts'
import { badge, badges, flagged, grid, hrefOf, terms } from './badges.ts'
import { Html, html } from './markup.ts'
import { latencyPlot } from './plots/latency.ts'
import { comparisonPlot, farthest, niceTop, reloadsPlot } from './plots/resets.ts'

/** A part of the report that says something of each group on its own. */
export interface Section {
  title: string
  note?: Html
  body: (group: Group) => Promise<Html | ''> | Html | '' | false
}

/** What a report says of each group: with several of them either section by section or group by group. */
export const sections = (result: Result, all: Group[], shown: Column[], kernels: KernelRow[]): Section[] => [
  { title: 'Summary', body: (group) => summary([group], shown) },
  {
    title: 'Load and boots',
    note: html`<p class="note">What limited the load: the rate that was asked for, a CPU, or the clients, who waited. In flight: connections begun and not ended at the reloads; held: those of them that the server’s side had. Capped: reloads within one of users − maxaccept.</p>`,
    body: (group) => grid(loading(group)),
  },
  {
    title: 'Strict count and the article’s',
    note: html`<p class="note">Above, what was reset, by cause; below, the same resets as the article’s tool would have told them: as errs, or hidden among its hits. One scale for each load.</p>
<p class="legend"><span class="strict">accept queue, completing</span><span class="reply">SYN_RECV, closed by the proxy</span><span class="unexplained">unexplained</span><span class="interval">95 % interval</span><span class="inject">errs that inject would print</span><span class="hid">resets that it hides</span></p>`,
    body: (group) => comparison(all, group),
  },
  {
    title: 'Resets by reload',
    note: html`<p class="note">A column a reload, from the first to the last; a dashed line where a boot ends. One scale for each load.</p>
<p class="legend"><span class="strict">RST of a socket’s own accord</span><span class="reply">RST in reply to a segment</span></p>`,
    body: (group) => reloads(all, group),
  },
  {
    title: 'Latency',
    note: html`<p class="note">Of connections that began while reloads were made; those that timed out are as slow as they waited. Each step to the right leaves out nine tenths of those that were left. ~: noisy or overloaded.</p>`,
    body: (group) =>
      group.priced ? latency(result, group) : html`<p class="note">As all of the price: told of the load half.</p>`,
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
  { title: 'How it was run', body: (group) => conditions(group, kernelOf(kernels, group)) },
  { title: 'Cells', body: (group) => html`${group.cells.map((cell) => cellDetails(cell))}${commandOf(group)}` },
]

/**
 * What a report says of so many cells that nobody reads each: a row each in tables over all groups. Charts of single
 * cells are left out, and the counts of those that agree.
 */
export function bigSections(all: Group[], shown: Column[]): Section[] {
  const cells = all.flatMap((group) => group.cells).filter(isMeasured)
  const wrong = disagreeing(all)
  return [
    { title: 'Summary', body: () => summary(all, shown) },
    { title: 'Load and boots', body: () => grid(together(all, loading)) },
    { title: 'What reset them', body: () => grid(causes(all)) },
    {
      title: 'Three counts',
      note: html`<p class="note">The generator’s, the packets seen on the wire, and the kernel’s counter agree in ${whole(cells.length - wrong.flatMap((group) => group.cells).length)} of ${counted(cells.length, 'cell')} that were measured.</p>`,
      body: () => wrong.length > 0 && grid(together(wrong, threeCounts)),
    },
  ]
}

/** With several groups the second column says which. */
function summary(all: Group[], shown: Column[]) {
  const several = all.length > 1
  const where = (group: Group) => several && html`<td class="left">${group.label}</td>`
  const row = (cell: Cell, group: Group) =>
    html`<tr class="${cell.verdict}"><th scope="row"><code>${cell.case}</code></th>${where(group)}<td class="left verdict">${badges(cell)}</td>${
      isMeasured(cell)
        ? shown.map(({ text }) => {
            const [main, detail] = text(cell, group)
            const long = detail && detail.length > 20
            return html`<td>${main}${detail && html`<small${long && new Html(' class="words"')}>${detail}</small>`}</td>`
          })
        : html`<td class="words" colspan="${shown.length}">no numbers: ${cell.reason}</td>`
    }</tr>\n`
  const heads = shown.map(({ head, about }) => html`<th scope="col" title="${about}">${head}</th>`)
  const skipped = ({ skipped }: Group) =>
    skipped.map(
      ({ case: name, reason }) =>
        html`<tr><th scope="row"><code>${name}</code></th><td class="left">${badge('skipped')}</td><td class="words" colspan="${shown.length}">${reason}</td></tr>\n`,
    )
  return html`${!several && html`<p class="note">${described(all[0]!)}.</p>\n`}<div class="panel scroll"><table class="wide">
<thead><tr><th scope="col">Case</th>${several && html`<th scope="col" class="left">Where</th>`}<th scope="col" class="left">Verdict</th>${heads}</tr></thead>
<tbody>${all.map((group) => group.cells.map((cell) => row(cell, group)))}${!several && all.map(skipped)}</tbody>
</table></div>`
}

/** The groups whose charts have one scale with those of a group: those under the same load. */
const sameLoad = (all: Group[], group: Group) => all.filter(({ load }) => load.name === group.load.name)

async function reloads(all: Group[], group: Group) {
  const reloaded = group.cells.filter((cell) => !isMeasured(cell) || cell.reloads > 0)
  // What reset none has a line of words instead of an empty chart.
  const still = reloaded.filter(isMeasured).filter(({ resets }) => resets === 0)
  const means = sameLoad(all, group).flatMap(({ cells }) =>
    cells.filter(isMeasured).flatMap((cell) => bins(cell.resetsByReload, 90).means),
  )
  const top = niceTop(Math.max(...means, 1))
  const figures: Html[] = []
  for (const cell of reloaded) {
    const measured = isMeasured(cell)
    if (measured && cell.resets === 0) continue
    const doubt = cell.verdict === 'inconclusive' || cell.verdict === 'contradicts'
    figures.push(html`<figure class="${cell.verdict}"><figcaption><strong>${cell.case}</strong>${doubt && badge(cell.verdict)}${flagged(cell)}<span>${measured ? perReload(cell)[0] : 'no number'}</span></figcaption>
${measured ? await reloadsPlot(cell, top) : html`<p class="nothing">${badge('failed')}</p>`}</figure>\n`)
  }
  return html`${figures.length > 0 && html`<div class="multiples">${figures}</div>`}${
    still.length > 0 &&
    html`<ul class="zeros">${still.map((cell) => html`<li><code>${cell.case}</code> ${perReload(cell).join(' ')}${cell.verdict !== 'expected' && html` ${badge(cell.verdict)}`}${flagged(cell)}</li>`)}</ul>`
  }`
}

async function comparison(all: Group[], group: Group) {
  const measured = sameLoad(all, group).flatMap(({ cells }) => cells.filter(isMeasured))
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

const cellDetails = (cell: Cell) =>
  html`<details><summary><code>${cell.case}</code>${badges(cell)}<span>${isMeasured(cell) && perReload(cell).join(' · ')}</span></summary>
<dl><dt>Verdict</dt><dd>${cell.reason}</dd>
<dt>Saved</dt><dd>${cell.eachBoot.map(({ folder }) => html`${folder}: ${FILES.map((file) => html`<a href="${hrefOf(cell.folder, folder, file)}">${file}</a> `)}<br>`)}</dd></dl>
</details>\n`

/** The commands of the guests of a group differ in their folders alone: each is saved, and one is shown. */
function commandOf({ cells }: Group) {
  const boot = cells.flatMap(({ eachBoot }) => eachBoot)[0]
  return (
    boot &&
    html`<details><summary>Command that started the first guest<span>of each: command.txt</span></summary><pre>${shell(boot.command)}</pre></details>`
  )
}

/** What each case does, once for all of its cells. */
export const casesSection = ({ cases, cells }: Result) => {
  const met = cases.filter(({ name }) => cells.some((cell) => cell.case === name))
  return (
    met.length > 0 &&
    html`<section><h2>Cases</h2>${met.map((facts) => {
      const commands = script(facts.commands)
      return html`<details class="case"><summary><code>${facts.name}</code> ${facts.title}</summary>
<dl><dt>Idea</dt><dd>${facts.idea}</dd><dt>Source</dt><dd>${facts.source}</dd>
${facts.drawbacks.length > 0 && html`<dt>Price</dt><dd>${facts.drawbacks.join(' ')}</dd>`}</dl>
${commands && html`<pre>${commands}</pre>`}</details>\n`
    })}</section>`
  )
}
