import { cpuPairs } from '../guest/threads.ts'
import { noiseOf } from '../measure/noise.ts'
import { overloaded } from '../measure/overload.ts'
import type { FailedCell, MeasuredCell, Result } from '../measure/result.ts'
import { judge } from '../measure/verdict.ts'
import { whole } from '../render/format.ts'
import { type Done, type Outcome, runCell } from './local.ts'
import { Pairs } from './pairs.ts'
import { doSteps } from './progress.ts'
import { type SavedRun, saveOutcome } from './saved.ts'

/** How a run is carried out. */
export interface Manner {
  /** Cells side by side. */
  jobs: number
  /** Cells of the run that need not be carried out again. */
  done: Done[]
  /** Whether somebody watches the progress. */
  terminal: boolean
  /** Seconds that the run has taken so far. */
  seconds: () => number
  signal: AbortSignal
}

/**
 * Carries out what is missing of a run, saves each cell as it ends, and judges what was measured.
 *
 * @param folder of the run, where each cell gets a folder of its own
 * @returns the cells in the order of the plan, whichever ended first; those that an interruption kept from it are left out
 */
export async function carryOut(
  run: SavedRun,
  folder: string,
  { jobs, done, terminal, seconds, signal }: Manner,
): Promise<Result['cells']> {
  const pairs = new Pairs(cpuPairs())
  const missing = run.cells.filter((cell) => !done.some((other) => other.cell === cell))
  warnOfSharing(Math.min(jobs, missing.length), pairs.pairs.length)
  const steps = missing.map((cell) => ({
    title: `${cell.kernel.name} ${cell.case.name}`,
    run: async (say: (line: string) => void): Promise<Outcome | null> => {
      if (signal.aborted) return null
      const outcome = await pairs.lend((cpus) => runCell(cell, folder, cpus, signal, say))
      return 'done' in outcome ? saved(outcome.done) : outcome
    },
    summary,
  }))
  const saved = (ended: Done): Outcome => {
    try {
      saveOutcome(folder, run, ended, seconds())
      return { done: ended }
    } catch (error) {
      const { message } = error as Error
      return { failed: { ...ended.provenance, verdict: 'failed', reason: message, consoleTail: [] } }
    }
  }
  const outcomes = await doSteps(steps, jobs, terminal)
  const all = [...done, ...outcomes.flatMap((outcome) => (outcome && 'done' in outcome ? [outcome.done] : []))]
  return run.cells.flatMap((cell): (MeasuredCell | FailedCell)[] => {
    const ended = all.find((other) => other.cell === cell)
    if (ended) return [judged(ended, all)]
    const outcome = outcomes[missing.indexOf(cell)]
    return outcome && 'failed' in outcome ? [outcome.failed] : []
  })
}

function warnOfSharing(guests: number, pairs: number) {
  if (guests <= pairs) return
  process.stderr.write(
    `${guests} guests at a time, and CPUs for ${pairs}, 2 a guest: they share them, and a cell that waits for one is flagged noisy\n`,
  )
}

function summary(outcome: Outcome | null): string | null {
  if (!outcome) return null
  if ('interrupted' in outcome) return 'interrupted'
  if ('failed' in outcome) return `failed: ${outcome.failed.reason}`
  const { measured } = outcome.done
  const { resets, refused, reloads, connections } = measured
  const lost = refused ? `${whole(resets)} resets and ${whole(refused)} refused` : `${whole(resets)} resets`
  return `${lost} in ${whole(reloads)} reloads, ${whole(connections)} connections`
}

/** The verdict on a cell, beside the others of its run. */
export function judged(done: Done, all: Done[]): MeasuredCell {
  const pace = ({ provenance, measured: { spinUs, quietThroughput } }: Done) => ({
    ...provenance,
    spinUs,
    quietThroughput,
  })
  const noiseIn = (of: Done) => noiseOf(pace(of), all.map(pace))
  const facts = (of: Done) => ({
    ...of.cell,
    pins: of.pins,
    backwards: of.backwards,
    clocksource: of.provenance.clocksource,
    measured: of.measured,
    noisy: noiseIn(of).length > 0,
    overloaded: overloaded({ load: of.cell.load, ...of.measured }),
  })
  const control = all.find(
    ({ cell: { case: of, kernel: on } }) => of.control === 'positive' && on.name === done.cell.kernel.name,
  )
  const noise = noiseIn(done)
  const provenance = { ...done.provenance, noisy: noise.length > 0, noise }
  return { ...provenance, ...done.measured, ...judge(facts(done), control && facts(control)) }
}
