import { isMeasured, type Result } from '../model/result.ts'
import { flags } from '../render/facts/account.ts'

/** What a cell turned: its verdict, or a flag beside it; and a saved run that is refused. */
export type Colour = Result['cells'][number]['verdict'] | 'noisy' | 'overloaded' | 'refused'

/** What must catch a defect: a cell that is yellow for another reason does not count. */
export interface Caught {
  verdict: Colour[]
  by: RegExp
}

/** What the lab says of a cell: its verdict and its flags, each with the reason. */
export interface Said {
  verdict: Colour
  reason: string
}

/** A planted defect and what became of it. */
export interface Finding {
  name: string
  /** What was planted, in one sentence. */
  planted: string
  /** What caught it; null when nobody did. */
  caught: Said | null
  /** What must catch it. */
  by: RegExp
  /** Why the lab cannot notice it yet. */
  pending?: string | undefined
  /** All that the lab said. */
  said: Said[]
}

/** What a result says of one of its cells; nothing where there is no such cell. */
export function saidOf({ cells }: Result, name: string): Said[] {
  const cell = cells.find((cell) => cell.case === name)
  if (!cell) return []
  const beside = isMeasured(cell) ? flags(cell).map(({ word, why }) => ({ verdict: word, reason: why })) : []
  return [{ verdict: cell.verdict, reason: cell.reason }, ...beside]
}

/** Whether one of these sayings is what must catch the defect. */
const catching = (said: Said[], { verdict, by }: Caught): Said | null =>
  said.find((one) => verdict.includes(one.verdict) && by.test(one.reason)) ?? null

/** A defect, given what was said: whether that is what must catch it. */
export const finding = (
  { name, planted, caught, pending }: { name: string; planted: string; caught: Caught; pending?: string },
  said: Said[],
): Finding => ({ name, planted, by: caught.by, pending, said, caught: catching(said, caught) })

/** Why a defect was not caught, for a failed test. */
export const missed = ({ name, said }: Finding) =>
  `${name}: not caught: ${said.map(({ verdict, reason }) => `${verdict}: ${reason}`).join(' | ') || 'no such cell'}`
