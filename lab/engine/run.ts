import { cpuPairs } from '../guest/threads.ts'
import { failed, gathered, judged } from '../measure/verdict/judged.ts'
import { bootFolder, type Cell, interleaved, type Start } from '../model/cell.ts'
import type { Result } from '../model/result.ts'
import { whole } from '../render/facts/format.ts'
import { type SavedRun, saveOutcome } from '../saved/run.ts'
import { Pairs } from './local/cpus.ts'
import { type BootDone, type BootFailed, type Outcome, runBoot } from './local/local.ts'
import { doSteps } from './progress.ts'

/** How a run is carried out. */
export interface Manner {
  /** Boots side by side. */
  jobs: number
  /** Boots of the run that need not be carried out again. */
  done: BootDone[]
  /** Whether somebody watches the progress. */
  terminal: boolean
  /** Seconds that the run has taken so far. */
  seconds: () => number
  signal: AbortSignal
}

/** Of the boots that a run needs, those that have not ended well yet. */
export const missingOf = (cells: Cell[], done: BootDone[]): Start[] =>
  interleaved(cells).filter(({ cell, boot }) => !done.some((other) => other.cell === cell && other.boot === boot))

/**
 * Carries out what is missing of a run, saves each boot as it ends, and judges what was measured.
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
  const missing = missingOf(run.cells, done)
  warnOfSharing(Math.min(jobs, missing.length), pairs.pairs.length)
  const steps = missing.map(({ cell, boot }) => ({
    title: titleOf(cell, boot),
    run: async (say: (line: string) => void): Promise<Outcome | null> => {
      if (signal.aborted) return null
      const outcome = await pairs.lend((cpus) => runBoot(cell, boot, folder, cpus, signal, say))
      return 'done' in outcome ? saved(outcome.done) : outcome
    },
    summary,
  }))
  const saved = (ended: BootDone): Outcome => {
    try {
      saveOutcome(folder, run, ended, seconds())
      return { done: ended }
    } catch (error) {
      const { cell, boot, facts } = ended
      return { failed: { cell, boot, facts, reason: (error as Error).message, consoleTail: [] } }
    }
  }
  const outcomes = await doSteps(steps, jobs, terminal)
  const ended = outcomes.flatMap((outcome): (BootDone | BootFailed)[] => {
    if (!outcome || 'interrupted' in outcome) return []
    return ['done' in outcome ? outcome.done : outcome.failed]
  })
  return judgedAll(run.cells, [...done, ...ended])
}

/** The cells of a run that have ended, in the order of the plan: judged, or failed when one of their boots has. */
function judgedAll(cells: Cell[], boots: (BootDone | BootFailed)[]): Result['cells'] {
  const ended = cells.map((cell) => {
    const its = boots.filter((boot) => boot.cell === cell).sort((a, b) => a.boot - b.boot)
    const well = its.filter((boot): boot is BootDone => 'tally' in boot)
    return { cell, its, done: well.length === cell.boots ? gathered(cell, well) : null }
  })
  const all = ended.flatMap(({ done }) => done ?? [])
  return ended.flatMap(({ cell, its, done }): Result['cells'] => {
    if (done) return [judged(done, all)]
    return its.some((boot) => 'reason' in boot) ? [failed(cell, its)] : []
  })
}

const titleOf = ({ name, boots }: Cell, boot: number) => (boots > 1 ? `${name} ${bootFolder(boot)}` : name)

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
  const { resets, refused, resetsByReload, connections } = outcome.done.tally
  const lost = refused ? `${whole(resets)} resets and ${whole(refused)} refused` : `${whole(resets)} resets`
  return `${lost} in ${whole(resetsByReload.length)} reloads, ${whole(connections)} connections`
}
