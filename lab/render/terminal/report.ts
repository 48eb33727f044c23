import type { Result } from '../../model/result.ts'
import { type Group, groupsOf } from '../facts/groups/groups.ts'
import { AXIS_WORDS, type LoadMap, loadMapsOf, MAP_LEGEND, mapTables } from '../facts/groups/loadmap.ts'
import { big, brief, many } from '../facts/groups/places.ts'
import { type AdviceWords, adviceWords } from '../sentences/advice.ts'
import { cappedWords } from '../sentences/capped.ts'
import { headline } from '../sentences/headline.ts'
import { sureWords } from '../sentences/sure.ts'
import { neededWords, unsureWords } from '../sentences/unsure.ts'
import { capital } from '../sentences/words.ts'
import { claimSections } from '../tables/claims.ts'
import { comparisonSections, LOAD_BY_LOAD } from '../tables/comparison.ts'
import { experimentSections } from '../tables/experiments.ts'
import { resetsChart } from './chart.ts'
import { comparisonText } from './comparison.ts'
import { experimentText, sectionText } from './experiments.ts'
import { ascii, bullet, WIDTH, wrap } from './fit.ts'
import { plainTable } from './plain.ts'
import { summaryNotes, summaryText } from './summary.ts'

/**
 * A result for a terminal: first what is at the ceiling of its load; the tables, and the resets by reload; the
 * comparisons and the headline last, so that they are what stays on the screen. Of more than two kernels the resets by reload are left to
 * the other reports; of very many cells, each cell's rows. Experiments have tables of their own in place of all that.
 * Several runs are compared, and what each of them found is left to the other reports.
 *
 * @param colour whether the stream is a terminal that wants colours
 * @param runs the name of each cell's run, when they come from several
 * @param width of the terminal in columns
 */
export function renderTerminal(result: Result, colour: boolean, runs?: string[], width = WIDTH): string {
  const all = groupsOf(result, runs)
  const maps = loadMapsOf(all).map((map) => mapText(map, width))
  const capped = cappedWords(all).map((words) => words.replaceAll('`', ''))
  const experiments = experimentSections(result, all)
  const sections = comparisonSections(result, all)
  const compared = runs === undefined ? [] : sections.filter(({ title }) => title !== LOAD_BY_LOAD)
  const notes = summaryNotes(result, all, colour)
  const remarks = notes && `${notes}\n`
  const tables = experiments.length
    ? [
        notes,
        ...maps,
        ...experiments.map((one) => experimentText(one, colour, width)),
        ...claimSections(result, all).map((section) => `${sectionText(section, colour, width)}\n`),
      ]
    : compared.length
      ? [
          remarks,
          ...compared.toReversed().map((section) => comparisonText(section, colour, width)),
          ...maps,
          `${ELSEWHERE}\n`,
        ]
      : [
          brief(all) ? remarks : summaryText(result, all, colour, width),
          many(all) || big(all) ? '' : resetsChart(all, colour, width),
          ...sections.toReversed().map((section) => comparisonText(section, colour, width)),
          ...maps,
        ]
  const parts = [
    capped.length > 0 ? `${wrap(`capped: ${capped.join(' ')}`, width).join('\n')}\n` : '',
    ...tables,
    ...adviceWords(result, all).map((advice) => adviceText(advice, width)),
    headlineText(result, all, width),
  ]
  return `${parts.filter((part) => part !== '').join('\n')}\n`
}

const ELSEWHERE = 'What each run found, cell by cell and load by load, is in the saved report.'

/** The headline; what a run until sure decided; of few groups also what cannot be told from `none`, and what it takes. */
function headlineText(result: Result, all: Group[], width: number): string {
  const { title, byProxy } = headline(result, all)
  const unsure = many(all) || big(all) ? [] : [...unsureWords(all), ...neededWords(all)]
  const lines = (words: string, room: number) => wrap(ascii(words.replaceAll('`', '')), room)
  return [
    ...lines(title, width),
    ...byProxy.flatMap((words) => bullet(words, width)),
    ...[...unsure, ...sureWords(all, result)].flatMap((words) => lines(words, width)),
  ].join('\n')
}

/** What an operator came for, and the lines to copy. */
function adviceText({ where, sentences, adopt }: AdviceWords, width: number): string {
  const lines = adopt.flatMap((one) => [`${capital(one.where)}:`, ...one.lines.map((line) => `  ${line}`)])
  return [`${where}:`, ...sentences.flatMap((words) => bullet(words, width)), ...lines, ''].join('\n')
}

function mapText(map: LoadMap, width: number): string {
  const tables = mapTables(map).map(
    ({ title, head, rows }) => `${title}\n${plainTable(head, rows, width, { align: 'right' })}\n`,
  )
  return [`Resets per reload by ${AXIS_WORDS[map.axis]}`, ...wrap(ascii(MAP_LEGEND), width), '', ...tables].join('\n')
}
