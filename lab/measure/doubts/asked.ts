import { AB_REQUESTS, drainedAt, type Exchange } from '../../model/case/load.ts'
import { type Network, SERVER } from '../../model/case/network.ts'
import { allOf, type Event, type EventOf } from '../../model/events.ts'
import type { Provenance } from '../../model/result.ts'
import { plural } from '../words.ts'

const MS = 1000
/**
 * The share of its pause for which each reload must have waited: by a clock of jiffies, 100 ms may look like 90. Of 49,000
 * pauses in committed runs none is shorter than it should be.
 */
const LEAST_PAUSE = 0.8

/**
 * Checks that a guest ran what was asked for: this kernel, this network, these users, reloads for so long and with such pauses. The load
 * decides the numbers, so a cell under another load than its report says is worthless.
 *
 * @returns all deviations in one sentence; null when there is none
 */
export function notAsAsked(
  { kernel, network, load }: Pick<Provenance, 'kernel' | 'network' | 'load'>,
  events: Event[],
): string | null {
  const [boot] = allOf(events, 'boot')
  // The names of two builds of one version differ by a part of their hash.
  if (boot && boot.release !== kernel.replace(/ \([0-9a-f]{8}\)$/, ''))
    return `the guest booted Linux ${boot.release}, not ${kernel}`
  const elsewhere = otherNetwork(network, events)
  if (elsewhere) return elsewhere
  const [start] = allOf(events, 'load-start')
  const [reloading] = allOf(events, 'reloading')
  const deviation = (found: number | undefined, asked: number, say: (value: number) => string) =>
    found === undefined || found === asked ? [] : [`${say(found)} instead of ${asked}`]
  const deviations = [
    ...deviation(start?.users, load.users, (users) => `${users} users`),
    ...deviation(start?.rate, load.rate ?? 0, (rate) => `${rate} arrivals a second`),
    ...otherExchange(start, load.exchange),
    ...deviation(reloading?.seconds, load.duration, (seconds) => `reloads for ${seconds} s`),
    ...clients('fused ACKs', start?.fusedAck, load.fusedAck),
    ...clients('closes by RST', start?.closeWithRst, load.closeWithRst),
    ...clients('runs of ab', start && start.abRequests !== undefined, load.ab ?? false),
    ...deviation(start?.abRequests, AB_REQUESTS, (requests) => `runs of ab of ${requests} requests`),
    ...cold(events, load.warms),
    ...shortPause(allOf(events, 'reload'), load.interval),
    ...(load.drains ? undrained(allOf(events, 'reload'), drainedAt(load)) : []),
  ]
  return deviations.length ? `not the load that was asked for: ${deviations.join(', ')}` : null
}

/** Whether clients did something that they should not, or did not what they should. */
const clients = (what: string, found: boolean | undefined, asked: boolean): string[] =>
  found === undefined || found === asked ? [] : [`${found ? '' : 'no '}${what}`]

/** Whether the connections came another way: each brings a packet, at the least. Older guests had the loopback, and do not tell. */
function otherNetwork(network: Network, events: Event[]): string | null {
  const { name: device, received } = allOf(events, 'counters')[0]?.device ?? { name: 'lo' }
  if (device !== SERVER[network].device) return `the guest watched ${device}, not ${SERVER[network].device}`
  const begun = allOf(events, 'load')[0]?.begun ?? 0
  if (received === undefined || received >= begun) return null
  return `${device} received ${plural(received, 'packet')} while ${plural(begun, 'connection')} began: they came another way`
}

/** Whether connections carried something else than was asked for. */
function otherExchange(start: EventOf<'load-start'> | undefined, asked: Exchange): string[] {
  if (!start) return []
  const { banner, keepAlive } = start
  const exchange = keepAlive ? { kind: 'keep-alive', ...keepAlive } : { kind: banner ? 'banner' : 'request' }
  const text = (value: object) => Object.values(value).join(' ')
  return text(exchange) === text(asked) ? [] : [`connections of kind "${text(exchange)}" instead of "${text(asked)}"`]
}

/** Whether the first counted reload was the first one, where another should have come before the load. */
const cold = (events: Event[], warms: boolean): string[] =>
  warms && allOf(events, 'reload').length && !allOf(events, 'warmed').length ? ['no reload before the load'] : []

/** The first reload that came too soon after the previous one, or after what prepares it. */
function shortPause(reloads: EventOf<'reload'>[], interval: number): string[] {
  for (const [i, { start, prepared }] of reloads.entries()) {
    const previous = reloads[i - 1]
    const ended = previous && previous.start + (previous.drained ?? previous.closed)
    const pauses = [
      ...(ended === undefined ? [] : [(prepared?.start ?? start) - ended]),
      ...(prepared?.end === undefined ? [] : [start - prepared.end]),
    ]
    const short = pauses.find((pause) => pause / MS < LEAST_PAUSE * interval)
    if (short !== undefined) return [`a pause of ${short / MS} ms before reload ${i} instead of ${interval}`]
  }
  return []
}

/** The first reload after which nobody looked whether the accept queues were short, or went on though they were not. */
function undrained(reloads: EventOf<'reload'>[], most: number): string[] {
  for (const [i, { drained, queued = 0, waiting = 0 }] of reloads.entries()) {
    if (drained === undefined) return [`no wait for short accept queues after reload ${i}`]
    if (queued > most && !waiting)
      return [`a wait for short accept queues that ended with ${queued} connections at reload ${i} instead of ${most}`]
  }
  return []
}
