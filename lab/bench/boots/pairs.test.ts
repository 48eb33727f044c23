import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { differenceOf, isApart, meanOf, type Pair, ratioOf, spreadOf } from './pairs.ts'

const near = (actual: number | null, expected: number) =>
  assert.ok(actual !== null && Math.abs(actual - expected) < 1e-3, `${actual} is not ${expected}`)

test('a mean has the interval of Student: t of three degrees of freedom is 3.182', () => {
  const { mean, low, high } = meanOf([1, 2, 3, 4])!
  near(mean, 2.5)
  near(low, 2.5 - (3.18245 * 1.29099) / 2)
  near(high, 2.5 + (3.18245 * 1.29099) / 2)
})

test('one value has no interval, and none has no mean', () => {
  assert.equal(meanOf([7]), { n: 1, mean: 7, low: null, high: null })
  assert.is(isApart(meanOf([7])!, 0), false, 'it shows nothing')
  assert.equal([meanOf([]), spreadOf([]), ratioOf([[0, 3]])], [null, null, null])
})

test('a drift that meets both sides of each pair leaves their difference and ratio', () => {
  const slower: Pair[] = [1, 1.5, 2, 4].map((drift) => [100 * drift, 90 * drift])
  const { mean, low, high } = ratioOf(slower)!
  for (const value of [mean, low, high]) near(value, 0.9)
  assert.ok(isApart(ratioOf(slower)!, 1))
  assert.is(differenceOf([1, 5, 9].map((base): Pair => [base, base + 2]))!.mean, 2)
})

test('sides that lead by turns are not told apart', () => {
  const pairs: Pair[] = [
    [100, 110],
    [110, 100],
    [100, 109],
    [110, 101],
  ]
  assert.is(isApart(ratioOf(pairs)!, 1), false)
  assert.is(isApart(differenceOf(pairs)!, 0), false)
})

test('a spread is the least, the median and the most', () => {
  assert.equal(spreadOf([3, 1, 2, 9]), { n: 4, least: 1, median: 2.5, most: 9 })
})

test.run()
