import { readFileSync } from 'node:fs'
import * as v from 'valibot'
import { FailedCell, Result, type Verdict } from '../measure/result.ts'
import type { Cell } from './groups.ts'

/** A committed reference run: really measured. */
const reference = (name: string) =>
  v.parse(
    Result,
    JSON.parse(readFileSync(new URL(`../../reports/reference/${name}/result.json`, import.meta.url), 'utf8')),
  )

/** A cell as it would be had its guest panicked. */
const asFailed = (cell: Cell): FailedCell =>
  v.parse(FailedCell, {
    ...cell,
    verdict: 'failed',
    reason: 'the proxy (process 107) was gone before reload 3',
    consoleTail: ['Kernel panic - not syncing: sysrq triggered crash', 'Kernel Offset: disabled'],
  })

/** For tests: one kernel with cases that lose connections, that lose none, that failed and that were skipped. */
export function oneKernel(): Result {
  const result = reference('6.1')
  const cells = result.cells.map((cell) => (cell.case === 'ebpf' ? asFailed(cell) : cell))
  const skipped = [{ kernel: cells[0]!.kernel, case: 'my-case', reason: 'needs Linux 6.12 or later' }]
  return { ...result, cells, skipped }
}

/** For tests: two kernels, with cells that contradict or are inconclusive. */
export function twoKernels(): Result {
  const results = ['5.10', '6.1'].map(reference)
  const doubted: Record<string, Verdict> = { 'syn-delay': 'inconclusive', 'ack-block': 'contradicts' }
  const cells = results.flatMap((result) =>
    result.cells.map((cell, i) => ({
      ...cell,
      verdict: (result === results[0] && i > 0 && doubted[cell.case]) || cell.verdict,
    })),
  )
  return { ...results[0]!, cells: v.parse(Result.entries.cells, cells) }
}

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
