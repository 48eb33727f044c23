import { join } from 'node:path'
import type { BootObserver, Engine } from '../engine/engine.ts'
import type { EndedBoot, MeasuredBoot } from '../measure/boot.ts'
import { bootFolder, type Cell, firstRound, partsOf, type Start } from '../model/cell.ts'
import type { Event } from '../model/events.ts'
import { notReady } from '../model/fault.ts'
import { type Outcome, UNSEEN } from '../model/outcome.ts'
import type { Result } from '../model/result.ts'
import { counted, list, whole } from '../model/text/amounts.ts'
import { again } from '../model/text/command.ts'
import { BootFolder } from '../saved/boot-folder.ts'
import { type SavedRun, saveOutcome } from '../saved/run.ts'
import { Aside } from './aside.ts'
import { doSteps } from './progress.ts'

/** How a run is carried out. */
export interface CarryOutOptions {
  engine: Engine
  /** Boots at a time. */
  jobs: number
  /** Boots of the run that need not be carried out again. */
  done: MeasuredBoot[]
  /** Whether somebody watches the progress. */
  terminal: boolean
  /** Seconds that the run has taken so far. */
  seconds: () => number
  signal: AbortSignal
}

/**
 * Makes sure that the boots which a run is missing can be carried out as they were planned.
 *
 * @throws a Fault (exit 3) that says why they cannot, with the command that makes the run anew
 */
export async function requireParts(engine: Engine, { argv }: Pick<SavedRun, 'argv'>, missing: Start[]) {
  const cells = new Map(
    missing.map(({ cell }) => [JSON.stringify([cell.guest, cell.kernel.name, partsOf(cell)]), cell]),
  )
  for (const cell of cells.values()) {
    const obstacle = await engine.obstacle(cell)
    if (obstacle) throw notReady(`${obstacle}: the rest of this run cannot be carried out`, again(argv))
  }
}

/**
 * Carries out what is missing of a run, saves each boot as it ends, and judges what was measured.
 *
 * @param folder of the run, where each cell gets a folder of its own
 * @returns the cells that have ended, in the order of the plan
 */
export async function carryOut(run: SavedRun, folder: string, options: CarryOutOptions): Promise<Result['cells']> {
  const { engine, jobs, done, terminal, signal } = options
  const ended: EndedBoot[] = [...done]
  const aside = new Aside()
  for (;;) {
    const round = ended.length ? (await rounds()).nextRound(run.cells, ended) : firstRound(run.cells)
    if (!round.length || signal.aborted) break
    if (engine.waiting === undefined) warnOfSharing(Math.min(jobs, round.length), engine.slots)
    const steps = round.map((start) => ({
      title: titleOf(start),
      run: async (say: (line: string) => void) =>
        signal.aborted ? null : carryOutBoot(start, run, folder, options, aside, say),
      summary,
    }))
    const outcomes = await doSteps(steps, jobs, terminal)
    ended.push(...outcomes.filter((boot) => boot !== null && boot.kind !== 'interrupted'))
    if (run.cells.some(({ untilSure }) => untilSure)) await tellDecided(run.cells, ended, options.seconds())
  }
  const { judgeAll } = await judging()
  return judgeAll(run.cells, ended)
}

/** So many cells are named. */
const FEW = 6

/** Says how many verdicts are decided, and which of the last few are not. */
async function tellDecided(cells: Cell[], ended: EndedBoot[], seconds: number) {
  const { judgeAll } = await judging()
  const decided = judgeAll(cells, ended).filter(({ decidedAfter }) => decidedAfter !== null)
  const others = cells.filter(({ name }) => !decided.some(({ folder }) => folder === name)).map(({ name }) => name)
  const rest = others.length && others.length <= FEW ? `, not ${list(others)}` : ''
  process.stderr.write(`${whole(seconds)} s: ${decided.length} of ${cells.length} verdicts are decided${rest}\n`)
}

// Loaded when a boot has ended, so that the first need not wait for it.
const room = () => import('../saved/room.ts')
const measuring = () => import('../measure/boot.ts')
const judging = () => import('../measure/verdict/judged.ts')
const rounds = () => import('../measure/verdict/rounds.ts')

/** The outcome of a boot that leaves nothing to measure. */
type Interrupted = Extract<Outcome, { kind: 'interrupted' }>

async function carryOutBoot(
  start: Start,
  run: SavedRun,
  folder: string,
  { engine, terminal, seconds, signal }: CarryOutOptions,
  aside: Aside,
  say: (line: string) => void,
): Promise<EndedBoot | Interrupted> {
  const cell = join(folder, start.cell.name)
  // Without a task list only the end of a boot is told, and a lab that waits seems to hang.
  const waits = terminal ? say : (line: string) => void process.stderr.write(`${titleOf(start)}: ${line}\n`)
  let seen: Pick<Exclude<Outcome, Interrupted>, 'facts' | 'consoleTail'> = { facts: UNSEEN, consoleTail: [] }
  try {
    const saved = new BootFolder(join(cell, bootFolder(start.boot)))
    const outcome = await engine.run(start, observerOf(start.cell, saved, say, waits), signal)
    if (outcome.kind === 'interrupted') return outcome
    seen = outcome
    const large = outcome.kind === 'done' && (await room()).tooLarge(join(saved.path, 'events.jsonl'))
    if (large) {
      const reason = `events.jsonl: ${large.said}; it counts once the run is resumed with ${large.option}`
      const uncounted = (await measuring()).measureBoot(start, { ...outcome, kind: 'failed', reason }, [])
      saveOutcome(folder, run, uncounted, seconds())
      return uncounted
    }
    const ended = await aside.measure({ start, outcome, folder: cell })
    if (ended.kind === 'done') saveOutcome(folder, run, ended, seconds())
    return ended
  } catch (error) {
    // What could not be saved has not been measured.
    const { measureBoot } = await measuring()
    return measureBoot(start, { ...seen, kind: 'failed', reason: (error as Error).message }, [])
  }
}

/** Saves what a boot tells, and shows how far it is. */
function observerOf(
  cell: Cell,
  saved: BootFolder,
  say: (line: string) => void,
  waits: (line: string) => void,
): BootObserver {
  const progress = progressOf(cell)
  return {
    files: (files) => saved.files(files),
    again: () => {
      saved.clear()
      say('lost with its machine, and run again elsewhere')
    },
    waits,
    command: (argv) => saved.command(argv),
    line: (line) => saved.line(line),
    console: (text) => saved.console(text),
    event: (event) => {
      const line = progress(event)
      if (line) say(line)
    },
  }
}

/** Turns events into a line for the person who waits. */
function progressOf({ load }: Cell) {
  let until = 0
  return (event: Event): string | null => {
    if (event.e === 'boot') return 'booted'
    if (event.e === 'reloading') until = performance.now() + load.duration * 1000
    if (event.e === 'draining') return 'waiting for the last connections'
    if (event.e !== 'tick' || !until) return null
    const left = Math.max(0, Math.round((until - performance.now()) / 1000))
    const refused = event.refused ? `, ${event.refused} refused` : ''
    return `${left} s left, ${event.reset} resets${refused} in ${event.begun} connections`
  }
}

const titleOf = ({ cell: { name, boots }, boot }: Start) => (boots > 1 ? `${name} ${bootFolder(boot)}` : name)

function warnOfSharing(boots: number, slots: number) {
  if (boots <= slots) return
  process.stderr.write(
    `${boots} guests at a time, and CPUs for ${slots}, 2 a guest: they share them, and a cell that waits for one is flagged noisy\n`,
  )
}

/** A boot that has ended, in a few words; null when it did not even begin. */
function summary(boot: EndedBoot | Interrupted | null): string | null {
  if (!boot) return null
  if (boot.kind === 'interrupted') return 'interrupted'
  if (boot.kind === 'failed') return `failed: ${boot.reason}`
  const { resets, refused, resetsByReload, connections } = boot.tally
  const lost = refused ? `${counted(resets, 'reset')} and ${whole(refused)} refused` : counted(resets, 'reset')
  return `${lost} in ${counted(resetsByReload.length, 'reload')}, ${whole(connections)} connections`
}
