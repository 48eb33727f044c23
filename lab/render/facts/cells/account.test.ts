import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isMeasured, type MeasuredCell } from '../../../model/result.ts'
import { manyKernels, oneKernel, twoKernels } from '../../fixtures/results.ts'
import { answers, comparable, flags, hidden, lost, lostOtherwise, shown } from './account.ts'

const measured = [...oneKernel().cells, ...twoKernels().cells, ...manyKernels().cells].filter(isMeasured)

test('the ways to be lost sum up to what is lost', () => {
  for (const cell of measured) assert.is(cell.resets + cell.refused + lostOtherwise(cell), lost(cell))
})

test("a refused connection is one of inject's errs, and no reset that it shows", () => {
  const cell = { ...measured[0]!, resets: 1007, refused: 1822, other: 0, injectErrs: 1873 }
  assert.is(shown(cell), 51)
  assert.is(hidden(cell), 956)
})

test('what is noisy or overloaded answers, but is compared with nothing, and says why', () => {
  const quiet = measured.find(answers)!
  assert.ok(comparable(quiet))
  const noisy = { ...quiet, noisy: true, noise: ['the CPU was 40 % slower than in the fastest cell of the run'] }
  assert.equal(flags(noisy), [{ word: 'noisy', why: noisy.noise[0]! }])
  const load = { ...quiet.load, loop: 'open' as const, rate: 200_000 }
  const overloaded: MeasuredCell = { ...quiet, load, begunPerSecond: 24_112 }
  assert.match(flags(overloaded)[0]!.why, '200,000 arrivals a second were asked for, 24,112 were made')
  for (const cell of [noisy, overloaded]) assert.equal([answers(cell), comparable(cell)], [true, false])
})

test.run()
