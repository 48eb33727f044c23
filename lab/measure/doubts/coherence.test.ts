import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isMeasured, type MeasuredCell, type Result } from '../../model/result.ts'
import { referenceRun } from '../../saved/reference.ts'
import { contradictions } from './coherence.ts'

test('a run as it was saved is coherent', () => {
  assert.equal(contradictions(referenceRun('6.1')), [])
})

/** A result with one of its cells changed. */
function changed(name: string, change: (cell: MeasuredCell) => Partial<MeasuredCell>): Result {
  const result = referenceRun('6.1')
  const cell = result.cells.filter(isMeasured).find((other) => other.case === name)!
  Object.assign(cell, change(cell))
  return result
}
const none = (change: (cell: MeasuredCell) => Partial<MeasuredCell>) => contradictions(changed('none', change))
const other = referenceRun('6.1').cells.find((cell) => cell.case === 'ebpf')!

for (const [what, change, sentence] of [
  [
    'a connection too many',
    (cell) => ({ ok: cell.ok + 1 }),
    /connections \d+: expected [\d +]+ = \d+, the sum of how they ended/,
  ],
  [
    'resets neither before nor after the request',
    (cell) => ({ resetsBeforeRequest: cell.resetsBeforeRequest + 1 }),
    /resets \d+: expected \d+ \+ \d+ = /,
  ],
  ['a reload too many', (cell) => ({ reloads: cell.reloads + 1 }), /reloads \d+: expected \d+, the sum of its boots/],
  [
    'resets of no reload',
    (cell) => ({ resetsByReload: cell.resetsByReload.with(0, 99) }),
    /resetsByReload \[99,.*: expected entries that add up to/,
  ],
  [
    'resets before the first reload',
    () => ({ resetsBeforeReloads: 1 }),
    /resetsByReload .*1 of them before the first reload/,
  ],
  [
    'a reload without refusals',
    (cell) => ({ refusedByReload: cell.refusedByReload.slice(1) }),
    /refusedByReload\.length/,
  ],
  [
    'a wrong mean',
    (cell) => ({ resetsPerReload: { ...cell.resetsPerReload, mean: 1 } }),
    /resetsPerReload\.mean 1: expected [\d.]+, the mean/,
  ],
  [
    'an interval beside its mean',
    (cell) => ({ resetsPerReload: { ...cell.resetsPerReload, low: 99 } }),
    /resetsPerReload {"mean.*: expected an interval/,
  ],
  ['a level that is not that of its boots', () => ({ level: 0.01 }), /level 0.01: expected 0.05, after 2 boots/],
  ['more boots than it could have', () => ({ mostBoots: 1 }), /boots 2: expected at most the 1 that/],
  ['a verdict after a boot that never was', () => ({ decidedAfter: 3 }), /decidedAfter 3: expected one of the 2 boots/],
  ['a wrong rate', () => ({ resetsPerMillion: 5 }), /resetsPerMillion 5: expected \d+/],
  [
    'a p99 above the largest',
    (cell) => ({ latencyMs: { ...cell.latencyMs, p99: 1e6 } }),
    /latencyMs .*: expected percentiles that rise/,
  ],
  [
    'an unknown kernel',
    () => ({ kernel: '9.9' }),
    /^cells\.\d \(none under saturated on 9\.9\): kernel "9\.9": expected one of its kernels: 6\.1/,
  ],
  ['an unknown case', () => ({ case: 'x' }), /case "x": expected one of its cases: none, ack-block/],
  [
    'a folder outside',
    () => ({ folder: '../../x' }),
    /folder "\.\.\/\.\.\/x": expected a plain name inside the folder of the run/,
  ],
  ['a folder above', () => ({ folder: '..' }), /folder "\.\.": expected a plain name/],
  ['an absolute folder', () => ({ folder: '/etc' }), /folder "\/etc": expected a plain name/],
  ['a folder twice', () => ({ folder: other.folder }), /folder .*: expected a folder of its own/],
  ['a case twice', () => ({ case: 'ebpf' }), /case "ebpf": expected each case once for a kernel, proxy and load/],
  ['an impossible seed', () => ({ seed: 2 ** 32 }), /seed 4294967296: expected/],
  ['a rate in a closed loop', (cell) => ({ load: { ...cell.load, rate: 5 } }), /load\.rate 5: expected/],
  [
    'a missing boot',
    (cell) => ({ eachBoot: cell.eachBoot.slice(1) }),
    /eachBoot\.length 1: expected 2, one entry a boot/,
  ],
  [
    'a boot with other counts',
    (cell) => ({ byBoot: cell.byBoot.map((boot, i) => ({ ...boot, resets: boot.resets + i })) }),
    /resets \d+: expected \d+, the sum of its boots/,
  ],
  [
    'a boot in another folder',
    (cell) => ({ eachBoot: cell.eachBoot.map((boot) => ({ ...boot, folder: '../x' })) }),
    /eachBoot\.0\.folder "\.\.\/x": expected a plain name/,
  ],
  [
    'a wrong sum of a cause',
    (cell) => ({ causes: { ...cell.causes, synRecv: cell.causes.synRecv + 1 } }),
    /causes\.synRecv \d+: expected \d+, the sum of its boots/,
  ],
  [
    'a boot with a cause too many',
    (cell) => ({
      byBoot: cell.byBoot.map((boot) => ({
        ...boot,
        causes: { ...boot.causes, acceptQueue: boot.causes.acceptQueue + 1 },
      })),
    }),
    /byBoot\.0\.causes .*: expected causes that leave \d+ unexplained/,
  ],
  ['a share above one', () => ({ capped: 1.5 }), /capped 1\.5: expected a share/],
  [
    'half of another capacity',
    (cell) => ({ load: { ...cell.load, name: 'half', loop: 'open', rate: 5, capacity: 12 } }),
    /load\.rate 5: expected the share of the capacity of 12/,
  ],
  [
    'another share of the capacity',
    (cell) => ({ load: { ...cell.load, name: 'share-80', loop: 'open', rate: 50, capacity: 100 } }),
    /load\.rate 50: expected the share of the capacity of 100/,
  ],
  ['an empty reason', () => ({ reason: '' }), /reason "": expected text/],
] as [string, (cell: MeasuredCell) => Partial<MeasuredCell>, RegExp][])
  test(`${what} is found, and named`, () => {
    const found = none(change)
    assert.ok(
      found.some((one) => sentence.test(one)),
      found.join('\n'),
    )
  })

test('counts that disagree allow only inconclusive', () => {
  const wire = (cell: MeasuredCell) => ({ ...cell.wire, resets: cell.wire.resets + 1 })
  const found = none((cell) => ({ wire: wire(cell) }))
  assert.match(found.join('\n'), /verdict "expected": expected inconclusive, as the counts disagree: /)
  assert.equal(
    none((cell) => ({ wire: wire(cell), verdict: 'inconclusive' })),
    [],
  )
})

test('a control that does the opposite is not as expected', () => {
  /** The counts of a cell that lost nothing, or of one that did: they agree by any definition. */
  const countsOf = (name: string) =>
    referenceRun('6.1')
      .cells.filter(isMeasured)
      .find((cell) => cell.case === name)!
  const called = ({ case: name, kernel, folder }: MeasuredCell) => ({ case: name, kernel, folder })
  const lossless = changed('none', (cell) => ({ ...countsOf('fd-passing'), ...called(cell) }))
  assert.match(contradictions(lossless).join('\n'), 'the positive control lost nothing')
  const lossy = changed('no-reload', (cell) => ({ ...countsOf('none'), ...called(cell) }))
  assert.match(contradictions(lossy).join('\n'), 'connections were reset without a reload')
})

test('no reload allows only inconclusive', () => {
  const found = none(() => ({ reloads: 0 }))
  assert.match(found.join('\n'), /verdict "expected": expected inconclusive, as no reload was made/)
})

test('what was skipped, configurations, and the time', () => {
  const result = referenceRun('6.1')
  const [facts] = result.kernels as [Result['kernels'][number]]
  const spoilt: Result = {
    ...result,
    started: 'yesterday',
    kernels: [{ ...facts, config: { file: '../config', sha256: '' } }],
    skipped: [
      { kernel: '3.2', case: '*', reason: 'gone' },
      { kernel: '3.2', case: 'x', reason: 'gone' },
    ],
  }
  assert.equal(
    contradictions(spoilt).map((sentence) => sentence.split(': expected')[0]),
    ['started "yesterday"', 'kernels.0: config.file "../config"', 'skipped.1: case "x"'],
  )
})

test.run()
