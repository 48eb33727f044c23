import { scratch } from '../../../images/cache/cache.ts'
import { parseRequest } from '../../cli/options/run.ts'
import { supplyOf } from '../../cli/options/supply.ts'
import { probeBoot } from '../../guest/boot.ts'
import { ownCpus } from '../../guest/cpus/pool.ts'
import { type Boot, observing } from '../../guest/guest.ts'
import { located } from '../../guest/parts.ts'
import { runQemu } from '../../guest/qemu/qemu.ts'
import { prepare } from '../../prepare/prepare.ts'

/** How one start of a guest went: milliseconds to its first event, and how often it had to be started. */
export type Started = { ms: number; starts: number } | { failed: string }

/**
 * Prepares guests of 6.1 that end right after their first event.
 *
 * @param accel as `--accel` takes it
 * @returns what starts one; the guest's own limits end one that hangs
 */
export async function starter(accel: 'auto' | 'tcg', signal: AbortSignal): Promise<() => Promise<Started>> {
  const options = await parseRequest(['--kernel', '6.1', '--accel', accel, '--case', 'no-reload'])
  const supply = supplyOf(options, () => {}, signal)
  const { kernels, root: parts } = await prepare(options.request, supply, { install: 'always' })
  // With nothing to try it ends right after its first event.
  const boot = probeBoot(await located({ ...kernels[0]!, root: parts }), [])
  const start = async (folder: string): Promise<Started> => {
    try {
      const run = (cpus: Boot['cpus']) => runQemu({ ...boot, cpus }, folder, observing({}), signal)
      const { starts, bootMs } = await ownCpus().lend(run, () => {}, signal)
      return { ms: bootMs!, starts }
    } catch (error) {
      signal.throwIfAborted()
      return { failed: (error as Error).message }
    }
  }
  return () => scratch('bench', start)
}
