import { readFileSync } from 'node:fs'
import * as v from 'valibot'
import { Result } from '../measure/result.ts'

const read = (name: string) =>
  v.parse(Result, JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8')))

/** For tests: one kernel with cases that lose connections, that lose none, that failed and that were skipped. */
export const oneKernel = () => read('6.1')

/** For tests: two kernels, with cells that contradict or are inconclusive. */
export const twoKernels = () => read('two-kernels')

/** For tests: a name, reason and command that would break out of whatever they are put into without being escaped. */
export const HOSTILE = '<script>alert(1)</script>|`"\'&*_[x](y)'

/** For tests: a result in which everything that a user or a guest can word is hostile. */
export function hostile(): Result {
  const result = oneKernel()
  const cells = result.cells.map((cell) => {
    const worded = {
      ...cell,
      kernel: HOSTILE,
      reason: HOSTILE,
      kernelVersion: HOSTILE,
      command: [HOSTILE],
      folder: HOSTILE,
    }
    return 'consoleTail' in worded ? { ...worded, consoleTail: [HOSTILE, '```'] } : worded
  })
  cells[0]!.case = HOSTILE
  const skipped = [{ kernel: HOSTILE, case: HOSTILE, reason: HOSTILE }]
  const commands = { before: [HOSTILE, '```'] }
  const facts = { name: HOSTILE, title: HOSTILE, idea: HOSTILE, source: HOSTILE, commands, drawbacks: [HOSTILE] }
  return { ...result, name: HOSTILE, argv: [HOSTILE], cells, skipped, cases: [facts, ...result.cases] }
}
