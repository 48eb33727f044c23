import { isMeasured, type Result, type ResultCell } from '../../model/result.ts'
import { shell } from '../../model/text/command.ts'
import { casesRun, caseTitle, clientWords, networkText, scriptOf } from '../facts/cells/cases.ts'
import { bins, perReload } from '../facts/cells/numbers.ts'
import { described, type Group } from '../facts/groups/groups.ts'
import { addressOf } from '../facts/remarks.ts'
import { GROUP_SECTIONS } from '../tables/sections.ts'
import { SUMS_NOTE, summaryTable } from '../tables/summary.ts'
import { type Html, html } from './markup.ts'
import { accountsPlot, farthest } from './plots/accounts.ts'
import { inTurn } from './plots/draw.ts'
import { latencyPlot } from './plots/latency.ts'
import { COLUMNS, niceTop, reloadsPlot } from './plots/reloads.ts'
import { badge, badges, doubts, folded, note, table, terms } from './table.ts'

/** A part of the report that says something of each group on its own. */
export interface Section {
  title: string
  note?: Html
  /** Undefined where there is nothing to show: then the section is left out. */
  body: (group: Group) => Promise<Html | undefined> | Html | undefined
}

/** The conditions of a group, and a row for each of its cells. */
export const summaryBody = (group: Group, all: Group[]) =>
  html`${note(`${described(group)}.`)}${table(summaryTable([group], all))}${note(SUMS_NOTE)}`

/** What a report says of each group beside its summary: pictures, tables and cells. */
export const sectionsOf = (result: Result, all: Group[]): Section[] => [
  {
    title: 'Strict count and the article’s',
    note: html`<p class="note">Above, what was reset, by cause; below, the same resets as the article’s tool inject would have shown them: as errs, or hidden among its hits. One scale for each load.</p>
<p class="legend"><span class="strict">accept queue, completing</span><span class="reply">SYN_RECV, closed by the proxy</span><span class="unexplained">unexplained</span><span class="interval">95 % interval</span><span class="inject">errs that inject would print</span><span class="hid">resets that it hides</span></p>`,
    body: (group) => accountsBody(all, group),
  },
  {
    title: 'Resets by reload',
    note: html`<p class="note">A column for each reload, from the first to the last; a dashed line where a boot ends. One scale for each load.</p>
<p class="legend"><span class="strict">RST of a socket’s own accord</span><span class="reply">RST in reply to a segment</span></p>`,
    body: (group) => reloadsBody(all, group),
  },
  {
    title: 'Latency',
    note: note(
      'Of connections that began while reloads were made; those that timed out are as slow as they waited. Each step to the right leaves out nine tenths of those that were left. ~: noisy or overloaded.',
    ),
    body: (group) => (group.tellsPrice ? latencyBody(result, group) : undefined),
  },
  ...GROUP_SECTIONS.map(({ title, note: text, table: tableOf }) => ({
    title,
    note: note(text),
    body: (group: Group) => table(tableOf(group, result)),
  })),
  { title: 'Cells', body: (group) => html`${group.cells.map(cellDetails)}${commandOf(group)}` },
]

/** The cells whose charts have one scale with those of a group: those under the same load. */
const sameLoad = (all: Group[], group: Group) =>
  all.filter(({ load }) => load.name === group.load.name).flatMap(({ cells }) => cells.filter(isMeasured))

async function reloadsBody(all: Group[], group: Group) {
  const means = sameLoad(all, group).flatMap((cell) => bins(cell.resetsByReload, COLUMNS).means)
  const top = niceTop(Math.max(...means, 1))
  const reloaded = group.cells.filter((cell) => !isMeasured(cell) || cell.reloads > 0)
  // What reset none has a line of words instead of an empty chart.
  const zeros = reloaded.filter(isMeasured).filter(({ resets }) => resets === 0)
  const drawn = reloaded.filter((cell) => !isMeasured(cell) || cell.resets > 0)
  const figures = await inTurn(drawn, async (cell) => {
    const measured = isMeasured(cell)
    const plot = measured ? await reloadsPlot(cell, top) : html`<p class="nothing">${badge('failed')}</p>`
    return html`<figure class="${cell.verdict}"><figcaption><strong>${cell.case}</strong>${measured && doubts(cell)}<span>${measured ? perReload(cell)[0] : 'no number'}</span></figcaption>
${plot}</figure>\n`
  })
  return html`${figures.length > 0 && html`<div class="multiples">${figures}</div>`}${
    zeros.length > 0 &&
    html`<ul class="zeros">${zeros.map((cell) => html`<li><code>${cell.case}</code> ${perReload(cell).join(' ')} ${doubts(cell)}</li>`)}</ul>`
  }`
}

async function accountsBody(all: Group[], group: Group) {
  const end = Math.max(...sameLoad(all, group).map(farthest), 0.1)
  return plotPanel(await accountsPlot(group.cells, end, `Resets per reload by case, ${group.title}`))
}

async function latencyBody(result: Result, group: Group) {
  const cells = group.cells.filter(isMeasured).filter(({ latencyCurve }) => latencyCurve.length > 0)
  if (cells.length === 0) return undefined
  const place = ({ case: name }: ResultCell) => result.cases.findIndex((facts) => facts.name === name)
  return plotPanel(await latencyPlot(cells, place, `Latency by case, ${group.title}`))
}

const plotPanel = (plot: Html) => html`<div class="panel scroll"><div class="plot">${plot}</div></div>`

/** Files in the folder of a boot. */
const FILES = ['events.jsonl', 'console.log', 'command.txt']

const cellDetails = (cell: ResultCell) =>
  folded(
    html`<code>${cell.case}</code>${badges(cell)}<span>${isMeasured(cell) && perReload(cell).join(' · ')}</span>`,
    terms([
      ['Verdict', cell.reason],
      [
        'Saved',
        html`${cell.eachBoot.map(({ folder }) => html`${folder}: ${FILES.map((file) => html`<a href="${addressOf(cell.folder, folder, file)}">${file}</a> `)}<br>`)}`,
      ],
    ]),
  )

/** The command of the first guest of a group: those of the others differ in their folders alone, and are saved. */
function commandOf({ cells }: Group) {
  const boot = cells.flatMap(({ eachBoot }) => eachBoot)[0]
  return (
    boot &&
    folded(
      html`Command that started the first guest<span>of each: command.txt</span>`,
      html`<pre>${shell(boot.command)}</pre>`,
    )
  )
}

/** What each case does, once for all of its cells. */
export function casesSection(result: Result) {
  const cases = casesRun(result).map((one) => {
    const { name, idea, source, against, drawbacks } = one
    const [script, clients, network] = [scriptOf(one), clientWords(one), networkText(one)]
    const facts: [string, string][] = [
      ['Idea', idea],
      ['Source', source],
      ...(clients ? [['Clients', clients] as [string, string]] : []),
      ...(network ? [['Network', network] as [string, string]] : []),
      ...(against ? [['Compared with', against] as [string, string]] : []),
      ...(drawbacks.length > 0 ? [['Drawbacks', drawbacks.join(' ')] as [string, string]] : []),
    ]
    return folded(
      html`<code>${name}</code> ${caseTitle(one)}`,
      html`${terms(facts)}${script && html`<pre>${script}</pre>`}`,
    )
  })
  return cases.length > 0 && html`<section><h2>Cases</h2>${cases}</section>`
}
