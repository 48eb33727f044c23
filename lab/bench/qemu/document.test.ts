import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { boot, failed, MADE } from '../boots/fixture.ts'
import { qemuDocument } from './document.ts'
import type { QemuRecord } from './record.ts'

const CELL = '6.1-none'
const start = (side: 'A' | 'B', round: number, told: QemuRecord['starts'][number]['told']) => ({
  ...{ side, round, told, loadAverage: [0.1, 0.2, 0.3] as [number, number, number] },
})

/** Eight rounds, in which B has this part of A's load while the machine gets slower. */
const record = (part: (round: number) => number): QemuRecord => ({
  made: MADE,
  versions: { A: 'QEMU emulator version 7.2.22 (Debian)', B: 'QEMU emulator version 10.0.13 (Debian)' },
  starts: [1, 2, 3, 4].flatMap((round) => [
    start('A', round, { ms: 1200 + 10 * round, starts: 1 }),
    start('B', round, { ms: 1256 + 10 * round + (round % 2), starts: round === 2 ? 2 : 1 }),
  ]),
  boots: [1, 2, 3, 4, 5, 6, 7, 8].flatMap((round) => [
    boot('A', CELL, round, { perSecond: 5000 - 300 * round, capped: 0.5 }),
    boot('B', CELL, round, { perSecond: (5000 - 300 * round) * part(round) }),
  ]),
})

test('by pairs a difference shows that is smaller than the drift of the machine', () => {
  const text = qemuDocument(record((round) => 0.9 + (round % 2) / 100))
  assert.match(text, /\| `6\.1-none` \| 8 \| 0\.905 \(0\.901 to 0\.909\) \| .* \| B carries less \|/)
  assert.match(text, '| A, 7.2.22 | 4 | 0 | 0 | 1,210 ms')
  assert.match(text, '| B, 10.0.13 | 4 | 1 | 0 |')
  assert.match(text, /B takes 57 \(56 to 57\) ms longer \(mean of 4 pairs.*: B boots slower\./)
  assert.match(text, 'No boot failed.')
})

test('where B has more as often as less, they are not told apart', () => {
  const text = qemuDocument(record((round) => (round % 2 ? 1.1 : 0.9)))
  assert.match(text, 'these runs do not tell them apart |')
})

test('what failed is told, and its pair is left out', () => {
  const whole = record(() => 0.9)
  whole.boots[1] = failed('B', CELL, 1)
  whole.starts[0]!.told = { failed: 'it told nothing' }
  const text = qemuDocument(whole)
  assert.match(text, '- B, `6.1-none`, round 1: it hung')
  assert.match(text, '- A, start 1: it told nothing')
  assert.match(text, '| `6.1-none` | 7 |')
  assert.match(text, '(mean of 3 pairs')
})

test.run()
