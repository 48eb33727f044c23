import { isMeasured, type MeasuredCell, type Result } from '../../model/result.ts'
import {
  answers,
  atCeiling,
  CAUSES,
  comparable,
  hidden,
  lost,
  lostOtherwise,
  shown,
  undisturbed,
} from '../facts/account.ts'
import { ceiling, change } from '../facts/change.ts'
import { counted, decimal, list, percent, perReload, probability, whole, zero } from '../facts/format.ts'
import { type Cell, distinctKernels, type Group, groups, loadWords, settings } from '../facts/groups.ts'
import { acrossKernels } from './across.ts'
import { cappedWords } from './capped.ts'
import { disagreements } from './disagree.ts'
import { costless, price } from './price.ts'
import { leftOut, name, type Words } from './words.ts'

/** What a group's cells say. */
function sorted({ cells }: Group) {
  const measured = cells.filter(isMeasured)
  const compared = measured.filter(comparable)
  return {
    compared,
    lossy: compared.filter((cell) => lost(cell) > 0),
    clean: compared.filter((cell) => lost(cell) === 0),
    aside: measured.filter((cell) => answers(cell) && !undisturbed(cell)),
    still: measured.filter((cell) => cell.reloads === 0),
    open: cells.filter((cell) => !isMeasured(cell) || cell.verdict === 'inconclusive'),
  }
}

/**
 * The result in one line, of the cells that nothing disturbed: what a reload without a mitigation costs at most under
 * each load, and under which cases nothing is lost.
 */
export function headline(result: Result, labels?: string[]): Words {
  const found = groups(result, labels)
  const all = found.map(sorted)
  const cases = new Set(all.flatMap((group) => group.compared.map((cell) => cell.case)))
  const aside = all.flatMap((group) => group.aside)
  const lossy = all.flatMap((group) => group.lossy)
  // What was lost where something disturbed the cell was lost all the same.
  const losing = [...lossy, ...aside.filter((cell) => lost(cell) > 0)]
  if (cases.size === 0 || (lossy.length === 0 && losing.length > 0))
    return aside.length ? 'No answer: the cells that lost connections were noisy or overloaded' : 'No answer'
  const kernels = distinctKernels(found) ? `From Linux ${found[0]!.series} to ${found.at(-1)!.series}: ` : ''
  if (lossy.length === 0) return capital(`${kernels}no connection was lost in ${counted(cases.size, 'case')}`)
  const controls = result.cases.filter(({ control }) => control === 'positive').map(({ name }) => name)
  const isPlain = (cell: MeasuredCell) => controls.includes(cell.case)
  const plain = lossy.some(isPlain)
  const who = plain ? 'a reload without a mitigation' : 'a reload'
  const told = settings(found).flatMap(({ label, load, groups }) => {
    const its = groups.flatMap((group) => sorted(group).compared).filter((cell) => !plain || isPlain(cell))
    return its.length > 0 ? [{ where: label === load.name ? loadWords(load) : label, ...costOf(its) }] : []
  })
  const open = all.flatMap((group) => group.open)
  const reloading = [...cases].filter((name) => !all.some(({ still }) => still.some((cell) => cell.case === name)))
  const unsure = open.filter((cell) => !isMeasured(cell) || lost(cell) > 0)
  const unlost = reloading.filter((name) => ![...losing, ...unsure].some((cell) => cell.case === name))
  const clean = unlost.filter((name) => !open.some((cell) => cell.case === name))
  const mitigations = reloading.filter((name) => !controls.includes(name))
  const useless = mitigations.length > 0 ? `no cure: ${list(mitigations)}` : ''
  const rest =
    clean.length > 0
      ? `nothing is lost under ${list(clean)}`
      : unlost.length > 0
        ? `none was seen lost under ${list(unlost)}, not everywhere for sure`
        : useless
  const out = aside.length ? `; ${counted(aside.length, 'cell')} left out` : ''
  return capital(`${kernels}${who} ${costWords(told)}${rest && `; ${rest}`}${out}`)
}

/** What a reload costs under one setting: by what it does to connections, how many at most. */
interface Cost {
  costs: [does: string, upTo: string][]
  /** Resets a reload, the fewest and the most of any cell. */
  range: [least: number, most: number]
  /** Whether that is what the load allows. */
  capped: boolean
}

function costOf(of: MeasuredCell[]): Cost {
  const upTo = (value: (cell: MeasuredCell) => number) => Math.max(...of.map(value))
  const most = upTo((cell) => cell.resetsPerReload.mean)
  const costs = [
    ['resets', most],
    ['refuses', upTo((cell) => cell.refused / Math.max(1, cell.reloads))],
    ['loses', upTo((cell) => lostOtherwise(cell) / Math.max(1, cell.reloads))],
  ] as const
  return {
    range: [Math.min(...of.map((cell) => cell.resetsPerReload.mean)), most],
    costs: costs
      .filter(([, most], i) => most > 0 && (i < 2 || of.every((cell) => cell.resets + cell.refused === 0)))
      .map(([does, most]) => [does, `${of.length > 1 ? 'up to ' : ''}${decimal(most)}`]),
    capped: of.some((cell) => cell.resetsPerReload.mean === most && atCeiling(cell)),
  }
}

/** With more settings than that, the least and the most of them are told. */
const FEW_SETTINGS = 3
const atMost = ({ capped }: Cost) => (capped ? ' (at the ceiling of the load)' : '')

function costWords(told: (Cost & { where: string })[]): string {
  const words = ({ costs }: Cost) =>
    costs.length === 0 ? 'resets none' : `${list(costs.map(([does, upTo]) => `${does} ${upTo}`))} connections`
  const [first, ...others] = told as [(typeof told)[0], ...typeof told]
  if (others.length === 0) return `${words(first)}${atMost(first)}`
  if (told.length > FEW_SETTINGS) {
    const [least, most] = [Math.min, Math.max].map((of) => of(...told.flatMap(({ range }) => range))) as [
      number,
      number,
    ]
    return `resets ${decimal(least)} to ${decimal(most)} connections, by load and proxy`
  }
  const alike = told.every(({ costs }) => costs.every(([does]) => does === 'resets'))
  const parts = told.map((one, i) => {
    const short = i > 0 && alike ? (one.costs[0]?.[1] ?? 'none') : words(one)
    return `${short} under ${one.where}${atMost(one)}`
  })
  return alike ? list(parts) : `${parts.slice(0, -1).join(', ')}, and ${parts.at(-1)}`
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** What was lost otherwise than by a reset: "20 timed out and 3 were refused". */
const otherwise = ({ refused, timeouts, short, other }: MeasuredCell) =>
  list(
    Object.entries({
      'were refused': refused,
      'timed out': timeouts,
      'were cut short': short,
      'ended otherwise': other,
    })
      .filter(([, count]) => count > 0)
      .map(([how, count]) => `${whole(count)} ${how}`),
  )

function lossySentence(cell: MeasuredCell, { base, priced }: Group): Words {
  const others = otherwise(cell)
  const costs = priced ? price(cell, base) : []
  const cost = costs.length > 0 ? [`at a price: ${list(costs)}`] : []
  if (cell.resets === 0) return `${[`${name(cell.case)} reset ${zero(cell)}, but ${others}`, ...cost].join('; ')}.`
  const [mean, interval] = perReload(cell)
  const causes = CAUSES.flatMap(([key, cause]) =>
    cell.causes[key] > 0 ? [`${percent(cell.causes[key] / cell.resets)} ${cause}`] : [],
  )
  const parts = [
    `${name(cell.case)} lost connections: ${mean} resets a reload (95 %: ${interval}), ${list(causes)}`,
    ...against(cell, base),
    ...(hidden(cell) > 0
      ? [`the article's tool would have shown ${whole(shown(cell))} of the ${counted(cell.resets, 'reset')} as errors`]
      : []),
    ...(others ? [`${others}, too`] : []),
    ...cost,
  ]
  return `${parts.join('; ')}.`
}

function against(cell: MeasuredCell, base?: MeasuredCell): string[] {
  if (base && ceiling(cell, base)) {
    const those = atCeiling(cell)
      ? atCeiling(base)
        ? `as ${name('none')} is`
        : `unlike ${name('none')}`
      : `which ${name('none')} is at`
    return [
      `${atCeiling(cell) ? 'at the ceiling of the load' : 'below the ceiling of the load'}, ${those}: not compared`,
    ]
  }
  const difference = change(cell, base)
  if (difference?.share == null) return []
  const { share, p } = difference
  return p >= 0.05
    ? [`not distinguishable from ${name('none')} (${probability(p)})`]
    : [`${percent(Math.abs(share))} ${share < 0 ? 'fewer' : 'more'} than ${name('none')} (${probability(p)})`]
}

function cleanSentence(cell: MeasuredCell, { base, priced }: Group): Words {
  const costs = priced ? price(cell, base) : []
  const cost = !priced
    ? ''
    : costs.length
      ? `, at a price: ${list(costs)}`
      : costless(cell, base)
        ? ', with no measurable cost'
        : ''
  return `${name(cell.case)} lost ${zero(cell)}${cost}.`
}

/** One group's answer: which cases lost connections, which none and at what price, and what stays open. */
function groupAnswer(group: Group): Words[] {
  const { lossy, clean, aside, still, open } = sorted(group)
  const first = (cell: Cell) => Number(cell === group.base)
  const said: Words[] = [
    ...lossy
      .toSorted((a, b) => first(b) - first(a) || b.resetsPerReload.mean - a.resetsPerReload.mean)
      .map((cell) => lossySentence(cell, group)),
    ...clean
      .toSorted((a, b) => price(a, group.base).length - price(b, group.base).length)
      .map((cell) => cleanSentence(cell, group)),
  ]
  for (const cell of still)
    said.push(
      lost(cell) === 0
        ? `Without a single reload (${name(cell.case)}) none was lost${lossy.length ? ' either, so what was lost above was lost to reloads' : ''}.`
        : `Even without a reload (${name(cell.case)}) ${counted(lost(cell), 'connection')} were lost: not all of the above is due to reloads.`,
    )
  said.push(...leftOut(aside.map((cell) => ({ cell }))))
  if (open.length > 0)
    said.push(`No answer for ${list(open.map((cell) => `${name(cell.case)} (${cell.verdict})`))}: that is not a zero.`)
  return said
}

/** What is said of a group, or of several. */
export interface Said {
  title: string
  words: Words[]
}

/** With more settings than that, pictures and tables say it. */
const MOST_SETTINGS = 4

/**
 * The answer in plain words, a sentence each.
 *
 * @returns `capped` is what must be said before any number, of cells that lost as much as their load allows; `whole`
 *   holds of all groups; `bySetting` compares the kernels under each load; `each` has the groups one by one
 */
export function answer(
  result: Result,
  labels?: string[],
): { capped: Words[]; whole: Words[]; bySetting: Said[]; each: Said[] } {
  const all = groups(result, labels)
  const each = all.map((group) => ({ title: group.title, words: groupAnswer(group) }))
  if (all.length === 0) return { capped: [], whole: ['Nothing was measured.'], bySetting: [], each }
  const found = settings(all)
  const capped = cappedWords(all)
  const whole = disagreements(all)
  const several = new Set(all.map(({ where }) => where)).size > 1
  if (!several || found.length > MOST_SETTINGS) return { capped, whole, bySetting: [], each }
  if (found.length === 1) return { capped, whole: [...whole, ...acrossKernels(result, all)], bySetting: [], each }
  const bySetting = found.map(({ label, groups }) => ({
    title: `Under ${label}`,
    // The title has what the labels would repeat.
    words: acrossKernels(
      result,
      groups.map((group) => ({ ...group, label: group.where })),
    ),
  }))
  return { capped, whole, bySetting, each }
}
