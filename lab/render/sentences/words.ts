import type { MeasuredCell } from '../../model/result.ts'
import { flags, lost } from '../facts/account.ts'
import { counted, list, whole } from '../facts/format.ts'

/** Plain words in which `backticks` mark the names of cases, kernels and runs. */
export type Words = string

/** A name, marked. */
export const name = (text: string): Words => `\`${text.replaceAll('`', "'")}\``

/** So many cells are named one by one. */
const FEW = 6

/**
 * Cells that something else disturbed: nothing is compared with them, and what they lost is not passed over.
 *
 * @param places the cells, each with its kernel where there are several
 */
export function leftOut(places: { cell: MeasuredCell; on?: string }[]): Words[] {
  if (places.length === 0) return []
  const each = places.length > FEW ? byCase(places.map(({ cell }) => cell)) : places.map(oneByOne)
  return [`Left out of what is said and compared here: ${list(each)}.`]
}

function oneByOne({ cell, on }: { cell: MeasuredCell; on?: string }): string {
  const facts = [...flags(cell).map(({ word }) => word), `${whole(lost(cell))} lost`]
  return `${name(cell.case)}${on ? ` on ${on}` : ''} (${facts.join(', ')})`
}

function byCase(cells: MeasuredCell[]): string[] {
  return [...new Set(cells.map((cell) => cell.case))].map((of) => {
    const its = cells.filter((cell) => cell.case === of)
    const words = [...new Set(its.flatMap((cell) => flags(cell).map(({ word }) => word)))]
    const losses = its.reduce((sum, cell) => sum + lost(cell), 0)
    return `${name(of)} in ${counted(its.length, 'cell')} (${words.join(' or ')}, ${whole(losses)} lost)`
  })
}
