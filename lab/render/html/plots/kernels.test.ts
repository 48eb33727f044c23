import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isMeasured, type MeasuredCell, type Result } from '../../../model/result.ts'
import { decimal } from '../../facts/cells/numbers.ts'
import { groupsOf } from '../../facts/groups/groups.ts'
import { merge } from '../../facts/groups/merge.ts'
import { type Loss, tracksOf } from '../../facts/groups/points.ts'
import { manyKernels, oneKernel } from '../../fixtures/results.ts'
import { joined, kernelsPlot, scaleOf } from './kernels.ts'

const tracksIn = (result: Result, loss: Loss = 'resets') => tracksOf(groupsOf(result), loss)

/** The same with so many times the resets per reload on one kernel. */
const raised = (result: Result, series: string, times: number): Result => ({
  ...result,
  cells: result.cells.map((cell) => {
    if (!isMeasured(cell) || cell.series !== series) return cell
    const { mean, low, high } = cell.resetsPerReload
    return { ...cell, resetsPerReload: { mean: mean * times, low: low * times, high: high! * times } } as MeasuredCell
  }),
})

test('a track has a point a kernel, none where there is no number, and only what lost anything has one', () => {
  const found = tracksIn(manyKernels())
  assert.equal(
    found.map((track) => track.case),
    ['none', 'ack-block'],
  )
  for (const { points } of found) assert.is(points.length, 8)
  const [refused] = tracksIn(manyKernels(), 'refused')
  assert.ok(refused!.points[0]!.mean > 100)
  assert.ok(refused!.points[0]!.low < refused!.points[0]!.mean && refused!.points[0]!.mean < refused!.points[0]!.high)
  for (const point of refused!.points.slice(1)) assert.is(point!.mean, 0)
})

test('one scale holds all whiskers, and is logarithmic only when one kernel would flatten the others', () => {
  for (const [times, logarithmic] of [
    [1, false],
    [1000, true],
  ] as const) {
    const found = tracksIn(raised(manyKernels(), '2.6.32', times))
    const scale = scaleOf(found)
    assert.is(scale.logarithmic, logarithmic)
    const high = Math.max(...found.flatMap(({ points }) => points.map((point) => point!.high)))
    assert.ok(scale.place(high) < scale.place(scale.ticks.at(-1)!))
    assert.is(scale.place(0), 0)
  }
})

test('a line joins kernels that were run alike, never two runs of the same', () => {
  assert.equal(joined(groupsOf(manyKernels())), [[0, 1, 2, 3, 4, 5, 7], [6]])
  const { result, labels } = merge(
    'compare',
    [],
    [
      { label: 'a', root: '../a', result: oneKernel() },
      { label: 'b', root: '../b', result: oneKernel() },
    ],
  )
  assert.equal(joined(groupsOf(result, labels)), [[0], [1]])
})

test('a drawing names every kernel and its number', async () => {
  const result = manyKernels()
  const [track] = tracksIn(result)
  const { text } = await kernelsPlot(track!, groupsOf(result), scaleOf([track!]), 'var(--reset)', 'resets')
  for (const label of ['2.6.32', '3.9', '7.2']) assert.match(text, `>${label}</text>`)
  for (const point of track!.points) assert.match(text, `>${decimal(point!.mean)}</text>`)
  const { mean, low, high } = track!.points[6]!
  assert.match(text, `6.18 host: ${decimal(mean)} (${decimal(low)} to ${decimal(high)})`)
})

test.run()
