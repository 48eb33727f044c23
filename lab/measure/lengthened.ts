import { allOf, type Event } from '../model/events.ts'

// For tests and figures: boots as long as nobody wants to wait for.

/**
 * The events of a boot in which all happens k times, one after the other: its load, its reloads and what they lost. Only
 * the first time counts as quiet until the reloads begin.
 *
 * @param events of a boot in their order, of a load of single requests
 */
export function lengthened(events: Event[], k: number): Event[] {
  const slots = allOf(events, 'slots')
  const period = slots.flatMap(({ rows }) => rows).length * slots[0]!.slotUs
  const shifts = Array.from({ length: k }, (_, i) => i * period)
  const [begin, end] = ['reloading', 'draining'].map((name) => events.findIndex(({ e }) => e === name))
  const during = events.slice(begin, end)
  const isTold = ({ e }: Event) => e === 'reload' || e === 'tick'
  const told = [
    ...events.slice(0, begin),
    ...during.filter((event) => event.e === 'reloading'),
    ...shifts.flatMap((shift) => during.filter(isTold).map((event) => later(event, shift))),
    ...[...during.filter((event) => !isTold(event) && event.e !== 'reloading'), ...events.slice(end)].flatMap((event) =>
      total(event, shifts),
    ),
  ]
  let reloads = 0
  return told.map((event, i): Event => {
    const n = i + 1
    if (event.e !== 'reload') return event.e === 'done' ? { ...event, n, lines: n } : { ...event, n }
    const number = reloads++
    // Each replaces the process that the one before has started.
    return { ...event, n, number, old: number + 1, new: number + 2 }
  })
}

/** An event that is told as it happens. */
function later(event: Event, shift: number): Event {
  if (event.e === 'reload') return { ...event, start: event.start + shift }
  return event.e === 'tick' ? { ...event, t: event.t + shift } : event
}

/** An event that is told at the end, of all that happened at any of the times. */
function total(event: Event, shifts: number[]): Event[] {
  const [k, end] = [shifts.length, shifts.at(-1)!]
  switch (event.e) {
    case 'lost':
      return shifts.map((shift) => ({
        ...event,
        rows: event.rows.map(([how, port, begun, ended]) => [how, port, begun + shift, ended + shift]),
      }))
    case 'rsts':
      return shifts.map((shift) => ({ ...event, rows: event.rows.map(([who, port, at]) => [who, port, at + shift]) }))
    case 'slots':
      return shifts.map(() => event)
    case 'latency':
      return [{ ...event, buckets: event.buckets.map(([us, connections]) => [us, connections * k]) }]
    case 'phases': {
      const { quiet, reloads, reloadsFromUs } = event
      const all = (part: 'begun' | 'answered' | 'slow') => (quiet[part] + reloads[part]) * k - quiet[part]
      const counts = { begun: all('begun'), answered: all('answered'), slow: all('slow') }
      return [{ ...event, quiet, reloads: { us: reloads.us + end, ...counts, maxUs: reloads.maxUs }, reloadsFromUs }]
    }
    case 'load': {
      const { n, e, maxUs, firstUs, lastUs, ...counts } = event
      return [{ n, e, maxUs, firstUs, lastUs: lastUs + end, ...multiplied(counts, k) }]
    }
    case 'counters': {
      const { device, growth } = event
      const received = device && { device: { ...device, received: device.received * k } }
      return [{ ...event, ...received, t: event.t + end, growth: multiplied(growth, k) }]
    }
    case 'cpus':
    case 'tick':
      return [{ ...event, t: event.t + end }]
    default:
      return [event]
  }
}

const multiplied = <T extends Record<string, number>>(counts: T, k: number): T =>
  Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, count * k])) as T
