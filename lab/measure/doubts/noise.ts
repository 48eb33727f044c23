import { median, min } from 'simple-statistics'
import type { Load } from '../../model/case/load.ts'
import type { ProxyFacts } from '../../model/cell.ts'
import type { Measured } from '../../model/result/measured.ts'
import type { Boot, Provenance } from '../../model/result.ts'
import { percent, sentences } from '../words.ts'

/**
 * The share of the time of load for which the vCPU threads (on the running kernel: the generator) may wait for a host CPU.
 * Quiet runs show less than 0.06 in a closed loop and up to 0.11 in an open one, which wakes the vCPUs for each arrival;
 * a second guest on the same CPUs shows 0.3 and more.
 */
export const MOST_WAITED = 0.15
/** The share of its CPU time that this host's own hypervisor may take. */
const MOST_STOLEN = 0.03
/** The time that a fixed piece of work may take, relative to the run's fastest cell on the same kernel. */
const SLOWEST = 1.25
/**
 * The least share of connections that a cell must carry before its first reload, relative to the median of the run's cells
 * on the same kernel: until then the load is the same for all. Quiet runs under emulation show 0.69 and more; a neighbour
 * on the same CPUs leaves half. Fewer cells have no median worth the name.
 */
const LEAST_CARRIED = 0.6
const LEAST_CELLS = 3
/**
 * The least share that a boot of a closed loop must carry while reloads are made, relative to the median of its cell's
 * boots, which do the same; of two, to the faster one. Of the 1,074 boots of committed runs whose load a CPU limited all
 * but two show 0.63 and more; those two carried half of their twins, 0.44 and 0.52. Where clients wait, as under SYN
 * block, chance decides what a boot carries: between a fiftieth and all of what others do.
 */
const LEAST_BESIDE_TWINS = 0.6
/**
 * The least share of the arrivals of `half` that a boot must answer before its first reload. Half of what kernel and
 * proxy carried a while before is answered but for chance; a boot that is behind by then meets each reload with what
 * piled up.
 */
const LEAST_ANSWERED = 0.95

/**
 * The time, in microseconds, by which the generator's own tick may come late. Of 2,730 committed boots none shows more than
 * 0.05 s; a machine that stood still for three seconds, with all that ran on it, shows no waiting and no stolen time, and
 * an empty second half of its reloads, which looked like a price of the case.
 */
const LATEST_US = 250_000

/** How fast a boot of a cell ran. */
export interface Pace
  extends Pick<Provenance, 'guest' | 'accel' | 'kernel'>,
    Pick<Boot, 'pins' | 'waited' | 'stolen' | 'oneCore'>,
    Pick<Measured, 'spinUs' | 'quietThroughput' | 'throughput' | 'limitedBy'> {
  /** Microseconds by which the generator's own tick came late at most. */
  lateUs: number
  /** The name of its cell. */
  cell: string
  proxy: Pick<ProxyFacts, 'version' | 'maxaccept'>
  load: Pick<Load, 'name' | 'rate' | 'capacity'>
  /** The kind of CPU that it ran on; none where an older run does not tell. */
  cpu?: string
  /** The number of the boot; null where its cell has no other. */
  boot: number | null
}

/** What shows of a boot by itself, whatever it carried, that others had its CPUs. */
export type Slowing = Pick<Pace, 'guest' | 'waited' | 'stolen' | 'spinUs'>

/**
 * What shows that others had the CPUs of a boot, or slowed them. It cannot see all: of the 37 cells of `no-reload`
 * under `saturated` in committed runs 8 have a boot that carried 0.66 to 0.8 of what the fastest of its cell did, with its
 * work on the CPU, its waits and the stolen time within these limits.
 *
 * @param spins microseconds that the fixed piece of work took in the boots that it is compared with
 * @param fastest what the fastest of those is called
 */
export function slowedBy({ guest, waited, stolen, spinUs }: Slowing, spins: number[], fastest: string): string[] {
  const slowness = spinUs !== null && spins.length ? spinUs / min(spins) : 1
  return sentences(
    [
      (waited ?? 0) > MOST_WAITED,
      `${guest === 'host' ? 'the generator' : 'its vCPUs'} waited for a CPU ${percent(waited ?? 0)} of the time`,
    ],
    [(stolen ?? 0) > MOST_STOLEN, `this host's own hypervisor took ${percent(stolen ?? 0)} of its CPU time`],
    [slowness > SLOWEST, `the CPU was ${percent(slowness - 1)} slower than in the fastest ${fastest}`],
  )
}

/** Two programs on one CPU carry half of what they carry on two. */
const onOneCpu = ({ proxy, generator }: Pace['pins']) => proxy === generator

/** The median of a list; of an even number of values the larger one of the two in the middle. Null of none. */
const upperMedian = (values: number[]): number | null =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? null

/**
 * What shows that something else slowed a boot. A slowed cell differs not only in its latencies but in its counts: half
 * the connections meet each reload.
 *
 * @param all boots of all cells of the run, this one included
 */
export function noiseOf(boot: Pace, all: Pace[]): string[] {
  const comparable = all.filter(
    ({ guest, accel, cpu, kernel, oneCore, pins }) =>
      guest === boot.guest &&
      accel === boot.accel &&
      cpu === boot.cpu &&
      kernel === boot.kernel &&
      oneCore === boot.oneCore &&
      onOneCpu(pins) === onOneCpu(boot.pins),
  )
  const spins = comparable.flatMap(({ spinUs }) => spinUs ?? [])
  const carried = comparable
    .filter(
      ({ proxy, load }) =>
        load.name === boot.load.name &&
        proxy.version === boot.proxy.version &&
        proxy.maxaccept === boot.proxy.maxaccept,
    )
    .flatMap(({ quietThroughput }) => quietThroughput ?? [])
  const usual = carried.length >= LEAST_CELLS ? median(carried) : null
  const twins = comparable.filter(({ cell }) => cell === boot.cell).map(({ throughput }) => throughput)
  const twin = boot.load.rate === null && boot.limitedBy !== 'users' ? upperMedian(twins) : null
  const { quietThroughput, throughput } = boot
  // Another rate was asked for, and may be more than anybody carries: see overload.ts.
  const due = boot.load.capacity === null ? null : boot.load.rate
  const noise = [
    ...slowedBy(boot, spins, 'cell of the run'),
    ...sentences(
      [boot.lateUs > LATEST_US, `its generator stood still for ${(boot.lateUs / 1e6).toFixed(1)} s`],
      [
        // Where nothing at all comes through the case stops it, as ACK block does where the server speaks first.
        usual !== null && quietThroughput !== null && quietThroughput > 0 && quietThroughput < LEAST_CARRIED * usual,
        `it carried ${Math.round(quietThroughput ?? 0)} connections a second before its first reload, others ${Math.round(usual ?? 0)}`,
      ],
      [
        due !== null && quietThroughput !== null && quietThroughput < LEAST_ANSWERED * due,
        `before its first reload it answered ${Math.round(quietThroughput ?? 0)} of ${due} arrivals a second`,
      ],
      [
        twin !== null && throughput < LEAST_BESIDE_TWINS * twin,
        `it carried ${Math.round(throughput)} connections a second while reloads were made, others of its cell ${Math.round(twin ?? 0)}`,
      ],
    ),
  ]
  return boot.boot === null ? noise : noise.map((sentence) => `boot ${boot.boot}: ${sentence}`)
}
