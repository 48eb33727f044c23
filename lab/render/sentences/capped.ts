import { isMeasured, type MeasuredCell } from '../../model/result.ts'
import { counted, list, whole } from '../../model/text/amounts.ts'
import { atCeiling, ceilingOf } from '../facts/cells/account.ts'
import { percent } from '../facts/cells/numbers.ts'
import type { Group } from '../facts/groups/groups.ts'
import { name, type Words } from './words.ts'

/** So many cells are named one by one. */
const FEW = 6
/** The maxaccept that usually lifts the ceiling. */
const PLENTY = 64

/**
 * What must be said before any number: which cells lost as much as their load allows, what that means, and which
 * options lift it. Nothing where there are none.
 */
export function cappedWords(all: Group[]): Words[] {
  const cells = all.flatMap((group) => group.cells.filter(isMeasured).map((cell) => ({ group, cell })))
  const capped = cells.filter(({ cell }) => atCeiling(cell))
  if (capped.length === 0) return []
  const losing = cells.filter(({ cell }) => cell.resets > 0).length
  const users = Math.max(...capped.map(({ cell }) => cell.load.users))
  const which =
    capped.length > FEW
      ? countedByCase(
          capped.map(({ cell }) => cell),
          losing,
        )
      : list(
          capped.map(({ group, cell }) =>
            named(cell, all.length > 1 ? `on ${group.label}` : `under ${cell.load.name}`),
          ),
        )
  return [
    `At the ceiling of the load (users − maxaccept, the most that one reload can lose): ${which}.`,
    'Such numbers are those of the load, not of the kernel or the mitigation, and must not be compared.',
    `These lift it: \`--maxaccept ${Math.max(PLENTY, users)}\`, a larger \`--users\`, or an open loop (\`--rate\`, or the load \`half\` of a run with neither \`--users\` nor \`--rate\`).`,
  ]
}

/** "`none` on 6.1 saturated (75 % of its reloads, at 76)" */
const named = (cell: MeasuredCell, where: string) =>
  `${name(cell.case)} ${where} (${percent(cell.capped!)} of its reloads, at ${whole(ceilingOf(cell))})`

/** Of many cells: how many they are, by case, and between which shares. */
function countedByCase(all: MeasuredCell[], losing: number): string {
  const cases = [...new Set(all.map((cell) => cell.case))].map((title) => {
    const shares = all.filter((cell) => cell.case === title).map(({ capped }) => capped!)
    return `${name(title)} in ${shares.length} (${percent(Math.min(...shares))} to ${percent(Math.max(...shares))} of the reloads)`
  })
  const users = [...new Set(all.map(({ load }) => load.users))].sort((a, b) => a - b).map(whole)
  return `${all.length} of ${counted(losing, 'cell')} that lost connections, with ${list(users)} connections: ${list(cases)}`
}
