import { bootFolder, type Cell, type Start } from '../model/cell.ts'
import { allOf, type Event } from '../model/events.ts'
import { type HostFacts, hostFactsOf, type Outcome } from '../model/outcome.ts'
import type { Boot } from '../model/result.ts'
import { type Tally, tally } from './numbers/tally.ts'
import { notAsAsked } from './verdict/asked.ts'
import { type Pins, pinsOf } from './verdict/pins.ts'

interface Ended {
  cell: Cell
  /** Counted from 1. */
  boot: number
  /** Where it ran. */
  facts: Boot
  /** /proc/version, as the guest's kernel says it; null where it did not tell. */
  kernelVersion: string | null
}

/** A boot that ended well and whose events can be believed. */
export interface MeasuredBoot extends Ended {
  kind: 'done'
  /** Where its programs ran, each time that it was read. */
  pins: Pins
  tally: Tally
}

/** A boot that did not end well, or whose events cannot be believed. */
export interface FailedBoot extends Ended {
  kind: 'failed'
  reason: string
  consoleTail: string[]
}

/** A boot that has ended. */
export type EndedBoot = MeasuredBoot | FailedBoot

/**
 * What a boot comes to. A pure function: nothing is believed that the events do not bear out, whatever the outcome says.
 *
 * @param known the tally of the events, where it has been made before
 */
export function measureBoot(
  { cell, boot }: Start,
  outcome: Exclude<Outcome, { kind: 'interrupted' }>,
  events: Event[],
  known?: Tally,
): EndedBoot {
  const facts = factsOf(boot, outcome.facts, events)
  const ended = { cell, boot, facts, kernelVersion: allOf(events, 'boot')[0]?.version ?? null }
  const failed = (reason: string): FailedBoot => ({
    ...ended,
    kind: 'failed',
    reason: [reason, cell.kernel.hint].filter(Boolean).join('; '),
    consoleTail: outcome.consoleTail,
  })
  if (outcome.kind === 'failed') return failed(outcome.reason)
  try {
    // First of all: a boot that did not go its course ran nothing that was asked for.
    const counted = known ?? tally(events)
    const otherwise =
      listenerNotPassed(cell, events) ?? notAsAsked({ kernel: cell.kernel.name, load: cell.load }, events)
    if (otherwise) return failed(otherwise)
    return { ...ended, kind: 'done', pins: pinsOf(events, facts.pins), tally: counted }
  } catch (error) {
    return failed((error as Error).message)
  }
}

/** Measures a saved boot again. @param facts as they were saved: only what was seen from outside is taken from them */
export const measureAgain = (start: Start, facts: Boot, events: Event[], known?: Tally): EndedBoot =>
  measureBoot(start, { kind: 'done', facts: hostFactsOf(facts), consoleTail: [] }, events, known)

/** Where a boot ran: what was seen from outside, and what its guest told. */
function factsOf(boot: number, { vcpus, vcpusAtEnd, ...seen }: HostFacts, events: Event[]): Boot {
  const [pins] = allOf(events, 'pins')
  return {
    folder: bootFolder(boot),
    starts: seen.starts,
    bootMs: seen.bootMs,
    pins: { proxy: pins?.proxy ?? '', generator: pins?.generator ?? '', vcpus, vcpusAtEnd },
    waited: seen.waited,
    stolen: seen.stolen,
    clocksource: pins?.clocksource || null,
    command: seen.command,
  }
}

/** A descriptor that was not passed (haproxy issue 1803) leaves a reload that looks like any other; null: all were. */
function listenerNotPassed({ case: { proof } }: Pick<Cell, 'case'>, events: Event[]): string | null {
  const reloads = allOf(events, 'reload')
  const other = proof === 'kept-listener' && reloads.find((reload) => reload.listener !== reload.replaced)
  return other ? `reload ${other.number}: the new proxy has a listener of its own, not the one passed on` : null
}
