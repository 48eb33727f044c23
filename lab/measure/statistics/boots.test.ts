import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { bootSpread, countsOf, moderated } from './boots.ts'

const PRIOR = { ratio: 0.03, cv: 0.1, df: 6 }
const near = (actual: number, expected: number, within = 1e-12) =>
  assert.ok(Math.abs(actual - expected) <= within, `${actual} is not within ${within} of ${expected}`)

test('counts of two boots: the analysis of variance', () => {
  // Boots of means 2 and 5; deviations −1, 0, 1 in each: within 4 / 4, of means 9 / 2 = within / 3 + between.
  const { mean, within, between, size, part } = countsOf([
    [1, 2, 3],
    [4, 5, 6],
  ])
  near(mean, 3.5)
  near(within, 1)
  near(size, 3)
  near(between, 4.5 - 1 / 3)
  near(part, 0.5)
})

test('a boot without a reload says nothing', () => {
  assert.equal(countsOf([[1, 2, 3], []]), countsOf([[1, 2, 3]]))
  assert.is(countsOf([]).reloads, 0)
})

test('one boot tells nothing about boots: the prior stands', () => {
  const { variance, df } = moderated(countsOf([[4, 5, 6, 5, 4, 6]]), PRIOR)
  near(variance, 0.03 * countsOf([[4, 5, 6, 5, 4, 6]]).within)
  assert.is(df, 6)
})

test('boots that differ by more than the prior count the more, the more of them there are', () => {
  const boot = (mean: number) => Array.from({ length: 100 }, (_, i) => mean + (i % 3) - 1)
  const over = (means: number[]) => moderated(countsOf(means.map(boot)), PRIOR)
  const [alike, two, four] = [over([8, 8]), over([7.8, 8.2]), over([7.8, 8.2, 7.8, 8.2])]
  assert.ok(alike.variance < two.variance && two.variance < four.variance)
  assert.ok(four.variance < countsOf([7.8, 8.2, 7.8, 8.2].map(boot)).between)
  assert.ok(alike.df > 6 && alike.df < 7 && four.df > two.df)
})

test('boots that the prior cannot explain speak for themselves', () => {
  const boot = (mean: number) => Array.from({ length: 100 }, (_, i) => mean + (i % 3) - 1)
  const counts = countsOf([6, 10].map(boot))
  assert.equal(moderated(counts, PRIOR), { variance: counts.between, df: 1 })
})

test('boots count even where reloads do not differ at all', () => {
  const { variance } = moderated(
    countsOf([
      [16, 16, 16],
      [15, 15, 15],
    ]),
    PRIOR,
  )
  assert.ok(variance > 0, `${variance}`)
})

test('the spread of boots is estimated from cells', () => {
  const wave = Array.from({ length: 50 }, (_, i) => [-2, -1, 0, 1, 2][i % 5]!)
  const boots = (...means: number[]) => means.map((mean) => wave.map((step) => step + mean))
  const { within } = countsOf(boots(10, 10))
  const cell = boots(9, 11)
  // The variance of 9 and 11 is 2; within / 50 of it is chance.
  const { ratio, cv } = bootSpread([
    cell,
    boots(9, 11),
    [
      [0, 0],
      [0, 0],
    ],
    [[1, 2]],
  ])
  near(ratio, (2 - within / 50) / within, 1e-9)
  near(cv, Math.sqrt(2 - within / 50) / 10, 1e-9)
  assert.is(bootSpread([cell, cell]).df, Infinity, 'cells that do not differ bound nothing')
})

test.run()
