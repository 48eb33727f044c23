import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Event } from '../../../model/events.ts'
import { bootEvents } from '../boot-events.ts'
import { bootPrice, priceOf } from './price.ts'

/** The events of a boot: a quiet second, then two of reloads, with lost connections as [how, begun, ended]. */
function told(
  lost: [how: 'T' | 'A', begun: number, ended: number][],
  buckets: Record<'quiet' | 'reloads', [number, number][]>,
) {
  const count = (counted: [number, number][]) => counted.reduce((sum, [, n]) => sum + n, 0)
  const phase = (us: number, answered: [number, number][]) => ({
    us,
    begun: count(answered) + lost.length,
    answered: count(answered),
    slow: 0,
    maxUs: Math.max(0, ...answered.map(([us]) => us)),
  })
  const events = [
    { e: 'load', firstUs: 0, lastUs: 9_000_000, begun: 0, ok: 0 },
    { e: 'lost', rows: lost.map(([how, begun, ended], i) => [how, i + 1, begun, ended]) },
    { e: 'latency', phase: 'quiet', buckets: buckets.quiet },
    { e: 'latency', phase: 'reloads', buckets: buckets.reloads },
    {
      e: 'phases',
      quiet: phase(1_000_000, buckets.quiet),
      reloads: phase(2_000_000, buckets.reloads),
      reloadsFromUs: 1_000_000,
    },
  ] as unknown as Event[]
  return bootPrice(bootEvents(events))
}

test('the price is that of connections begun while reloads were made', () => {
  const { priced, latencyMs, throughput, quietThroughput } = priceOf([
    told([], { quiet: [[90_000, 500]], reloads: [[2000, 100]] }),
  ])
  assert.is(priced, 100)
  assert.is(latencyMs.p50, 2)
  assert.is(latencyMs.max, 2, 'the quiet second has no part in the price')
  assert.is(throughput, 50)
  assert.is(quietThroughput, 500)
})

test('a connection that timed out waited longest: it is among the latencies', () => {
  const timeouts = Array.from({ length: 5 }, (): ['T', number, number] => ['T', 1_500_000, 9_500_000])
  const { latencyMs } = priceOf([told(timeouts, { quiet: [], reloads: [[2000, 95]] })])
  assert.is(latencyMs.p50, 2)
  assert.ok(latencyMs.p99 >= 8000 && latencyMs.max >= 8000)
})

test('a timeout in the quiet second and a reset are no latencies', () => {
  const { latencyMs } = priceOf([
    told(
      [
        ['T', 500_000, 8_500_000],
        ['A', 1_500_000, 1_600_000],
      ],
      { quiet: [], reloads: [[2000, 95]] },
    ),
  ])
  assert.is(latencyMs.max, 2)
})

test('the drain does not divide the throughput', () => {
  // Nine seconds of load and drain, two of reloads.
  assert.is(priceOf([told([], { quiet: [], reloads: [[2000, 100]] })]).throughput, 50)
})

test('two boots: latencies are pooled, rates are over the time of both', () => {
  const boot = (latency: number, answered: number) => told([], { quiet: [], reloads: [[latency, answered]] })
  const { priced, latencyMs, throughput } = priceOf([boot(2000, 300), boot(50_000, 100)])
  assert.is(priced, 400)
  assert.is(latencyMs.p50, 2)
  assert.is(latencyMs.max, 50)
  assert.is(throughput, 100)
})

test.run()
