import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Capacity } from '../../model/result/capacity.ts'
import { SATURATED } from '../../render/fixtures/cell.ts'
import type { Order, Told } from '../remote/protocol.ts'
import { findOut } from './capacity.ts'
import { type Fated, manager } from './fixture.ts'
import { kindsOf, type SwarmNode } from './nodes/kinds.ts'

const { signal } = new AbortController()
const node = (id: string): SwarmNode => ({ id, name: `node-${id}`, cpu: 'X', slots: 1, share: 2 })
const NODES = [node('a'), node('b')]
const [kind] = kindsOf(NODES)
const LOAD = SATURATED
const order = { do: 'capacity', load: LOAD, kernel: { kernel: { name: '6.1' } } } as Extract<Order, { do: 'capacity' }>

const found = (cpu: string): Capacity => ({
  ...{ kernel: '6.1', proxy: 'haproxy-2.6.12-maxaccept4', perSecond: 1000, boots: [], unsettled: null },
  load: LOAD,
  machine: { cpu, cpus: 2, kernel: '6.1', start: '01234567' },
})
const keeps = (...boots: number[]) =>
  boots.map((boot): Told => ({ tell: 'keep', name: `boot-${boot}.jsonl`, text: `${boot}` }))
const answers = (node: string, told: Told[], cpu = 'X'): Fated => ({
  ...{ node, task: 'complete' },
  told: [...told, { tell: 'answer', answer: [found(cpu)] }],
})

/** What is found out, and which files are kept, where the services fare so one after the other. */
async function fare(...fates: Fated[]) {
  const { swarm, noted, kept: constraints } = manager(fates, ['a', 'b'])
  const files: Record<string, string> = {}
  const keep = (name: string, text: string) => {
    assert.not(name in files, 'each file once')
    files[name] = text
  }
  const [capacity, ...others] = await findOut(swarm, { kindOf: () => kind!, nodes: NODES }, order, keep, signal)
  assert.equal(others, [])
  return { capacity: capacity!, files: Object.keys(files), noted, constraints }
}

test('a capacity names the node that found it out', async () => {
  const { capacity, files } = await fare(answers('b', keeps(1, 2)))
  assert.equal(capacity, { ...found('X'), machine: { ...found('X').machine, name: 'node-b' } })
  assert.equal(files, ['boot-1.jsonl', 'boot-2.jsonl'])
})

test('of a node that was lost meanwhile no file stays, and it is told', async () => {
  const lost: Fated = { node: 'a', told: keeps(1, 2, 3), task: 'running', down: true }
  const { capacity, files, noted, constraints } = await fare(lost, answers('b', keeps(1, 2)))
  assert.equal(files, ['boot-1.jsonl', 'boot-2.jsonl'])
  assert.equal(capacity.lost, [{ node: 'node-a', reason: 'its node is down' }])
  assert.is(capacity.machine.name, 'node-b')
  assert.equal(noted, ['lost on node-a: its node is down; running it again elsewhere'])
  assert.equal(constraints, [[], ['node.id!=a']])
})

test('what a CPU of another kind found out is found out again', async () => {
  const { capacity, files } = await fare(answers('a', keeps(1, 2, 3), 'Y'), answers('b', keeps(1, 2)))
  assert.equal(files, ['boot-1.jsonl', 'boot-2.jsonl'])
  assert.equal(capacity.lost, [{ node: 'node-a', reason: 'its CPU is another one: Y' }])
})

test.run()
