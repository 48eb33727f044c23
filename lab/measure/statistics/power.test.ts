import { sum } from 'simple-statistics'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Setting, simulated } from './coverage.ts'
import { bootsP } from './difference.ts'
import { amountNeeded, neededFor } from './power.ts'
import { random } from './random.ts'

const setting = (mean: number, boots: number): Setting => ({
  shape: 'clustered',
  boots,
  reloads: 10 * boots,
  mean,
  apart: 'measured',
})

test('so many boots tell the difference in about four of five tries', () => {
  for (const fewer of [0.2, 0.1]) {
    // Much is known of the variance here, so that what is tried is the calculation.
    const known = simulated(setting(10, 400), random(3))()
    const { boots, reloads } = neededFor(known, known, 10 * fewer)!
    assert.is(reloads, 10 * boots)
    const [one, other] = [10, 10 * (1 - fewer)].map((mean, i) => simulated(setting(mean, boots), random(7 + i)))
    const tries = 400
    const told = sum(Array.from({ length: tries }, () => Number(bootsP(one!(), other!()) < 0.05))) / tries
    // The smaller mean has the smaller variance, so a little more than 80 %.
    assert.ok(told > 0.75 && told < 0.93, `${fewer}: ${told} with ${boots} boots`)
  }
})

test('where boots do not differ, it is the textbook: 2 (1.96 + 0.84)² σ² / δ² reloads of each', () => {
  const plain = Array.from({ length: 50 }, () => Array.from({ length: 20 }, (_, i) => (i % 2 ? 5 : 3)))
  const variance = 20 / 19
  const { reloads, boots } = neededFor(plain, plain, 0.2)!
  // The lab assumes that boots differ a little, whatever these show, which costs some more.
  const least = (2 * (1.96 + 0.8416) ** 2 * variance) / 0.2 ** 2
  assert.ok(reloads >= least && reloads < 1.3 * least, `${reloads}, not ${least}`)
  assert.is(reloads, 20 * boots)
})

test('smaller differences and stricter levels take more; no difference takes none', () => {
  const cell = simulated(setting(10, 4), random(1))()
  const boots = (difference: number, level?: number) => neededFor(cell, cell, difference, level)!.boots
  assert.ok(boots(1) > boots(2))
  assert.ok(boots(2, 0.01) > boots(2))
  assert.is(boots(-2), boots(2), 'fewer as more')
  assert.is(neededFor(cell, cell, 0), null)
  assert.is(neededFor([], cell, 1), null)
  assert.is(neededFor([[4]], [[5]], 1), null, 'one reload tells no variance')
  assert.is(amountNeeded({ reloads: 1240, boots: 62 }), '1,240 reloads in 62 boots')
})

test.run()
