import { sum } from 'simple-statistics'
import type { Request } from '../model/request.ts'
import { CAPACITY_BOOTS } from '../model/result/capacity.ts'
import {
  capacityBootSeconds,
  type ForeseenCell,
  type ForeseenProxy,
  KERNEL_SECONDS,
  lasting,
  obstacleTo,
} from './foreseen.ts'
import type { Obstacle, obstacle } from './plan.ts'
import { cellsOf, type Part } from './shards.ts'

/** What is known of a kernel before it is booted. */
export type KnownKernel = Parameters<typeof obstacle>[1] & {
  /** How it is known what it can do: its guest was asked once, its version tells as a rule, or nothing does. */
  by: 'guest' | 'version' | 'nothing'
  /** The proxy of its time, which it has where none is asked for. */
  proxy: ForeseenProxy
}

/** A cell as it stands before anything exists that it is made of. */
export interface PreviewCell {
  /** As `--kernel` and `--proxy` name them. */
  kernel: string
  proxy: string
  /** Null: the proxy's own. */
  maxaccept: number | null
  case: string
  load: ForeseenCell['load']
  boots: number
}

/** A case that is left out, under some loads or all. */
export type LeftOut = Pick<PreviewCell, 'kernel' | 'proxy' | 'case'> & Obstacle & { loads: string[] }

/** What a run, or a shard of it, will come to. Times are in seconds, and sums of estimates. */
export interface Preview {
  cells: PreviewCell[]
  leftOut: LeftOut[]
  /** The kernels that it needs, and how it is known what they can do. */
  kernels: { kernel: string; by: KnownKernel['by'] }[]
  seconds: {
    /** Reloads under load in all boots, and all else that those boots take. */
    reloading: number
    around: number
    /** Boots that find out what kernels carry, and how long they take. */
    capacityBoots: number
    capacities: number
    /** To unpack and try the kernels. */
    kernels: number
    /** All of it, one after the other. */
    total: number
  }
}

/**
 * What parts of a run will come to.
 *
 * @param known what is known of each kernel, by its name for `--kernel`
 */
export function previewOf(
  parts: Part[],
  known: Map<string, KnownKernel>,
  { untilSure }: Pick<Request, 'untilSure'>,
): Preview {
  const all = parts.flatMap((part) =>
    cellsOf(part).map((cell) => {
      const { kernel } = part.group
      const its = known.get(kernel)!
      const proxy = cell.proxy.spec === null ? its.proxy : cell.proxy
      return { kernel, cell: lasting({ ...cell, proxy, obstacle: obstacleTo(cell.case, cell.load, its, proxy) }) }
    }),
  )
  const runs = all.filter(({ cell }) => !cell.obstacle)
  const reloading = sum(runs.map(({ cell }) => cell.boots * cell.load.duration))
  const around = sum(runs.map(({ cell }) => cell.seconds)) - reloading
  const carrying = runs.filter(({ cell }) => cell.load.capacity !== null)
  const carriers = new Set(
    carrying.map(({ kernel, cell: { proxy, maxaccept } }) =>
      JSON.stringify([kernel, proxy.likely.proxy, maxaccept ?? proxy.likely.maxaccept]),
    ),
  )
  const capacityBoots = CAPACITY_BOOTS * carriers.size
  const capacities = capacityBoots * capacityBootSeconds({ untilSure })
  const kernels = [...new Set(all.map(({ kernel }) => kernel))]
  const trying = KERNEL_SECONDS * kernels.length
  return {
    cells: runs.map((one) => shownCell(one)),
    leftOut: leftOutOf(all),
    kernels: kernels.map((kernel) => ({ kernel, by: known.get(kernel)!.by })),
    seconds: {
      reloading,
      around,
      capacityBoots,
      capacities,
      kernels: trying,
      total: reloading + around + capacities + trying,
    },
  }
}

interface Placed {
  kernel: string
  cell: ForeseenCell
}

function shownCell({ kernel, cell: { case: its, load, proxy, maxaccept, boots } }: Placed): PreviewCell {
  return { kernel, proxy: shownProxy(proxy), maxaccept, case: its.name, load, boots }
}

const shownProxy = ({ spec, name, version, likely }: ForeseenProxy) =>
  spec ?? (version === null ? `${likely.proxy}, or that of an old kernel's time` : `${name}:${version}`)

/** A case each, with the loads under which it is left out. */
function leftOutOf(all: Placed[]): LeftOut[] {
  const byKey = new Map<string, LeftOut>()
  for (const { kernel, cell } of all) {
    if (!cell.obstacle) continue
    const { case: name, load, proxy } = shownCell({ kernel, cell })
    const key = JSON.stringify([kernel, proxy, name, cell.obstacle])
    const { loads = [] } = byKey.get(key) ?? {}
    byKey.set(key, { kernel, proxy, case: name, ...cell.obstacle, loads: [...new Set([...loads, load.name])] })
  }
  return [...byKey.values()]
}
