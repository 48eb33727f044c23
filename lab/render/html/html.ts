import { isMeasured, type Result, VERDICTS } from '../../model/result.ts'
import { sideBySide } from '../facts/beside.ts'
import { columns } from '../facts/columns.ts'
import { causes, conspicuous, disturbed, parts, runNames } from '../facts/details.ts'
import { again, counted, whole } from '../facts/format.ts'
import { type Group, groups, type Setting, settings, severalKernels } from '../facts/groups.ts'
import { kernelRows } from '../facts/kernels.ts'
import { loadMapOf } from '../facts/loadmap.ts'
import { big, brief, hasMatrix, many, matrix, said, tracks } from '../facts/matrix.ts'
import { answer, headline, type Said } from '../sentences/answer.ts'
import { HOW_TO_READ } from '../sentences/reading.ts'
import type { Words } from '../sentences/words.ts'
import { badge, findings, grid, tally } from './badges.ts'
import { besideHtml } from './beside.ts'
import { heatMap } from './heat.ts'
import { kernelsSection } from './kernels.ts'
import { mapSection } from './loadmap.ts'
import { Html, html, marked } from './markup.ts'
import { inTurn } from './plots/draw.ts'
import { kernelsPlot, scaleOf } from './plots/kernels.ts'
import { bigSections, casesSection, type Section, sections } from './sections.ts'
import { STYLE } from './style.ts'

/** With more than so many, what was skipped is listed only for those who ask: the map of kernels shows it, too. */
const MANY_SKIPPED = 6
/** With more than so many cells that are not as expected, they are listed for those who ask. */
const MANY_SEEN = 24

function header(result: Result, all: Group[], words: ReturnType<typeof answer>, labels: string[] | undefined) {
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
${words.capped.length > 0 && html`<ul class="alerts"><li class="capped">${badge('capped')} ${marked(words.capped.join(' '))}</li></ul>`}
${words.whole.length > 0 && findings(words.whole)}
${words.bySetting.map((one) => html`<h3>${one.title}</h3>${findings(one.words)}`)}
${!many(all) && !big(all) && words.each.map((one) => html`<h3>${one.title}</h3>${findings(one.words)}`)}
<ul class="badges">${result.interrupted && html`<li>${badge('interrupted')}</li>`}${badges.map(
    ([verdict, count]) => count > 0 && html`<li>${badge(verdict, `${count} ${verdict}`)}</li>`,
  )}${result.skipped.length > 0 && html`<li>${badge('skipped', `${result.skipped.length} skipped`)}</li>`}</ul>
</header>`
}

function alerts(result: Result, all: Group[]) {
  const seen = conspicuous(all)
  const noise = disturbed(all)
  if (seen.length + result.skipped.length + noise.length === 0 && !result.interrupted) return ''
  const items = result.skipped.map(
    ({ kernel, case: name, reason }) =>
      html`<li class="skipped">${badge('skipped')} ${name === '*' ? html`<strong>${kernel}</strong>` : html`<strong>${name}</strong> on ${kernel}`}: ${reason}</li>\n`,
  )
  const unexpected = seen.map(
    ({
      group,
      cell,
    }) => html`<li class="${cell.verdict}">${badge(cell.verdict)} <strong>${cell.case}</strong>${all.length > 1 && ` on ${group.title}`}: ${cell.reason}
${!isMeasured(cell) && cell.consoleTail.length > 0 && html`<pre>${cell.consoleTail.join('\n')}</pre>`}</li>\n`,
  )
  const foldedAway = (lines: Html[], summary: Html) =>
    html`<details><summary>${summary}<span>with the reasons</span></summary><ul class="alerts">${lines}</ul></details>`
  const listed = html`${result.interrupted && html`<li>${badge('interrupted')} Only the cells that had ended by then are here.</li>`}
${unexpected.length <= MANY_SEEN && unexpected}${noise.map(({ word, cells }) =>
  cells.length <= MANY_SEEN
    ? html`<li>${badge(word)} ${cells.join('; ')}. Left out of headlines and comparisons.</li>\n`
    : html`<li>${badge(word)} ${counted(cells.length, 'cell')}, left out of headlines and comparisons: their rows say so.</li>\n`,
)}${items.length <= MANY_SKIPPED && items}`
  return html`${listed.text.trim() !== '' && html`<ul class="alerts" aria-label="What is not as expected">${listed}</ul>`}
${
  unexpected.length > MANY_SEEN &&
  foldedAway(
    unexpected,
    html`${tally(seen.map(({ cell }) => cell))} ${counted(unexpected.length, 'cell')} not as expected`,
  )
}${
  items.length > MANY_SKIPPED &&
  foldedAway(items, html`${badge('skipped')} ${counted(items.length, 'case')} could not be run`)
}`
}

/** For each case that lost anything, its number over the kernels; what was refused apart from what was reset. */
async function overKernels(result: Result, { label, groups }: Setting) {
  const all = groups.map((group) => ({ ...group, label: group.where }))
  const { cases } = matrix(result, all)
  const kinds = [
    ['resets', 'resets', 'var(--reset)'],
    ['refused', 'refused connections', 'var(--case4)'],
  ] as const
  const found = kinds.map(([kind, what, colour]) => ({ what, colour, drawn: tracks(all, cases, kind) }))
  if (found.every(({ drawn }) => drawn.length === 0)) return ''
  const blocks: Html[] = []
  for (const { what, colour, drawn } of found) {
    if (drawn.length === 0) continue
    const scale = scaleOf(drawn)
    const figures = await inTurn(
      drawn,
      async (track) =>
        html`<figure><figcaption><strong>${track.case}</strong><span>${what} a reload</span></figcaption>${await kernelsPlot(track, all, scale, colour, what)}</figure>\n`,
    )
    blocks.push(html`<p class="note">Mean of the ${what} a reload, with the 95 % interval; one scale for all${scale.logarithmic && ', logarithmic above 1, since the largest would flatten the others'}.</p>
<div class="multiples two">${figures}</div>`)
  }
  return html`<section><h2>Over the kernels${label && `, ${label}`}</h2>
<p class="note">From the oldest to the newest. A line joins kernels that were run alike; hollow points were run otherwise. ~: noisy or overloaded. A dash: no number there; kernels that could not be had are left out.</p>
${blocks}</section>`
}

/** Why and when connections were reset, over all groups. */
const whyAndWhen = (all: Group[]) =>
  [
    {
      title: 'What reset them',
      note: 'Resets by cause, from the counters of the kernel, and the share of all.',
      table: causes(all),
    },
    {
      title: 'When they were reset',
      note: 'Resets by the part of the reload in which their RST came, and the share of all.',
      table: parts(all),
    },
  ].map(
    ({ title, note, table }) =>
      table.rows.length > 0 &&
      html`<section><h2>${title}</h2>\n<p class="note">${note}</p>\n${grid(table)}</section>\n`,
  )

/** Each section with all groups in it; a single group needs no title. */
async function bySection(all: Group[], wanted: Section[]) {
  return inTurn(wanted, async ({ title, note, body }) => {
    const bodies = await inTurn(
      all,
      async (group) => html`${all.length > 1 && html`<h3>${group.title}</h3>`}${await body(group)}`,
    )
    return html`<section><h2>${title}</h2>${note}${bodies}</section>\n`
  })
}

/** The loads of each kernel, side by side. */
function loadsSection(all: Group[]) {
  const found = sideBySide(all)
  return (
    found.length > 0 &&
    html`<section><h2>Load by load</h2>
<p class="note">Resets a reload, their 95 % interval and the verdict. Where none: the exposed of all reloads, and which share of them lose any at most. The price is told of one load.</p>
${found.map((beside) => {
  const { label } = beside.place
  if (many(all)) return html`<details><summary><strong>${label}</strong></summary>${besideHtml(beside)}</details>\n`
  return html`${found.length > 1 && html`<h3>${label}</h3>`}${besideHtml(beside)}`
})}</section>`
  )
}

/** What is said of single groups: of so many cells in tables over all, of many kernels folded, else one below the other. */
async function body(all: Group[], wanted: Section[], each: Said[]) {
  if (brief(all)) {
    const bodies = await inTurn(wanted, async ({ title, note, body }) => {
      const folded = await body(all[0]!)
      return html`<details class="table"><summary><strong>${title}</strong></summary>${note}${folded}</details>\n`
    })
    return html`<section><h2>Cell by cell</h2>
<p class="note">Of so many cells there are no charts by reload, latencies and pins here: result.json has them, and the folder of each cell its events, console and command. A comparison of fewer runs shows them.</p>
${bodies}</section>`
  }
  if (!many(all)) return html`${await bySection(all, wanted)}`
  return byGroup(
    all,
    wanted,
    each.map((one) => one.words),
  )
}

/** Each group with all sections in it, closed: with many of them nobody reads on from one to the next. */
async function byGroup(all: Group[], wanted: Section[], words: Words[][]) {
  const folded = await inTurn(all, async (group) => {
    const bodies = await inTurn(
      wanted,
      async ({ title, note, body }) => html`<h3>${title}</h3>${note}${await body(group)}`,
    )
    const base = group.base && said(group.base)
    const lead = base ? `none: ${[base.main, ...base.detail, ...base.more].join(' · ')}` : group.conditions
    return html`<details class="kernel"><summary><strong>${group.label}</strong> <code>${group.title}</code> ${tally(group.cells)}<span>${lead}</span></summary>
${findings(words[all.indexOf(group)]!)}${bodies}</details>\n`
  })
  return html`<section><h2>Kernel by kernel</h2>
<p class="note">Each with its summary, charts, accounts, counts and cells.</p>${folded}</section>`
}

/**
 * report.html: one page that needs nothing else, neither script nor network.
 *
 * @param labels the name of each cell's run, in the order of `result.cells`, when they come from several
 */
export async function renderHtml(result: Result, labels?: string[]): Promise<string> {
  const all = groups(result, labels)
  const words = answer(result, labels)
  const { kernel, cpu, cpus, qemu } = result.host
  const title = headline(result, labels).replaceAll('`', '')
  const wanted = brief(all)
    ? bigSections(all, columns(all))
    : sections(result, all, columns(all), kernelRows(result, all))
  const map = loadMapOf(all)
  const kernelsApart = settings(all).filter(({ groups }) => severalKernels(groups))
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · hitless</title>
<style>${new Html(STYLE)}</style>
</head>
<body><main>
${header(result, all, words, labels)}
${alerts(result, all)}
${map && (await mapSection(map))}
${hasMatrix(result, all) && heatMap(result, all)}
${!big(all) && loadsSection(all)}
${!big(all) && (await inTurn(kernelsApart, (setting) => overKernels(result, setting)))}
${!big(all) && whyAndWhen(all)}
${all.length > 0 && kernelsSection(result, all)}
${await body(all, wanted, words.each)}
${casesSection(result)}
<section><h2>Again</h2>${labels === undefined && html`<p class="note">On Linux ${kernel}, ${cpus} × ${cpu}${qemu && `, ${qemu}`}.</p>`}<pre>${again(result.argv)}</pre></section>
<section><h2>How to read it</h2>${HOW_TO_READ.map((words) => html`<p>${marked(words)}</p>\n`)}</section>
</main></body>
</html>
`.text
}
