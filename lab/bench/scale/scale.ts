import { selectCases } from '../../../cases/load.ts'
import { KERNELS } from '../../../images/kernels/catalogue.ts'
import type { Cell } from '../../model/cell.ts'
import { alike, openSide } from '../boots/side.ts'
import { bootsInTurns } from '../boots/turns.ts'
import { keep } from '../record/keep.ts'
import { beginning } from '../record/made.ts'
import { cellsOf, type MatrixProxy } from './matrix.ts'
import { withSwarm } from './own-swarm.ts'
import type { ScaleRecord } from './record.ts'
import { SLEEP, sleepers } from './sleepers.ts'

/**
 * How much is measured: orders, so many at a time, and rounds of boots. 8 at a time are carried out faster than 40 on two
 * CPUs, so that the 1,000 are these.
 */
const WHOLE = {
  orders: [
    { workers: 1, orders: 5 },
    { workers: 40, orders: 40 },
    { workers: 8, orders: 1000 },
  ],
  rounds: 3,
}

/** Cases whose boots stand for all: of HAProxy's one with about the most and one with about the fewest reloads a boot, and nginx's everyday one. */
const SAMPLE = [
  { proxy: 'haproxy', name: 'none' },
  { proxy: 'haproxy', name: 'two-step' },
  { proxy: 'nginx', name: 'nginx-reload' },
]
const isSampled = ({ case: { name }, proxy }: Cell) =>
  SAMPLE.some((one) => one.name === name && one.proxy === proxy.name)

/** Under both loads, of which *half* needs to know what the kernel carries. */
const RUN = [
  '--kernel',
  '6.1',
  '--accel',
  'tcg',
  '--proxy',
  'haproxy,nginx',
  '--case',
  SAMPLE.map(({ name }) => name).join(','),
]
/** The same parts where that is not found out: half is half of what this machine carries without containers. */
const PARTS = [...RUN, '--users', '80']

/** The whole matrix. */
const RELOADS = 180
const PROXIES: MatrixProxy[] = [
  { name: 'haproxy', version: '2.6' },
  { name: 'haproxy', version: '3.0' },
  { name: 'nginx', version: '1.22' },
]

/**
 * What carrying cells costs beside the cells, and what the whole matrix takes.
 *
 * @param size less than the whole only to see that it works
 * @returns Markdown, which is saved, too
 */
export const scale = (signal: AbortSignal, size = WHOLE, folder?: string): Promise<string> =>
  withSwarm(
    'scale',
    PARTS,
    async () => {
      const made = await beginning()
      const asleep = await sleepers(size.orders, signal)
      const local = await openSide('local', [RUN], isSampled, signal)
      const sides = [local]
      for (const name of ['docker', 'swarm'] as const) {
        const side = await openSide(name, [PARTS], isSampled, signal)
        sides.push({ ...side, cells: alike(local.cells, side.cells) })
      }
      const boots = await bootsInTurns(sides, size.rounds, signal)
      const record: ScaleRecord = {
        made: made(),
        hosts: sides.map(({ name, host }) => ({ side: name, host })),
        sleep: SLEEP,
        asleep,
        cells: local.cells.map(({ name, proxy, load: { name: load, users, rate } }) => ({
          ...{ name, proxy: proxy.name, load, users, rate },
        })),
        boots,
        matrix: await matrix(),
      }
      return keep('scale', record, folder)
    },
    signal,
  )

async function matrix(): Promise<ScaleRecord['matrix']> {
  const cases = await selectCases(['*'])
  const kernels = KERNELS.map(({ series }) => series)
  const proxies = PROXIES.map((proxy) => ({ ...proxy, cells: cellsOf(cases, kernels, [proxy]) }))
  return { kernels: kernels.length, reloads: RELOADS, proxies }
}
