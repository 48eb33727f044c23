import type { MeasuredCell, Result, Skipped } from '../measure/result.ts'
import { judge } from '../measure/verdict.ts'
import type { Plan } from '../plan/plan.ts'
import { type Done, type Outcome, runCell } from './local.ts'
import { inTurn } from './progress.ts'

/**
 * Carries a plan out, cell by cell, and judges what it measured.
 *
 * @param folder of the run, where each cell gets a folder of its own
 * @param terminal whether somebody watches stderr
 */
export async function carryOut(
  plan: Plan,
  folder: string,
  terminal: boolean,
  signal: AbortSignal,
): Promise<Pick<Result, 'cells' | 'skipped'>> {
  const steps = plan.cells.map((cell) => ({
    title: `${cell.kernel.name} ${cell.case.name}`,
    run: async (say: (line: string) => void): Promise<Outcome> =>
      signal.aborted ? { interrupted: true } : runCell(cell, folder, signal, say),
    summary,
  }))
  const outcomes = await inTurn(steps, terminal)
  const all = outcomes.flatMap((outcome) => ('done' in outcome ? [outcome.done] : []))
  return {
    cells: outcomes.flatMap((outcome): Result['cells'] =>
      'failed' in outcome ? [outcome.failed] : 'done' in outcome ? [judged(outcome.done, all)] : [],
    ),
    skipped: [
      ...plan.skipped,
      ...outcomes.flatMap((outcome): Skipped[] => ('skipped' in outcome ? [outcome.skipped] : [])),
    ],
  }
}

function summary(outcome: Outcome): string {
  if ('interrupted' in outcome) return 'interrupted'
  if ('skipped' in outcome) return `skipped: ${outcome.skipped.reason}`
  if ('failed' in outcome) return `failed: ${outcome.failed.reason}`
  const { resets, reloads, connections } = outcome.done.measured
  return `${resets} resets in ${reloads} reloads, ${connections} connections`
}

function judged({ cell, provenance, measured, backwards }: Done, all: Done[]): MeasuredCell {
  const { kernel, guest, seed } = cell
  const control = all.find((other) => other.cell.case.control === 'positive' && other.cell.kernel.name === kernel.name)
  const facts = { case: cell.case, series: kernel.series, guest, pins: provenance.pins, backwards, seed, measured }
  return { ...provenance, ...measured, ...judge(facts, control?.measured) }
}
