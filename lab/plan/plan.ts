import type { Case } from '../../cases/case.ts'
import { inRange, rangeText } from '../../cases/range.ts'
import type { Load, Skipped } from '../measure/result.ts'
import type { Cell, CellKernel } from './cell.ts'
import type { Options } from './options.ts'

/** What a run will do, and what it will not, and why. */
export interface Plan {
  cells: Cell[]
  skipped: Skipped[]
}

/** What a run measures with. */
export interface Means {
  kernels: { kernel: CellKernel; accel: Cell['accel'] }[]
  cases: Case[]
  root: Cell['root']
  haproxy: Cell['haproxy']
}

/** The load that the options ask for. */
export const loadOf = (options: Options): Load => ({
  loop: options.rate === null ? 'closed' : 'open',
  users: options.users,
  rate: options.rate,
  duration: options.duration,
  interval: options.interval,
  maxaccept: options.maxaccept,
  fusedAck: options['fused-ack'],
  closeWithRst: options['close-with-rst'],
  slowMs: options.slow,
})

/** Every kernel with every case. A pure function of what was asked for and what there is. */
export function makePlan(options: Options, { kernels, cases, root, haproxy }: Means): Plan {
  const plan: Plan = { cells: [], skipped: [] }
  for (const { kernel, accel } of kernels) {
    for (const of of cases) {
      const reason = obstacle(of, kernel, haproxy.version)
      if (reason) plan.skipped.push({ kernel: kernel.name, case: of.name, reason })
      else
        plan.cells.push({
          guest: kernel.image ? 'qemu' : 'host',
          accel,
          kernel,
          root,
          haproxy,
          case: of,
          load: loadOf(options),
          seed: options.seed,
        })
    }
  }
  return plan
}

/** Why a case cannot run, as far as versions tell; what the kernel can really do, the guest finds out. */
function obstacle({ needs = {} }: Case, kernel: CellKernel, haproxy: string): string | null {
  if (needs.linux && !inRange(kernel.series, needs.linux)) return `needs ${rangeText('Linux', needs.linux)}`
  if (needs.haproxy && !inRange(haproxy, needs.haproxy))
    return `needs ${rangeText('HAProxy', needs.haproxy)}, not ${haproxy}`
  return null
}
