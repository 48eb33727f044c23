import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isMeasured, type Result } from '../../model/result.ts'
import { twoProxies } from '../fixtures/loads.ts'
import { changed, manyKernels, oneKernel, twoKernels } from '../fixtures/results.ts'
import { renderHtml } from '../html/report.ts'
import { renderMarkdown } from '../markdown/report.ts'
import { renderTerminal } from '../terminal/report.ts'
import { groupsOf } from './groups/groups.ts'
import { remarksOf } from './remarks.ts'

const remarks = (result: Result) => remarksOf(result, groupsOf(result))

test('each cell that is not as expected is told with its reason and kernel, a failed one with its console', () => {
  const result = twoKernels()
  assert.equal(
    remarks(result).flatMap(({ word, of, text }) => of.map(({ name, on }) => [word, name, on, text])),
    result.cells
      .filter(({ verdict }) => verdict !== 'expected')
      .map(({ verdict, case: name, kernel, reason }) => [verdict, name, kernel, reason]),
  )
  const failed = oneKernel().cells.find((cell) => !isMeasured(cell))!
  const [remark] = remarks(oneKernel())
  assert.equal([remark!.word, remark!.of], ['failed', [{ name: failed.case, on: undefined }]])
  assert.equal(remark!.console, 'consoleTail' in failed && failed.consoleTail)
})

test('what disturbed a cell is told with its reason, kernel, and what the cell lost', () => {
  assert.equal(
    remarks(manyKernels()).filter(({ word }) => word === 'noisy'),
    [
      {
        word: 'noisy',
        of: [{ name: 'none', on: '4.9' }],
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
    'refused is a lower bound: SYNs met the TIME_WAIT of their port while nobody listened, and were sent again'
  assert.equal(
    remarks(result).filter(({ word }) => word === 'understated'),
    [{ word: 'understated', of: [{ name: 'none', on: undefined, detail: '702 SYNs' }], text, console: [] }],
  )
  assert.not(remarks(manyKernels()).some(({ word }) => word === 'understated'))
})

/** Refusals that are a lower bound, in two cells of each of two kernels. */
function fourUnderstated(): Result {
  const { wire } = manyKernels().cells.find(isMeasured)!
  const vague = (fromClient: number) => ({ refused: 498, wire: { ...wire, fromClient } })
  return changed(changed(twoKernels(), 'none', vague(326)), 'ack-block', vague(1))
}

test('what is said of several cells is said once, with the cells and what differs between them', () => {
  const vague = remarks(fourUnderstated()).filter(({ word }) => word === 'understated')
  assert.equal(
    vague.map(({ of }) => of),
    [
      [
        { name: 'none', on: '5.10', detail: '326 SYNs' },
        { name: 'ack-block', on: '5.10', detail: '1 SYN' },
        { name: 'none', on: '6.1', detail: '326 SYNs' },
        { name: 'ack-block', on: '6.1', detail: '1 SYN' },
      ],
    ],
  )
  const failed = oneKernel().cells.find((cell) => !isMeasured(cell))!
  const twice = { ...oneKernel(), cells: [failed, { ...failed, case: 'other' }] }
  assert.is(remarks(twice).filter(({ word }) => word === 'failed').length, 2)
})

test('a boot whose machine went away says where it was lost and where it ran', () => {
  const lost = [{ node: 'one', reason: 'its node is down' }]
  const machine = { name: 'two', cpu: 'EPYC', cpus: 2, kernel: '6.18' }
  const [first, ...others] = oneKernel().cells.filter(isMeasured)
  const eachBoot = first!.eachBoot.map((boot, i) => ({ ...boot, machine, ...(i === 1 && { lost }) }))
  const result = { ...oneKernel(), cells: [{ ...first!, eachBoot }, ...others] }
  assert.equal(
    remarks(result).flatMap(({ word, of, text }) => (word === 'moved' ? [[of[0]!.name, text]] : [])),
    [[first!.case, 'boot-2 was lost on one (its node is down) and run again on two']],
  )
  assert.match(renderMarkdown(result), /boot-2 was lost on one/)
  assert.match(renderMarkdown(result), /machine.*\n(.*\n)?.*two/)
})

test('what ran on two threads of one core is told of the run, or of the cells of which it is so', () => {
  const { cells, ...result } = oneKernel()
  const oneCore = (cell: Result['cells'][number]): Result['cells'][number] => ({
    ...cell,
    eachBoot: cell.eachBoot.map((boot) => ({ ...boot, oneCore: true as const })),
  })
  const told = (cells: Result['cells']) => remarks({ ...result, cells }).filter(({ word }) => word === 'one-core')
  const begun = cells.filter(({ eachBoot }) => eachBoot.length > 0)
  assert.equal(told(begun), [])
  assert.equal(told(begun.map(oneCore))[0]!.of, [{ name: result.name }])
  assert.equal(
    told([oneCore(begun[0]!), ...begun.slice(1)]).map(({ of }) => of.map(({ name }) => name)),
    [[begun[0]!.case]],
  )
  assert.match(renderMarkdown({ ...result, cells: begun.map(oneCore) }), /one-core.*two threads of one physical core/)
})

test('every renderer lists the cells of a remark in one place', async () => {
  const said =
    'none on 5.10 (326 SYNs), ack-block on 5.10 (1 SYN), none on 6.1 (326 SYNs), ack-block on 6.1 (1 SYN): refused'
  const text = (of: string) => of.replace(/<[^>]*>|[`*\\]/g, '')
  for (const report of [
    renderMarkdown(fourUnderstated()),
    await renderHtml(fourUnderstated()),
    renderTerminal(fourUnderstated(), false, undefined, 200),
  ])
    assert.is(text(report).split(said).length, 2)
})

test('what was skipped has its reason, an unavailable kernel as a whole; an interrupted run says so first', () => {
  const skipped = remarks(manyKernels()).filter(({ word }) => word === 'skipped')
  assert.is(skipped.flatMap(({ of }) => of).length, manyKernels().skipped.length)
  assert.equal(skipped.at(-1)!.of, [{ name: '3.2' }])
  assert.is(remarks(twoProxies())[0]!.of[0]!.on, '6.1.0-56-cloud-amd64 with nginx-1.22.1-maxaccept1')
  assert.is(remarks({ ...manyKernels(), interrupted: true })[0]!.word, 'interrupted')
})

test.run()
