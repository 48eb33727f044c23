import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Load } from '../../model/case/load.ts'
import type { Cell, Start } from '../../model/cell.ts'
import type { Capacity } from '../../model/result/capacity.ts'
import { foundElsewhere, withCapacities } from './capacities.ts'

// What of a run is true of the machine that began it alone.

const HERE = { cpu: 'a CPU', cpuid: 'family 6, model 85, stepping 7', cpus: 2, start: '01234567' }

const load = (name: string, rate: number | null, capacity: number | null) => ({ name, rate, capacity }) as Load
const cell = (name: string, its: Load, kernel = '6.1', version = '2.6.12') =>
  ({
    ...{ name, load: its, kernel: { name: kernel } },
    proxy: { name: 'haproxy', version, maxaccept: 4, path: '/x' },
  }) as Cell
const start = (one: Cell): Start => ({ cell: one, boot: 1 })

const capacity = (kernel: string, cpu: string, perSecond = 1000, its: Partial<Capacity['machine']> = {}): Capacity => ({
  ...{ kernel, proxy: 'haproxy-2.6.12-maxaccept4', perSecond, load: load('saturated', null, null) },
  machine: { ...HERE, kernel: '6.1', cpu, ...its },
})

const half = cell('none-half', load('half', 500, 1000))
const quarter = cell('none-share-25', load('share-25', 250, 1000))
const saturated = cell('none-saturated', load('saturated', null, null))
const newer = cell('newer', load('half', 500, 1000), '6.12')
const otherProxy = cell('other', load('half', 700, 1400), '6.1', '1.8.1')

test('what was found out here stays', () => {
  assert.equal(
    foundElsewhere([capacity('6.1', 'a CPU')], [start(half)], () => HERE),
    [],
  )
})

test('another model, family, model number, stepping, number of CPUs or start is another machine', () => {
  const others: Partial<Capacity['machine']>[] = [
    { cpu: 'another' },
    ...['family 7, model 85, stepping 7', 'family 6, model 8, stepping 7', 'family 6, model 85, stepping 71'].map(
      (cpuid) => ({ cpuid }),
    ),
    { cpus: 8 },
    // By all else it is the same: another machine of that kind, or this one after a reboot.
    { start: '76543210' },
  ]
  for (const its of others) {
    const one = capacity('6.1', 'a CPU', 1000, its)
    assert.equal(
      foundElsewhere([one], [start(half)], () => HERE),
      [one],
      JSON.stringify(its),
    )
  }
})

test('on a Swarm it stays where the node that found it out is still there, and not started since', () => {
  const [one, two] = ['one', 'two'].map((name) => capacity('6.1', 'a CPU', 1000, { name, start: `${name}-start` }))
  const nodes = [one!.machine, two!.machine]
  // As lab/engine/swarm/equipped.ts picks it.
  const hereFor = (left: typeof nodes) => (found: Capacity) =>
    left.find(({ name }) => name === found.machine.name) ?? left[0]!
  assert.equal(foundElsewhere([two!], [start(half)], hereFor(nodes)), [])
  assert.equal(foundElsewhere([two!], [start(half)], hereFor([one!.machine])), [two])
  const again = { ...two!.machine, start: 'another' }
  assert.equal(foundElsewhere([two!], [start(half)], hereFor([one!.machine, again])), [two])
})

test('what an older run does not say of its machine tells it from none', () => {
  const { kernel, cpu, cpus, start: began } = capacity('6.1', 'a CPU').machine
  const older = { ...capacity('6.1', 'a CPU'), machine: { kernel, cpu, cpus } }
  assert.equal(
    foundElsewhere([older], [start(half)], () => HERE),
    [],
  )
  assert.equal(
    foundElsewhere([{ ...older, machine: { ...older.machine, start: began } }], [start(half)], () => HERE),
    [],
  )
  const another = { ...older, machine: { ...older.machine, cpu: 'another' } }
  assert.equal(
    foundElsewhere([another], [start(half)], () => HERE),
    [another],
  )
})

test('it matters only to boots that are missing at a share of it', () => {
  const one = capacity('6.1', 'another')
  for (const missing of [[], [saturated], [newer], [otherProxy]])
    assert.equal(
      foundElsewhere([one], missing.map(start), () => HERE),
      [],
    )
  assert.equal(
    foundElsewhere([one, capacity('6.12', 'another')], [start(saturated), start(quarter)], () => HERE),
    [one],
  )
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
