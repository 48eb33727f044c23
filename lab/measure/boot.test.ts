import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Case } from '../model/case/case.ts'
import type { Start } from '../model/cell.ts'
import type { Event, EventOf } from '../model/events.ts'
import type { HostFacts } from '../model/outcome.ts'
import { measureBoot } from './boot.ts'
import type { Tally } from './numbers/tally.ts'

const FACTS = { starts: 1, bootMs: 1, waited: null, stolen: null, command: [], vcpus: [] } as unknown as HostFacts

/** Why a boot of so many reloads failed, whose case says this of its listeners; null when it did not. */
function failed(listeners: Case['listeners'], ...reloads: Partial<EventOf<'reload'>>[]): string | null {
  const events: Event[] = reloads.map((reload, number) => ({
    ...{ n: number + 1, e: 'reload', number, start: number * 1_000_000, before: 0, reloaded: 1, after: 1, closed: 1 },
    ...{ old: 1, new: 2, listener: 5, replaced: 5 },
    ...reload,
  }))
  const cell = {
    case: { listeners, network: 'loopback' },
    kernel: { name: '6.1', hint: null },
    load: { interval: 100 },
  }
  const start = { cell, boot: 1 } as unknown as Start
  const ended = measureBoot(start, { kind: 'done', facts: FACTS, consoleTail: [] }, events, {} as Tally)
  return ended.kind === 'failed' ? ended.reason : null
}
const had = (was: number, is: number, kept: number) => ({ listeners: { was, is, kept } })

test('kept: each listener of the old proxy, and no other', () => {
  assert.is(failed('kept', had(4, 4, 4), had(1, 1, 1)), null)
  assert.match(failed('kept', had(4, 4, 4), had(4, 4, 1))!, 'reload 1: the new proxy has a listener of its own')
  assert.match(failed('kept', had(4, 5, 4))!, 'reload 0: the new proxy has a listener of its own')
  assert.match(failed('kept', had(4, 2, 2))!, 'has 2 of the 4 listeners of the old one, not all of them')
})

test('fewer: some listeners of the old proxy, and no other', () => {
  assert.is(failed('fewer', had(4, 1, 1), had(4, 2, 2)), null)
  assert.match(failed('fewer', had(4, 1, 1), had(4, 4, 4))!, 'reload 1: the new proxy has 4 of the 4 listeners')
  assert.match(failed('fewer', had(1, 1, 1))!, 'has 1 of the 1 listener of the old one, not fewer of them')
  assert.match(failed('fewer', had(4, 1, 0))!, 'reload 0: the new proxy has a listener of its own')
})

test('anew: no listener of the old proxy', () => {
  assert.is(failed('anew', had(1, 1, 0), had(4, 4, 0)), null)
  assert.match(
    failed('anew', had(1, 1, 0), had(4, 4, 1))!,
    'reload 1: the new proxy has 1 of the 4 listeners of the old one, not none of them',
  )
})

test('older streams tell one socket of each side', () => {
  assert.is(failed('kept', {}), null)
  assert.match(failed('kept', {}, { listener: 6 })!, 'reload 1: the new proxy has a listener of its own')
})

test('a case that says nothing of its listeners may have any', () => {
  assert.is(failed(undefined, had(4, 4, 0), { listener: 6 }), null)
})

test.run()
