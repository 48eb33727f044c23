import { mean } from 'simple-statistics'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { bootstrapMean } from '../fixture.ts'
import { coverage, falseAlarms, type Setting, simulated } from './coverage.ts'
import { bootsP, permutationP } from './difference.ts'
import { meanInterval } from './interval.ts'
import { random } from './random.ts'

const REPETITIONS = 1500
/** Three standard errors of a share of 93 % or more, known from so many repetitions. */
const ERROR = 3 * Math.sqrt((0.05 * 0.95) / REPETITIONS)

const setting = (shape: Setting['shape'], reloads: number, mean: number, apart: Setting['apart'] = 'measured') => ({
  shape,
  boots: 2,
  reloads,
  mean,
  apart,
})

test('simulated cells have the mean, the boots and the reloads of their setting', () => {
  for (const shape of ['single', 'clustered', 'grouped'] as const)
    for (const middle of [0.1, 1, 10].slice(0, shape === 'grouped' ? 2 : 3)) {
      const cell = simulated(setting(shape, 80, middle), random(1))
      const all = Array.from({ length: 800 }, cell)
      assert.equal(
        all[0]!.map((boot) => boot.length),
        [40, 40],
      )
      const off = mean(all.flat(2)) / middle - 1
      assert.ok(Math.abs(off) < 0.05, `${shape} ${middle}: ${off}`)
    }
})

for (const shape of ['single', 'clustered'] as const)
  test(`${shape} resets: intervals hold at least 93 %, and not over 98 % of ten resets or more`, () => {
    for (const reloads of [20, 80])
      for (const middle of [0.03, 0.1, 0.3, 1, 10]) {
        const { covers, resets } = coverage(setting(shape, reloads, middle), meanInterval, REPETITIONS, 5)
        const what = `${reloads} reloads of ${middle}: ${covers}`
        assert.ok(covers >= 0.93 - ERROR, what)
        assert.ok(resets < 10 || covers <= 0.98 + ERROR, what)
      }
  })

test('the percentile bootstrap does not hold: three resets expected, and boots that differ', () => {
  // Of one reset in 80 reloads it says at most 0.0375.
  const old = (boots: number[][]) => bootstrapMean(boots.flat(), 1)
  const few = coverage(setting('single', 80, 3.1 / 80, 0), old, 150, 5)
  assert.ok(few.covers < 0.93 - ERROR, `${few.covers}`)
  assert.ok(coverage(setting('single', 80, 3.1 / 80, 0), meanInterval, REPETITIONS, 5).covers >= 0.93)
  const many = coverage(setting('clustered', 80, 10), old, 150, 5)
  assert.ok(many.covers < 0.93 - ERROR, `${many.covers}`)
})

test('a difference is seen in at most one of twenty pairs that do not differ; by reloads alone in far more', () => {
  const byReloads = (a: number[][], b: number[][], seed: number) => permutationP(a.flat(), b.flat(), seed) < 0.05
  const byBoth = (a: number[][], b: number[][], seed: number) => bootsP(a, b) < 0.05 && byReloads(a, b, seed)
  const where = setting('clustered', 80, 10)
  const [alarms, old] = [falseAlarms(where, byBoth, REPETITIONS, 5), falseAlarms(where, byReloads, 150, 5)]
  assert.ok(alarms <= 0.05 + ERROR, `${alarms}`)
  assert.ok(old > 0.1, `${old}`)
})

test.run()
