import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Setting, stopped } from './coverage.ts'
import { bootsP, meansP, permutationP } from './difference.ts'
import { normalBeyond, normalQuantile as z } from './distributions.ts'
import { erring, LEVEL, levelAfter, spendingLevels } from './looks.ts'
import { meanInterval } from './mean.ts'

const near = (actual: number, expected: number, within: number, what = '') =>
  assert.ok(Math.abs(actual - expected) <= within, `${what} ${actual} is not within ${within} of ${expected}`)

test('looks at p < 0.05 err as often as Armitage, McPherson and Rowe (1969), table 2, say', () => {
  for (const [looks, error] of [
    [1, 0.05],
    [2, 0.083],
    [3, 0.107],
    [4, 0.126],
    [5, 0.142],
    [10, 0.193],
    [20, 0.248],
  ] as const)
    near(erring(new Array(looks).fill(0.05)), error, 0.0006, `${looks} looks`)
})

test('the constant levels of Pocock (1977), table 1, err in 5 %', () => {
  for (const [looks, level] of [
    [2, 0.0294],
    [3, 0.0221],
    [4, 0.0182],
    [5, 0.0158],
    [10, 0.0106],
  ] as const)
    near(erring(new Array(looks).fill(level)), 0.05, 0.0003, `${looks} looks`)
})

test('boundaries of five looks are those published for the spending functions of Lan and DeMets (1983)', () => {
  const pocock = (t: number) => 0.05 * Math.log(1 + (Math.E - 1) * t)
  const five = [2.438, 2.4268, 2.4101, 2.3966, 2.3859]
  for (const [i, level] of spendingLevels(5, pocock).entries())
    near(z(level), five[i]!, 0.0002, `Pocock, look ${i + 1}`)
  // 4 (1 − Φ(z(α/2) / √t)) for two sides of 2.5 %: O'Brien and Fleming.
  const fleming = (t: number) => 2 * normalBeyond(z(0.025) / Math.sqrt(t))
  const bounds = [4.8769, 3.3569, 2.6803, 2.2898, 2.031]
  for (const [i, level] of spendingLevels(5, fleming).entries())
    near(z(level), bounds[i]!, 0.0005, `O'Brien and Fleming, look ${i + 1}`)
})

test('the levels of a run until sure err in 5 %, however many boots it may take; one look has them all', () => {
  for (const most of [1, 2, 10, 30]) near(erring(spendingLevels(most)), LEVEL, 1e-6, `${most} looks`)
  near(levelAfter(1, 1), LEVEL, 1e-9)
  assert.is(levelAfter(7, null), LEVEL)
})

test('the first of ten looks may spend a third, and no later one has less to go by than half of that', () => {
  const levels = spendingLevels(10)
  near(levels[0]!, LEVEL * Math.sqrt(0.1), 1e-9)
  for (const level of levels) assert.ok(level > levels[0]! / 2, `${levels}`)
})

const REPETITIONS = 800
const FEWER = 300
/** Three standard errors of a share of 5 %, estimated from so many repetitions. */
const ERROR = 3 * Math.sqrt((0.05 * 0.95) / REPETITIONS)

/** Looks after each of ten short boots, of cells that do not differ, each at a level of its own. */
const looks = (where: Pick<Setting, 'shape' | 'mean' | 'apart'>, levels: number[], repetitions: number, alone = true) =>
  stopped(
    { ...where, boots: levels.length, reloads: 7 * levels.length },
    (a, b, look, seed) =>
      Math.max(bootsP(a, b), alone ? meansP(a, b) : 0) < levels[look - 1]! &&
      permutationP(a.flat(), b.flat(), seed) < levels[look - 1]!,
    (boots, look) => meanInterval(boots, levels[look - 1]!),
    repetitions,
    5,
  )

const SINGLE = { shape: 'single', mean: 1, apart: 'measured' } as const
const CLUSTERED = { shape: 'clustered', mean: 10, apart: 'measured' } as const

test('of pairs that do not differ, looks after each boot tell one in twenty apart, and intervals hold when they stop', () => {
  for (const where of [SINGLE, CLUSTERED])
    for (const alone of [false, true]) {
      const { alarms, covers } = looks(where, spendingLevels(10), REPETITIONS, alone)
      assert.ok(alarms <= 0.05 + ERROR, `${where.shape}: ${alarms} alarms`)
      assert.ok(covers >= 0.93 - ERROR, `${where.shape}: ${covers} covered`)
    }
})

test('nor do more where boots differ far more than measured, as they may in guests: they have to show it alone', () => {
  const far = { ...CLUSTERED, apart: 0.6 }
  const { alarms } = looks(far, spendingLevels(10), FEWER)
  assert.ok(alarms <= 0.05 + 2 * ERROR, `${alarms}`)
  assert.ok(looks(far, spendingLevels(10), FEWER, false).alarms > 0.3)
})

test('looks at p < 0.05 tell twice as many apart', () => {
  const { alarms } = looks(CLUSTERED, new Array(10).fill(0.05), FEWER, false)
  assert.ok(alarms > 0.1, `${alarms}`)
})

test.run()
