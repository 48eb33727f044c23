import { relative } from 'node:path'
import { quote } from 'zx/core'
import type { ResumeOptions, RunOptions } from '../cli/options/run.ts'
import type { Engine } from '../engine/engine.ts'
import { leaveMachines } from '../guest/vagrant/machines.ts'
import { exitStatus } from '../measure/verdict/status.ts'
import { type Shard, shardText } from '../model/result/shard.ts'
import { isMeasured, type Result } from '../model/result.ts'
import { counted, list } from '../model/text/amounts.ts'
import type { SavedRun } from '../saved/run.ts'
import { carryOut } from './carry-out.ts'
import { beginRun } from './open/begin.ts'

/**
 * Measures what was asked for, or what is missing of a run, and publishes the result.
 *
 * @param argv the command line, which is saved with a new run
 * @returns the exit status
 */
export async function measureRun(
  options: RunOptions | ResumeOptions,
  argv: string[],
  signal: AbortSignal,
): Promise<number> {
  try {
    return await measured(options, argv, signal)
  } finally {
    await leaveMachines('keep' in options && options.keep, note)
  }
}

async function measured(options: RunOptions | ResumeOptions, argv: string[], signal: AbortSignal): Promise<number> {
  const since = performance.now()
  const { run, engine, folder, done, before, missing } =
    'resume' in options
      ? // Only now: a new run does not need what measures saved events again.
        await (await import('./open/reopen.ts')).reopenRun(options.resume, note, signal)
      : await beginRun(options, argv, note, signal)
  if (run.shard) note(shardWords(run.shard, run))
  const seconds = () => before + (missing ? (performance.now() - since) / 1000 : 0)
  // Where only stderr is a terminal the task list would be written to stdout.
  const terminal = Boolean(process.stdout.isTTY && process.stderr.isTTY)
  const jobs = options.jobs ?? jobsOf(engine)
  const cells = await carryOut(run, folder, { engine, jobs, done, terminal, seconds, signal })
  const { caseFiles, capacities, ownFiles, registry, ...saved } = run
  const carried = capacities.length ? { capacities } : {}
  const result: Result = { ...saved, ...carried, seconds: seconds(), cells, interrupted: signal.aborted }
  const { publish } = await import('./publish.ts')
  await publish(result, folder, options)
  const begun = signal.aborted && run.cells.some(({ untilSure }) => untilSure)
  if (begun || cells.filter(isMeasured).length < run.cells.length)
    note(`to run what is missing: npx tsx lab/run.ts --resume ${quote(relative(process.cwd(), folder) || '.')}`)
  return exitStatus(result)
}

/** Boots at a time where nobody says how many: one after the other, unless machines would wait. */
const jobsOf = ({ slots, waiting }: Engine) => (waiting === undefined ? 1 : slots + waiting)

/** What a shard measures, in words. */
function shardWords(shard: Shard, { cells, skipped }: Pick<SavedRun, 'cells' | 'skipped'>): string {
  const kernels = [...new Set(cells.map(({ kernel }) => kernel.name))]
  const what = cells.length ? `${counted(cells.length, 'cell')} on ${list(kernels)}` : skipped.length ? NONE : LEFT_OVER
  return `shard ${shardText(shard)}: ${what}`
}

const NONE = 'nothing to measure: none of its kernels can be had here'
const LEFT_OVER = 'nothing to measure: there are more shards than parts, and the others measure all'

function note(line: string) {
  process.stderr.write(`${line}\n`)
}
