import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isMeasured, type Result } from '../../model/result.ts'
import { twoProxies } from '../fixtures/loads.ts'
import { changed, manyKernels, oneKernel, twoKernels } from '../fixtures/results.ts'
import { groupsOf } from './groups.ts'
import { remarksOf } from './remarks.ts'

const remarks = (result: Result) => remarksOf(result, groupsOf(result))

test('each cell that is not as expected is told with its reason and kernel, a failed one with its console', () => {
  const result = twoKernels()
  assert.equal(
    remarks(result).map(({ word, subject, on, text }) => [word, subject, on, text]),
    result.cells
      .filter(({ verdict }) => verdict !== 'expected')
      .map(({ verdict, case: name, kernel, reason }) => [verdict, name, kernel, reason]),
  )
  const failed = oneKernel().cells.find((cell) => !isMeasured(cell))!
  const [remark] = remarks(oneKernel())
  assert.equal([remark!.word, remark!.subject, remark!.on], ['failed', failed.case, undefined])
  assert.equal(remark!.console, 'consoleTail' in failed && failed.consoleTail)
})

test('what disturbed a cell is told with its reason, kernel, and what the cell lost', () => {
  assert.equal(
    remarks(manyKernels()).filter(({ word }) => word === 'noisy'),
    [
      {
        word: 'noisy',
        subject: 'none',
        on: '4.9',
        text: 'its CPUs were taken by others 23 % of the time; 632 connections lost, left out of headlines and comparisons',
        console: [],
      },
    ],
  )
})

test('refusals that are a lower bound are told as that, whatever the verdict', () => {
  const { wire } = manyKernels().cells.find(isMeasured)!
  const result = changed(oneKernel(), 'none', { refused: 498, wire: { ...wire, fromClient: 702 } })
  const text =
    'refused is a lower bound: 702 SYNs met the TIME_WAIT of their port while nobody listened, and were sent again'
  assert.equal(
    remarks(result).filter(({ word }) => word === 'understated'),
    [{ word: 'understated', subject: 'none', on: undefined, text, console: [] }],
  )
  assert.not(remarks(manyKernels()).some(({ word }) => word === 'understated'))
})

test('what was skipped has its reason, an unavailable kernel as a whole; an interrupted run says so first', () => {
  const skipped = remarks(manyKernels()).filter(({ word }) => word === 'skipped')
  assert.is(skipped.length, manyKernels().skipped.length)
  assert.equal([skipped.at(-1)!.subject, skipped.at(-1)!.on], ['3.2', undefined])
  assert.is(remarks(twoProxies())[0]!.on, '6.1.0-56-cloud-amd64 with nginx-1.22.1-maxaccept1')
  assert.is(remarks({ ...manyKernels(), interrupted: true })[0]!.word, 'interrupted')
})

test.run()
