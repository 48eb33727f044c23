import { setMaxListeners } from 'node:events'
import { $, type Options, type ProcessOutput } from 'zx/core'

/**
 * zx's `$`, but quiet and bound to a signal: when it is aborted, the program ends with everything that it has started.
 *
 * @returns a template tag; without `nothrow` it throws where the program fails
 * @throws the signal's reason once it is aborted
 */
export const shell =
  (signal: AbortSignal, options: Partial<Options> = {}) =>
  async (strings: TemplateStringsArray, ...values: unknown[]): Promise<ProcessOutput> => {
    // Any number of programs may wait for the same signal; node warns of more than ten.
    setMaxListeners(0, signal)
    // Detached, so that the program leads a process group, which zx ends as a whole.
    const output = await $({ quiet: true, detached: true, ...options, nothrow: true, signal })(strings, ...values)
    signal.throwIfAborted()
    if (!options.nothrow && !output.ok) throw output
    return output
  }
