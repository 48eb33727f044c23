import { min } from 'simple-statistics'
import type { Provenance } from './result.ts'

/**
 * Something else slowed a cell when its vCPU threads (on the running kernel: its generator) waited for a host CPU for
 * more than this share of the time of load. Quiet runs show below 0.06.
 */
const WAITED = 0.1
/** The share that this host's own hypervisor may take of its CPUs. */
const STOLEN = 0.03
/** By so much may the CPU be slower than in the run's fastest cell of the same guest, by a fixed piece of work. */
const SLOWER = 1.25

/** What is known of how fast a cell ran. */
export type Paced = Pick<Provenance, 'guest' | 'accel' | 'kernel' | 'waited' | 'stolen'> & { spinUs: number | null }

const percent = (share: number) => `${Math.round(100 * share)} %`

/**
 * What tells that something else slowed a cell. A slowed cell has not only other latencies but other counts: half the
 * connections meet each reload.
 *
 * @param all cells of the run, this one among them
 */
export function noiseOf(cell: Paced, all: Paced[]): string[] {
  const alike = all.filter(
    ({ guest, accel, kernel }) => guest === cell.guest && accel === cell.accel && kernel === cell.kernel,
  )
  const spins = alike.flatMap(({ spinUs }) => spinUs ?? [])
  const fastest = spins.length ? min(spins) : null
  const slower = cell.spinUs !== null && fastest ? cell.spinUs / fastest : 1
  const { waited, stolen } = cell
  return [
    ...(waited !== null && waited > WAITED ? [`its CPUs were taken by others ${percent(waited)} of the time`] : []),
    ...(stolen !== null && stolen > STOLEN ? [`this host's hypervisor took ${percent(stolen)} of its CPUs`] : []),
    ...(slower > SLOWER ? [`the CPU was ${percent(slower - 1)} slower than in the fastest cell of the run`] : []),
  ]
}
