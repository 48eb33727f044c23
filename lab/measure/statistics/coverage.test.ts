import { mean, permutationTest } from 'simple-statistics'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { bootstrapMean } from '../fixture.ts'
import { coverage, falseAlarms, type Setting, simulated } from './coverage.ts'
import { bootsP, permutationP } from './difference.ts'
import { meanInterval } from './mean.ts'
import { random } from './random.ts'

const REPETITIONS = 1500
/** Three standard errors of a share of 95 %, estimated from so many repetitions. */
const ERROR = 3 * Math.sqrt((0.05 * 0.95) / REPETITIONS)

const setting = (shape: Setting['shape'], reloads: number, mean: number, apart: Setting['apart'] = 'measured') => ({
  shape,
  boots: 2,
  reloads,
  mean,
  apart,
})

test('simulated cells have the mean, boots and reloads of their setting', () => {
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
  test(`${shape} resets: intervals cover at least 93 %, and at most 98 % where ten resets or more are expected`, () => {
    for (const reloads of [20, 80])
      for (const expected of [0.03, 0.1, 0.3, 1, 10]) {
        const { covers, resets } = coverage(setting(shape, reloads, expected), meanInterval, REPETITIONS, 5)
        const what = `${reloads} reloads of ${expected}: ${covers}`
        assert.ok(covers >= 0.93 - ERROR, what)
        assert.ok(resets < 10 || covers <= 0.98 + ERROR, what)
      }
  })

// Methods that do not hold, to show that these tests can reject one. Coarse versions of them are enough for that.
const COARSE = { repetitions: 300, resamples: 400 }

test('the percentile bootstrap does not cover 93 %: of three resets expected, and of boots that differ', () => {
  const bootstrap = (boots: number[][]) => bootstrapMean(boots.flat(), 1, COARSE.resamples)
  for (const where of [setting('single', 80, 3.1 / 80, 0), setting('clustered', 80, 10)]) {
    const { covers } = coverage(where, bootstrap, COARSE.repetitions, 5)
    assert.ok(covers < 0.93 - ERROR, `${covers}`)
    assert.ok(coverage(where, meanInterval, REPETITIONS, 5).covers >= 0.93)
  }
})

test('at most one in twenty pairs that do not differ looks different; far more do by reloads alone', () => {
  const where = setting('clustered', 80, 10)
  // As differenceP < 0.05, without its costly half where the other has decided.
  const differs = (a: number[][], b: number[][], seed: number) =>
    bootsP(a, b) < 0.05 && permutationP(a.flat(), b.flat(), seed) < 0.05
  const alarms = falseAlarms(where, differs, REPETITIONS, 5)
  assert.ok(alarms <= 0.05 + ERROR, `${alarms}`)
  const byReloads = (a: number[][], b: number[][], seed: number) =>
    permutationTest(a.flat(), b.flat(), 'two_side', COARSE.resamples, random(seed)) < 0.05
  const byReloadsAlone = falseAlarms(where, byReloads, COARSE.repetitions, 5)
  assert.ok(byReloadsAlone > 0.1, `${byReloadsAlone}`)
})

test.run()
