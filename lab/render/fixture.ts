import { FEATURES } from '../../cases/case.ts'
import { builtinCases } from '../../cases/load.ts'
import { type FailedCell, type KernelFacts, type MeasuredCell, Result, type Verdict } from '../measure/result.ts'
import { caseFacts } from '../plan/facts.ts'
import { cellOf, type On } from './fixture-cell.ts'
import type { Cell } from './groups.ts'

/** The cases of the fixtures, in the order of a run. */
export const CASES = ['none', 'ack-block', 'ebpf', 'fd-passing', 'syn-block', 'syn-delay', 'no-reload']
const cases = (await builtinCases()).map(caseFacts).filter(({ name }) => CASES.includes(name))

export const SIX: On = { kernel: '6.1.0-56-cloud-amd64', series: '6.1' }

/** A result of such cells. */
export const resultOf = (cells: Cell[], more: Partial<Result> = {}): Result => ({
  schema: Result.entries.schema.literal,
  name: 'made-up',
  started: '2026-11-22T20:21:58.118Z',
  seconds: 163,
  argv: ['lab/run.ts', '--kernel', '6.1'],
  lab: { version: '0.1.0', commit: null },
  host: { kernel: '6.18.44', cpu: 'AMD EPYC', cpus: 2, qemu: 'QEMU 7.2' },
  cells,
  skipped: [],
  kernels: [],
  cases,
  interrupted: false,
  ...more,
})

/** A cell as it would be had its guest panicked. */
function asFailed(cell: MeasuredCell): FailedCell {
  const { kernel, series, case: name, guest, accel, proxy, kernelSha256, kernelVersion, load, seed } = cell
  const { boots, eachBoot, folder } = cell
  return {
    ...{ kernel, series, case: name, guest, accel, proxy, kernelSha256, kernelVersion, load, seed },
    ...{ boots, eachBoot, folder },
    noisy: false,
    noise: [],
    verdict: 'failed',
    reason: 'the proxy (process 107) was gone before reload 3',
    consoleTail: ['Kernel panic - not syncing: sysrq triggered crash', 'Kernel Offset: disabled'],
  }
}

/** For tests: one kernel with cases that lose connections, that lose none, that failed and that were skipped. */
export function oneKernel(): Result {
  const cells = CASES.map((name) => cellOf(name, SIX)).map((cell) => (cell.case === 'ebpf' ? asFailed(cell) : cell))
  return resultOf(cells, { skipped: [{ kernel: SIX.kernel, case: 'my-case', reason: 'needs Linux 6.12 or later' }] })
}

/** For tests: two kernels, with cells that contradict or are inconclusive. */
export function twoKernels(): Result {
  const doubted: Record<string, Verdict> = { 'syn-delay': 'inconclusive', 'ack-block': 'contradicts' }
  const five = { kernel: '5.10.0-46-cloud-amd64', series: '5.10' }
  const cells = CASES.map((name) => {
    const verdict = doubted[name] ?? 'expected'
    return { ...cellOf(name, five), verdict: verdict as MeasuredCell['verdict'] }
  })
  return resultOf([...cells, ...CASES.map((name) => cellOf(name, SIX))])
}

/** For tests: a cell of a result, changed. */
export const changed = (result: Result, name: string, change: Partial<MeasuredCell>, series?: string): Result => ({
  ...result,
  cells: result.cells.map((cell) =>
    cell.case === name && (series === undefined || cell.series === series) ? ({ ...cell, ...change } as Cell) : cell,
  ),
})

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
      eachBoot: cell.eachBoot.map((boot) => ({ ...boot, command: [HOSTILE], folder: HOSTILE })),
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

/** A cell as a kernel without SO_REUSEPORT would have it: most of what it loses is refused. */
function asBlackHole(cell: MeasuredCell): MeasuredCell {
  if (cell.resets === 0) return cell
  const refusedByReload = cell.resetsByReload.map((resets) => 30 * resets + 7)
  const refused = refusedByReload.reduce((sum, count) => sum + count, 0)
  const { outRsts, fromServer } = cell.wire
  const wire = { ...cell.wire, refusals: refused, outRsts: outRsts + refused, fromServer: fromServer + refused }
  return { ...cell, refused, refusedByReload, connections: cell.connections + refused, wire }
}

/** What is known of the kernel of a cell. */
export function factsOf({ kernel, series, kernelSha256, kernelVersion, guest }: Cell, lacks: string[]): KernelFacts {
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
    config: guest === 'host' ? null : { file: `config-${kernel}`, sha256: 'c0ffee'.padEnd(64, '0') },
    features: Object.fromEntries(features),
  }
}

/** The oldest first. */
export const KERNELS: (On & { lacks: string[] })[] = [
  {
    kernel: '2.6.32-5-amd64',
    series: '2.6.32',
    lacks: ['reuseport', 'plug-qdisc', 'reuseport-bpf', 'migration'],
    share: [0, 0, 0, 1, 0],
  },
  { kernel: '3.9-1-amd64', series: '3.9', lacks: ['reuseport-bpf', 'migration'] },
  { kernel: '4.9.0-19-amd64', series: '4.9', lacks: ['migration'] },
  { kernel: '5.10.0-46-cloud-amd64', series: '5.10', lacks: ['migration'] },
  { ...SIX, lacks: [] },
  { kernel: '6.12.117+deb13-cloud-amd64', series: '6.12', lacks: [] },
  { kernel: '6.18.44', series: '6.18', host: true, lacks: ['plug-qdisc'] },
  { kernel: '7.2.13+deb14-cloud-amd64', series: '7.2', lacks: [] },
]

const NEEDS: Record<string, string> = { 'syn-delay': 'plug-qdisc', ebpf: 'reuseport-bpf' }
const NOISY = { noisy: true, noise: ['its CPUs were taken by others 23 % of the time'] }

/**
 * For tests: eight kernels, the newest first, with refused connections and cases that old ones cannot run. 3.2 could
 * not be had. The cell `none` on 4.9 is noisy.
 */
export function manyKernels(): Result {
  const all = KERNELS.toReversed().map(({ lacks, ...on }) => {
    const can = (name: string) => !lacks.includes(NEEDS[name] ?? '')
    const cells = CASES.filter(can)
      .map((name) => cellOf(name, on))
      .map((cell) => (on.series === '2.6.32' ? asBlackHole(cell) : cell))
      .map((cell) => (on.series === '4.9' && cell.case === 'none' ? { ...cell, ...NOISY } : cell))
    const skipped = Object.entries(NEEDS).flatMap(([name, feature]) =>
      can(name)
        ? []
        : [{ kernel: on.kernel, case: name, reason: `this kernel has no ${feature}: No such file`, feature }],
    )
    return { cells, skipped, facts: factsOf(cells[0]!, lacks) }
  })
  return resultOf(
    all.flatMap(({ cells }) => cells),
    {
      argv: ['lab/run.ts', '--kernel', '2.6.32,3.2,3.9,4.9,5.10,6.1,6.12,host,7'],
      skipped: [
        ...all.flatMap(({ skipped }) => skipped),
        { kernel: '3.2', case: '*', reason: 'archive.debian.org cannot be reached' },
      ],
      kernels: all.map(({ facts }) => facts),
    },
  )
}
