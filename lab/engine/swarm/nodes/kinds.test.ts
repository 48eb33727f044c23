import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { assignKernels, kindsOf, type SwarmNode } from './kinds.ts'

const node = (id: string, cpu: string, slots: number, share = 2): SwarmNode => ({ id, name: id, cpu, slots, share })
const NODES = [node('a', 'X', 2), node('b', 'Y', 4), node('c', 'X', 3)]

test('nodes of one CPU model are one kind, and the largest comes first', () => {
  assert.equal(
    kindsOf(NODES).map(({ cpu, nodes, slots }) => [cpu, nodes.map(({ id }) => id).join(), slots]),
    [
      ['X', 'a,c', 5],
      ['Y', 'b', 4],
    ],
  )
  assert.equal(kindsOf([]), [])
})

test('each boot of a kind reserves what lets all its nodes take some', () => {
  const shares = kindsOf([node('a', 'X', 2, 4), node('b', 'Y', 1, 4), node('c', 'X', 1, 2)]).map(({ cpu, share }) => [
    cpu,
    share,
  ])
  assert.equal(shares, [
    ['X', 2],
    ['Y', 4],
  ])
})

test('a kernel is on one kind, and kinds get what they can carry', () => {
  const kernels = Array.from({ length: 18 }, (_, i) => `k${i}`)
  const given = assignKernels(kernels, kindsOf(NODES))
  assert.equal([...given.keys()].sort(), kernels.sort())
  const on = (cpu: string) => [...given.values()].filter((one) => one === cpu).length
  assert.equal([on('X'), on('Y')], [10, 8])
})

test('a kernel stays with the kind of its earlier boots, even where that is gone', () => {
  const before = new Map([
    ['4.9', 'Y'],
    ['5.10', 'X'],
  ])
  assert.equal([...assignKernels(['4.9', '6.1'], kindsOf(NODES), before)].sort(), [
    ['4.9', 'Y'],
    ['6.1', 'X'],
  ])
  assert.is(assignKernels(['6.1'], kindsOf(NODES), new Map([['6.1', 'W']])).get('6.1'), 'W')
  const told = node('e', 'W, family 25, model 1, stepping 1', 2)
  assert.is(assignKernels(['6.1'], kindsOf([...NODES, told]), new Map([['6.1', 'W']])).get('6.1'), told.cpu)
})

test.run()
