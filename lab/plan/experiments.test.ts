import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { allExperiments } from '../../cases/experiments.ts'
import { selectCases } from '../../cases/load.ts'
import { PROXIES } from '../../images/proxies/proxies.ts'
import type { CellProxy } from '../model/cell.ts'
import type { Experiment } from '../model/experiment.ts'
import type { Prepared, ReadyKernel } from '../model/prepared.ts'
import type { Request } from '../model/request.ts'
import { askedRows, planExperiments } from './experiments.ts'
import { capacityLoad } from './loads.ts'

const ready: ReadyKernel = {
  specs: ['6.1'],
  kernel: { name: '6.1', series: '6.1', sha256: 'x', image: '/x', modules: null, features: null },
  guest: 'qemu',
  accel: 'tcg',
  origin: 'yours',
  version: null,
  packageSha256: null,
  config: null,
  unprobed: null,
}
const BASE: Request = {
  kernels: ['6.1'],
  cases: ['*'],
  proxies: ['haproxy:2.6'],
  accel: 'tcg',
  users: null,
  rates: null,
  maxaccepts: null,
  boots: 9,
  untilSure: false,
  duration: 9,
  interval: 9,
  fusedAck: false,
  closeWithRst: false,
  banner: false,
  keepAlive: null,
  slowMs: 200,
  seed: 7,
}
const OLD = '1.7.0'
const proxy = (version: string, maxaccept = 64): CellProxy => ({ name: 'haproxy', path: '/x', version, maxaccept })

const experiment = (name: string, rows: Experiment['rows'], more: Partial<Experiment> = {}): Experiment => ({
  ...{ name, title: name, question: 'Why?', source: 'the lab', proxies: { first: ['haproxy:1.7', 'haproxy:2.6'] } },
  ...{ boots: 1, duration: 4, interval: 100, columns: ['errs'], rows },
  ...more,
})
const row = (label: string, cases: string[], more: Partial<Experiment['rows'][number]> = { users: [80] }) => ({
  ...{ label, cases },
  ...more,
})

/** Any case, as it would be by that name. */
async function standIns(names: string[]) {
  const [none] = await selectCases(['none'])
  return names.map((name) => ({ ...none!, name }))
}

/**
 * What the experiments plan, with these versions of HAProxy and the control that preparing adds.
 *
 * @param exist false: whatever their cases are
 * @param own what these versions accept in one go when nobody tells them
 */
async function planned(experiments: Experiment[], { versions = [OLD], exist = true, own = 64 } = {}) {
  const asked = askedRows(experiments, BASE, {})
  const prepared = asked.map(async ({ request }): Promise<Prepared> => {
    const proxies = versions.flatMap((version) => (request.maxaccepts ?? [own]).map((most) => proxy(version, most)))
    const capacities = proxies.map(({ name, version, maxaccept }) => ({
      ...{ kernel: '6.1', proxy: `${name}-${version}-maxaccept${maxaccept}`, perSecond: 1000 },
      ...{ load: capacityLoad(request), machine: { cpu: 'a CPU', cpus: 2, kernel: '6.1' } },
    }))
    return {
      ...{
        kernels: [{ ...ready, proxies }],
        skipped: [],
        sources: {},
        root: { userland: '/x', programs: '/x' },
        traits: PROXIES,
      },
      ...{
        capacities,
        cases: exist ? await selectCases(['none', ...request.cases]) : await standIns(request.cases),
      },
    }
  })
  return planExperiments(asked, await Promise.all(prepared))
}

test('a cell that several rows share is there once, and each row has its own cells, without an added control', async () => {
  const one = experiment('one', [row('plain', ['none']), row('ACKs', ['ack-block'])])
  const other = experiment('other', [row('ACKs dropped', ['ack-block'])])
  const { cells, experiments } = await planned([one, other])
  assert.equal(
    cells.map(({ name }) => name),
    ['6.1-none-users-80', '6.1-ack-block-users-80'],
  )
  assert.equal(
    experiments.map(({ rows }) => rows.map((row) => row.cells)),
    [[['6.1-none-users-80'], ['6.1-ack-block-users-80']], [['6.1-ack-block-users-80']]],
  )
})

test('cells that are compared last equally long and boot equally often: as the most thorough experiment asks', async () => {
  const short = experiment('short', [row('plain', ['none']), row('few', ['none'], { users: [1] })])
  const long = experiment('long', [row('ACKs', ['ack-block'])], { duration: 20, boots: 3 })
  const { cells } = await planned([short, long])
  assert.equal(
    cells.map(({ name, boots, load }) => [name, boots, load.duration]),
    [
      ['6.1-none-users-80', 3, 20],
      ['6.1-none-users-1', 1, 4],
      ['6.1-ack-block-users-80', 3, 20],
    ],
  )
})

test('what the command line says takes the place of what experiments say, and the rest comes from both', async () => {
  const one = experiment('one', [row('plain', ['none'])])
  const [own] = askedRows([one], BASE, {})
  assert.equal(
    [own!.request.proxies, own!.request.proxiesTaken, own!.request.boots, own!.request.seed, own!.request.interval],
    [['haproxy:1.7', 'haproxy:2.6'], 'first', 1, 7, 100],
  )
  const [typed] = askedRows([one], BASE, { proxies: ['nginx:1.22'], boots: 5 })
  assert.equal(
    [typed!.request.proxies, typed!.request.proxiesTaken, typed!.request.boots, typed!.request.duration],
    [['nginx:1.22'], 'all', 5, 4],
  )
})

test('shares of the capacity, each with a name of its own; a half is the lab’s own load', async () => {
  const { cells } = await planned([experiment('sweep', [row('plain', ['none'], { shares: [0.05, 0.5, 1] })])])
  assert.equal(
    cells.map(({ load }) => [load.name, load.loop, load.rate, load.capacity]),
    [
      ['share-5', 'open', 50, 1000],
      ['half', 'open', 500, 1000],
      ['share-100', 'open', 1000, 1000],
    ],
  )
})

test('what connections carry is that of the row, and part of the name of its load', async () => {
  const rows = [
    row('greeted', ['none'], { users: [20], banner: true }),
    row('kept', ['none'], { users: [20], keepAlive: 50 }),
    row('one request', ['none'], { users: [20] }),
  ]
  const { cells, experiments } = await planned([experiment('exchanges', rows)])
  assert.equal(
    cells.map(({ load }) => [load.name, load.exchange]),
    [
      ['users-20-banner', { kind: 'banner' }],
      ['users-20-keep-alive', { kind: 'keep-alive', pauseMs: 50, requests: 10 }],
      ['users-20', { kind: 'request' }],
    ],
  )
  assert.equal(
    experiments[0]!.rows.map((one) => one.cells),
    cells.map(({ name }) => [name]),
  )
})

test('several proxies are told apart in all rows, and what one cannot run is skipped once', async () => {
  const one = experiment('one', [row('passed', ['fd-passing']), row('again', ['fd-passing', 'none'])])
  const { cells, skipped } = await planned([one], { versions: [OLD, '2.6.12'] })
  assert.equal(
    cells.map(({ name }) => name),
    [
      '6.1-haproxy-1.7.0-maxaccept64-none-users-80',
      '6.1-haproxy-2.6.12-maxaccept64-none-users-80',
      '6.1-haproxy-2.6.12-maxaccept64-fd-passing-users-80',
    ],
  )
  assert.equal(
    skipped.map((one) => [one.case, one.proxy]),
    [['fd-passing', 'haproxy-1.7.0-maxaccept64']],
  )
})

test('experiments that mean different cells by one name are refused', async () => {
  const one = experiment('one', [row('plain', ['none'])])
  const other = experiment('other', [row('plain', ['none'])], { interval: 500 })
  try {
    await planned([one, other])
    assert.unreachable()
  } catch (error) {
    assert.match((error as Error).message, 'the experiments do not agree on the cell 6.1-none-users-80: run them apart')
  }
})

test('all experiments agree on their cells, also where all of them get the same proxy', async () => {
  const all = await allExperiments()
  for (const own of [4, 64]) {
    const { cells } = await planned(all, { versions: ['2.6.12'], exist: false, own })
    assert.ok(cells.length > 100, `${cells.length} cells`)
  }
})

/** What a boot takes beside its reloads when it is emulated on a quiet machine, in seconds, on the safe side. */
const BOOT_SECONDS = 6
/** Of all series that the lab may know; `haproxy:*` takes all of them. */
const VERSIONS = ['1.5', '1.7', '1.8', '2.0', '2.2', '2.6', '3.0', '3.2', '3.4']
const MOST_MINUTES = 40

/** As many stand-ins as an experiment takes proxies. */
function versionsIn({ proxies }: Experiment): string[] {
  if ('first' in proxies) return [OLD]
  return proxies.each.includes('haproxy:*') ? VERSIONS : VERSIONS.slice(0, proxies.each.length)
}

test('all experiments on one kernel take less than forty minutes', async () => {
  const all = await allExperiments()
  const proxiesOf = ({ proxies }: Experiment) => JSON.stringify(proxies)
  let seconds = 0
  for (const proxies of new Set(all.map(proxiesOf))) {
    const its = all.filter((one) => proxiesOf(one) === proxies)
    const versions = versionsIn(its[0]!)
    const { cells } = await planned(its, { versions, exist: false })
    seconds += cells.reduce((sum, { boots, load }) => sum + boots * (load.duration + BOOT_SECONDS), 0)
  }
  assert.ok(seconds > 600 && seconds / 60 < MOST_MINUTES, `${seconds / 60} minutes`)
})

test.run()
