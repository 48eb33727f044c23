import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { kernelResets, reconcile } from './reconcile.ts'

test('a RST counts for the connection that had its port at its time', () => {
  const wire = reconcile(
    [
      ['A', 40000, 1000, 2000],
      ['B', 40000, 900_000, 901_000],
    ],
    [
      ['S', 40000, 1500],
      ['S', 40000, 900_500],
    ],
    2,
  )
  assert.is(wire.resets, 2)
  assert.is(wire.repeated, 0)
  assert.is(kernelResets(wire), 2)
})

test('further RSTs of a connection are repeated, not more connections', () => {
  const wire = reconcile(
    [['A', 40000, 1000, 2000]],
    [
      ['S', 40000, 1500],
      ['S', 40000, 1501],
      ['S', 40000, 2100],
    ],
    3,
  )
  assert.is(wire.resets, 1)
  assert.is(wire.repeated, 2)
  assert.is(kernelResets(wire), 1)
})

test('a RST for a connection that was not lost by a reset is after its end', () => {
  const wire = reconcile(
    [['S', 40000, 1000, 2000]],
    [
      ['S', 40000, 1500],
      ['S', 40001, 1500],
    ],
    2,
  )
  assert.is(wire.resets, 0)
  assert.is(wire.afterEnd, 2)
  assert.is(kernelResets(wire), 0)
})

test("refusals and the client's own RSTs stand apart", () => {
  const wire = reconcile(
    [['R', 40000, 1000, 2000]],
    [
      ['Q', 40000, 1500],
      ['C', 40001, 1600],
    ],
    2,
  )
  assert.equal([wire.refusals, wire.fromServer, wire.fromClient, wire.resets], [1, 1, 1, 0])
  assert.is(kernelResets(wire), 0)
})

test('RSTs that the kernel sent and nobody saw remain in its count', () => {
  assert.is(kernelResets(reconcile([], [], 3)), 3)
})

test.run()
