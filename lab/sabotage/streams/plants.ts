import { allOf, type EventOf } from '../../model/events.ts'
import { each, firstReset, middle, moved, recounted, renumbered, withoutRow } from './edits.ts'
import type { StreamPlant } from './plant.ts'

const SECOND = 1_000_000

/** Of a CPU: busy, idle, stolen. */
type Ticks = EventOf<'cpus'>['proxy']

export const STREAM_PLANTS: StreamPlant[] = [
  {
    name: 'stream-misfiled',
    planted: 'one reset is reported as cut short, in its row and in the totals',
    edit: (events) => {
      const row = firstReset(events)
      const refiled = each(events, 'lost', (event) => ({
        ...event,
        rows: event.rows.map((other) => (other === row ? ['S', other[1], other[2], other[3]] : other)),
      }))
      return each(refiled, 'load', (load) => ({ ...load, resetAfter: load.resetAfter - 1, short: load.short + 1 }))
    },
    caught: {
      verdict: ['inconclusive'],
      by: /the wire shows a RST for 1 connection that the generator does not count as reset/,
    },
  },
  {
    name: 'stream-row-lost',
    planted: 'one row of a lost connection is lost',
    edit: (events) => withoutRow(events, firstReset(events)),
    caught: { verdict: ['failed'], by: /the account does not add up: \d+ rows for \d+ connections/ },
  },
  {
    name: 'stream-connection-forgotten',
    planted: 'the generator forgets one reset connection in everything it reports',
    edit: (events) => {
      const row = firstReset(events)
      return recounted(withoutRow(events, row), -1, row[2])
    },
    caught: {
      verdict: ['inconclusive'],
      by: /the wire shows a RST for 1 connection that the generator does not count as reset/,
    },
  },
  {
    name: 'stream-reset-twice',
    planted: 'the generator counts one reset twice in everything it reports',
    edit: (events) => {
      const row = firstReset(events)
      const twice = each(events, 'lost', (event) => ({
        ...event,
        rows: event.rows.flatMap((other) => (other === row ? [other, other] : [other])),
      }))
      return recounted(twice, 1, row[2])
    },
    // The kernel has opened one connection fewer, which tells before the wire does.
    caught: { verdict: ['failed'], by: /the kernel opened \d+ connections \(ActiveOpens\), but the generator began/ },
  },
  {
    name: 'stream-wrong-ports',
    planted: 'the generator reports wrong ports of its connections',
    edit: (events) =>
      each(events, 'lost', (event) => ({
        ...event,
        rows: event.rows.map(([how, port, begun, ended]) => [how, port + 1, begun, ended]),
      })),
    caught: { verdict: ['inconclusive'], by: /no RST on the wire for \d+ resets? that the generator counted/ },
  },
  {
    name: 'stream-latency-lost',
    planted: 'one bucket of latencies is lost',
    edit: (events) =>
      each(events, 'latency', (event, i) => (i ? event : { ...event, buckets: event.buckets.slice(1) })),
    caught: { verdict: ['failed'], by: /latencies of \d+ connections, but \d+ ended well/ },
  },
  {
    name: 'stream-watch-late',
    planted: 'the watch began a moment after the load',
    edit: (events) => each(events, 'watching', (event) => ({ ...event, t: allOf(events, 'load')[0]!.firstUs + 1 })),
    caught: { verdict: ['failed'], by: /the load began before the RSTs were watched/ },
  },
  {
    name: 'stream-counters-early',
    planted: "the kernel's counters were read a moment before the last connection ended",
    edit: (events) => each(events, 'counters', (event) => ({ ...event, t: allOf(events, 'load')[0]!.lastUs - 1 })),
    caught: { verdict: ['failed'], by: /counters were read before the last connection ended/ },
  },
  {
    name: 'stream-counters-wrapped',
    planted: 'OutRsts wrapped at 32 bits',
    edit: (events) =>
      each(events, 'counters', (event) => ({
        ...event,
        growth: { ...event.growth, OutRsts: (event.growth.OutRsts ?? 0) - 2 ** 32 },
      })),
    caught: {
      verdict: ['inconclusive'],
      by: /the counts disagree: .*the kernel sent -?\d+ RSTs \(OutRsts\), the wire shows/,
    },
  },
  {
    name: 'stream-tap-dropped',
    planted: 'the packet socket was full and lost three RSTs',
    edit: (events) => each(events, 'counters', (event) => ({ ...event, tapDropped: 3 })),
    caught: { verdict: ['failed'], by: /the packet socket lost 3 packets/ },
  },
  {
    name: 'stream-clock-jumps',
    planted: 'the clock of the guest jumps by ten seconds in the middle of the reloads',
    edit: (events) => moved(events, middle(events), 10 * SECOND),
    caught: { verdict: ['failed'], by: /the guest stalled or its clock jumped/ },
  },
  {
    name: 'stream-clock-goes-back',
    planted: 'the clock of the guest goes back by half a second in the middle of the reloads',
    edit: (events) => moved(events, middle(events), -SECOND / 2),
    caught: { verdict: ['failed'], by: /the clock went back/ },
  },
  {
    name: 'stream-clocks-apart',
    planted: 'the clocks of the two CPUs differ by half a millisecond',
    edit: (events) => each(events, 'clocks', (event) => ({ ...event, backwards: 500 })),
    caught: { verdict: ['inconclusive'], by: /the clocks of the CPUs disagree by 500 µs/ },
  },
  {
    name: 'stream-jiffies',
    planted: 'the guest has no clock but its timer interrupt',
    edit: (events) => each(events, 'pins', (event) => ({ ...event, clocksource: 'jiffies' })),
    caught: { verdict: ['inconclusive'], by: /the guest's clock advances in steps/ },
  },
  {
    name: 'stream-reload-lost',
    planted: 'one reload is not reported, and its resets count for the one before',
    edit: (events) => each(events, 'reload', (event, i) => (i === 1 ? null : event)),
    caught: { verdict: ['failed'], by: /reload 1 is missing: reload 2 came instead/ },
  },
  {
    name: 'stream-reload-twice',
    planted: 'one reload is reported twice',
    edit: (events) =>
      renumbered(events.flatMap((event) => (event === allOf(events, 'reload')[1] ? [event, event] : [event]))),
    caught: { verdict: ['failed'], by: /reload 2 is missing: reload 1 came instead/ },
  },
  {
    name: 'stream-other-kernel',
    planted: 'the guest booted another kernel than the report names',
    edit: (events) => each(events, 'boot', (event) => ({ ...event, release: '1.2.13' })),
    caught: { verdict: ['failed'], by: /the guest booted Linux 1.2.13, not / },
  },
  {
    name: 'stream-boot-slowed',
    planted: 'another boot of the cell is slowed while reloads are made, and answers two fifths',
    twin: true,
    edit: (events) => {
      const slowed = each(events, 'phases', ({ reloads, ...phases }) => ({
        ...phases,
        reloads: { ...reloads, answered: Math.round(reloads.answered * 0.4) },
      }))
      // Its CPUs are busy all the time: few answers where they idle would be the clients' doing.
      const [before] = allOf(events, 'cpus')
      const busy = (since: Ticks, [ran, idle, stolen]: Ticks): Ticks => [ran + idle - since[1], since[1], stolen]
      return each(slowed, 'cpus', (cpus) => ({
        ...cpus,
        proxy: busy(before!.proxy, cpus.proxy),
        generator: busy(before!.generator, cpus.generator),
      }))
    },
    caught: {
      verdict: ['noisy'],
      by: /boot 2: it carried \d+ connections a second while reloads were made, others of its cell \d+/,
    },
  },
  {
    name: 'stream-line-lost',
    planted: 'one line of the stream is lost',
    edit: (events) => events.filter(({ e }) => e !== 'tick'),
    caught: { verdict: ['failed'], by: /event \d+ is missing/ },
  },
  {
    name: 'stream-cut',
    planted: 'the stream ends without its last line',
    edit: (events) => events.slice(0, -1),
    caught: { verdict: ['failed'], by: /ends without "done"/ },
  },
]
