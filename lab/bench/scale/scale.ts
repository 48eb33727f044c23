import { selectCases } from '../../../cases/load.ts'
import { KERNELS } from '../../../images/kernels/catalogue.ts'
import { whole } from '../../model/text/amounts.ts'
import { runProvenance } from '../../saved/provenance.ts'
import { bootCosts, CELL, type EngineCost } from './boot-cost.ts'
import { cellsOf, hoursOn, type MatrixProxy } from './matrix.ts'
import { withSwarm } from './own-swarm.ts'
import { type Asleep, ratesOf, SLEEP, sleepers } from './sleepers.ts'

/** How much is measured: orders at a time and of each worker (40 × 25 are 1,000), and boots of the runs that are compared. */
const WHOLE = { workers: [1, 2, 4, 8, 40], each: 25, boots: { few: 2, many: 10 } }
const MACHINES = [1, 8, 64]
/** The whole matrix. */
const RELOADS = 180
const PROXIES: MatrixProxy[] = [
  { name: 'haproxy', version: '2.6' },
  { name: 'haproxy', version: '3.0' },
  { name: 'nginx', version: '1.22' },
]

/**
 * What carrying cells costs beside the cells, and what the whole matrix takes. HITLESS_REGISTRY names the registry of a
 * Swarm with several nodes.
 *
 * @param size less than the whole only to see that it works
 * @returns Markdown
 */
export const scale = (signal: AbortSignal, size = WHOLE): Promise<string> =>
  withSwarm(
    CELL,
    async () => {
      const asleep = await sleepers(size.workers, size.each, signal)
      const costs = await bootCosts(size.boots, signal)
      return document(asleep, costs)
    },
    signal,
  )

async function document(asleep: Asleep[], costs: EngineCost[]): Promise<string> {
  const { lab, host } = await runProvenance()
  const cells = cellsOf(
    await selectCases(['*']),
    KERNELS.map(({ series }) => series),
    PROXIES,
  )
  const most = Math.max(...asleep.map((row) => ratesOf(row).anHour))
  const versions = costs.map(({ engine, host: { qemu, tools = {} } }) =>
    [`${engine}: ${qemu}`, tools.docker && `Docker ${tools.docker}`].filter(Boolean).join(', '),
  )
  return `# What it costs to carry cells out

Made by \`npm run -s bench -- scale\` on ${new Date().toISOString().slice(0, 10)}, at ${lab.commit}: ${host.cpu}, ${host.cpus} CPUs, Linux ${host.kernel}, Node.js ${host.tools?.node}. ${versions.join('; ')}.

## Scheduling alone

Orders that only sleep, for ${SLEEP} ms, on a Swarm; each is a service of its own. *Beside its sleep*: what an order takes of a worker's time beyond that.

${table(
  ['at a time', 'orders', 'took', 'beside its sleep', 'orders an hour'],
  asleep.map((row) => {
    const { overhead, anHour } = ratesOf(row)
    return [row.workers, whole(row.orders), `${(row.ms / 1000).toFixed(1)} s`, `${whole(overhead)} ms`, whole(anHour)]
  }),
)}

## A boot

Boots of \`${CELL.join(' ')}\`, one at a time, ${reloadsOf(costs)} reloads each. *Beside its guest*: what a boot takes of the wall clock before its guest is started and after it has ended.

${table(
  ['engine', 'a boot', 'beside its guest', 'boots an hour'],
  costs.map(({ engine, seconds, took }) => [
    engine,
    `${seconds.toFixed(2)} s`,
    `${(seconds - took).toFixed(2)} s`,
    whole(3600 / seconds),
  ]),
)}

## The whole matrix

${KERNELS.length} kernels, all cases but variants, ${PROXIES.map(({ name, version }) => `${name} ${version}`).join(', ')}, both loads, ${RELOADS} reloads a cell: at most ${whole(cells)} cells. A sum over the boots above, and no measurement: each machine carries one boot at a time, as one with two CPUs does. It takes such a boot for every boot, and leaves out what a run prepares. A Swarm's manager hands out no more than ${whole(most)} orders an hour, the most in the first table, however many machines there are.

${table(
  ['engine', ...MACHINES.map((machines) => `on ${machines}`)],
  costs.map((each) => [
    each.engine,
    ...MACHINES.map(
      (machines) =>
        `${hoursOn(machines, 1, cells, RELOADS, each, each.engine === 'swarm' ? most : undefined).toFixed(1)} h`,
    ),
  ]),
)}`
}

const reloadsOf = (costs: EngineCost[]) => {
  const counts = costs.map(({ reloads }) => reloads)
  return [Math.min(...counts), Math.max(...counts)].map((count) => count.toFixed(1)).join(' to ')
}

function table(head: string[], rows: (string | number)[][]): string {
  const line = (cells: (string | number)[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
