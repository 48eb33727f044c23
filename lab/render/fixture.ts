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
  const quiet = { noisy: false, waited: 0.02 }
  if (!isMeasured(cell)) return { ...cell, kernel, series, folder, kernelVersion, ...quiet }
  const counts = PARTS.map((_, i) => Math.floor((share[i] ?? 0) * cell.resets))
  counts[3]! += cell.resets - counts.reduce((sum, count) => sum + count, 0)
  const resetsByPart = Object.fromEntries(PARTS.map((part, i) => [part, counts[i]!])) as MeasuredCell['resetsByPart']
  return { ...cell, kernel, series, folder, kernelVersion, ...quiet, resetsByPart }
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

/** The cases of the eight kernels, whatever others the reference runs have. */
const CASES = ['none', 'ack-block', 'ebpf', 'fd-passing', 'syn-block', 'syn-delay', 'no-reload']

/** The oldest first; `from` is the reference run that the numbers are from. */
const KERNELS = [
  {
    kernel: '2.6.32-5-amd64',
    series: '2.6.32',
    from: '5.10',
    lacks: ['reuseport', 'plug-qdisc', 'reuseport-bpf', 'migration'],
    share: [0, 0, 0, 1, 0],
  },
  {
    kernel: '3.9-1-amd64',
    series: '3.9',
    from: '5.10',
    lacks: ['reuseport-bpf', 'migration'],
    share: [0, 0.4, 0, 0.5],
  },
  { kernel: '4.9.0-19-amd64', series: '4.9', from: '5.10', lacks: ['migration'], share: [0, 0, 0, 1, 0] },
  { kernel: '5.10.0-46-cloud-amd64', series: '5.10', from: '5.10', lacks: ['migration'], share: [0, 0.01, 0, 0.9] },
  { kernel: '6.1.0-56-cloud-amd64', series: '6.1', from: '6.1', lacks: [], share: [0, 0.01, 0, 0.9, 0.02] },
  { kernel: '6.12.117+deb13-cloud-amd64', series: '6.12', from: '6.12', lacks: [], share: [0, 0.01, 0, 0.9, 0.02] },
  { kernel: '6.18.44', series: '6.18', from: 'host', lacks: ['plug-qdisc'], share: [0, 0.01, 0, 0.9, 0.02] },
  { kernel: '7.2.13+deb14-cloud-amd64', series: '7.2', from: '7', lacks: [], share: [0, 0.01, 0, 0.9, 0.02] },
]

const NEEDS: Record<string, string> = { 'syn-delay': 'plug-qdisc', ebpf: 'reuseport-bpf' }

/**
 * For tests: eight kernels, the newest first. Their numbers were really measured, those of 2.6.32, 3.9 and 4.9 on
 * another kernel: in disguise, with refused connections and cases that such kernels cannot run. 3.2 could not be had.
 * The cell `none` on 4.9 is noisy.
 */
export function manyKernels(): Result {
  const [first, ...others] = KERNELS.toReversed().map(({ kernel, series, from, lacks, share }) => {
    const result = reference(from)
    const can = (name: string) => CASES.includes(name) && !lacks.includes(NEEDS[name] ?? '')
    const cells = result.cells
      .filter((cell) => can(cell.case))
      .map((cell) => moved(cell, kernel, series, share))
      .map((cell) => (series === '2.6.32' && isMeasured(cell) ? asBlackHole(cell) : cell))
      .map((cell) => (series === '4.9' && cell.case === 'none' ? { ...cell, noisy: true, waited: 0.23 } : cell))
    const skipped = Object.entries(NEEDS).flatMap(([name, feature]) =>
      can(name) ? [] : [{ kernel, case: name, reason: `this kernel has no ${feature}: No such file`, feature }],
    )
    const cases = result.cases.filter(({ name }) => CASES.includes(name))
    return { ...result, cells, skipped, cases, kernels: [factsOf(cells[0]!, lacks)] }
  }) as [Result, ...Result[]]
  const all = [first, ...others]
  return v.parse(Result, {
    ...first,
    name: 'many',
    argv: ['lab/run.ts', '--kernel', '2.6.32,3.2,3.9,4.9,5.10,6.1,6.12,host,7'],
    cells: all.flatMap(({ cells }) => cells),
    skipped: [
      ...all.flatMap(({ skipped }) => skipped),
      { kernel: '3.2', case: '*', reason: 'archive.debian.org cannot be reached' },
    ],
    kernels: all.flatMap(({ kernels }) => kernels),
  })
}
