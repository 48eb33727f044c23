import { type Result, VERDICTS } from '../../model/result.ts'
import { counted } from '../../model/text/amounts.ts'
import { again } from '../../model/text/command.ts'
import { flags, undisturbed } from '../facts/cells/account.ts'
import { type Group, groupsOf } from '../facts/groups/groups.ts'
import { loadMapsOf } from '../facts/groups/loadmap.ts'
import { big, brief, many, settingsOf, severalKernels } from '../facts/groups/places.ts'
import { hostText } from '../facts/machines/machines.ts'
import { provenance, type Remark, remarksOf, type Subject } from '../facts/remarks.ts'
import { type AdviceWords, adviceWords } from '../sentences/advice.ts'
import { type Answer, answer } from '../sentences/answer.ts'
import { headline } from '../sentences/headline.ts'
import { howToRead } from '../sentences/reading.ts'
import { capital } from '../sentences/words.ts'
import { adviceSections } from '../tables/advice.ts'
import { claimSections } from '../tables/claims.ts'
import { comparisonSections } from '../tables/comparison.ts'
import { type ExperimentSection, experimentSections } from '../tables/experiments.ts'
import { kernelTables } from '../tables/kernels.ts'
import { outcomeText } from '../tables/outcomes.ts'
import { BRIEF_NOTE, briefSections, lossSections } from '../tables/sections.ts'
import type { TableSection } from '../tables/table.ts'
import { comparisonSection } from './comparison.ts'
import { kernelsSection } from './kernels.ts'
import { loadMapSection } from './loadmap.ts'
import { Html, html, marked } from './markup.ts'
import { inTurn } from './plots/draw.ts'
import { casesSection, sectionsOf, summaryBody } from './sections.ts'
import { STYLE } from './style.ts'
import { badge, findings, folded, note, table, tally } from './table.ts'

/**
 * report.html: one page that needs nothing else, neither script nor network.
 *
 * @param runs the name of each cell's run, in the order of `result.cells`, when they come from several
 */
export async function renderHtml(result: Result, runs?: string[]): Promise<string> {
  const all = groupsOf(result, runs)
  const { title, byProxy } = headline(result, all)
  // What is lost is the title; what prevents it stands below.
  const [lead, ...rest] = title.split('; ')
  const settings = big(all) ? [] : settingsOf(all).filter(({ groups }) => severalKernels(groups))
  const remarks = remarksOf(result, all)
  const said = answer(all, result)
  // Numbers first: the sentences and the reasons stand below the first picture or table.
  const [first, ...others] = [
    ...adviceSections(result, all).map(tableSection),
    ...claimSections(result, all).map(tableSection),
    ...experimentSections(result, all).map(experimentSection),
    ...(await inTurn(loadMapsOf(all), loadMapSection)),
    ...comparisonSections(result, all).map(comparisonSection),
    ...(many(all) || all.length === 0 ? [] : [summaryHtml(all)]),
  ]
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title.replaceAll('`', '')} · hitless</title>
<style>${new Html(STYLE)}</style>
</head>
<body><main>
<header>
<p class="eyebrow">${provenance(result, runs).join(' · ')}</p>
<h1>${marked(lead!)}</h1>${rest.length > 0 && html`\n<p class="lead">${marked(capital(rest.join('; ')))}.</p>`}
${byProxy.length > 0 && findings(byProxy)}
${said.capped.length > 0 && html`<ul class="alerts"><li class="capped">${badge('capped')} ${marked(said.capped.join(' '))}</li></ul>`}
${verdicts(result, remarks.length > 0)}
${disturbedHtml(result)}
</header>
${first}
${answerHtml(said, adviceWords(result, all))}
${remarksHtml(remarks)}
${others}
${await inTurn(settings, kernelsSection)}
${!big(all) && lossSections(all).map(tableSection)}
${kernelTables(result, all).map(tableSection)}
${brief(all) ? briefHtml(all) : await groupsHtml(result, all)}
${casesSection(result)}
<section><h2>To run it again</h2>${!runs && note(`On ${hostText(result)}.`)}<pre>${again(result.argv)}</pre></section>
<section><h2>How to read it</h2>${howToRead(all).map((words) => html`<p>${marked(words)}</p>\n`)}</section>
</main></body>
</html>
`.text
}

/** What an operator came for: the answer, and what to write down. */
const adviceHtml = ({ where, sentences, adopt }: AdviceWords) =>
  html`<h3>${where}</h3>${findings(sentences)}${adopt.map((one) => html`${note(`${capital(one.where)}:`)}<pre>${one.lines.join('\n')}</pre>`)}`

const answerHtml = ({ whole, bySetting }: Answer, advice: AdviceWords[]) =>
  (advice.length > 0 || whole.length > 0 || bySetting.length > 0) &&
  html`<section><h2>What it comes to</h2>${advice.map(adviceHtml)}
${whole.length > 0 && findings(whole)}
${bySetting.map(({ title, words }) => html`<h3>${title}</h3>${findings(words)}`)}</section>`

/** What to do where something else kept the machine busy. */
const disturbedHtml = ({ cells }: Result) => {
  const disturbed = cells.filter((cell) => !undisturbed(cell)).length
  return (
    disturbed > 0 &&
    note(
      `${disturbed === cells.length ? 'Every cell was' : `${disturbed} of ${counted(cells.length, 'cell')} ${disturbed > 1 ? 'were' : 'was'}`} disturbed by something else on the machine, and left out of the headline and of comparisons. Run it again on an idle machine.`,
    )
  )
}

/** How many cells have each verdict, and how many something disturbed; those that are not as expected lead to the reasons. */
function verdicts({ cells, skipped, interrupted, shards }: Result, explained: boolean) {
  const counts = VERDICTS.map((verdict) => [verdict, cells.filter((cell) => cell.verdict === verdict).length] as const)
  const flagged = DISTURBED.map(
    (word) => [word, cells.filter((cell) => flags(cell).some((flag) => flag.word === word)).length] as const,
  )
  const all = [...counts, ...flagged, ['skipped', skipped.length] as const].filter(([, count]) => count > 0)
  const missing = shards?.missing.length ?? 0
  const linked = (word: Parameters<typeof badge>[0], text?: string) =>
    explained && word !== 'expected' ? html`<a href="#${REMARKS}">${badge(word, text)}</a>` : badge(word, text)
  return html`<ul class="badges">${interrupted && html`<li>${linked('interrupted')}</li>`}${missing > 0 && html`<li>${linked('missing', `${counted(missing, 'shard')} missing`)}</li>`}${all.map(([word, count]) => html`<li>${linked(word, `${count} ${word}`)}</li>`)}</ul>`
}

/** What says that something disturbed a cell. */
const DISTURBED = ['noisy', 'overloaded'] as const

/** The anchor of the reasons. */
const REMARKS = 'remarks'

/** With more remarks of a kind they are folded: the tables show them, too. */
const MANY = 12

/** What is not as expected, not comparable or not there, by kind. */
function remarksHtml(remarks: Remark[]) {
  const kinds = [...new Set(remarks.map(({ word }) => word))].map((word) => {
    const its = remarks.filter((remark) => remark.word === word)
    const count = its.flatMap(({ of }) => of).length
    const items = its.map(
      ({ of, text, console }) =>
        html`<li class="${word}">${badge(word)} ${subjects(of)}: ${text}${console.length > 0 && html`<pre>${console.join('\n')}</pre>`}</li>\n`,
    )
    const all = html`<ul class="alerts">${items}</ul>\n`
    return items.length > MANY
      ? folded(html`${badge(word, `${count} ${word}`)}<span>with the reasons</span>`, all)
      : all
  })
  return kinds.length > 0 && html`<section id="${REMARKS}"><h2>Not as expected, or not run</h2>${kinds}</section>`
}

const subjects = (of: Subject[]) =>
  of.map(
    ({ name, on, detail }, i) =>
      html`${i > 0 && ', '}<strong>${name}</strong>${on && ` on ${on}`}${detail && ` (${detail})`}`,
  )

const tableSection = (section: TableSection) =>
  html`<section><h2>${section.title}</h2>\n${note(section.note)}${table(section.table)}</section>\n`

const experimentSection = ({ title, question, source, effort, kernels }: ExperimentSection) =>
  html`<section><h2>${title}</h2>\n${note(`${question} Source: ${source}. Measured ${effort}.`)}${kernels.map(
    (kernel) => [
      kernel.title !== '' && html`<h3>${kernel.title}</h3>\n`,
      html`<ul>${kernel.answers.map((words) => html`<li>${marked(words)}</li>\n`)}</ul>\n`,
      ...kernel.tables.map(
        (section) => html`${note(`${section.title}${section.note ? `. ${section.note}` : ''}`)}${table(section.table)}`,
      ),
    ],
  )}</section>\n`

/** Tables over all groups, closed, since nobody looks at each of so many cells. */
function briefHtml(all: Group[]) {
  const bodies = briefSections(all).map((section) =>
    folded(
      html`<strong>${section.title}</strong>`,
      html`${note(section.note)}${section.table.rows.length > 0 && table(section.table)}`,
    ),
  )
  return html`<section><h2>Cell by cell</h2>\n${note(BRIEF_NOTE)}${bodies}</section>`
}

/** The summaries of few groups, before what explains them. */
const summaryHtml = (all: Group[]) =>
  html`<section><h2>Summary</h2>${all.map((group) => html`${all.length > 1 && html`<h3>${group.title}</h3>`}${summaryBody(group, all)}`)}</section>`

/** Each group with all sections in it; many of them closed, since nobody reads on from one to the next. */
async function groupsHtml(result: Result, all: Group[]) {
  const wanted = sectionsOf(result, all)
  const groups = await inTurn(all, async (group) => {
    const bodies = await inTurn(wanted, async (section) => {
      const body = await section.body(group)
      return body && html`<h3>${section.title}</h3>${section.note}${body}`
    })
    if (!many(all)) return html`<section><h2>${group.title}</h2>${bodies}</section>\n`
    const base = group.base && outcomeText(group.base)
    const lead = base ? `none: ${[base.main, ...base.detail, ...base.losses].join(' · ')}` : group.conditions
    return html`<details class="kernel"><summary><strong>${group.label}</strong> <code>${group.title}</code> ${tally(group.cells)}<span>${lead}</span></summary>${summaryBody(group, all)}${bodies}</details>\n`
  })
  return many(all) ? html`<section><h2>Kernel by kernel</h2>${groups}</section>` : groups
}
