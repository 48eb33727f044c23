import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isMeasured } from '../../model/result.ts'
import { loadMap, twoLoads } from '../fixtures/loads.ts'
import { hostile, manyKernels, oneKernel, twoKernels } from '../fixtures/results.ts'
import { renderMarkdown } from './report.ts'
import { renderSummary } from './summary.ts'

/** GitHub takes no more of the summary of a step. */
const MOST = 2 ** 20

test('the headline, verdicts and tables of resets, shorter than the report', () => {
  for (const result of [oneKernel(), twoKernels(), manyKernels(), twoLoads(), loadMap(), hostile()]) {
    const text = renderSummary(result, 'reports/x/report.html')
    assert.match(text, /^## \S/)
    assert.ok(text.length < renderMarkdown(result).length && text.length < MOST)
    assert.match(text, /\*\*\d+ \w+\*\*/)
    assert.is(text.includes('**interrupted**'), result.interrupted)
    assert.match(text, 'The whole report: reports/x/report.html')
  }
  assert.match(renderSummary(oneKernel(), 'x'), '| `none` | **expected** |')
  assert.match(renderSummary(twoKernels(), 'x'), '### Kernels and cases')
})

test('what failed has its reason and its console', () => {
  const text = renderSummary(oneKernel(), 'x')
  for (const cell of oneKernel().cells)
    if (!isMeasured(cell)) for (const line of cell.consoleTail) assert.ok(text.includes(line), line)
})

test.run()
