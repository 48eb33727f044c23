import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Event, readEvent } from '../../model/events.ts'
import { type Pins, pinsOf, unpinned } from './pins.ts'

const PINNED: Pins = {
  proxy: '0',
  generator: '1',
  vcpus: ['2', '3'],
  atEnd: { proxy: '0', generator: '1', vcpus: ['2', '3'] },
  byReload: ['0', '0', '0'],
  byTick: [1, 1],
}
const said = (pins: Partial<Pins>, cpus: 'apart' | 'one' = 'apart', guest: 'qemu' | 'host' = 'qemu') =>
  unpinned(cpus, guest, { ...PINNED, ...pins })

test('pins that hold, and older streams that report fewer', () => {
  assert.equal(said({}), [])
  assert.equal(said({ atEnd: null, byReload: null, byTick: null }), [])
  assert.equal(said({ vcpus: [], atEnd: { proxy: '0', generator: '1', vcpus: [] } }, 'apart', 'host'), [])
})

test('never pinned apart', () => {
  assert.equal(said({ proxy: '0-1', byReload: ['0-1'] }), [
    'proxy and generator are not pinned to separate CPUs: the proxy to CPU 0-1, the generator to CPU 1',
  ])
  assert.match(said({ generator: '0' }).join(), 'the proxy to CPU 0, the generator to CPU 0')
  assert.match(said({ proxy: '' }).join(), 'the proxy to CPU unknown, the generator to CPU 1')
})

test('on one CPU where the case asks for it', () => {
  const one = { generator: '0', byTick: [0, 0], atEnd: { proxy: '0', generator: '0', vcpus: ['2', '3'] } }
  assert.equal(said(one, 'one'), [])
  assert.equal(said({}, 'one'), [
    'proxy and generator are not pinned to one CPU, as the case asks: the proxy to CPU 0, the generator to CPU 1',
  ])
  assert.match(said({ proxy: '0-1', generator: '0-1' }, 'one').join(), 'not pinned to one CPU')
  assert.match(
    said({ ...one, byTick: [0, 1] }, 'one').join(),
    'the generator ran on CPU 1 instead of 0 in 1 of 2 seconds',
  )
})

test('pins lost on the way: by a reload, by the generator, at the end', () => {
  assert.equal(said({ byReload: ['0', '0-1', ''] }), [
    'the new proxy was not pinned to CPU 0 in 2 of 3 reloads, first in reload 1: CPU 0-1',
  ])
  assert.equal(said({ byTick: [1, 0] }), ['the generator ran on CPU 0 instead of 1 in 1 of 2 seconds'])
  assert.equal(said({ atEnd: { proxy: '0', generator: '0-1', vcpus: ['2', '3'] } }), [
    'the generator was pinned to CPU 1 at first and to CPU 0-1 after the last reload',
  ])
  assert.equal(said({ atEnd: { proxy: '1', generator: '1', vcpus: ['2', '3'] } }), [
    'the proxy was pinned to CPU 0 at first and to CPU 1 after the last reload',
  ])
})

test('vCPU threads that share a host CPU, or move', () => {
  for (const vcpus of [['2', '2'], ['2-3', '3'], []])
    assert.match(said({ vcpus }).join(), 'the vCPU threads are not each pinned to a host CPU of their own')
  assert.equal(said({ atEnd: { proxy: '0', generator: '1', vcpus: ['2', '2-3'] } }), [
    'the vCPU threads were pinned to host CPUs 2 and 3 at first and to 2 and 2-3 after the last reload',
  ])
})

test('read from events', () => {
  let n = 0
  const event = (fields: object): Event => readEvent(JSON.stringify({ n: ++n, ...fields }), n)
  const counts = { begun: 1, ok: 1, reset: 0, refused: 0, timeout: 0, short: 0 }
  const reload = { number: 0, start: 1, before: 1, reloaded: 2, after: 3, closed: 4, old: 5, new: 6, listener: 7 }
  const pins = (generator: string) => event({ e: 'pins', proxy: '0', generator, clocksource: 'tsc' })
  const read = (...events: Event[]) =>
    pinsOf(events, { proxy: '0', generator: '1', vcpus: ['2', '3'], vcpusAtEnd: ['2', '2'] })
  const events = [
    pins('1'),
    event({ e: 'tick', t: 1, cpu: 1, ...counts }),
    event({ e: 'reload', cpus: '0', ...reload }),
    pins('0-1'),
  ]
  assert.equal(read(...events), {
    ...PINNED,
    atEnd: { proxy: '0', generator: '0-1', vcpus: ['2', '2'] },
    byReload: ['0'],
    byTick: [1],
  })
  n = 0
  const old = [pins('1'), event({ e: 'tick', t: 1, ...counts }), event({ e: 'reload', ...reload })]
  assert.equal(read(...old), { ...PINNED, atEnd: null, byReload: null, byTick: null })
})

test.run()
