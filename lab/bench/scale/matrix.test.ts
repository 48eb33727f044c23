import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { selectCases } from '../../../cases/load.ts'
import { bootsFor, cellsOf, costOf, hoursOn } from './matrix.ts'

const HAPROXY = { name: 'haproxy', version: '2.6' }

test('a case counts where it is for the proxy and the kernel, under both loads', async () => {
  const [none, ofNginx] = await selectCases(['none', 'nginx-reload'])
  const cases = [none!, ofNginx!, { ...none!, name: 'newer', needs: { linux: { from: '4.4' } } }]
  const on = (kernel: string, ...proxies: { name: string; version: string }[]) => cellsOf(cases, [kernel], proxies)
  assert.is(on('3.2', HAPROXY), 2, 'none alone')
  assert.is(on('6.1', HAPROXY), 4, 'and one that needs Linux 4.4')
  assert.is(on('6.1', HAPROXY, HAPROXY), 8)
  assert.is(on('6.1', { name: 'nginx', version: '1.22' }), 6, 'and one of nginx alone')
})

test('boots are whole', () => {
  assert.is(bootsFor(180, { reloads: 20 }), 9)
  assert.is(bootsFor(181, { reloads: 20 }), 10)
})

test('each load and proxy costs what its own boots do, and a boot with fewer reloads is needed more often', () => {
  const sampled = (proxy: string, load: string, seconds: number, reloads: number) => ({ proxy, load, seconds, reloads })
  const sample = [
    sampled('haproxy', 'saturated', 8, 20),
    sampled('haproxy', 'half', 9, 18),
    sampled('haproxy', 'half', 11, 9),
    sampled('nginx', 'saturated', 10, 10),
    sampled('nginx', 'half', 10, 6),
  ]
  const proxies = [
    { name: 'haproxy', cells: 20 },
    { name: 'nginx', cells: 2 },
  ]
  assert.equal(costOf(proxies, sample, 180), {
    boots: 10 * 9 + (10 * (10 + 20)) / 2 + 18 + 30,
    seconds: 10 * 9 * 8 + (10 * (10 * 9 + 20 * 11)) / 2 + 180 + 300,
  })
  assert.is(costOf(proxies, sample.slice(0, 4), 180), null, 'nothing stands for nginx at half')
  assert.is(costOf(proxies, [...sample.slice(0, 4), sampled('nginx', 'half', 10, 0)], 180), null, 'nor has it reloads')
})

test('machines share the boots, as far as they can be handed out', () => {
  const cost = { boots: 900, seconds: 7200 }
  assert.equal(
    [1, 8].map((machines) => hoursOn(machines, cost)),
    [2, 0.25],
  )
  assert.is(hoursOn(64, cost, 90), 10, 'no more than is handed out')
})

test.run()
