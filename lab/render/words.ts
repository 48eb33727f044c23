import type { MeasuredCell } from '../measure/result.ts'
import { flags, lost } from './account.ts'
import { list, whole } from './format.ts'

/** Plain words in which `backticks` mark the names of cases, kernels and runs. */
export type Words = string

/** A name, marked. */
export const name = (text: string): Words => `\`${text.replaceAll('`', "'")}\``

/**
 * Cells that something else disturbed: nothing is compared with them, and what they lost is not passed over.
 *
 * @param places the cells, each with its kernel where there are several
 */
export function leftOut(places: { cell: MeasuredCell; on?: string }[]): Words[] {
  if (places.length === 0) return []
  const each = places.map(({ cell, on }) => {
    const facts = [...flags(cell).map(({ word }) => word), `${whole(lost(cell))} lost`]
    return `${name(cell.case)}${on ? ` on ${on}` : ''} (${facts.join(', ')})`
  })
  return [`Left out of what is said and compared here: ${list(each)}.`]
}
