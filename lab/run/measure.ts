import { relative } from 'node:path'
import { quote } from 'zx/core'
import type { ResumeOptions, RunOptions } from '../cli/options/run.ts'
import type { Engine } from '../engine/engine.ts'
import { exitStatus } from '../measure/verdict/status.ts'
import { isMeasured, type Result } from '../model/result.ts'
import { beginRun } from './begin.ts'
import { carryOut } from './carry-out.ts'

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
  const since = Date.now()
  const { run, engine, folder, done, before, missing } =
    'resume' in options
      ? // Only now: a new run does not need what measures saved events again.
        await (await import('./reopen.ts')).reopenRun(options.resume, note, signal)
      : await beginRun(options, argv, note, signal)
  const seconds = () => before + (missing ? (Date.now() - since) / 1000 : 0)
  // Where only stderr is a terminal the task list would be written to stdout.
  const terminal = Boolean(process.stdout.isTTY && process.stderr.isTTY)
  const jobs = options.jobs ?? jobsOf(engine)
  const cells = await carryOut(run, folder, { engine, jobs, done, terminal, seconds, signal })
  const { caseFiles, ownFiles, registry, ...saved } = run
  const result: Result = { ...saved, seconds: seconds(), cells, interrupted: signal.aborted }
  const { publish } = await import('./publish.ts')
  await publish(result, folder, options)
  const begun = signal.aborted && run.cells.some(({ untilSure }) => untilSure)
  if (begun || cells.filter(isMeasured).length < run.cells.length)
    note(`to run what is missing: npx tsx lab/run.ts --resume ${quote(relative(process.cwd(), folder) || '.')}`)
  return exitStatus(result)
}

/** Boots at a time where nobody says how many: one after the other, unless machines would wait. */
const jobsOf = ({ slots, waiting }: Engine) => (waiting === undefined ? 1 : slots + waiting)

function note(line: string) {
  process.stderr.write(`${line}\n`)
}
