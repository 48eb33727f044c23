import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { shareInterval, shareOver } from './share.ts'

const near = (actual: number, expected: number, within: number) =>
  assert.ok(Math.abs(actual - expected) <= within, `${actual} is not within ${within} of ${expected}`)

test('zero events bound the share', () => {
  // Hanley and Lippman-Hand 1983 (If nothing goes wrong, is everything all right?): 0 of 100 may still be 3 %.
  near(shareInterval(0, 100).high, 0.0295, 0.0001)
  // Clopper and Pearson, one-sided, 0 of 10: 25.9 %.
  near(shareInterval(0, 10).high, 0.2589, 0.0001)
  assert.equal(shareInterval(0, 0), { share: 0, low: 0, high: 1 }, 'nothing is known of no trial')
})

test('the interval of a share is exact', () => {
  // R: binom.test(1, 80)$conf.int and binom.test(5, 10)$conf.int
  const [few, half] = [shareInterval(1, 80), shareInterval(5, 10)]
  near(few.low, 0.0003164, 1e-6)
  near(few.high, 0.0676878, 1e-6)
  near(half.low, 0.187086, 1e-6)
  near(half.high, 0.812914, 1e-6)
  assert.is(shareInterval(60, 60).high, 1)
})

test('a share over boots is that of all trials where they agree, and wider where they differ', () => {
  assert.equal(shareOver([{ hits: 5, n: 40 }]), shareInterval(5, 40), 'one boot')
  const boots = [
    { hits: 10, n: 40 },
    { hits: 10, n: 40 },
  ]
  assert.equal(shareOver(boots), shareInterval(20, 80))
  // Korn and Graubard 1998: design effect 2 × (5² + 5²) / 80² / (0.25 × 0.75 / 80) = 6.67, so 3 of 12.
  const apart = shareOver([
    { hits: 5, n: 40 },
    { hits: 15, n: 40 },
  ])
  near(apart.low, shareInterval(3, 12).low, 1e-9)
  near(apart.high, shareInterval(3, 12).high, 1e-9)
  assert.is(apart.share, 0.25)
})

test('zero over boots bounds the share of trials, of all boots together', () => {
  const none = { hits: 0, n: 40 }
  assert.equal(shareOver([none, none]), shareInterval(0, 80))
  assert.equal(shareOver([none, { hits: 0, n: 0 }]), shareInterval(0, 40))
  assert.equal(
    shareOver([
      { hits: 7, n: 7 },
      { hits: 3, n: 3 },
    ]),
    shareInterval(10, 10),
  )
  assert.equal(shareOver([]), { share: 0, low: 0, high: 1 })
})

test.run()
