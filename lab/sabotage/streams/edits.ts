import { allOf, type Event, type EventOf } from '../../model/events.ts'

type Name = Event['e']

/** Changes each event of one name; null takes it away, and the others are numbered anew. */
export function each<E extends Name>(
  events: Event[],
  e: E,
  change: (event: EventOf<E>, i: number) => Event | null,
): Event[] {
  let seen = 0
  return renumbered(events.flatMap((event) => (event.e === e ? (change(event as EventOf<E>, seen++) ?? []) : event)))
}

export const renumbered = (events: Event[]) => events.map((event, i) => ({ ...event, n: i + 1 }))

/** The first connection that was reset after its request, as its row in "lost". */
export const firstReset = (events: Event[]) =>
  allOf(events, 'lost')
    .flatMap(({ rows }) => rows)
    .find(([how]) => how === 'A')!

/** When the middle of the reloads was. */
export function middle(events: Event[]): number {
  const reloads = allOf(events, 'reload')
  return reloads[Math.floor(reloads.length / 2)]!.start
}

/** Makes one connection more or fewer of all that the generator tells, so that its account adds up. */
export function recounted(events: Event[], by: 1 | -1, begun: number): Event[] {
  const slot = (event: EventOf<'slots'>) => Math.floor((begun - event.startUs) / event.slotUs) - event.first
  const steps: ((events: Event[]) => Event[])[] = [
    (all) =>
      each(all, 'load', (load) => ({
        ...load,
        begun: load.begun + by,
        resetAfter: load.resetAfter + by,
        lost: load.lost + by,
      })),
    (all) =>
      each(all, 'phases', (phases) => ({
        ...phases,
        reloads: { ...phases.reloads, begun: phases.reloads.begun + by },
      })),
    (all) =>
      each(all, 'slots', (event) => ({
        ...event,
        rows: event.rows.map((row, i) => (i === slot(event) ? [row[0] + by, row[1], row[2]] : row)),
      })),
  ]
  return steps.reduce((all, step) => step(all), events)
}

export const withoutRow = (events: Event[], row: unknown) =>
  each(events, 'lost', (event) => ({ ...event, rows: event.rows.filter((other) => other !== row) }))

/** All times of an event from a moment on, moved. */
export function moved(events: Event[], from: number, by: number): Event[] {
  const at = (us: number) => (us >= from ? us + by : us)
  return events.map((event) => {
    const told = 't' in event && typeof event.t === 'number' ? { ...event, t: at(event.t) } : event
    if (told.e === 'reload') return { ...told, start: at(told.start) }
    if (told.e === 'rsts') return { ...told, rows: told.rows.map(([who, port, us]) => [who, port, at(us)]) }
    if (told.e === 'lost')
      return { ...told, rows: told.rows.map(([how, port, begun, ended]) => [how, port, at(begun), at(ended)]) }
    if (told.e === 'load') return { ...told, lastUs: at(told.lastUs) }
    if (told.e === 'phases') return { ...told, reloads: { ...told.reloads, us: told.reloads.us + by } }
    return told
  }) as Event[]
}
