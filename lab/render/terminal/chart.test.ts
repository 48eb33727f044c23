import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isMeasured } from '../../model/result.ts'
import { zero } from '../facts/cells/numbers.ts'
import { groupsOf } from '../facts/groups/groups.ts'
import { oneKernel, twoKernels } from '../fixtures/results.ts'
import { resetsChart } from './chart.ts'

test('cases with resets are drawn with their causes, those without are told by their exposure', () => {
  const result = oneKernel()
  const lines = resetsChart(groupsOf(result), false).split('\n')
  for (const cell of result.cells.filter(isMeasured)) {
    const at = lines.findIndex((line) => line.startsWith(`${cell.case}: `))
    assert.is(at < 0, cell.reloads === 0, cell.case)
    if (cell.resets > 0)
      assert.match(lines[at + 1]!, `${cell.causes.acceptQueue} accept queue, ${cell.causes.synRecv} SYN_RECV`)
    else if (at >= 0) assert.is(lines[at], `${cell.case}: ${zero(cell)}`)
  }
})

test('thousands of reloads fit into 100 columns, and the chart says how', () => {
  const result = oneKernel()
  const cells = result.cells.map((cell) => ({
    ...cell,
    reloads: 3000,
    resetsByReload: Array.from({ length: 3000 }, (_, i) => i % 7),
  }))
  const text = resetsChart(groupsOf({ ...result, cells: cells as typeof result.cells }), false)
  assert.match(text, /a column the mean of \d+;/)
  for (const line of text.split('\n')) if (/[┤┼]/.test(line)) assert.ok(line.length <= 100, line)
})

test('nothing but zeros is a line, nothing reloaded is nothing, and a doubtful zero is no zero', () => {
  const result = oneKernel()
  const zeros = result.cells.filter((cell) => isMeasured(cell) && cell.reloads > 0 && cell.resets === 0)
  assert.match(resetsChart(groupsOf({ ...result, cells: zeros }), false), ': 0 in 14 exposed of 64 reloads')
  assert.is(resetsChart(groupsOf({ ...result, cells: result.cells.filter((cell) => !isMeasured(cell)) }), false), '')
  const doubtful = zeros.map((cell) => ({ ...cell, verdict: 'inconclusive' as const })) as typeof zeros
  assert.not.match(resetsChart(groupsOf({ ...result, cells: doubtful }), false), '0 in ')
})

test('each kernel has a chart of its own', () => {
  const result = twoKernels()
  const text = resetsChart(groupsOf(result), false)
  for (const kernel of new Set(result.cells.map((cell) => cell.kernel)))
    assert.ok(text.includes(`Resets by reload, ${kernel}\n`))
})

test.run()
