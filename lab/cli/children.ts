import { LASTING } from '../../images/cache/lasting.ts'
import { notReady } from '../model/fault.ts'

/**
 * Ends the processes that this one has started, so that what waits for them goes on to its clean-up. The compiler of
 * tsx is spared, since what cleans up and reports may still have to be loaded, and what is {@link LASTING}.
 */
export async function endChildren() {
  // Only now: most commands are never interrupted, and it takes a while to load.
  const { ps } = await import('zx/core')
  const started = await ps.tree({ pid: process.pid, recursive: true })
  const spared = new Set([...LASTING].map(String))
  // Parents come before their children.
  for (const { pid, ppid = '', command } of started) {
    if (spared.has(ppid)) spared.add(pid)
    if (!spared.has(pid) && !isCompiler(command)) end(Number(pid))
  }
}

const isCompiler = (command: string) => /(^|\/)esbuild$/.test(command)

function end(pid: number) {
  try {
    process.kill(pid, 'SIGTERM')
  } catch {
    // It is gone already.
  }
}

/**
 * Waits for work that downloads and starts processes, and ends both when it takes longer than `seconds`.
 *
 * @param work is given a signal that is aborted then, and when `signal` is
 * @throws a Fault (exit 3) then
 */
export async function within<T>(
  seconds: number,
  what: string,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController()
  const timer = setTimeout(() => {
    late.abort(notReady(`${what} did not end within ${seconds} s`))
    void endChildren()
  }, seconds * 1000)
  try {
    return await work(AbortSignal.any([signal, late.signal]))
  } catch (error) {
    throw late.signal.aborted ? late.signal.reason : error
  } finally {
    clearTimeout(timer)
  }
}
