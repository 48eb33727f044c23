import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { LoadedCase } from '../model/case/case.ts'
import type { Load } from '../model/case/load.ts'
import { type ForeseenCell, KERNEL_SECONDS } from './foreseen.ts'
import { connected, type Group, partable } from './groups.ts'
import { costOf, shardsOf } from './shards.ts'

const PROXY = {
  ...{ spec: null, name: 'haproxy', title: 'HAProxy', version: '2.6' },
  likely: { proxy: 'haproxy:2.6', maxaccept: 4 },
}
const CONTROLS = { none: 'positive', 'no-reload': 'negative' } as const

/** A cell of a case under a load, 10 s long; a case that names another is written case<other. */
function cell(written: string, load = 'half', seconds = 10): ForeseenCell {
  const [name, against] = written.split('<') as [string, string?]
  const theCase = { name, against, control: CONTROLS[name as keyof typeof CONTROLS] } as LoadedCase
  return {
    case: theCase,
    load: { name: load } as Load,
    proxy: PROXY,
    maxaccept: null,
    boots: 1,
    obstacle: null,
    seconds,
  }
}

const group = (kernel: string, names: string[], seconds = 10): Group => ({
  ...{ kernel, before: 0, requests: [] },
  cells: names.map((name) => cell(name, 'half', seconds)),
})

const kernels = (count: number, seconds: (i: number) => number = () => 10) =>
  Array.from({ length: count }, (_, i) => group(`k${i}`, ['none', 'a', 'b'], seconds(i)))

const namesOf = (groups: Group[], of: number) =>
  shardsOf(groups, of).map((parts) => parts.map(({ group, cases }) => `${group.kernel}:${cases ?? 'all'}`))

test('groups stay whole, and in their order, while there are enough', () => {
  assert.equal(namesOf(kernels(5), 2), [
    ['k0:all', 'k1:all', 'k2:all'],
    ['k3:all', 'k4:all'],
  ])
  assert.equal(namesOf(kernels(3), 3), [['k0:all'], ['k1:all'], ['k2:all']])
  // Two and two would last as long, and leave a machine idle.
  assert.equal(namesOf(kernels(4), 3), [['k0:all', 'k1:all'], ['k2:all'], ['k3:all']])
})

test('each shard gets something, and the longest is as short as can be in this order', () => {
  for (const count of [2, 7, 24])
    for (const of of [1, 2, 5, 8, 23]) {
      if (of > count) continue
      const groups = kernels(count, (i) => 1 + ((i * 7919) % 40))
      const shards = shardsOf(groups, of)
      assert.is(shards.length, of)
      assert.equal(
        shards.flat().map(({ group }) => group),
        groups,
      )
      const longest = Math.max(...shards.map(costOf))
      assert.ok(
        Math.abs(longest - best(groups, of)) <= 1,
        `${count} groups in ${of}: ${longest}, best ${best(groups, of)}`,
      )
    }
})

/** The shortest longest shard, by trying each place of the last cut. */
function best(groups: Group[], of: number, known = new Map<string, number>()): number {
  const key = `${groups.length}/${of}`
  const cost = (some: Group[]) =>
    some.reduce((sum, { cells }) => sum + KERNEL_SECONDS + cells.reduce((of, { seconds }) => of + seconds, 0), 0)
  if (of === 1) return cost(groups)
  const found = known.get(key)
  if (found !== undefined) return found
  let least = Number.POSITIVE_INFINITY
  for (let i = of - 1; i < groups.length; i++)
    least = Math.min(least, Math.max(best(groups.slice(0, i), of - 1, known), cost(groups.slice(i))))
  known.set(key, least)
  return least
}

test('with more shards than groups, the longest is split by its cases, each part with the controls', () => {
  const short = group('short', ['none', 'a', 'b'], 1)
  const long = group('long', ['no-reload', 'none', 'a', 'b', 'c'])
  assert.equal(namesOf([short, long], 3), [['short:all'], ['long:no-reload,none,a,c'], ['long:no-reload,none,b']])
  assert.equal(namesOf([short, long], 4), [
    ['short:all'],
    ['long:no-reload,none,a'],
    ['long:no-reload,none,b'],
    ['long:no-reload,none,c'],
  ])
})

test('more shards than parts get nothing', () => {
  assert.is(shardsOf([group('6.1', ['none', 'a', 'b'])], 9).length, 2)
  assert.is(shardsOf([group('6.1', ['none', 'no-reload'])], 9).length, 1)
})

test('cases that are compared with one another stay together, through others, too', () => {
  const names = (some: string[]) => partable(group('6.1', some)).map((cases) => cases.map(({ name }) => name))
  assert.equal(names(['none', 'a', 'b<a', 'c<b', 'd', 'e<none']), [['a', 'b', 'c'], ['d'], ['e']])
  assert.equal(names(['c<b', 'd<a', 'b<a', 'a']), [['c', 'd', 'b', 'a']])
})

test('under a load that only other cases have, a part has no control again', () => {
  const cells = [cell('none'), cell('a'), cell('none', 'full'), cell('b', 'full')]
  const parts = shardsOf([{ ...group('6.1', []), cells }], 2).flat()
  assert.equal(
    parts.map(({ cases, loads, seconds }) => [cases, loads, seconds]),
    [
      [['none', 'a'], null, 30],
      [['none', 'b'], ['full'], 20],
    ],
  )
})

test('what is connected, in the order of the first', () => {
  assert.equal(
    connected(['ab', 'cd', 'e', 'bc', 'fe'], (one) => [...one]),
    [
      ['ab', 'cd', 'bc'],
      ['e', 'fe'],
    ],
  )
})

test.run()
