import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { MeasuredCell, Result, ResultCell } from '../../model/result.ts'
import { groupsOf } from '../facts/groups/groups.ts'
import { twoLoads } from '../fixtures/loads.ts'
import { oneKernel } from '../fixtures/results.ts'
import { renderMarkdown } from '../markdown/report.ts'
import { renderTerminal } from '../terminal/report.ts'
import { sureWords } from './sure.ts'

/** A run until sure: each cell decided after its first boot, of one that took 9 s, unless it says otherwise. */
function sure(result: Result, open: Record<string, Partial<MeasuredCell>> = {}): Result {
  const cells = result.cells.map((cell) => ({
    ...cell,
    ...{ boots: 1, mostBoots: 10, decidedAfter: cell.verdict === 'failed' ? null : 1 },
    eachBoot: cell.eachBoot.slice(0, 1),
    ...open[cell.case],
  }))
  return { ...result, cells: cells as ResultCell[] }
}
const said = (result: Result) => sureWords(groupsOf(result), result)

test('a run whose boots were fixed says nothing of it', () => {
  assert.equal(said(oneKernel()), [])
})

test('how many verdicts were decided after which boot, what ended the others, and what took the time', () => {
  const { eachBoot } = oneKernel().cells[0]!
  const boots = (count: number) => ({ boots: count, eachBoot: new Array(count).fill(eachBoot[0]!) })
  const open = { decidedAfter: null, verdict: 'inconclusive' as const }
  const result = sure(oneKernel(), {
    'ack-block': { ...open, ...boots(10) },
    'syn-delay': open,
    none: boots(10),
    'fd-passing': { ...boots(2), decidedAfter: 2 },
  })
  const count = result.cells.length
  assert.equal(said(result), [
    `Until sure: ${count - 3} of ${count} verdicts are decided: ${count - 4} after boot 1 and 1 after boot 2`,
    'Not decided, as a boot failed: `ebpf`',
    'Not decided within the limit of 10 boots: `ack-block`',
    'Not decided, and more boots cannot do it: `syn-delay`',
    `All boots took ${9 * (count + 19)} s, the most of it \`none\` (10 boots, 90 s), \`ack-block\` (10 boots, 90 s) and \`fd-passing\` (2 boots, 18 s)`,
  ])
  assert.ok(said({ ...result, interrupted: true }).includes('Not decided when the run was interrupted: `syn-delay`'))
})

test('cells of several loads are told apart', () => {
  assert.match(said(sure(twoLoads())).at(-1)!, /`[\w-]+` on 6\.1 (saturated|half) \(1 boot, 9 s\)/)
})

test('terminal and report say it, and how to read it; each cell says how many boots it had', () => {
  const result = sure(oneKernel())
  assert.match(renderTerminal(result, false), /\nUntil sure: \d+ of \d+ verdicts are decided: /)
  const report = renderMarkdown(result)
  assert.match(report, /- Until sure: \d+ of \d+ verdicts/)
  assert.match(report, '| 1 of 10, decided after 1, 9 s |')
  assert.match(report, 'The level of a look is what p must be below')
  assert.match(report, 'until sure at most 10 boots with reloads for')
  assert.not.match(renderMarkdown(oneKernel()), 'The level of a look')
})

test.run()
