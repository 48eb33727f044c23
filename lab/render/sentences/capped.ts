import { isMeasured, type MeasuredCell } from '../../model/result.ts'
import { atCeiling, ceilingOf } from '../facts/account.ts'
import { counted, list, percent, whole } from '../facts/format.ts'
import type { Group } from '../facts/groups.ts'
import { name, type Words } from './words.ts'

/** So many are named one by one. */
const FEW = 6

/** The maxaccept that is usual to lift the ceiling. */
const PLENTY = 64

/**
 * What must be said before any number: which cells lost as much as their load allows, what that means, and which
 * options lift it. Nothing where there are none.
 */
export function cappedWords(all: Group[]): Words[] {
  const found = all.flatMap((group) =>
    group.cells.filter(isMeasured).flatMap((cell) => (atCeiling(cell) ? [{ group, cell }] : [])),
  )
  if (found.length === 0) return []
  const cells = found.map(({ cell }) => cell)
  const losing = all.flatMap((group) => group.cells.filter(isMeasured).filter(({ resets }) => resets > 0))
  const where = found.length > FEW ? summed(cells, losing.length) : named(found, all.length > 1)
  const users = Math.max(...cells.map(({ load }) => load.users))
  return [
    `At the ceiling of the load, users − maxaccept: ${where}.`,
    'Such numbers are those of the load, not of the kernel or the mitigation, and must not be compared.',
    `What lifts it in this lab: \`--maxaccept ${Math.max(PLENTY, users)}\`, a larger \`--users\`, or an open loop (\`--rate\`, or the load half of a run with neither \`--users\` nor \`--rate\`).`,
  ]
}

/** "`none` on 6.1 saturated (75 % of its reloads, at 76)" */
const named = (found: { group: Group; cell: MeasuredCell }[], several: boolean) =>
  list(
    found.map(
      ({ group, cell }) =>
        `${name(cell.case)}${several ? ` on ${group.label}` : ` under ${group.load.name}`} (${percent(cell.capped!)} of its reloads, at ${whole(ceilingOf(cell))})`,
    ),
  )

/** Of many cells: how many they are, by case, and between which shares. */
function summed(cells: MeasuredCell[], losing: number): string {
  const cases = [...new Set(cells.map((cell) => cell.case))].map((name_) => {
    const its = cells.filter((cell) => cell.case === name_)
    const shares = its.map(({ capped }) => capped!)
    return `${name(name_)} in ${its.length} (${percent(Math.min(...shares))} to ${percent(Math.max(...shares))} of the reloads)`
  })
  const users = [...new Set(cells.map(({ load }) => load.users))].sort((a, b) => a - b).map(whole)
  return `${cells.length} of ${counted(losing, 'cell')} that lost connections, with ${list(users)} connections: ${list(cases)}`
}
