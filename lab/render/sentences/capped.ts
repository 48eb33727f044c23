import { isMeasured, type MeasuredCell } from '../../model/result.ts'
import { counted, list } from '../../model/text/amounts.ts'
import { atCeiling, comparable } from '../facts/cells/account.ts'
import type { Group } from '../facts/groups/groups.ts'
import { name, type Words } from './words.ts'

/** So many cells are named one by one. */
const FEW = 6
/** So many loads are named. */
const MANY = 2
/** The maxaccept that usually lifts the ceiling. */
const PLENTY = 64

interface Placed {
  group: Group
  cell: MeasuredCell
}

/**
 * What must be said before any number, in a line: which cells lost as much as their load allows, and where to look instead.
 * How many of their reloads did, and what the ceiling is, stands in the tables. Nothing where there are none.
 */
export function cappedWords(all: Group[]): Words[] {
  const cells = all.flatMap((group) => group.cells.filter(isMeasured).map((cell) => ({ group, cell })))
  const capped = cells.filter(({ cell }) => atCeiling(cell))
  if (capped.length === 0) return []
  const losing = cells.filter(({ cell }) => cell.resets > 0).length
  const which = capped.length > FEW ? countedByCase(capped, losing) : named(capped, all.length > 1)
  return [`At the ceiling of the load, and not to be compared: ${which}; ${instead(capped, cells)}.`]
}

/** Where the same can be compared: under an open loop of this run, which has no ceiling, else with an option. */
function instead(capped: Placed[], cells: Placed[]): string {
  const others = cells.filter(({ cell }) => comparable(cell) && cell.load.loop === 'open')
  const loads = capped.map((one) =>
    others.filter(({ group, cell }) => group.place === one.group.place && cell.case === one.cell.case),
  )
  const common = [...new Set(others.map(({ cell }) => cell.load.name))].filter((load) =>
    loads.every((its) => its.some(({ cell }) => cell.load.name === load)),
  )
  if (common.length > MANY) return 'compare under the other loads'
  if (common.length > 0) return `compare under ${list(common)}`
  const users = Math.max(...capped.map(({ cell }) => cell.load.users))
  return `\`--maxaccept ${Math.max(PLENTY, users)}\`, more \`--users\` or \`--rate\` lifts it`
}

/** "`none` and `ack-block` under saturated", or where there are several kernels "on 6.1 saturated" */
function named(capped: Placed[], several: boolean): string {
  const wheres = capped.map(({ group, cell }) => (several ? `on ${group.label}` : `under ${cell.load.name}`))
  return list(
    [...new Set(wheres)].map((where) => {
      const cases = capped.filter((_, i) => wheres[i] === where).map(({ cell }) => name(cell.case))
      return `${list(cases)} ${where}`
    }),
  )
}

/** Of many cells: how many they are, by case. */
function countedByCase(capped: Placed[], losing: number): string {
  const cases = [...new Set(capped.map(({ cell }) => cell.case))].map(
    (title) => `${name(title)} in ${capped.filter(({ cell }) => cell.case === title).length}`,
  )
  return `${capped.length} of ${counted(losing, 'cell')} that lost connections (${list(cases)})`
}
