import { median, min } from 'simple-statistics'
import type { ProxyFacts } from '../../model/cell.ts'
import type { Load } from '../../model/load.ts'
import type { Measured } from '../../model/measured.ts'
import type { Boot, Provenance } from '../../model/result.ts'

/**
 * Something else slowed a cell when its vCPU threads (on the running kernel: its generator) waited for a host CPU for
 * more than this share of the time of load. Quiet runs show below 0.06 in a closed loop and up to 0.11 in an open one,
 * which wakes the vCPUs for each arrival; a second guest on the same CPUs shows 0.3 and more.
 */
export const WAITED = 0.15
/** The share that this host's own hypervisor may take of its CPUs. */
const STOLEN = 0.03
/** By so much may the CPU be slower than in the run's fastest cell of the same kernel, by a fixed piece of work. */
const SLOWER = 1.25
/**
 * The share of connections that a cell must carry before its first reload, against the median of the run's cells of the
 * same kernel: the load is the same for all by then. Quiet runs show 0.69 and more, emulated; a neighbour on the same
 * CPUs leaves half. Two cells have no median worth the name.
 */
const QUIET = 0.6
const FEW = 3

/** What is known of how fast a boot of a cell ran. */
export interface Paced
  extends Pick<Provenance, 'guest' | 'accel' | 'kernel'>,
    Pick<Boot, 'pins' | 'waited' | 'stolen'>,
    Pick<Measured, 'spinUs' | 'quietThroughput'> {
  proxy: Pick<ProxyFacts, 'version' | 'maxaccept'>
  load: Pick<Load, 'name'>
  /** Which of its cell's; null where there is no other. */
  boot: number | null
}

const percent = (share: number) => `${Math.round(100 * share)} %`

/** Two programs on one CPU carry half of what they carry on two. */
const onOne = ({ proxy, generator }: Paced['pins']) => proxy === generator

/**
 * What tells that something else slowed a boot of a cell. A slowed cell has not only other latencies but other counts:
 * half the connections meet each reload.
 *
 * @param all boots of all cells of the run, this one among them
 */
export function noiseOf(cell: Paced, all: Paced[]): string[] {
  const alike = all.filter(
    ({ guest, accel, kernel, pins }) =>
      guest === cell.guest && accel === cell.accel && kernel === cell.kernel && onOne(pins) === onOne(cell.pins),
  )
  const spins = alike.flatMap(({ spinUs }) => spinUs ?? [])
  const fastest = spins.length ? min(spins) : null
  const slower = cell.spinUs !== null && fastest ? cell.spinUs / fastest : 1
  const carried = alike
    .filter(
      ({ proxy, load }) =>
        load.name === cell.load.name &&
        proxy.version === cell.proxy.version &&
        proxy.maxaccept === cell.proxy.maxaccept,
    )
    .flatMap(({ quietThroughput }) => quietThroughput ?? [])
  const usual = carried.length >= FEW ? median(carried) : null
  const { waited, stolen, quietThroughput } = cell
  const told = [
    ...(waited !== null && waited > WAITED ? [`its CPUs were taken by others ${percent(waited)} of the time`] : []),
    ...(stolen !== null && stolen > STOLEN ? [`this host's hypervisor took ${percent(stolen)} of its CPUs`] : []),
    ...(slower > SLOWER ? [`the CPU was ${percent(slower - 1)} slower than in the fastest cell of the run`] : []),
    ...(usual !== null && quietThroughput !== null && quietThroughput < QUIET * usual
      ? [
          `before its first reload it carried ${Math.round(quietThroughput)} connections a second, others ${Math.round(usual)}`,
        ]
      : []),
  ]
  return cell.boot === null ? told : told.map((what) => `boot ${cell.boot}: ${what}`)
}
