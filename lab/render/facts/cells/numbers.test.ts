import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { cellOf } from '../../fixtures/cell.ts'
import { bins, decimal, perReload, probability, zero } from './numbers.ts'

test('three digits or so, never an exponent', () => {
  const examples: [number, string][] = [
    [0, '0'],
    [0.0165, '0.017'],
    [0.12, '0.12'],
    [9.876, '9.88'],
    [10.99, '11.0'],
    [3051, '3,051'],
  ]
  for (const [value, text] of examples) assert.is(decimal(value), text)
  assert.is(probability(0.00025), 'p\u00a0<\u00a00.001')
})

test('a zero is told by the reloads that were exposed, and its bound is a share of those', () => {
  const cell = cellOf('syn-block', { kernel: '6.1', series: '6.1' })
  assert.is(zero(cell), '0 in 14 exposed of 64 reloads (<19.3\u00a0%)')
  assert.equal(perReload(cell), ['0', 'in 14 exposed of 64 reloads, <19.3\u00a0%'])
  const lossyReloads = { share: 0, low: 0, high: 1 }
  assert.is(zero({ ...cell, exposed: 0, lossyReloads }), '0 in 0 exposed of 64 reloads')
  assert.is(zero({ ...cell, refused: 1 }), '0 in 14 exposed of 64 reloads', 'what refused connections lost some')
  assert.is(zero({ ...cell, exposed: null }), '0 in 64 reloads, exposed not known')
  assert.equal(perReload({ ...cell, verdict: 'inconclusive' }), ['0?', 'in 14 exposed of 64 reloads'])
  assert.equal(perReload({ ...cell, reloads: 0 }), ['-', 'no reloads'])
})

test('bins keep the mean and never exceed the columns', () => {
  assert.equal(bins([1, 2, 3], 3), { size: 1, means: [1, 2, 3] })
  assert.equal(bins([1, 3, 5, 7, 9], 3), { size: 2, means: [2, 6, 9] })
  assert.ok(bins(new Array(1001).fill(1), 90).means.length <= 90)
})

test.run()
