import type { Cell } from '../../model/cell.ts'
import type { Provenance } from '../../model/result.ts'
import type { EndedBoot } from '../boot.ts'

/**
 * What a cell is, and where those of its boots ran that began: of a cell that was measured and of one that failed alike.
 *
 * @param noise what tells that something else slowed it
 * @param decidedAfter the boot after which a run until sure had its verdict; null where it had none
 */
export function provenanceOf(
  cell: Cell,
  boots: EndedBoot[],
  noise: string[] = [],
  decidedAfter: number | null = null,
): Provenance {
  const { kernel, guest, accel, root, proxy, load, seed } = cell
  return {
    kernel: kernel.name,
    series: kernel.series,
    case: cell.case.name,
    guest,
    accel,
    network: cell.case.network,
    proxy: { name: proxy.name, version: proxy.version, maxaccept: proxy.maxaccept },
    kernelSha256: kernel.sha256,
    parts: { image: kernel.image, modules: kernel.modules, ...root, proxy: proxy.path },
    kernelVersion: boots.find(({ kernelVersion }) => kernelVersion)?.kernelVersion ?? null,
    load,
    seed,
    noisy: noise.length > 0,
    noise,
    // Of a cell that failed, also those that never began.
    boots: cell.untilSure ? boots.length : cell.boots,
    mostBoots: cell.untilSure ? cell.boots : null,
    decidedAfter,
    eachBoot: boots.map(({ facts }) => facts),
    folder: cell.name,
  }
}
