import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Machine } from '../../../model/result/machine.ts'
import type { MeasuredCell } from '../../../model/result.ts'
import { cellOf } from '../../fixtures/cell.ts'
import { resultOf, SIX } from '../../fixtures/results.ts'
import { renderMarkdown } from '../../markdown/report.ts'
import { groupsOf } from '../groups/groups.ts'
import { unlikeSpeeds } from './speeds.ts'

const EPYC = { cpu: 'AMD EPYC', cpuid: 'family 25, model 1, stepping 1', cpus: 2, kernel: '6.18' }
const [ONE, OTHER] = [
  { ...EPYC, start: 'aaaaaaaa' },
  { ...EPYC, start: 'bbbbbbbb' },
]

/** A cell whose boots ran on such machines and took so many microseconds for the timed work. */
function timed(name: string, boots: [machine: Machine, us: number][], more: Partial<MeasuredCell> = {}): MeasuredCell {
  const cell = cellOf(name, SIX)
  return {
    ...cell,
    eachBoot: boots.map(([machine]) => ({ ...cell.eachBoot[0]!, machine })),
    byBoot: boots.map(([, spinUs]) => ({ ...cell.byBoot[0]!, spinUs })),
    ...more,
  }
}

const told = (...cells: MeasuredCell[]) =>
  unlikeSpeeds(groupsOf(resultOf(cells))).flatMap(({ each }) => each.map(({ us, machines }) => `${us}: ${machines}`))

test('two machines that have one name, and one is faster, are told apart by what they took', () => {
  const result = resultOf([timed('none', [[ONE, 28]]), timed('fd-passing', [[OTHER, 32]])])
  assert.equal(told(...(result.cells as MeasuredCell[])), ['28: machine 1', '32: machine 2'])
  assert.match(
    renderMarkdown(result),
    'AMD EPYC, family 25, model 1, stepping 1 took for the same work, in guests of qemu (tcg), 28 µs on machine 1; 32 µs on machine 2',
  )
})

test('a tenth more is no other machine, and the median of a machine counts, not its worst boot', () => {
  const bootsOf = (machine: Machine, ...all: number[]) => all.map((us): [Machine, number] => [machine, us])
  assert.equal(told(timed('none', [...bootsOf(ONE, 30), ...bootsOf(OTHER, 33)])), [])
  assert.equal(told(timed('none', [...bootsOf(ONE, 30), ...bootsOf(OTHER, 34)])).length, 2)
  assert.equal(told(timed('none', [...bootsOf(ONE, 30, 31, 60), ...bootsOf(OTHER, 30)])), [])
})

test('one machine that is now fast and now slow is one, and so is what cannot be compared', () => {
  const fast = timed('none', [[ONE, 32]])
  assert.equal(told(fast, timed('fd-passing', [[ONE, 64]])), [])
  assert.equal(told(fast, timed('fd-passing', [[OTHER, 64]], { accel: 'kvm' })), [])
  assert.equal(told(fast, timed('fd-passing', [[OTHER, 64]], { noisy: true })), [])
  assert.equal(told(fast, timed('fd-passing', [[{ ...OTHER, cpu: 'Xeon' }, 64]])), [])
  const { pins } = fast.eachBoot[0]!
  const shared = timed('fd-passing', [[OTHER, 64]])
  const eachBoot = shared.eachBoot.map((boot) => ({ ...boot, pins: { ...pins, generator: pins.proxy } }))
  assert.equal(told(fast, { ...shared, eachBoot }), [])
})

test('machines are called by their shard, and by their name where it had several', () => {
  const named = (name: string, machine: Machine) => ({ ...machine, name })
  const one = timed('none', [[named('a', ONE), 28]], { shard: 1 })
  assert.equal(told(one, timed('none', [[named('b', OTHER), 32]], { shard: 2 })), ['28: shard 1', '32: shard 2'])
  const two = timed(
    'none',
    [
      [named('b', OTHER), 32],
      [named('c', ONE), 28],
    ],
    { shard: 2 },
  )
  assert.equal(told(one, two), ['28: shard 1,c of shard 2', '32: b of shard 2'])
})

test.run()
