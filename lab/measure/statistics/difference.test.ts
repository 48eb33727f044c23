import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { bootsP, differenceP, meansP, permutationP } from './difference.ts'

const near = (actual: number, expected: number, within: number) =>
  assert.ok(Math.abs(actual - expected) <= within, `${actual} is not within ${within} of ${expected}`)

// Efron and Tibshirani, An Introduction to the Bootstrap (1993), table 2.1: survival of mice, in days.
const TREATED = [94, 197, 16, 38, 99, 141, 23]
const CONTROL = [52, 104, 146, 10, 51, 30, 40, 27, 46]

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)

/** Every way to choose `size` of `values`. */
function* choices(values: number[], size: number): Generator<number[]> {
  if (size === 0) yield []
  else
    for (const [i, value] of values.entries())
      for (const rest of choices(values.slice(i + 1), size - 1)) yield [value, ...rest]
}

/** The permutation test by enumeration: the shares of all splits whose difference of means is at least the observed one. */
function enumerated(a: number[], b: number[]) {
  const all = [...a, ...b]
  const difference = (left: number[]) => sum(left) / a.length - (sum(all) - sum(left)) / b.length
  const observed = difference(a)
  const splits = [...choices(all, a.length)].map(difference)
  const share = (extreme: (d: number) => boolean) => splits.filter(extreme).length / splits.length
  return { greater: share((d) => d >= observed), both: share((d) => Math.abs(d) >= Math.abs(observed)) }
}

test('a permutation test of the mouse data gives the exact p', () => {
  const exact = enumerated(TREATED, CONTROL)
  near(exact.greater, 0.132, 0.02) // chapter 15: 132 of 1000 permutations
  near(permutationP(TREATED, CONTROL, 1), exact.both, 0.03)
  near(permutationP(CONTROL, TREATED, 2), exact.both, 0.03)
})

test('a permutation test of samples of unequal length gives the exact p', () => {
  const [a, b] = [
    [9, 12],
    [1, 0, 3, 2, 1, 0, 2, 4],
  ]
  near(permutationP(a, b, 3), enumerated(a, b).both, 0.01) // 1 of 45 splits
})

test('p is never 0, 1 for equal samples, and 1 without any', () => {
  const [many, none] = [new Array(70).fill(11), new Array(70).fill(0)]
  near(permutationP(many, none, 1), 1 / 4001, 1e-12)
  assert.is(permutationP(many, many, 1), 1)
  assert.is(permutationP([], many, 1), 1)
})

const boot = (mean: number, reloads = 20) => Array.from({ length: reloads }, (_, i) => mean + [-3, -1, 0, 1, 3][i % 5]!)
const zero = new Array(20).fill(0)

test('none against eight a reload is a difference, in two boots each', () => {
  assert.ok(differenceP([zero, zero], [boot(8), boot(7)], 1) < 0.01)
  assert.ok(differenceP([boot(8), boot(7)], [zero, zero], 1) < 0.01)
})

test('cells that differ no more than their boots do not differ, however many reloads there are', () => {
  // Of reloads alone it would be certain: as two runs of one kernel gave 8.8 and 6.6.
  const [a, b] = [
    [boot(6, 200), boot(10, 200)],
    [boot(8, 200), boot(9, 200)],
  ]
  assert.ok(permutationP(a.flat(), b.flat(), 1) < 0.05)
  assert.ok(differenceP(a, b, 1) > 0.3)
})

test('two runs of one boot each with 8.8 and 6.6 do not differ significantly', () => {
  const wide = (mean: number) => Array.from({ length: 57 }, (_, i) => Math.max(0, mean + 5 * Math.sin(7 * i)))
  const [a, b] = [[wide(8.8)], [wide(6.6)]]
  assert.ok(permutationP(a.flat(), b.flat(), 1) < 0.05)
  assert.ok(differenceP(a, b, 1) > 0.05)
})

test('the p over boots is 1 for equal means and without values, and that of Student where only reloads differ', () => {
  assert.is(bootsP([zero], [zero]), 1)
  assert.is(bootsP([[], []], [boot(8)]), 1)
  assert.is(differenceP([], [boot(8)], 1), 1)
  assert.is(differenceP([boot(8)], [boot(8)], 1), 1)
  // Means near 0 leave boots nothing: R's t.test(c(1, rep(0, 9)), rep(0, 10), var.equal = TRUE) has p = 0.3306, boots add 0.005.
  near(bootsP([[1, 0, 0, 0, 0, 0, 0, 0, 0, 0]], [new Array(10).fill(0)]), 0.3306, 0.006)
})

test('the p of the means of boots alone is that of Welch, and 1 with a single boot', () => {
  // R: t.test(TREATED, CONTROL), the mice of above: t = 1.0587, df = 9.6545.
  const boots = (values: number[]) => values.map((value) => [value - 1, value + 1])
  near(meansP(boots(TREATED), boots(CONTROL)), 0.3155, 5e-4)
  assert.is(meansP([boot(8)], [boot(1), boot(1)]), 1)
  assert.is(meansP([boot(8), boot(8)], [boot(8), boot(8)]), 1)
  assert.is(meansP([boot(8), boot(8)], [boot(7), boot(7)]), 0)
})

test('boots that differ a little more than others have shown are told apart by their own word only', () => {
  const [a, b] = [
    [boot(8), boot(5)],
    [boot(10), boot(9)],
  ]
  assert.ok(differenceP(a, b, 1) < 0.05)
  assert.ok(differenceP(a, b, 1, true) > 0.1)
})

test('boots that lie far apart speak for themselves, whatever others have shown', () => {
  const about = (level: number) => [0, 1, 2, 3, 4, 5, 6, 7].map((i) => Math.max(0, level + (i % 2 ? 1 : -1)))
  assert.ok(bootsP([about(10), about(1)], [about(10), about(9)]) > 0.2)
  assert.ok(bootsP([about(10), about(11)], [about(2), about(1)]) < 0.001)
})

test.run()
