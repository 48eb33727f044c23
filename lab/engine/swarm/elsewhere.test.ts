import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { placeIn } from './elsewhere.ts'
import { kindsOf, type SwarmNode } from './nodes/kinds.ts'

const node = (id: string, cpu: string): SwarmNode => ({ id, name: id, cpu, slots: 1, share: 4 })
const ALL = [node('a', 'X'), node('b', 'X'), node('c', 'Y')]
const [x, y] = kindsOf(ALL)

test('an order goes to any node of its kind, and to no other', () => {
  assert.equal(placeIn(x!, ALL, []), { nodes: ['a', 'b'], cpus: 4, constraints: ['node.id!=c'] })
  assert.equal(placeIn(y!, ALL, []), { nodes: ['c'], cpus: 4, constraints: ['node.id!=a', 'node.id!=b'] })
})

test('one that was lost goes elsewhere', () => {
  assert.equal(placeIn(x!, ALL, [{ id: 'a' }]), { nodes: ['b'], cpus: 4, constraints: ['node.id!=a', 'node.id!=c'] })
  assert.equal(placeIn(x!, ALL, [{ id: null }]).nodes, ['a', 'b'], 'it never had a node')
})

test('where its kind has no other node, it waits for that one to come back', () => {
  assert.equal(placeIn(y!, ALL, [{ id: 'c' }]), { nodes: ['c'], cpus: 4, constraints: ['node.id!=a', 'node.id!=b'] })
})

test('a node that has joined since and took it is kept out', () => {
  assert.equal(placeIn(x!, ALL, [{ id: 'new' }]).constraints, ['node.id!=c', 'node.id!=new'])
})

test.run()
