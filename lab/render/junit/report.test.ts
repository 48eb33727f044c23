import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isMeasured, type Result } from '../../model/result.ts'
import { twoLoads } from '../fixtures/loads.ts'
import { hostile, manyKernels, oneKernel, twoKernels } from '../fixtures/results.ts'
import { renderJunit } from './report.ts'

const count = (text: string, tag: string) => text.split(`<${tag}`).length - 1

/** Cells by what a reader of JUnit files sees of them. */
const cells = ({ cells }: Result) => ({
  error: cells.filter((cell) => !isMeasured(cell)).length,
  failure: cells.filter((cell) => isMeasured(cell) && cell.verdict !== 'expected').length,
})

test('each cell is a test case: what contradicts or is inconclusive a failure, what failed an error', () => {
  for (const result of [oneKernel(), twoKernels(), manyKernels(), twoLoads()]) {
    const text = renderJunit(result)
    const { error, failure } = cells(result)
    assert.is(count(text, 'error'), error)
    assert.is(count(text, 'failure'), failure)
    assert.is(count(text, 'testcase '), result.cells.length + count(text, 'skipped/'))
    assert.match(text, new RegExp(`<testsuites tests="\\d+" failures="${failure}" errors="${error}" skipped="\\d+"`))
  }
})

test('a failure has its reason, an error the end of the console, and what was skipped why', () => {
  const result = oneKernel()
  const text = renderJunit(result)
  for (const cell of result.cells)
    if (cell.verdict !== 'expected')
      assert.match(text, `message="${cell.reason.replaceAll('"', '&quot;').slice(0, 30)}`)
  for (const { reason } of result.skipped) assert.match(text, reason.slice(0, 20))
  assert.ok(count(text, 'skipped/') >= result.skipped.length)
})

test('whatever is put in, it stays XML', () => {
  const result = hostile()
  const [first] = result.cells
  const cell = {
    ...first!,
    verdict: 'failed' as const,
    consoleTail: ['\u001b[1mBUG\u0000 ]]> <x>'],
    reason: 'a & b < c',
  }
  const text = renderJunit({ ...result, cells: [cell as Result['cells'][number]] })
  assert.not.match(text, '<script')
  for (const control of ['\u0000', '\u001b']) assert.not.ok(text.includes(control))
  assert.match(text, 'message="a &amp; b &lt; c"')
})

test.run()
