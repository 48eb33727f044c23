import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Cell, Start } from '../model/cell.ts'
import type { Load } from '../model/load.ts'
import type { Capacity } from '../model/prepared.ts'
import { foundElsewhere, withCapacities } from './capacities.ts'

// What of a run is true of the machine that began it alone.

const HERE = { cpu: 'a CPU', cpus: 2 }

const load = (name: string, rate: number | null, capacity: number | null) => ({ name, rate, capacity }) as Load
const cell = (name: string, its: Load, kernel = '6.1', version = '2.6.12') =>
  ({
    ...{ name, load: its, kernel: { name: kernel } },
    proxy: { name: 'haproxy', version, maxaccept: 4, path: '/x' },
  }) as Cell
const start = (one: Cell): Start => ({ cell: one, boot: 1 })

const capacity = (kernel: string, cpu: string, perSecond = 1000, cpus = 2): Capacity => ({
  ...{ kernel, proxy: 'haproxy-2.6.12-maxaccept4', perSecond, load: load('saturated', null, null) },
  machine: { cpu, cpus, kernel: '6.1' },
})

const half = cell('none-half', load('half', 500, 1000))
const quarter = cell('none-share-25', load('share-25', 250, 1000))
const saturated = cell('none-saturated', load('saturated', null, null))
const newer = cell('newer', load('half', 500, 1000), '6.12')
const otherProxy = cell('other', load('half', 700, 1400), '6.1', '1.8.1')

test('what was found out here stays', () => {
  assert.equal(foundElsewhere([capacity('6.1', 'a CPU')], [start(half)], HERE), [])
})

test('another model, or another number of CPUs, is another machine', () => {
  for (const one of [capacity('6.1', 'another'), capacity('6.1', 'a CPU', 1000, 8)])
    assert.equal(foundElsewhere([one], [start(half)], HERE), [one])
})

test('it matters only to boots that are missing at a share of it', () => {
  const one = capacity('6.1', 'another')
  for (const missing of [[], [saturated], [newer], [otherProxy]])
    assert.equal(foundElsewhere([one], missing.map(start), HERE), [])
  assert.equal(foundElsewhere([one, capacity('6.12', 'another')], [start(saturated), start(quarter)], HERE), [one])
})

test('all cells at a share of it get their rate anew, and no others', () => {
  const before = {
    cells: [half, quarter, saturated, newer, otherProxy],
    capacities: [capacity('6.1', 'another'), capacity('6.12', 'a CPU')],
  }
  const found = [capacity('6.1', 'a CPU', 301)]
  const { run, changed } = withCapacities(before, found)
  assert.equal(changed, ['none-half', 'none-share-25'])
  assert.equal(
    run.cells.map(({ load: { rate, capacity } }) => [rate, capacity]),
    [
      [151, 301],
      [75, 301],
      [null, null],
      [500, 1000],
      [700, 1400],
    ],
  )
  assert.ok(run.cells[3] === newer, 'boots that have ended are of this very cell')
  assert.equal(run.capacities, [before.capacities[1], ...found])
})

test.run()
