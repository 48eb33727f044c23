import { allOf, type Event, type EventOf } from '../../model/events.ts'

/** The account does not add up, or an event is missing: such events allow no statement at all. */
export class Unmeasurable extends Error {}

/** The events of one boot, looked up by name. */
export interface BootEvents {
  /** All events of a name, in their order. */
  all: <E extends Event['e']>(name: E) => EventOf<E>[]
  /**
   * The first event of a name.
   *
   * @throws Unmeasurable when the guest told none
   */
  one: <E extends Event['e']>(name: E) => EventOf<E>
}

export function bootEvents(events: Event[]): BootEvents {
  const all: BootEvents['all'] = (name) => allOf(events, name)
  return {
    all,
    one: (name) => {
      const [event] = all(name)
      if (!event) throw new Unmeasurable(`the guest told no event "${name}"`)
      return event
    },
  }
}
