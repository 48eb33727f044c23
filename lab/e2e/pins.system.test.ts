import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { sharesOf } from '../measure/numbers/limit.ts'
import { readEvents } from '../model/events.ts'
import type { Boot } from '../model/result.ts'
import { fixture, lab, measured } from './harness.ts'

// Pins that are lost on the way, and a case that wants one CPU for both programs. End to end.

const pins = suite('pins')

const LOST: [name: string, kernel: string, reason: RegExp][] = [
  [
    'proxy-set-free',
    '6.1',
    /the new proxy was not pinned to CPU 0 in (\d+) of \1 reloads, first in reload 0: CPU 0-1; the proxy was/,
  ],
  ['generator-moved', '6.1', /the generator ran on CPU 0 instead of 1 in \d+ of \d+ seconds$/],
]
for (const [name, kernel, reason] of LOST)
  pins(`${name}: inconclusive`, async () => {
    const ran = await lab(['--kernel', kernel, ...fixture(`pins/${name}`), '--duration', '3'])
    const cell = measured(ran.result(), name)
    assert.is(cell.verdict, 'inconclusive', cell.reason)
    assert.match(cell.reason, reason)
    assert.is(ran.status, 1)
  })

pins('same-cpu puts both on one CPU, which is no doubt', async () => {
  const ran = await lab(['--kernel', 'host', '--case', 'cases/variants/clients/same-cpu.ts', '--duration', '2'])
  const cell = measured(ran.result(), 'same-cpu')
  const [{ pins, waited, folder }] = cell.eachBoot as [Boot]
  assert.is(pins.generator, pins.proxy)
  assert.not.match(cell.reason, 'pinned')
  assert.is(waited, null, 'waiting for the other program is no noise')
  const { events } = readEvents(readFileSync(join(ran.out, cell.folder, folder, 'events.jsonl'), 'utf8'))
  const { proxy, generator } = sharesOf(events)
  assert.ok(proxy !== null && proxy > 0)
  assert.ok(Math.abs(proxy! - generator!) < 0.05, 'two readings of one CPU')
})

pins.run()
