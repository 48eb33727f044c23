import { sum } from 'simple-statistics'
import type { Result, ResultCell } from '../../model/result.ts'
import { counted, list, whole } from '../../model/text/amounts.ts'
import { secondsOf } from '../facts/cells/numbers.ts'
import type { Group } from '../facts/groups/groups.ts'
import { name, type Words } from './words.ts'

/** So many cells that took the most time are named. */
const LONGEST = 3

/** A cell of a run until sure. */
interface Sure {
  cell: ResultCell
  /** Its case, and its group where there are several. */
  of: Words
  seconds: number
}

/** What a run until sure decided and when, what ended the rest, and which cells took the time; empty for other runs. */
export function sureWords(all: Group[], { interrupted }: Pick<Result, 'interrupted'>): Words[] {
  const cells = all.flatMap(({ cells, label }) =>
    cells
      .filter(({ mostBoots }) => mostBoots !== null)
      .map((cell): Sure => {
        const of = `${name(cell.case)}${all.length > 1 ? ` on ${label}` : ''}`
        return { cell, of, seconds: secondsOf(cell) }
      }),
  )
  if (cells.length === 0) return []
  const decided = cells.filter(({ cell }) => cell.decidedAfter !== null)
  return [
    `Until sure: ${decided.length} of ${counted(cells.length, 'verdict')} ${decided.length === 1 ? 'is' : 'are'} decided${byBoot(decided)}`,
    ...ends(cells, interrupted),
    longest(cells),
  ]
}

/** ", 14 after boot 1, 2 after boot 2": when verdicts were decided. */
function byBoot(decided: Sure[]): string {
  const boots = [...new Set(decided.map(({ cell }) => cell.decidedAfter!))].sort((a, b) => a - b)
  const parts = boots.map(
    (boot) => `${decided.filter(({ cell }) => cell.decidedAfter === boot).length} after boot ${boot}`,
  )
  return parts.length > 0 ? `: ${list(parts)}` : ''
}

/** What ended cells that are not decided, a sentence an end. */
function ends(cells: Sure[], interrupted: boolean): Words[] {
  const by = (end: string, its: Sure[]) => (its.length > 0 ? [`${end}: ${list(its.map(({ of }) => of))}`] : [])
  const open = cells.filter(({ cell }) => cell.decidedAfter === null)
  const failed = open.filter(({ cell }) => cell.verdict === 'failed')
  const full = open.filter(({ cell }) => !failed.some((one) => one.cell === cell) && cell.boots === cell.mostBoots)
  const rest = open.filter((one) => !failed.includes(one) && !full.includes(one))
  return [
    ...by('Not decided, as a boot failed', failed),
    ...by(`Not decided within the limit of ${counted(full[0]?.cell.mostBoots ?? 0, 'boot')}`, full),
    ...by(interrupted ? 'Not decided when the run was interrupted' : 'Not decided, and more boots cannot do it', rest),
  ]
}

/** Which cells took the most time. */
function longest(cells: Sure[]): Words {
  const all = sum(cells.map(({ seconds }) => seconds))
  const most = [...cells].sort((a, b) => b.seconds - a.seconds).slice(0, LONGEST)
  const parts = most.map(({ of, cell, seconds }) => `${of} (${counted(cell.boots, 'boot')}, ${whole(seconds)} s)`)
  return `All boots took ${whole(all)} s, the most of it ${list(parts)}`
}
