import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { CaseFile } from '../../model/case/case.ts'
import type { Measured } from '../../model/result/measured.ts'
import { judged, measured } from '../fixture.ts'
import type { VerdictInput } from '../verdict/verdict.ts'
import { doubtsAbout } from './doubts.ts'

const ZERO = [0, 0, 0]
/** @param boot replaces fields of its boot */
function doubts(
  found: Measured,
  tested: Partial<CaseFile> = {},
  boot: Partial<VerdictInput['boots'][number]> = {},
): string {
  const cell = judged(found, tested)
  return doubtsAbout({ ...cell, boots: cell.boots.map((one) => ({ ...one, ...boot })) }).join('; ')
}

test('nothing to doubt', () => {
  assert.is(doubts(measured([3, 4, 5])), '')
})

test('counts that disagree', () => {
  const unseen = measured(ZERO)
  unseen.wire.outRsts = 2
  assert.match(doubts(unseen), 'the kernel sent 2 RSTs (OutRsts), the wire shows 0')
})

test('a doubt about one boot names it, a doubt about all comes once', () => {
  const cell = judged(measured(ZERO))
  const boots = (...resets: number[]) =>
    resets.map((outRsts) => ({ ...cell.boots[0]!, wire: { ...cell.measured.wire, outRsts } }))
  const said = (...resets: number[]) => doubtsAbout({ ...cell, boots: boots(...resets) })
  assert.equal(said(0, 2), ['boot 2: the counts disagree: the kernel sent 2 RSTs (OutRsts), the wire shows 0'])
  assert.equal(said(2, 2), ['the counts disagree: the kernel sent 2 RSTs (OutRsts), the wire shows 0'])
})

test('boots on two kinds of CPU', () => {
  const cell = judged(measured(ZERO))
  const on = (...models: string[]) =>
    doubtsAbout({
      ...cell,
      boots: models.map((cpu) => ({ ...cell.boots[0]!, machine: { cpu, cpus: 2, kernel: '6' } })),
    })
  assert.equal(on('X', 'X'), [])
  assert.equal(on('X', 'Y', 'X'), ['its boots ran on different kinds of CPU, and are not one measurement: X; Y'])
})

test('more than one in a hundred resets without a cause', () => {
  const causes = (unexplained: number) => ({
    acceptQueue: 200 - unexplained,
    synRecv: 0,
    completing: 0,
    closed: 0,
    unexplained,
  })
  assert.match(doubts(measured([200], { causes: causes(3) })), 'do not explain 3 of 200 resets')
  assert.is(doubts(measured([200], { causes: causes(2) })), '')
})

test('a counter that leaves too many resets to be told by their RSTs', () => {
  const causes = (completing: number) => ({
    acceptQueue: 200 - completing,
    synRecv: 0,
    completing,
    closed: 0,
    unexplained: 0,
  })
  assert.match(doubts(measured([200], { causes: causes(21) })), 'EstabResets and the RSTs disagree on 21 of 200 resets')
  assert.is(doubts(measured([200], { causes: causes(20) })), '')
  const alone = { ...causes(5), acceptQueue: 0 }
  const lost = [1, 0, 1, 0, 2, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]
  const wire = { ...measured([5]).wire, active: 5 }
  const migrates = { needs: { features: ['migration' as const] } }
  assert.is(doubts(measured(lost, { causes: alone, wire }), migrates), '', 'one in four reloads')
  assert.match(doubts(measured(lost.slice(0, -1), { causes: alone }), migrates), 'disagree on 5 of 5 resets')
  assert.match(doubts(measured(lost, { causes: alone, wire })), 'disagree on 5 of 5 resets', 'without migration')
})

test('resets that no reload caused', () => {
  const late = (pause: number) => ({ before: 0, reload: 200 - pause, after: 0, closing: 0, settling: 0, pause })
  assert.match(doubts(measured([200], { resetsByPart: late(200) })), '200 of 200 resets came in the pause')
  assert.match(doubts(measured([200], { resetsByPart: late(7) })), '7 of 200 resets came in the pause')
  assert.is(doubts(measured([200], { resetsByPart: late(6) })), '')
  const pins = { ...judged(measured(ZERO)).boots[0]!.pins, generator: '0' }
  assert.is(doubts(measured([200], { resetsByPart: late(200) }), { cpus: 'one' }, { pins }), '', 'on one CPU')
})

test('refusals that are a lower bound are no doubt that connections were lost', () => {
  const found = measured(ZERO, { refused: 1, connections: 56_000 })
  const wire = { ...found.wire, refusals: 1, fromServer: 1, fromClient: 7, outRsts: 8 }
  assert.is(doubts({ ...found, wire }), '')
})

test('a reset before the first reload, and no reload at all', () => {
  assert.match(doubts(measured(ZERO, { resetsBeforeReloads: 1 })), '1 reset came before the first reload')
  assert.match(doubts(measured([])), 'no reload was made')
  assert.is(doubts(measured([]), { reload: false, control: 'negative' }), '')
})

test('pins and clocks', () => {
  const pins = { ...judged(measured(ZERO)).boots[0]!.pins, generator: '0' }
  assert.match(doubts(measured(ZERO), {}, { pins }), 'not pinned to separate CPUs')
  assert.is(doubts(measured(ZERO), { cpus: 'one' }, { pins }), '')
  assert.match(doubts(measured(ZERO), {}, { clockSkewUs: 7 }), '7 µs')
  assert.match(doubts(measured(ZERO), {}, { clocksource: 'jiffies' }), 'steps of milliseconds')
})

test('a service that may not have answered at the end', () => {
  assert.match(doubts(measured(ZERO, { service: null })), 'did not report whether the service answered')
})

test('a mitigation that did not act, or did not report it', () => {
  const proof: CaseFile['proof'] = { shows: 'SYNs dropped', read: ['true'], at: 'end' }
  const proved = (value: number) => measured(ZERO, { proof: { value, byReload: null } })
  assert.match(doubts(measured(ZERO), { proof: undefined }), 'declares no proof that it acted')
  assert.is(doubts(measured(ZERO), { proof: undefined, control: 'positive' }), '')
  assert.match(doubts(measured(ZERO), { proof }), 'the guest did not report how many SYNs dropped there were')
  assert.match(doubts(proved(0), { proof }), 'the case did not act: 0 SYNs dropped')
  assert.is(doubts(proved(1), { proof }), '')
})

test('a mitigation that stopped acting half-way', () => {
  const steered = (every: boolean): CaseFile['proof'] => ({
    shows: 'connections to the new process',
    read: ['true'],
    at: 'reload',
    least: 4,
    every,
  })
  const proved = (...byReload: number[]) =>
    measured(ZERO, { proof: { value: byReload.reduce((a, b) => a + b), byReload } })
  assert.is(doubts(proved(4, 4, 4), { proof: steered(true) }), '')
  assert.match(doubts(proved(4, 2, 4), { proof: steered(true) }), 'did not act in 1 of 3 reloads')
  assert.is(doubts(proved(4, 0, 0), { proof: steered(false) }), '', 'where the sum is enough')
})

test.run()
