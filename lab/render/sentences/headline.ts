import { isMeasured, type MeasuredCell, type Result } from '../../model/result.ts'
import { counted, list } from '../../model/text/amounts.ts'
import { answers, atCeiling, comparable, lost, lostOtherwise, undisturbed } from '../facts/account.ts'
import { loadWords } from '../facts/conditions.ts'
import type { Group } from '../facts/groups.ts'
import { decimal } from '../facts/numbers.ts'
import { distinctKernels, settingsOf } from '../facts/places.ts'
import { capital, type Words } from './words.ts'

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

/**
 * The result in one line, of the cells that nothing disturbed: what a reload without a mitigation costs at most under
 * each load, and under which cases nothing is lost.
 */
export function headline({ cases: known }: Result, groups: Group[]): Words {
  const all = groups.map(sortedCells)
  const cases = [...new Set(all.flatMap(({ compared }) => compared.map((cell) => cell.case)))]
  const disturbed = all.flatMap((group) => group.disturbed)
  const lossy = all.flatMap((group) => group.lossy)
  // What was lost where something disturbed the cell was lost all the same.
  const losing = [...lossy, ...disturbed.filter((cell) => lost(cell) > 0)]
  if (cases.length === 0 || (lossy.length === 0 && losing.length > 0))
    return disturbed.length ? 'No answer: the cells that lost connections were noisy or overloaded' : unanswered(groups)
  const kernels = distinctKernels(groups) ? `from Linux ${groups[0]!.series} to ${groups.at(-1)!.series}: ` : ''
  if (lossy.length === 0) return capital(`${kernels}no connection was lost in ${counted(cases.length, 'case')}`)

  const controls = known.filter(({ control }) => control === 'positive').map(({ name }) => name)
  const isControl = (cell: MeasuredCell) => controls.includes(cell.case)
  const controlled = lossy.some(isControl)
  const costs = settingsOf(groups).flatMap(({ label, load, groups }) => {
    const cells = groups
      .flatMap((group) => sortedCells(group).compared)
      .filter((cell) => !controlled || isControl(cell))
    return cells.length > 0
      ? [{ where: label === `under ${load.name}` ? `under ${loadWords(load)}` : label, ...costOf(cells) }]
      : []
  })
  const parts = [
    `${kernels}${controlled ? 'a reload without a mitigation' : 'a reload'} ${costWords(costs)}`,
    ...curesIn(groups, cases, losing, controls),
    ...(disturbed.length ? [`${counted(disturbed.length, 'cell')} left out`] : []),
  ]
  return capital(parts.join('; '))
}

/** No answer, with the reason of the first cell that gave none. */
function unanswered(groups: Group[]): Words {
  const open = groups.flatMap((group) => sortedCells(group).open)
  const first = open.find(({ verdict }) => verdict === 'inconclusive') ?? open[0]
  return first ? `No answer: ${first.case}: ${shortly(first.reason)}` : 'No answer'
}

/** A longer reason is cut at a colon, if it has one. */
const LONG = 80

/** What matters of a reason, in a line: not the counts that lead it, nor any second reason. */
function shortly(reason: string): Words {
  const clauses = reason.replaceAll('`', "'").split('; ')
  const clause = (clauses.find((one) => !/^\d+ resets? in /.test(one)) ?? clauses[0]!).replace(/^boot \d+: /, '')
  return clause.length > LONG ? clause.split(': ')[0]! : clause
}

/** Which cases lost nothing; of those that are inconclusive somewhere, that none was seen. */
function curesIn(groups: Group[], cases: string[], losing: MeasuredCell[], controls: string[]): string[] {
  const all = groups.map(sortedCells)
  const open = all.flatMap((group) => group.open)
  const reloading = cases.filter((name) => !all.some(({ still }) => still.some((cell) => cell.case === name)))
  const unsure = open.filter((cell) => !isMeasured(cell) || lost(cell) > 0)
  const unlost = reloading.filter((name) => ![...losing, ...unsure].some((cell) => cell.case === name))
  const clean = unlost.filter((name) => !open.some((cell) => cell.case === name))
  if (clean.length > 0) return [`nothing is lost under ${list(clean)}`]
  if (unlost.length > 0) return [`no loss was seen under ${list(unlost)}, but some of their cells are inconclusive`]
  const mitigations = reloading.filter((name) => !controls.includes(name))
  return mitigations.length > 0 ? [`${list(mitigations)} ${mitigations.length > 1 ? 'do' : 'does'} not prevent it`] : []
}

/** What a reload costs under one setting: by what it does to connections, how many at most. */
interface Cost {
  costs: [does: string, upTo: string][]
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
  const otherwise = cells.every((cell) => cell.resets + cell.refused === 0)
  const costs = [
    ['resets', most],
    ['refuses', upTo((cell) => aReload(cell.refused, cell))],
    ['loses', otherwise ? upTo((cell) => aReload(lostOtherwise(cell), cell)) : 0],
  ] as const
  return {
    range: [Math.min(...cells.map(mean)), most],
    costs: costs
      .filter(([, count]) => count > 0)
      .map(([does, count]) => [does, `${cells.length > 1 ? 'up to ' : ''}${decimal(count)}`]),
    capped: cells.some((cell) => mean(cell) === most && atCeiling(cell)),
  }
}

/** With more settings than that, the least and the most of them are told. */
const FEW_SETTINGS = 3

function costWords(all: (Cost & { where: string })[]): string {
  const words = ({ costs }: Cost) =>
    costs.length === 0 ? 'resets none' : `${list(costs.map(([does, upTo]) => `${does} ${upTo}`))} connections`
  const ceiling = ({ capped }: Cost) => (capped ? ' (at the ceiling of the load)' : '')
  if (all.length > FEW_SETTINGS) {
    const [least, most] = [Math.min(...all.map(({ range }) => range[0])), Math.max(...all.map(({ range }) => range[1]))]
    return `resets ${decimal(least)} to ${decimal(most)} connections, by load and proxy`
  }
  const [first, ...others] = all as [(typeof all)[0], ...typeof all]
  if (others.length === 0) return `${words(first)}${ceiling(first)}`
  // Where all of them only reset, the words are said once.
  const alike = all.every(({ costs }) => costs.every(([does]) => does === 'resets'))
  const parts = all.map((one, i) => {
    const short = i > 0 && alike ? (one.costs[0]?.[1] ?? 'none') : words(one)
    return `${short} ${one.where}${ceiling(one)}`
  })
  return alike ? list(parts) : `${parts.slice(0, -1).join(', ')}, and ${parts.at(-1)}`
}
