import type { Result } from '../../model/result.ts'
import { again, shell } from '../../model/text/command.ts'
import { casesRun, caseTitle, clientWords, networkText, scriptOf } from '../facts/cells/cases.ts'
import { described, type Group, groupsOf } from '../facts/groups/groups.ts'
import { loadMapsOf, MAP_LEGEND, MAP_TITLES, mapTables } from '../facts/groups/loadmap.ts'
import { brief } from '../facts/groups/places.ts'
import { hostText } from '../facts/machines/machines.ts'
import { provenance, remarksOf, type Subject } from '../facts/remarks.ts'
import { adviceWords } from '../sentences/advice.ts'
import { type Answer, answer } from '../sentences/answer.ts'
import { headline } from '../sentences/headline.ts'
import { howToRead } from '../sentences/reading.ts'
import { capital, names } from '../sentences/words.ts'
import { adviceSections } from '../tables/advice.ts'
import { claimSections } from '../tables/claims.ts'
import { comparisonSections } from '../tables/comparison.ts'
import { type ExperimentSection, experimentSections } from '../tables/experiments.ts'
import { kernelTables } from '../tables/kernels.ts'
import { BRIEF_NOTE, briefSections, GROUP_SECTIONS, lossSections } from '../tables/sections.ts'
import { SUMS_NOTE, summaryTable } from '../tables/summary.ts'
import type { TableSection } from '../tables/table.ts'
import { resetsChart } from '../terminal/chart.ts'
import { comparisonTable, table } from './table.ts'
import { block, bullets, code, marked, plain } from './text.ts'

/**
 * report.md.
 *
 * @param runs the name of each cell's run, in the order of `result.cells`, when they come from several
 */
export function renderMarkdown(result: Result, runs?: string[]): string {
  const all = groupsOf(result, runs)
  const { title, byProxy } = headline(result, all)
  const parts = [
    `# ${marked(title)}`,
    ...(byProxy.length > 0 ? [bullets(byProxy.map(marked))] : []),
    ...(result.interrupted ? ['> **Interrupted:** only the cells that had ended by then are here.'] : []),
    ...(result.shards?.missing.length
      ? [`> **Missing:** ${result.shards.missing.length} of its ${result.shards.of} shards.`]
      : []),
    ...answerParts(answer(all, result), adviceParts(result, all)),
    plain(`${capital(provenance(result, runs).join(', '))}.`),
    ...sectionParts(claimSections(result, all)),
    ...experimentSections(result, all).flatMap(experimentParts),
    ...loadMapParts(all),
    ...comparisonSections(result, all).flatMap(({ title, comparisons, legend, notes = [] }) => [
      `## ${title}`,
      ...(legend ? [plain(legend.join(' '))] : []),
      ...notes.map(marked),
      ...comparisons.flatMap((one) => [...(one.title ? [`### ${plain(one.title)}`] : []), comparisonTable(one)]),
    ]),
    ...remarkParts(result, all),
    ...(brief(all) ? [...sectionParts(briefSections(all)), BRIEF_NOTE] : groupParts(result, all)),
    ...(runs ? [] : [plain(`Host: ${hostText(result)}.`)]),
    'To run it again:',
    block(again(result.argv), 'sh'),
    '## How to read it',
    bullets(howToRead(all).map(marked)),
    '## Cases',
    ...caseParts(result),
    ...(brief(all) ? [] : ['## Guests', ...guestParts(all)]),
  ]
  return `${parts.join('\n\n')}\n`
}

/** What an operator came for. */
const adviceParts = (result: Result, all: Group[]) => [
  ...adviceWords(result, all).flatMap(({ where, sentences, adopt }) => [
    `**${plain(where)}:**`,
    bullets(sentences.map(marked)),
    ...adopt.flatMap((one) => [`${plain(capital(one.where))}:`, block(one.lines.join('\n'), 'text')]),
  ]),
  ...sectionParts(adviceSections(result, all)),
]

/** What a load allows is told before any number, the advice before what is said of all cells. */
const answerParts = ({ capped, whole, bySetting }: Answer, advice: string[]) => [
  ...(capped.length > 0 ? [`> **Capped:** ${marked(capped.join(' '))}`] : []),
  ...advice,
  ...(whole.length > 0 ? [bullets(whole.map(marked))] : []),
  ...bySetting.flatMap((one) => [`**${plain(one.title)}:**`, bullets(one.words.map(marked))]),
]

/** A section with its tables; of several tables under one title, each with its own. */
const sectionParts = (sections: TableSection[]) =>
  sections.flatMap((section) => [
    `## ${section.title}`,
    ...(section.note ? [plain(section.note)] : []),
    ...(section.table.rows.length > 0 ? [table(section.table)] : []),
  ])

const experimentParts = ({ title, question, source, effort, kernels }: ExperimentSection) => [
  `## ${plain(title)}`,
  plain(`${question} Source: ${source}. Measured ${effort}.`),
  ...kernels.flatMap((kernel) => [
    ...(kernel.title ? [`### ${plain(kernel.title)}`] : []),
    bullets(kernel.answers.map(marked)),
    ...kernel.tables.flatMap((section) => [
      `**${section.title}**${section.note ? `: ${plain(section.note)}` : ''}`,
      table(section.table),
    ]),
  ]),
]

const loadMapParts = (all: Group[]): string[] =>
  loadMapsOf(all).flatMap((map) => [
    `## ${MAP_TITLES[map.axis]}`,
    plain(MAP_LEGEND),
    ...mapTables(map).flatMap((one) => [`### ${plain(one.title)}`, table(one)]),
    ...(map.spared.length > 0 ? [`No reset anywhere on the map: ${marked(names(map.spared))}.`] : []),
  ])

/** What is not as expected, with the last lines of consoles. */
export function remarkParts(result: Result, all: Group[]): string[] {
  const parts = remarksOf(result, all).flatMap(({ word, of, text, console }) => [
    `- **${word}** ${of.map(subject).join(', ')}: ${plain(text)}`,
    ...(console.length > 0 ? [block(console.join('\n'), 'text')] : []),
  ])
  return parts.length > 0 ? ['## Not as expected, or not run', ...parts] : []
}

const subject = ({ name, on, detail }: Subject) =>
  `${code(name)}${plain(`${on ? ` on ${on}` : ''}${detail ? ` (${detail})` : ''}`)}`

/** What is said of all groups, and then of each on its own. */
function groupParts(result: Result, all: Group[]): string[] {
  const chart = resetsChart(all, false)
  return [
    '## Summary',
    ...all.flatMap((group) => [
      ...(all.length > 1 ? [`### ${plain(group.title)}`] : []),
      `${plain(described(group))}.`,
      table(summaryTable([group], all)),
    ]),
    ...(all.length > 0 ? [plain(SUMS_NOTE)] : []),
    ...sectionParts([...lossSections(all), ...kernelTables(result, all)]),
    ...(chart ? ['## Resets by reload', block(chart.trimEnd(), 'text')] : []),
    ...all.flatMap((group) => [
      `## ${plain(group.title)}`,
      ...GROUP_SECTIONS.flatMap(({ title, note, table: tableOf }) => [
        `### ${title}`,
        ...(note ? [plain(note)] : []),
        table(tableOf(group, result)),
      ]),
    ]),
  ]
}

const caseParts = (result: Result) =>
  casesRun(result).flatMap((facts) => {
    const { name, idea, source, against, drawbacks } = facts
    const [script, clients, network] = [scriptOf(facts), clientWords(facts), networkText(facts)]
    return [
      `### ${code(name)}: ${plain(caseTitle(facts))}`,
      `${plain(idea)} Source: ${plain(source)}.${clients ? ` Clients ${clients}.` : ''}${network ? ` Network: ${plain(network)}.` : ''}${against ? ` Compared with ${code(against)}.` : ''}`,
      ...(script ? [block(script, 'sh')] : []),
      ...(drawbacks.length > 0 ? [bullets(drawbacks.map((drawback) => `Drawback: ${plain(drawback)}`))] : []),
    ]
  })

/** The command of each guest. */
const guestParts = (all: Group[]) =>
  all.flatMap(({ cells }) =>
    cells.flatMap(({ folder, eachBoot }) =>
      eachBoot.flatMap((boot) => [`${code(`${folder}/${boot.folder}`)}:`, block(shell(boot.command), 'sh')]),
    ),
  )
