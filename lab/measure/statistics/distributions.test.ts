import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { betaBelow, betaQuantile, fBeyond, gammaBelow, gammaQuantile, tBeyond, tQuantile } from './distributions.ts'

/** Equal to all digits that are written here, which are those of SciPy 1.17 and of R. */
const same = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual / expected - 1) < 1e-9, `${actual} is not ${expected}`)

test('gamma: its ends bound a Poisson mean', () => {
  same(gammaQuantile(0.975, 1), -Math.log(0.025)) // none seen: 3.69
  same(gammaQuantile(0.975, 2), 5.571643390938) // one seen: 5.57, Garwood 1936
  same(gammaQuantile(0.025, 1), -Math.log(0.975))
  same(gammaQuantile(0.975, 11), 18.39035604201778)
})

test('gamma: a value and its share are each other', () => {
  for (const shape of [0.01, 0.5, 1, 3.7, 40, 5000])
    for (const p of [0.025, 0.5, 0.975]) same(gammaBelow(gammaQuantile(p, shape), shape), p)
})

test('beta: the ends of Clopper and Pearson, whole trials or broken', () => {
  assert.ok(Math.abs(betaQuantile(0.025, 1, 80) - (1 - 0.975 ** (1 / 80))) < 1e-12)
  same(betaBelow(0.5, 3, 3), 0.5)
  same(betaBelow(betaQuantile(0.975, 6.5, 5.5), 6.5, 5.5), 0.975)
})

test('t: its table', () => {
  same(tQuantile(0.05, 1), 12.7062047361747)
  same(tQuantile(0.05, 5), 2.57058183563632)
  same(tQuantile(0.05, 30), 2.04227245630124)
  same(tBeyond(12.7062047361747, 1), 0.05)
})

test('F beyond its published quantiles', () => {
  // NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.3: upper critical values at 5 and 1 %.
  const beyond = (f: number, above: number, below: number) => fBeyond(f, above, below).toFixed(4)
  assert.equal([beyond(5.987, 1, 6), beyond(10.925, 2, 6)], ['0.0500', '0.0100'])
  assert.equal([beyond(2.978, 10, 10), beyond(3.841, 1, Number.POSITIVE_INFINITY)], ['0.0500', '0.0500'])
})

test.run()
