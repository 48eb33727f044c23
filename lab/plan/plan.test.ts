import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { selectCases } from '../../cases/load.ts'
import { PROXIES } from '../../images/proxies/proxies.ts'
import { type CellProxy, interleaved } from '../model/cell.ts'
import type { MeasuredKernel, Prepared } from '../model/prepared.ts'
import type { Request } from '../model/request.ts'
import { capacityLoad } from './loads.ts'
import { makePlan } from './plan.ts'

const proxy = (version: string, maxaccept: number) => ({ name: 'haproxy' as const, path: '/x', version, maxaccept })
const USUAL = [proxy('2.6.12', 4)]

const ready = (name: string, unprobed: string | null = null, proxies: CellProxy[] = USUAL): MeasuredKernel => ({
  specs: [name],
  kernel: { name, series: name, sha256: name, image: '/x', modules: null, features: null },
  guest: 'qemu',
  accel: 'tcg',
  origin: 'yours',
  version: null,
  packageSha256: null,
  config: null,
  unprobed,
  proxies,
})

const REQUEST: Request = {
  kernels: ['6.1'],
  cases: ['none', 'fd-passing'],
  proxies: ['haproxy:2.6'],
  accel: 'tcg',
  users: null,
  rates: null,
  maxaccepts: null,
  boots: 2,
  untilSure: false,
  duration: 4,
  interval: 100,
  banner: false,
  keepAlive: null,
  fusedAck: false,
  closeWithRst: false,
  slowMs: 200,
  seed: 1,
}

const CARRIED = ['haproxy-2.6.12-maxaccept4', 'nginx-1.22.1-maxaccept1'].map((proxy) => ({
  kernel: '6.1',
  proxy,
  perSecond: 1001,
  load: capacityLoad(REQUEST),
  machine: { cpu: 'a CPU', cpus: 2, kernel: '6.1' },
}))

const planned = async (asked: Partial<Request> = {}, prepared: Partial<Prepared> = {}) =>
  makePlan(
    { ...REQUEST, ...asked },
    {
      kernels: [ready('6.1')],
      skipped: [],
      cases: await selectCases(['none', 'fd-passing']),
      root: { userland: '/x', programs: '/x' },
      traits: PROXIES,
      sources: {},
      capacities: CARRIED,
      ...prepared,
    },
  )
const names = ({ cells }: Awaited<ReturnType<typeof planned>>) => cells.map(({ name }) => name)

test("without a load option each case is measured under two: the article's, and half of what is carried", async () => {
  const { cells } = await planned()
  assert.equal(
    cells.map(({ name }) => name),
    ['6.1-none-saturated', '6.1-fd-passing-saturated', '6.1-none-half', '6.1-fd-passing-half'],
  )
  const [saturated, , half] = cells
  assert.equal([saturated!.load.loop, saturated!.load.users, saturated!.load.rate], ['closed', 80, null])
  assert.equal([half!.load.loop, half!.load.rate, half!.load.capacity], ['open', 501, 1001])
  assert.is(saturated!.boots, 2)
})

test('where what is carried is unknown, there is no load of half of it', async () => {
  assert.equal(names(await planned({}, { capacities: [] })), ['6.1-none-saturated', '6.1-fd-passing-saturated'])
})

test('a load that is asked for is the only one; several are several', async () => {
  assert.equal(names(await planned({ users: [20] })), ['6.1-none-users-20', '6.1-fd-passing-users-20'])
  assert.equal(names(await planned({ rates: [500] })), ['6.1-none-rate-500', '6.1-fd-passing-rate-500'])
  const { cells } = await planned({ users: [7], rates: [500, 900] })
  assert.equal(
    cells.map(({ load }) => [load.users, load.rate]),
    [500, 500, 900, 900].map((rate) => [7, rate]),
  )
})

test('several proxies are part of the names, and of what is skipped', async () => {
  const proxies = [proxy('1.7.0', 64), proxy('2.6.12', 4), proxy('2.6.12', 64)]
  const plan = await planned({ users: [20] }, { kernels: [ready('6.1', null, proxies)] })
  assert.equal(names(plan), [
    '6.1-haproxy-1.7.0-maxaccept64-none-users-20',
    '6.1-haproxy-2.6.12-maxaccept4-none-users-20',
    '6.1-haproxy-2.6.12-maxaccept4-fd-passing-users-20',
    '6.1-haproxy-2.6.12-maxaccept64-none-users-20',
    '6.1-haproxy-2.6.12-maxaccept64-fd-passing-users-20',
  ])
  assert.equal(
    plan.skipped.map((skip) => [skip.proxy, skip.case]),
    [['haproxy-1.7.0-maxaccept64', 'fd-passing']],
  )
})

const nginx = { name: 'nginx', path: '/x', version: '1.22.1', maxaccept: 1 }

test('kernels of one run may have proxies of their own', async () => {
  const kernels = [ready('4.9', null, [proxy('1.7.5', 64)]), ready('6.1')]
  const { cells, skipped } = await planned({ users: [20] }, { kernels })
  assert.equal(
    cells.map(({ name, proxy: { version, maxaccept } }) => [name, version, maxaccept]),
    [
      ['4.9-none-users-20', '1.7.5', 64],
      ['6.1-none-users-20', '2.6.12', 4],
      ['6.1-fd-passing-users-20', '2.6.12', 4],
    ],
  )
  assert.equal(
    skipped.map(({ kernel, case: skipped, reason }) => [kernel, skipped, reason]),
    [['4.9', 'fd-passing', 'needs HAProxy 1.8 or later, not 1.7.5']],
  )
})

test('a case runs with the proxies that it is for, as it is there', async () => {
  const cases = await selectCases(['none', 'fd-passing', 'nginx-reload', 'no-reload'])
  const { cells, skipped } = await planned(
    { users: [20] },
    { cases, kernels: [ready('6.1', null, [proxy('2.6.12', 4), nginx])] },
  )
  assert.equal(
    cells.map(({ proxy: { name }, case: { name: tested } }) => `${name} ${tested}`),
    [
      ...['haproxy none', 'haproxy fd-passing', 'haproxy no-reload'],
      ...['nginx none', 'nginx nginx-reload', 'nginx no-reload'],
    ],
  )
  const [one, , , other, reload] = cells
  assert.match(String(one!.case.reload), '-sf $OLD')
  assert.match(String(other!.case.reload), 'kill -QUIT')
  assert.match(String(reload!.case.reload), 'kill -HUP')
  assert.equal(skipped, [], 'nobody asked for HAProxy to reload as nginx does')
})

test('what a kernel cannot do is skipped once, whatever the load', async () => {
  const { skipped } = await planned({}, { kernels: [ready('6.1', null, [proxy('1.7.0', 64)])] })
  assert.is(skipped.length, 1)
  assert.match(skipped[0]!.reason, 'needs HAProxy 1.8')
})

test('a kernel that did not get through the probes is measured with the first case only, in one boot', async () => {
  const { cells, skipped } = await planned({}, { kernels: [ready('6.1', 'it died')] })
  assert.equal(
    cells.map(({ name, boots }) => [name, boots]),
    [['6.1-none-saturated', 1]],
  )
  assert.equal(
    skipped.map((skip) => [skip.case, skip.reason]),
    [['fd-passing', 'this kernel did not get through the probes: it died']],
  )
})

test('boots take turns: each cell once, then each again', async () => {
  const { cells } = await planned({ users: [20], boots: 3 })
  const [a, b] = cells
  const order = interleaved([a!, { ...b!, boots: 2 }]).map(({ cell, boot }) => `${cell.case.name} ${boot}`)
  assert.equal(order, ['none 1', 'fd-passing 1', 'none 2', 'fd-passing 2', 'none 3'])
})

test('loads of kept and of greeted connections have names of their own, and one load unless another is asked for', async () => {
  const loads = async (asked: Partial<Request>) =>
    (await planned({ cases: ['none'], ...asked })).cells.map(({ load }) => load)
  const [kept] = await loads({ keepAlive: 20 })
  assert.is(kept!.name, 'users-80-keep-alive')
  assert.equal(kept!.exchange, { kind: 'keep-alive', pauseMs: 20, requests: 10 })
  const names = async (asked: Partial<Request>) => [...new Set((await loads(asked)).map(({ name }) => name))]
  assert.equal(await names({ banner: true }), ['users-80-banner'])
  assert.equal(await names({ banner: true, rates: [500] }), ['rate-500-banner'])
  assert.equal(await names({ users: [5] }), ['users-5'])
})

test('a case about kept connections is skipped under another load', async () => {
  const cases = await selectCases(['none', 'idle-close-on-response'])
  assert.equal(
    (await planned({}, { cases })).skipped.map(({ case: name, reason }) => [name, reason]),
    [['idle-close-on-response', 'needs --keep-alive MS']],
  )
  assert.equal((await planned({ keepAlive: 20 }, { cases })).skipped, [])
})

test('where ab makes the load, its cells alone have ab, and only in a closed loop', async () => {
  const cases = await selectCases(['none', 'ab-reload'])
  const root = { userland: '/x', programs: '/x', ab: '/ab' }
  const { cells } = await planned({ users: [10] }, { cases, root })
  assert.equal(
    cells.map((cell) => [cell.case.name, cell.root.ab, cell.load.ab]),
    [
      ['none', undefined, undefined],
      ['ab-reload', '/ab', true],
    ],
  )
  const open = await planned({ rates: [500] }, { cases, root })
  assert.equal(
    open.cells.map((cell) => cell.case.name),
    ['none'],
  )
  assert.match(open.skipped[0]!.reason, 'needs a closed loop: --users 10')
  const banner = await planned({ banner: true }, { cases, root })
  assert.match(banner.skipped[0]!.reason, 'needs a load without --banner')
})

test.run()
