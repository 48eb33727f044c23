import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { serviceOf } from '../service.ts'
import { roomOf } from './room.ts'

/** Cores with so many threads each, numbered as Linux does: first one of each core, then the next of each. */
const coresOf = (cores: number, threads: number) =>
  Array.from({ length: cores }, (_, core) => Array.from({ length: threads }, (_, nth) => core + nth * cores))

const all = (cpus: number) => `0-${cpus - 1}`

/** What Swarm is asked to reserve for a boot, in CPUs, and how many boots of that it then places. */
function placed(cpus: number, share: number) {
  const work = { name: 'a', labels: {}, image: 'i', config: { id: 'c', name: 'a' }, constraints: [] }
  const { TaskTemplate } = serviceOf({ ...work, cpus: share })
  const { NanoCPUs } = (TaskTemplate as { Resources: { Reservations: { NanoCPUs: number } } }).Resources.Reservations
  assert.ok(Number.isInteger(NanoCPUs), 'Swarm takes whole numbers')
  return { reserved: NanoCPUs / 1e9, boots: Math.floor((cpus * 1e9) / NanoCPUs) }
}

test('a boot reserves the whole cores that its worker takes, so that Swarm places no more than fit', () => {
  const one = (cores: number) => coresOf(cores, 1)
  const two = (cores: number) => coresOf(cores, 2)
  for (const [cpus, cores, slots, share] of [
    [4, two(2), 1, 4],
    [8, two(4), 2, 4],
    [6, two(3), 1, 4],
    [2, two(1), 1, 2],
    [2, one(2), 1, 2],
    [3, one(3), 1, 2],
    [5, one(5), 2, 2],
    [4, [], 2, 2],
  ] as [number, number[][], number, number][]) {
    const room = roomOf(cpus, { allowed: all(cpus), cores })
    assert.equal(room, { slots, share }, `${cpus} CPUs, ${JSON.stringify(cores)}`)
    assert.equal(placed(cpus, share), { reserved: share, boots: slots })
  }
})

test('cores of several sizes, and CPUs that a worker may not use', () => {
  // Two cores with two threads, four with one.
  const mixed = [[0, 1], [2, 3], [4], [5], [6], [7]]
  const room = roomOf(8, { allowed: all(8), cores: mixed })
  assert.is(room.slots, 3)
  assert.is(placed(8, room.share).boots, 3)
  const confined = roomOf(8, { allowed: '0-1', cores: coresOf(8, 1) })
  assert.equal(confined, { slots: 1, share: 8 })
})

test.run()
