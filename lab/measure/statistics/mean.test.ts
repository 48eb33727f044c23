import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { meanInterval } from './mean.ts'

const near = (actual: number, expected: number, within: number) =>
  assert.ok(Math.abs(actual - expected) <= within, `${actual} is not within ${within} of ${expected}`)

/** Two boots of 40 reloads; the first boot lost these. */
const of80 = (...lost: number[]) => [[...lost, ...new Array(40 - lost.length).fill(0)], new Array(40).fill(0)]

test('no reset bounds no mean', () => {
  assert.equal(meanInterval(of80()), { mean: 0, low: 0, high: null })
  assert.equal(meanInterval([]), { mean: 0, low: 0, high: null })
})

test('one reset in 80 reloads has the ends of a Poisson count', () => {
  // Garwood 1936: 0.0253 and 5.5716 of one event; boots add a little.
  for (const boots of [of80(1), [of80(1).flat()]]) {
    const { mean, low, high } = meanInterval(boots)
    assert.is(mean, 1 / 80)
    near(low, 0.0253 / 80, 0.0001)
    near(high!, 5.5716 / 80, 0.001)
  }
})

test('five resets of one reload are one event, not five', () => {
  const [together, apart] = [meanInterval(of80(5)), meanInterval(of80(1, 1, 1, 1, 1))]
  // Five Poisson events' worth, 5 × 5.57, and a little more: the sizes of reloads are known from one.
  assert.ok(together.high! > (5 * 5.5716) / 80 && together.high! < 36 / 80, `${together.high}`)
  assert.ok(together.low < apart.low && together.high! > apart.high!, 'clusters widen it')
})

test('for many events it is the normal interval, widened by boots', () => {
  const boot = Array.from({ length: 500 }, (_, i) => 8 + [-6, -3, 0, 3, 6][i % 5]!)
  const { mean, low, high } = meanInterval([boot, boot])
  // Variance 18 between reloads, at most 0.06 of it between boots: less than 1.96 × √(18/1000 + 1.08/2), with t more.
  assert.is(mean, 8)
  assert.ok(low < 8 - 1.96 * Math.sqrt(18 / 1000) && low > 8 - 2.5 * Math.sqrt(18 / 1000 + 0.54), `${low}`)
  near(high! - 8, 8 - low, 0.2)
})

test('boots that differ widen it, whatever their reloads say', () => {
  const boot = (mean: number) => Array.from({ length: 40 }, (_, i) => mean + (i % 3) - 1)
  const [alike, differ] = [meanInterval([boot(8), boot(8)]), meanInterval([boot(6), boot(10)])]
  assert.ok(differ.high! - differ.low > 2 * (alike.high! - alike.low))
})

test('constant counts leave the spread of boots and one more event', () => {
  const { low, high } = meanInterval([new Array(20).fill(16), new Array(20).fill(16)])
  assert.is(low, 16)
  assert.ok(high! > 16 && high! < 16.5, `${high}`)
})

test('one reload a boot bounds nothing above', () => {
  assert.equal(meanInterval([[5], [3]]), { mean: 4, low: 0, high: null })
})

test('the same counts give the same interval in any order of boots', () => {
  const [a, b] = [
    [3, 0, 9, 4, 0, 7],
    [8, 2, 0, 5, 11, 6],
  ]
  const [one, other] = [meanInterval([a, b]), meanInterval([b, a])]
  near(one.low, other.low, 1e-9)
  near(one.high!, other.high!, 1e-9)
})

test.run()
