import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { bootstrapMean } from './fixture.ts'

// The bootstrap that others are compared with must itself be right.

const near = (actual: number, expected: number, within: number) =>
  assert.ok(Math.abs(actual - expected) <= within, `${actual} is not within ${within} of ${expected}`)

test('the interval of ten ones in a hundred is that of the binomial distribution', () => {
  // R: qbinom(c(.025, .975), 100, .1) is 5 and 16, and a resample of the mean is exactly Binomial(100, 0.1) / 100.
  const values = Array.from({ length: 100 }, (_, i) => (i < 10 ? 1 : 0))
  const { mean, low, high } = bootstrapMean(values, 42)
  assert.is(mean, 0.1)
  near(low, 0.05, 0.01)
  near(high!, 0.16, 0.01)
})

test('zero events bound no mean', () => {
  assert.equal(bootstrapMean(new Array(100).fill(0), 1), { mean: 0, low: 0, high: null })
  assert.equal(bootstrapMean([], 1), { mean: 0, low: 0, high: null })
})

test('the same seed gives the same interval, another seed another', () => {
  const values = [3, 9, 14, 2, 0, 7, 11, 30, 1]
  assert.equal(bootstrapMean(values, 7), bootstrapMean(values, 7))
  assert.not.equal(bootstrapMean(values, 7), bootstrapMean(values, 8))
})

test.run()
