import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { disagreements } from '../measure/reconcile.ts'
import { isMeasured, type MeasuredCell } from '../measure/result.ts'
import { counts, hidden, lost, lostOtherwise, price, shown } from './account.ts'
import { threeCounts } from './details.ts'
import { oneKernel, twoKernels } from './fixture.ts'
import { groups } from './groups.ts'

const measured = [...oneKernel().cells, ...twoKernels().cells].filter(isMeasured)

test('the ways to be lost sum up to what is lost', () => {
  for (const cell of measured) assert.is(cell.resets + cell.refused + lostOtherwise(cell), lost(cell))
})

test('the arithmetic from packets to connections ends at the three counts', () => {
  for (const cell of measured) {
    const { generator, kernel } = counts(cell)
    assert.is(generator, cell.resets)
    assert.is(kernel, cell.kernelResets)
  }
})

test('counts agree where the verdict says so, and nowhere else', () => {
  const cell = measured.find((cell) => cell.reloads > 0)!
  const unlike: MeasuredCell[] = [
    { ...cell, refused: cell.refused + 1 },
    { ...cell, resets: cell.resets + 1 },
    ...Object.keys(cell.wire).map((key) => ({ ...cell, wire: { ...cell.wire, [key]: 77_777 } })),
  ]
  for (const one of [...measured, ...unlike]) {
    const group = { ...groups(oneKernel())[0]!, cells: [one] }
    const [row] = threeCounts(group).rows as [string[]]
    assert.is(row.at(-1), disagreements(one).length === 0 ? 'yes' : 'NO')
  }
})

test('a count that differs by one does not agree', () => {
  const cell = measured.find((cell) => counts(cell).agree)!
  for (const key of ['fromServer', 'outRsts'] as const)
    assert.not(counts({ ...cell, wire: { ...cell.wire, [key]: cell.wire[key] + 1 } }).agree)
})

test("a refused connection is one of inject's errs, and no reset that it shows", () => {
  const cell = { ...measured[0]!, resets: 1007, refused: 1822, other: 0, injectErrs: 1873 }
  assert.is(shown(cell), 51)
  assert.is(hidden(cell), 956)
})

test('only what stands out is a price', () => {
  const base = measured[0]!
  const { p99, max } = base.latencyMs
  assert.equal(price(base, base), [])
  assert.equal(price({ ...base, throughput: base.throughput * 0.8 }, base), [])
  const dear = {
    ...base,
    slow: base.slow + 100,
    throughput: base.throughput * 0.7,
    latencyMs: { ...base.latencyMs, p99: 2 * p99, max },
  }
  assert.is(price(dear, base).length, 3)
})

test.run()
