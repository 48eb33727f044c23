import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { boot, failed, MADE } from '../boots/fixture.ts'
import { enginesDocument } from './document.ts'
import type { EnginesRecord } from './record.ts'

const ENGINES = ['local', 'docker', 'swarm']

/** Four rounds, in which only the Swarm resets more: by two a reload. */
const record = (): EnginesRecord => ({
  made: MADE,
  hosts: ENGINES.map((side) => ({ side, host: { ...MADE.host, qemu: `QEMU emulator version 10.0.1${side.length}` } })),
  boots: [1, 2, 3, 4].flatMap((round) =>
    ENGINES.flatMap((side, i) => [
      boot(side, 'none', round, {
        resets: 20 * (10 + round + (side === 'swarm' ? 2 + round / 50 : 0)),
        perSecond: (4000 + 100 * round) * (1 + ((round + i) % 2) / 10),
        capped: 0.25,
      }),
      boot(side, 'no-reload', round, { resets: 0, reloads: 0, perSecond: 4000 }),
    ]),
  ),
})

test('an engine that resets more is told, and one that does not is not', () => {
  const text = enginesDocument(record())
  assert.match(
    text,
    '| `none` | resets a reload | 0.00 (0.00 to 0.00) | **2.05 (2.01 to 2.09)** | **2.05 (2.01 to 2.09)** |',
  )
  assert.match(text, /\| `none` \| answers a second \| 1\.\d+ \(0\.\d+ to 1\.\d+\) \|/)
  assert.match(text, '2 intervals of 15 leave out that the engines are alike. If they were, 0.8 would on average')
})

test('without reloads there are no resets a reload', () => {
  const text = enginesDocument(record())
  assert.match(text, '| `no-reload` | local | 4 | – | 4000 (4000 to 4000) |')
  assert.is(text.includes('| `no-reload` | resets a reload'), false)
})

test('the ceiling, waiting and failures are told', () => {
  const whole = record()
  whole.boots[0] = failed('local', 'none', 1)
  const text = enginesDocument(whole)
  assert.match(text, /\| `none` \| local \| 3 \| .* \| 25\.0 % \| 1\.0 % \|/)
  assert.match(text, '- local, `none`, round 1: it hung')
})

test.run()
