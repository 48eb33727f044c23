import { understated } from '../../measure/doubts/understated.ts'
import { isMeasured, type MeasuredCell, type Result, type ResultCell } from '../../model/result.ts'
import { counted, list } from '../../model/text/amounts.ts'
import { answers, atCeiling, comparable, lost, lostOtherwise, undisturbed } from '../facts/cells/account.ts'
import { factsOfCase } from '../facts/cells/cases.ts'
import { loadWords } from '../facts/cells/conditions.ts'
import { labelled } from '../facts/cells/labels.ts'
import { decimal } from '../facts/cells/numbers.ts'
import type { Group } from '../facts/groups/groups.ts'
import { distinctKernels, settingsOf } from '../facts/groups/places.ts'
import { makesWait } from '../facts/price.ts'
import { capital, name, type Words } from './words.ts'

/** A group's cells by what may be said of them. */
function sortedCells({ cells }: Group) {
  const measured = cells.filter(isMeasured)
  const compared = measured.filter(comparable)
  return {
    compared,
    lossy: compared.filter((cell) => lost(cell) > 0),
    disturbed: measured.filter((cell) => answers(cell) && !undisturbed(cell)),
    still: measured.filter((cell) => cell.reloads === 0),
    open: cells.filter((cell) => !isMeasured(cell) || cell.verdict === 'inconclusive'),
  }
}

/** What leads a report. */
interface Headline {
  title: Words
  /** With several proxies, what is said of each; else the title says it. */
  byProxy: Words[]
}

/** The result in one line, or in a line for each of its proxies. */
export function headline(result: Result, groups: Group[]): Headline {
  const proxies = [...new Set(groups.map(({ proxy }) => proxy.name))]
  if (proxies.length < 2) return { title: capital(led([], saidOf(result, groups))), byProxy: [] }
  return {
    title: `What a reload loses with ${list(proxies)}`,
    byProxy: proxies.map((named) => {
      // Named in front, the proxy is not said again by the labels.
      const its = labelled(groups.filter(({ proxy }) => proxy.name === named))
      return led([name(named)], saidOf(result, its))
    }),
  }
}

/** What is said of some groups. */
interface Said {
  words: Words
  /** The kernels that it holds for, where they are a range. */
  kernels?: string
}

/** "nginx, from Linux 4.9 to 7.2: no connection was lost in 3 cases" */
function led(by: string[], { words, kernels }: Said): Words {
  const lead = [...by, ...(kernels ? [kernels] : [])]
  return [...(lead.length > 0 ? [lead.join(', ')] : []), words].join(': ')
}

/**
 * What the cells say that nothing disturbed: what a reload without a mitigation costs at most under each load, or what
 * the case `none` is with the proxy, and under which cases nothing is lost.
 */
function saidOf(result: Result, groups: Group[]): Said {
  const all = groups.map(sortedCells)
  const cases = [...new Set(all.flatMap(({ compared }) => compared.map((cell) => cell.case)))]
  const disturbed = all.flatMap((group) => group.disturbed)
  const lossy = all.flatMap((group) => group.lossy)
  // What was lost where something disturbed the cell was lost all the same.
  const losing = [...lossy, ...disturbed.filter((cell) => lost(cell) > 0)]
  if (cases.length === 0 || (lossy.length === 0 && losing.length > 0))
    return {
      words: disturbed.length
        ? 'no answer: the cells that lost connections were noisy or overloaded'
        : unanswered(groups),
    }
  const kernels = distinctKernels(groups) ? `from Linux ${groups[0]!.series} to ${groups.at(-1)!.series}` : undefined
  if (lossy.length === 0) return { words: `no connection was lost in ${counted(cases.length, 'case')}`, kernels }

  const controls = result.cases.filter(({ control }) => control === 'positive').map(({ name }) => name)
  // What replaces nobody prevents nothing.
  const replacing = ({ case: name, proxy }: MeasuredCell) => factsOfCase(result, name, proxy.name)?.replaces !== false
  const isControl = (cell: MeasuredCell) => controls.includes(cell.case)
  // Beside a control that gives no answer, what other cases lose is no cost of a reload, nor is what they do not lose none.
  const controlled = groups.some(({ cells }) => cells.some(({ case: name }) => controls.includes(name)))
  const settings = settingsOf(groups).map(({ label, load, groups }) => ({
    where: label === `under ${load.name}` ? `under ${loadWords(load)}` : label,
    cells: groups.flatMap((group) => sortedCells(group).compared).filter((cell) => !controlled || isControl(cell)),
  }))
  const known = settings.filter(({ cells }) => cells.length > 0)
  if (known.length === 0)
    return {
      words: disturbed.some(isControl)
        ? 'no answer: the cells without a mitigation were noisy or overloaded'
        : unanswered(groups),
    }
  const costs = known.map(({ where, cells }) => ({
    subject: controlled ? controlWords(result, cells[0]!) : 'a reload',
    where,
    ...costOf(cells),
  }))
  const unknown = settings.filter(({ cells }) => controlled && cells.length === 0).map(({ where }) => where)
  const subjects = [...new Set(costs.map(({ subject }) => subject))]
  const told = subjects.map(
    (subject) =>
      `${subject} ${costWords(
        costs.filter((cost) => cost.subject === subject),
        subjects.length > 1 || unknown.length > 0,
      )}`,
  )
  const parts = [
    ...told,
    ...unknownWords(unknown, settings.length),
    ...cures(groups, losing, controls, replacing),
    ...(disturbed.length ? [`${counted(disturbed.length, 'cell')} left out`] : []),
  ]
  return { words: parts.join('; '), kernels }
}

/** Under which settings the control gives no answer; of many, under how many. */
function unknownWords(unknown: string[], all: number): string[] {
  if (unknown.length === 0) return []
  const gives = unknown.length > 1 ? 'give' : 'gives'
  if (all > FEW_SETTINGS) return [`${unknown.length} of its ${all} settings ${gives} no answer`]
  return [`${list(unknown)} its ${unknown.length > 1 ? 'cells' : 'cell'} ${gives} no answer`]
}

/** No answer, with the reason of the first cell that gave none. */
function unanswered(groups: Group[]): Words {
  const open = groups.flatMap((group) => sortedCells(group).open)
  const first = open.find(({ verdict }) => verdict === 'inconclusive') ?? open[0]
  return first ? `no answer: ${first.case}: ${shortly(first.reason)}` : 'no answer'
}

/** A longer reason is cut at a colon, if it has one. */
const LONG = 80

/** What matters of a reason, in a line: not the counts that lead it, nor any second reason. */
function shortly(reason: string): Words {
  const clauses = reason.replaceAll('`', "'").split('; ')
  const clause = (clauses.find((one) => !/^\d+ resets? in /.test(one)) ?? clauses[0]!).replace(/^boot \d+: /, '')
  return clause.length > LONG ? clause.split(': ')[0]! : clause
}

/** The title of a positive control that only reloads. */
const PLAIN = 'No mitigation'

/** What a positive control does with its proxy, which may be more than a reload: "stop and start (none)". */
function controlWords(result: Result, { case: name, proxy }: MeasuredCell): string {
  const title = factsOfCase(result, name, proxy.name)?.title ?? PLAIN
  return title === PLAIN
    ? 'a reload without a mitigation'
    : `${title.charAt(0).toLowerCase()}${title.slice(1)} (${name})`
}

/** Which cases that replace a process lost nothing; of those that are inconclusive or disturbed somewhere, that none was seen. */
function cures(
  groups: Group[],
  losing: MeasuredCell[],
  controls: string[],
  replacing: (cell: MeasuredCell) => boolean,
): string[] {
  const all = groups.map(sortedCells)
  const cases = [...new Set(all.flatMap(({ compared }) => compared.filter(replacing).map((cell) => cell.case)))]
  const open = all.flatMap((group) => group.open)
  const reloading = cases.filter((name) => !all.some(({ still }) => still.some((cell) => cell.case === name)))
  const unsure = open.filter((cell) => !isMeasured(cell) || lost(cell) > 0)
  const unlost = reloading.filter((name) => ![...losing, ...unsure].some((cell) => cell.case === name))
  const isIn = (cells: ResultCell[]) => (name: string) => cells.some((cell) => cell.case === name)
  const inconclusive = unlost.filter(isIn(open))
  const disturbed = unlost
    .filter(isIn(all.flatMap((group) => group.disturbed)))
    .filter((one) => !inconclusive.includes(one))
  const clean = unlost.filter((name) => ![...inconclusive, ...disturbed].includes(name))
  if (clean.length > 0)
    return [
      nothingLost(
        clean,
        all.flatMap(({ compared }) => compared),
      ),
      ...(inconclusive.length > 0 ? [`none was seen lost under ${list(inconclusive)}, inconclusive in part`] : []),
      ...(disturbed.length > 0 ? [`none was seen lost under ${list(disturbed)}, disturbed in part`] : []),
    ]
  if (unlost.length > 0) {
    const doubts = [inconclusive.length > 0 ? 'inconclusive' : '', disturbed.length > 0 ? 'disturbed' : ''].filter(
      Boolean,
    )
    return [`no loss was seen under ${list(unlost)}, but some of their cells are ${doubts.join(' or ')}`]
  }
  const mitigations = reloading.filter((name) => !controls.includes(name))
  const prevent = mitigations.length > 1 ? 'do' : 'does'
  return mitigations.length > 0 ? [`${list(mitigations)} ${prevent} not prevent it`] : []
}

/** "nothing is lost under fd-passing, nor under syn-block, which makes clients wait" */
function nothingLost(cases: string[], cells: MeasuredCell[]): string {
  const slow = cases.filter((name) => cells.some((cell) => cell.case === name && makesWait(cell)))
  const quick = cases.filter((name) => !slow.includes(name))
  const wait = `${list(slow)}, which ${slow.length > 1 ? 'make' : 'makes'} clients wait`
  const under = [...(quick.length > 0 ? [list(quick)] : []), ...(slow.length > 0 ? [wait] : [])]
  return `nothing is lost under ${under.join(', nor under ')}`
}

/** What a reload costs under one setting: by what it does to connections, how many at most. */
interface Cost {
  costs: [does: string, upTo: string][]
  /** Refusals per reload, the most of any cell. */
  refused: number
  /** Resets per reload, the fewest and the most of any cell. */
  range: [least: number, most: number]
  /** Whether that is what the load allows. */
  capped: boolean
}

function costOf(cells: MeasuredCell[]): Cost {
  const upTo = (value: (cell: MeasuredCell) => number) => Math.max(...cells.map(value))
  const aReload = (count: number, { reloads }: MeasuredCell) => count / Math.max(1, reloads)
  const mean = (cell: MeasuredCell) => cell.resetsPerReload.mean
  const most = upTo(mean)
  const least = cells.some((cell) => understated(cell, cell.load) !== null)
  const otherwise = cells.every((cell) => cell.resets + cell.refused === 0)
  const costs = [
    ['resets', most],
    ['refuses', upTo((cell) => aReload(cell.refused, cell))],
    ['loses', otherwise ? upTo((cell) => aReload(lostOtherwise(cell), cell)) : 0],
  ] as const
  return {
    refused: upTo((cell) => aReload(cell.refused, cell)),
    range: [Math.min(...cells.map(mean)), most],
    costs: costs
      .filter(([, count]) => count > 0)
      .map(([does, count]) => {
        const bound = does === 'refuses' && least ? 'at least ' : ''
        return [does, `${cells.length > 1 ? 'up to ' : ''}${bound}${decimal(count)}`]
      }),
    capped: cells.some((cell) => mean(cell) === most && atCeiling(cell)),
  }
}

/** With more settings than that, the least and the most of them are told. */
const FEW_SETTINGS = 3

/** @param told whether one setting, too, is told with where that is */
function costWords(found: (Cost & { where: string })[], told: boolean): string {
  // A number that is the load's comes last.
  const all = found.toSorted((a, b) => Number(a.capped) - Number(b.capped))
  const words = ({ costs }: Cost) =>
    costs.length === 0 ? 'resets none' : `${list(costs.map(([does, upTo]) => `${does} ${upTo}`))} connections`
  const ceiling = ({ capped }: Cost) => (capped ? ' (at the ceiling of the load)' : '')
  if (all.length > FEW_SETTINGS) {
    const [least, most] = [Math.min(...all.map(({ range }) => range[0])), Math.max(...all.map(({ range }) => range[1]))]
    const refusing = Math.max(...all.map(({ refused }) => refused))
    const refuses = refusing > 0 ? ` and refuses up to ${decimal(refusing)}` : ''
    return `resets ${decimal(least)} to ${decimal(most)}${refuses} connections, by load and proxy`
  }
  const [first, ...others] = all as [(typeof all)[0], ...typeof all]
  if (others.length === 0) return `${words(first)}${told ? ` ${first.where}` : ''}${ceiling(first)}`
  // Where all of them only reset, the words are said once.
  const alike = all.every(({ costs }) => costs.every(([does]) => does === 'resets'))
  const parts = all.map((one, i) => {
    const short = i > 0 && alike ? (one.costs[0]?.[1] ?? 'none') : words(one)
    return `${short} ${one.where}${ceiling(one)}`
  })
  return alike ? list(parts) : `${parts.slice(0, -1).join(', ')}, and ${parts.at(-1)}`
}
