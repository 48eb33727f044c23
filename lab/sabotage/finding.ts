import { isMeasured, type Result } from '../model/result.ts'
import { flags } from '../render/facts/cells/account.ts'
import { groupsOf } from '../render/facts/groups/groups.ts'
import { doubtedLoads } from '../render/facts/misjudged.ts'

/** The verdict on a cell, a flag beside it, `misjudged` or `uncertain` for its loads, or `refused` for a saved run that is not believed. */
type Mark = Result['cells'][number]['verdict'] | 'noisy' | 'overloaded' | 'misjudged' | 'uncertain' | 'refused'

/** What must catch a defect: one of these marks, for this reason. A cell that is yellow for another reason does not count. */
export interface Caught {
  verdict: Mark[]
  by: RegExp
}

/** One thing that the lab says of a cell: its verdict or a flag, with the reason. */
export interface Said {
  verdict: Mark
  reason: string
}

/** A planted defect. */
export interface Plant {
  name: string
  /** What was planted, in one sentence. */
  planted: string
  caught: Caught
  /** Why the lab cannot notice it yet. */
  pending?: string
}

/** A planted defect and what became of it. */
export interface Finding extends Omit<Plant, 'caught'> {
  /** What caught it; null when nothing did. */
  caught: Said | null
  /** The reason that must catch it. */
  by: RegExp
  /** Everything that the lab said. */
  said: Said[]
}

/** Everything that a result says of the cell of one case, and of its loads; empty where it has no such cell. */
export function saidOf(result: Result, name: string): Said[] {
  const cell = result.cells.find((cell) => cell.case === name)
  if (!cell) return []
  const loads = doubtedLoads(result, groupsOf(result)).map(({ word, text }): Said => ({ verdict: word, reason: text }))
  const beside = isMeasured(cell) ? flags(cell).map(({ word, why }) => ({ verdict: word, reason: why })) : []
  return [{ verdict: cell.verdict, reason: cell.reason }, ...beside, ...loads]
}

/** What becomes of a defect by what the lab said. */
export function finding({ name, planted, caught: { verdict, by }, pending }: Plant, said: Said[]): Finding {
  const caught = said.find((one) => verdict.includes(one.verdict) && by.test(one.reason)) ?? null
  return { name, planted, by, said, caught, ...(pending !== undefined && { pending }) }
}

/** Why a defect was not caught, for a failed test. */
export const missed = ({ name, said }: Finding) =>
  `${name}: not caught: ${said.map(({ verdict, reason }) => `${verdict}: ${reason}`).join(' | ') || 'no such cell'}`
