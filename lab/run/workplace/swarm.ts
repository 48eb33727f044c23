import { prepareIn } from '../../engine/docker/engine.ts'
import { type SwarmEngine, swarmEngine } from '../../engine/swarm/engine.ts'
import type { Load } from '../../model/case/load.ts'
import { type Cell, partsOf, proxyName } from '../../model/cell.ts'
import type { Prepared } from '../../model/prepared.ts'
import type { Request } from '../../model/request.ts'
import type { Capacity } from '../../model/result/capacity.ts'
import { kindOf } from '../../model/result/machine.ts'
import type { Result } from '../../model/result.ts'
import { capacityLoad, needsCapacity } from '../../plan/loads.ts'
import { withFullPaths } from './own-files.ts'
import type { Opening, Workplace } from './workplace.ts'

/** A Swarm as a workplace: parts are prepared by the daemon that the lab talks to, cells are carried out by all nodes. */
export async function openSwarm({ files, registry, resumed, supply }: Opening): Promise<Workplace> {
  const engine = await swarmEngine(files, registry, supply)
  const { shop, image, equip, capacities, stillThere, machines } = engine
  if (resumed) {
    const found = resumed.capacities.map(({ kernel, machine }): [string, string] => [kernel, kindOf(machine)])
    const ran = resumed.done.flatMap(({ cell, facts }): [string, string][] =>
      facts.machine ? [[cell.kernel.name, kindOf(facts.machine)]] : [],
    )
    await equip(eachOnce(resumed.cells.flatMap(partsOf)), kernelsOf(resumed.cells), new Map([...found, ...ran]))
  }
  return {
    engine,
    prepare: async (requests, supply, { keep = () => {}, mayBeNone = false }) => {
      if (requests.some(({ accel }) => accel === 'auto'))
        supply.note('guests run under emulation (TCG): Swarm gives no device to a service')
      // What kernels carry is true of the machine that finds it out: nodes do.
      const emulated = requests.map((request) => ({ ...withFullPaths(request), accel: 'tcg' as const }))
      const prepared = await prepareIn(shop, emulated, {
        supply,
        keep,
        mayBeNone,
        kvm: false,
        files,
        capacities: false,
      })
      await equip(eachOnce(prepared.flatMap(partsIn)), kernelsOf(prepared.flatMap(({ kernels }) => kernels)))
      await addCapacities(requests, prepared, (load, kernel, root) => capacities(load, kernel, root, keep))
      return prepared
    },
    capacities: { hereFor: stillThere, find: capacities },
    host: async () => hostOf(await machines(), image, shop.daemon.version),
  }
}

const eachOnce = <T>(all: T[]): T[] => [...new Set(all)]

const kernelsOf = (owners: Pick<Cell, 'kernel'>[]) => eachOnce(owners.map(({ kernel }) => kernel.name))

/** The parts of all cells that can be planned from this. */
const partsIn = ({ kernels, root }: Prepared): string[] =>
  kernels.flatMap(({ kernel, proxies }) => proxies.flatMap((proxy) => partsOf({ kernel, root, proxy })))

type FindOut = (load: Load, kernel: Prepared['kernels'][number], root: Prepared['root']) => Promise<Capacity[]>

/** Adds what each kernel carries with each of its proxies where a load needs that, found out once. */
async function addCapacities(requests: Request[], prepared: Prepared[], findOut: FindOut) {
  const found: Capacity[] = []
  const isKnown = (kernel: string, proxy: string) => found.some((one) => one.kernel === kernel && one.proxy === proxy)
  for (const [i, request] of requests.entries()) {
    const { kernels, root } = prepared[i]!
    if (!needsCapacity(request)) continue
    const unknown = kernels
      .map((one) => ({ ...one, proxies: one.proxies.filter((proxy) => !isKnown(one.kernel.name, proxyName(proxy))) }))
      .filter(({ proxies, unprobed }) => proxies.length && unprobed === null)
    found.push(...(await Promise.all(unknown.map((kernel) => findOut(capacityLoad(request), kernel, root)))).flat())
  }
  for (const one of prepared) one.capacities = found
}

/** What a result says of all nodes together; each boot names its own. */
function hostOf(machines: Result['host'][], { name, id }: SwarmEngine['image'], docker: string): Result['host'] {
  const [first] = machines as [Result['host']]
  const all = (of: (machine: Result['host']) => string) => eachOnce(machines.map(of)).join('; ')
  return {
    kernel: all(({ kernel }) => kernel),
    cpu: all(({ cpu }) => cpu),
    cpus: machines.reduce((sum, { cpus }) => sum + cpus, 0),
    qemu: first.qemu,
    engine: 'swarm',
    image: name,
    imageId: id,
    tools: { ...first.tools, docker },
  }
}
