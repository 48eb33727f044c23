import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { selectCases } from '../../cases/load.ts'
import { PROXIES } from '../../images/proxies/proxies.ts'
import { type Options, parseOptions } from '../cli/options.ts'
import { interleaved } from '../model/cell.ts'
import type { Subject } from '../prepare/kernels.ts'
import { type Means, makePlan } from './plan.ts'

const subject = (name: string, unprobed: string | null = null): Subject => ({
  kernel: { name, series: name, sha256: name, image: '/x', modules: null, features: null },
  guest: 'qemu',
  accel: 'tcg',
  origin: 'yours',
  version: null,
  packageSha256: null,
  config: null,
  unprobed,
})
const proxy = (version: string, maxaccept: number) => ({ name: 'haproxy' as const, path: '/x', version, maxaccept })

const planned = async (args: string[], means: Partial<Means> = {}) =>
  makePlan((await parseOptions(['--kernel', '6.1', ...args])) as Options, {
    kernels: [subject('6.1')],
    skipped: [],
    cases: await selectCases(['none', 'fd-passing']),
    root: { userland: '/x', programs: '/x' },
    proxies: [proxy('2.6.12', 4)],
    traits: PROXIES,
    capacity: () => 1001,
    ...means,
  })
const names = ({ cells }: Awaited<ReturnType<typeof planned>>) => cells.map(({ name }) => name)

test("without a load option each case is measured under two: the article's, and half of what is carried", async () => {
  const { cells } = await planned([])
  assert.equal(
    cells.map(({ name }) => name),
    ['6.1-none-saturated', '6.1-fd-passing-saturated', '6.1-none-half', '6.1-fd-passing-half'],
  )
  const [saturated, , half] = cells
  assert.equal([saturated!.load.loop, saturated!.load.users, saturated!.load.rate], ['closed', 80, null])
  assert.equal([half!.load.loop, half!.load.rate, half!.load.capacity], ['open', 501, 1001])
  assert.is(saturated!.boots, 2)
})

test('where nobody knows what is carried, half of it is no load', async () => {
  assert.equal(names(await planned([], { capacity: () => null })), ['6.1-none-saturated', '6.1-fd-passing-saturated'])
})

test('a load that is asked for is the only one; several are several', async () => {
  assert.equal(names(await planned(['--users', '20'])), ['6.1-none-users-20', '6.1-fd-passing-users-20'])
  assert.equal(names(await planned(['--rate', '500'])), ['6.1-none-rate-500', '6.1-fd-passing-rate-500'])
  const { cells } = await planned(['--users', '7', '--rate', '500,900'])
  assert.equal(
    cells.map(({ load }) => [load.users, load.rate]),
    [500, 500, 900, 900].map((rate) => [7, rate]),
  )
})

test('several proxies are part of the names, and of what is skipped', async () => {
  const proxies = [proxy('1.7.0', 64), proxy('2.6.12', 4), proxy('2.6.12', 64)]
  const plan = await planned(['--users', '20'], { proxies })
  assert.equal(names(plan), [
    '6.1-haproxy-1.7.0-maxaccept64-none-users-20',
    '6.1-haproxy-2.6.12-maxaccept4-none-users-20',
    '6.1-haproxy-2.6.12-maxaccept4-fd-passing-users-20',
    '6.1-haproxy-2.6.12-maxaccept64-none-users-20',
    '6.1-haproxy-2.6.12-maxaccept64-fd-passing-users-20',
  ])
  assert.equal(
    plan.skipped.map(({ proxy, case: of }) => [proxy, of]),
    [['haproxy-1.7.0-maxaccept64', 'fd-passing']],
  )
})

const nginx = { name: 'nginx', path: '/x', version: '1.22.1', maxaccept: 1 }

test('a case runs with the proxies that it is for, as it is there', async () => {
  const cases = await selectCases(['none', 'fd-passing', 'nginx-reload', 'no-reload'])
  const { cells, skipped } = await planned(['--users', '20'], { cases, proxies: [proxy('2.6.12', 4), nginx] })
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

test('a case for none of the proxies is skipped, and why', async () => {
  const cases = await selectCases(['none', 'fd-passing'])
  const { cells, skipped } = await planned([], { cases, proxies: [nginx] })
  assert.equal(
    cells.map(({ name }) => name),
    ['6.1-none-saturated', '6.1-none-half'],
  )
  assert.equal(skipped, [{ kernel: '6.1', case: 'fd-passing', reason: 'is for HAProxy, which this run does not have' }])
})

test('what a kernel cannot do is skipped once, whatever the load', async () => {
  const { skipped } = await planned([], { proxies: [proxy('1.7.0', 64)] })
  assert.is(skipped.length, 1)
  assert.match(skipped[0]!.reason, 'needs HAProxy 1.8')
})

test('of a kernel that did not get through the probes the first case shows what becomes of it, in one boot', async () => {
  const { cells, skipped } = await planned([], { kernels: [subject('6.1', 'it died')] })
  assert.equal(
    cells.map(({ name, boots }) => [name, boots]),
    [['6.1-none-saturated', 1]],
  )
  assert.equal(
    skipped.map(({ case: of, reason }) => [of, reason]),
    [['fd-passing', 'this kernel did not get through the probes: it died']],
  )
})

test('boots take turns: each cell once, then each again', async () => {
  const { cells } = await planned(['--users', '20', '--boots', '3'])
  const [a, b] = cells
  const order = interleaved([a!, { ...b!, boots: 2 }]).map(({ cell, boot }) => `${cell.case.name} ${boot}`)
  assert.equal(order, ['none 1', 'fd-passing 1', 'none 2', 'fd-passing 2', 'none 3'])
})

test.run()
