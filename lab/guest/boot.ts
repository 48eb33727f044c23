import { PROBES } from '../../cases/probes.ts'
import type { Feature } from '../model/case/case.ts'
import { firstPair } from './cpus/topology.ts'
import { type Bootable, cellFiles } from './files.ts'
import type { Boot, Cpus } from './guest.ts'
import { GUESTS } from './guests.ts'

/** Seconds for which the last run of ab may go on when the reloads are over: emulated, its 2000 handshakes take 80 s. */
const LAST_RUN_OF_AB = 180

/**
 * What the guest of a cell is given.
 *
 * @param cell with the paths of its parts on this machine
 * @param cpus of this machine
 */
export function bootOf(cell: Bootable, cpus: Cpus): Boot {
  const { accel, kernel, root, proxy, load, guest } = cell
  const { features = [], modules = [] } = cell.case.needs ?? {}
  const { ownCpus } = GUESTS[guest]
  const inside = placed(cell, ownCpus ? { proxy: 0, generator: 1 } : cpus)
  return {
    accel,
    kernel,
    root,
    proxy,
    modules: [...new Set([...features.flatMap((feature) => PROBES[feature].modules), ...modules])],
    files: cellFiles(cell, inside),
    seconds: load.duration + (load.ab ? LAST_RUN_OF_AB : 0),
    cpus: ownCpus ? cpus : inside,
  }
}

/** Where the case wants the programs, of two CPUs. */
const placed = (cell: Bootable, { proxy, generator }: Cpus): Cpus =>
  cell.case.cpus === 'one' ? { proxy, generator: proxy } : { proxy, generator }

/** What the guest of a cell is given in which a shell opens: the same, but that nothing is measured. */
export function shellBootOf(cell: Bootable, greeting: string, prompt: string, cpus: Cpus): Boot {
  const boot = bootOf(cell, cpus)
  const ending = `ENDING='shell'\nPROMPT='${prompt}'\n`
  return { ...boot, files: { ...boot.files, env: boot.files.env + ending, greeting } }
}

/** What a guest that tries these features and measures nothing is given. Without any it ends right after its first event. */
export const probeBoot = (
  parts: Pick<Boot, 'accel' | 'kernel' | 'root'>,
  features: readonly Feature[],
  cpus: Cpus = firstPair(),
): Boot => ({
  ...parts,
  proxy: null,
  modules: [...new Set(features.flatMap((feature) => PROBES[feature].modules))],
  files: Object.fromEntries([
    ['env', `FEATURES='${features.join(' ')}'\n`],
    ...features.map((feature) => [`probe-${feature}`, `${PROBES[feature].run}\n`]),
  ]),
  seconds: 0,
  cpus,
})
