import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { CaseFile } from '../../model/case/case.ts'
import type { Measured } from '../../model/result/measured.ts'
import { judged, LOAD, measured, NONE } from '../fixture.ts'
import { judge, type VerdictInput } from './verdict.ts'

// What a case may cost is what it declares; an outage is never green.

const ZERO = [0, 0, 0, 0, 0, 0]
const verdict = (more: Partial<Measured>, price: CaseFile['price'] = {}, other: Partial<VerdictInput> = {}) => {
  const { verdict, reason } = judge(judged(measured(ZERO, more), { price }, other), NONE)
  return `${verdict}: ${reason}`
}

test('nothing lost, no price', () => {
  assert.match(verdict({}), /^expected/)
})

test('a service that is gone at the end contradicts, whatever is declared', () => {
  const all: CaseFile['price'] = { slow: true, timeouts: true, refused: true, short: true, other: true, throughput: 1 }
  assert.match(verdict({ service: { asked: 32, answered: 0 } }, all), /^contradicts: .*answered 0 of 32/)
  assert.match(verdict({ service: { asked: 32, answered: 31 } }, all), /^contradicts/, 'one dead listener of many')
})

for (const [loss, said] of [
  ['timeouts', '3 timed out'],
  ['short', '3 cut short'],
  ['other', '3 lost otherwise'],
] as const)
  test(`${loss} that are not declared contradict; declared ones are named`, () => {
    assert.match(verdict({ [loss]: 3 }), `contradicts: the case has an undeclared price: ${said}`)
    assert.match(verdict({ [loss]: 3 }, { [loss]: true }), new RegExp(`^expected: .*${said}`))
  })

test('slow connections', () => {
  assert.match(verdict({ slow: 9 }), /^expected/, 'a few always are')
  assert.match(verdict({ slow: 90 }), /^contradicts: .*90 of 900 connections were slow/)
  assert.match(verdict({ slow: 90 }, { slow: true }), /^expected/)
  assert.match(verdict({ slow: 90 }, {}, { noisy: true }), /^inconclusive: the machine was noisy/)
})

test('a machine that something else runs may be slow by itself, and what it lost it lost', () => {
  const there = { guest: 'vagrant' as const }
  assert.match(verdict({ slow: 90 }, {}, there), /^inconclusive: how long its vCPUs waited for a CPU is not known, or /)
  assert.match(verdict({ timeouts: 3 }, {}, there), /^contradicts: .*3 timed out/)
})

test('a closed loop whose clients wait for each other anyway tells no price of a control', () => {
  const many = (users: number) =>
    judge(
      judged(measured([9, 9, 9, 9, 9, 9], { slow: 90, throughput: 100 }), NONE.case as Partial<CaseFile>, {
        load: { ...LOAD, users },
      }),
      undefined,
    ).verdict
  assert.equal([many(9), many(10)], ['contradicts', 'expected'])
})

test('what a case costs, each boot shows', () => {
  const [boot] = judged(measured(ZERO)).boots
  const slowIn = (...slow: number[]) =>
    slow.map((slow) => ({ ...boot!, price: { ...boot!.price, reloads: { ...boot!.price.reloads, begun: 450, slow } } }))
  assert.match(verdict({ slow: 90 }, {}, { boots: slowIn(45, 45) }), /^contradicts: .*90 of 900 connections were slow/)
  assert.match(
    verdict({ slow: 90 }, {}, { boots: slowIn(0, 90) }),
    /^inconclusive: boot 1 \(0 of 450 connections\) was not slow, or .*90 of 900 connections were slow/,
  )
  assert.match(verdict({ slow: 90, throughput: 10 }, {}, { boots: slowIn(0, 90) }), /^contradicts/, 'an outage')
  assert.match(verdict({ slow: 90 }, {}, { boots: slowIn(45, 45, 0) }), /^contradicts/, 'most are slow')
  assert.match(verdict({ slow: 45 }, {}, { boots: slowIn(0, 45, 0) }), /^inconclusive: boot 1 .* and boot 3 /)
  // All boots together: 8 of 900.
  assert.match(verdict({ slow: 8 }, {}, { boots: slowIn(0, 8) }), /^inconclusive: boot 1 .* was not slow/)
  assert.match(verdict({ slow: 8 }, {}, { boots: slowIn(4, 4) }), /^expected/)
})

test('a rate that the load itself could not reach makes connections slow, not the case', () => {
  const asked = '200,000 arrivals a second were asked for, 24,112 were made'
  const slow = judged(measured([10, 12, 9], { slow: 900 }), NONE.case as Partial<CaseFile>, { overloaded: asked })
  assert.match(judge(slow, undefined).reason, asked)
  assert.is(judge(slow, undefined).verdict, 'inconclusive')
  assert.match(verdict({ slow: 90 }, {}, { overloaded: asked }), /^contradicts/, 'where the control reached it')
})

test('no price hides a reset, and no noise', () => {
  const found = measured([1, 0, 2, 0, 0, 0], { slow: 90 })
  const { verdict: is, reason } = judge(judged(found, {}, { noisy: true }), NONE)
  assert.is(is, 'contradicts')
  assert.match(reason, /3 resets in 6 reloads.*theory expects none.*90 of 900 connections were slow/)
})

test('a tenth of the connections is an outage', () => {
  assert.match(verdict({ throughput: 10 }), /^contradicts: .*90 % fewer connections a second than without a mitigation/)
  assert.match(verdict({ throughput: 10 }, { throughput: 0.95 }), /^expected/)
  assert.match(verdict({ throughput: 2 }, { throughput: 0.95 }), /^contradicts/)
  assert.match(verdict({ throughput: 60 }), /^expected/)
})

test('where the control refuses connections, a price is told against no reload at all', () => {
  const outage = { ...NONE, measured: measured([10, 12, 9], { slow: 300, throughput: 20, refusedByReload: [5, 0, 4] }) }
  const quiet = judged(measured([], { throughput: 100 }), { control: 'negative', reload: false })
  const slow = judged(measured(ZERO, { slow: 300 }))
  assert.is(judge(slow, outage, quiet).verdict, 'contradicts', 'as slow as those that an outage delayed')
  const starved = judged(measured(ZERO, { throughput: 5 }))
  assert.match(judge(starved, outage, quiet).reason, '95 % fewer connections a second than without a reload')
  assert.is(judge(judged(measured(ZERO, { throughput: 20 })), outage, quiet).verdict, 'expected', 'reloads take CPU')
  assert.is(
    judge(slow, { ...outage, measured: { ...outage.measured, refusedByReload: [0, 0, 0] } }, quiet).verdict,
    'expected',
  )
})

test('controls are measured against their own quiet second', () => {
  const starved = measured([10, 12, 9], { throughput: 5 })
  assert.match(judge({ ...NONE, measured: starved }, undefined).reason, 'than before the first reload')
  const idle = judged(measured([], { throughput: 30 }), { control: 'negative', reload: false })
  assert.is(judge(idle, NONE).verdict, 'contradicts')
})

test.run()
