import { readFileSync } from 'node:fs'
import * as v from 'valibot'
import { FEATURES } from '../../cases/case.ts'
import { FailedCell, isMeasured, type KernelFacts, type MeasuredCell, Result, type Verdict } from '../measure/result.ts'
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
  const kernels = [
    {
      ...factsOf(cells[0]!, []),
      version: HOSTILE,
      config: { file: HOSTILE, sha256: HOSTILE },
      features: { [HOSTILE]: { has: false, said: HOSTILE } },
    },
  ]
  return { ...result, name: HOSTILE, argv: [HOSTILE], cells, skipped, kernels, cases: [facts, ...result.cases] }
}

const PARTS = ['before', 'reload', 'after', 'closing', 'pause'] as const

/** A cell as a kernel without SO_REUSEPORT would have it: a fifth is lost, most of it refused. */
const asBlackHole = (cell: MeasuredCell): MeasuredCell => {
  if (cell.resets === 0) return cell
  const refusedByReload = cell.resetsByReload.map((resets) => 30 * resets + 7)
  const refused = refusedByReload.reduce((sum, count) => sum + count, 0)
  const connections = cell.connections + refused
  const wire = {
    ...cell.wire,
    refusals: refused,
    outRsts: cell.wire.outRsts + refused,
    fromServer: cell.wire.fromServer + refused,
  }
  return { ...cell, refused, refusedByReload, connections, wire }
}

/** A cell on another kernel, with its resets spread over the parts of a reload. */
function moved(cell: Cell, kernel: string, series: string, share: number[]): Cell {
  const folder = cell.folder.replace(cell.kernel, kernel)
  const kernelVersion = cell.kernelVersion?.replaceAll(cell.kernel, kernel) ?? null
  if (!isMeasured(cell)) return { ...cell, kernel, series, folder, kernelVersion }
  const counts = share.map((part) => Math.floor(part * cell.resets))
  counts[3]! += cell.resets - counts.reduce((sum, count) => sum + count, 0)
  const resetsByPart = Object.fromEntries(PARTS.map((part, i) => [part, counts[i]!])) as MeasuredCell['resetsByPart']
  return { ...cell, kernel, series, folder, kernelVersion, resetsByPart }
}

function factsOf({ kernel, series, kernelSha256, kernelVersion, guest }: Cell, lacks: string[]): KernelFacts {
  const said = { 'plug-qdisc': 'RTNETLINK answers: No such file or directory' } as Record<string, string>
  const features = FEATURES.map((name) => [
    name,
    { has: !lacks.includes(name), said: lacks.includes(name) ? (said[name] ?? 'Protocol not available') : 'ok' },
  ])
  return {
    kernel,
    series,
    origin: guest === 'host' ? 'host' : 'live',
    version: /Debian (\d\S+) \(/.exec(kernelVersion ?? '')?.[1] ?? null,
    imageSha256: kernelSha256,
    packageSha256: kernelSha256 && [...kernelSha256].toReversed().join(''),
    config: guest === 'host' ? null : { file: `kernels/config-${kernel}`, sha256: 'c0ffee'.padEnd(64, '0') },
    features: Object.fromEntries(features),
  }
}

/**
 * For tests: eight kernels, the newest first. Five were really measured; 2.6.32, 3.9 and 4.9 are the oldest of them
 * in disguise, with refused connections, more resets and cases that such kernels cannot run. 3.2 could not be had.
 */
export function manyKernels(): Result {
  const [old, ...others] = ['5.10', '6.1', '6.12', '7', 'host'].map(reference) as [Result, ...Result[]]
  const measured = old.cells.filter(isMeasured)
  const disguises = [
    { kernel: '2.6.32-5-amd64', series: '2.6.32', lacks: ['reuseport', 'plug-qdisc', 'reuseport-bpf', 'migration'] },
    { kernel: '3.9-1-amd64', series: '3.9', lacks: ['reuseport-bpf', 'migration'] },
    { kernel: '4.9.0-19-amd64', series: '4.9', lacks: ['migration'] },
  ]
  const needs: Record<string, string> = { 'syn-delay': 'plug-qdisc', ebpf: 'reuseport-bpf' }
  const skipped = disguises.flatMap(({ kernel, lacks }) =>
    Object.entries(needs)
      .filter(([, feature]) => lacks.includes(feature))
      .map(([name, feature]) => ({
        kernel,
        case: name,
        reason: `this kernel has no ${feature}: No such file`,
        feature,
      })),
  )
  const disguised = disguises.map(({ kernel, series }, i) =>
    measured
      .filter((cell) => !skipped.some((one) => one.kernel === kernel && one.case === cell.case))
      .map((cell) =>
        moved(i === 0 ? asBlackHole(cell) : cell, kernel, series, i === 1 ? [0, 0.4, 0, 0.55, 0] : [0, 0, 0, 1, 0]),
      )
      .map((cell) => ({ ...cell, noisy: i === 2 && cell.case === 'none', waited: i === 2 ? 0.23 : 0.02 })),
  )
  const cells = [...others.toReversed(), old].flatMap((result) =>
    result.cells.map((cell) => moved(cell, cell.kernel, cell.series, [0, 0.01, 0, 0.9, 0.02])),
  )
  const all = [...cells, ...disguised.toReversed().flat()]
  const firsts = [...new Map(all.map((cell) => [cell.kernel, cell])).values()]
  return v.parse(Result, {
    ...old,
    name: 'many',
    argv: ['lab/run.ts', '--kernel', '2.6.32,3.2,3.9,4.9,5.10,6.1,6.12,host,7'],
    cells: all,
    skipped: [
      ...others.flatMap((result) => result.skipped),
      ...skipped,
      { kernel: '3.2', case: '*', reason: 'archive.debian.org cannot be reached' },
    ],
    kernels: firsts.map((cell) => factsOf(cell, disguises.find(({ kernel }) => kernel === cell.kernel)?.lacks ?? [])),
  })
}
