import type { Case } from '../model/case/case.ts'
import { bootFolder, type Cell, type Start } from '../model/cell.ts'
import { allOf, type Event } from '../model/events.ts'
import { type HostFacts, hostFactsOf, type Outcome } from '../model/outcome.ts'
import type { Boot } from '../model/result.ts'
import { notAsAsked } from './doubts/asked.ts'
import { type Pins, pinsOf } from './doubts/pins.ts'
import { type Tally, tally } from './numbers/tally.ts'
import { plural } from './words.ts'

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
 * Measures a boot. A pure function: it believes only what the events show, whatever the outcome says.
 *
 * @param known the tally of the events, if it has been made before
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
    // Counts first: a boot that went off course did not run what was asked for either, and that is the lesser reason.
    const counted = known ?? tally(events)
    const otherwise =
      otherListeners(cell.case, events) ??
      notAsAsked({ kernel: cell.kernel.name, network: cell.case.network, load: cell.load }, events)
    if (otherwise) return failed(otherwise)
    return { ...ended, kind: 'done', pins: pinsOf(events, facts.pins), tally: counted }
  } catch (error) {
    return failed((error as Error).message)
  }
}

/**
 * Measures a saved boot again.
 *
 * @param facts as they were saved; only what was seen from outside the guest is taken from them
 */
export const measureAgain = (start: Start, facts: Boot, events: Event[], known?: Tally): EndedBoot =>
  measureBoot(start, { kind: 'done', facts: hostFactsOf(facts), consoleTail: [] }, events, known)

/** Where a boot ran: what was seen from outside, and what its guest told. */
function factsOf(boot: number, { vcpus, vcpusAtEnd, ...seen }: HostFacts, events: Event[]): Boot {
  const [pins] = allOf(events, 'pins')
  return {
    folder: bootFolder(boot),
    starts: seen.starts,
    bootMs: seen.bootMs,
    tookMs: seen.tookMs,
    pins: { proxy: pins?.proxy ?? '', generator: pins?.generator ?? '', vcpus, vcpusAtEnd },
    waited: seen.waited,
    stolen: seen.stolen,
    clocksource: pins?.clocksource || null,
    command: seen.command,
    ...(seen.machine && { machine: seen.machine }),
    ...(seen.lost && { lost: seen.lost }),
    ...(seen.oneCore && { oneCore: seen.oneCore }),
  }
}

/**
 * Finds a reload at which a case's word about the listeners does not hold, as where a descriptor was not passed on
 * (haproxy issue 1803), which nothing else shows; null when there is none.
 */
function otherListeners({ listeners: asked }: Pick<Case, 'listeners'>, events: Event[]): string | null {
  if (!asked) return null
  for (const { number, listener, replaced, listeners } of allOf(events, 'reload')) {
    const own = `reload ${number}: the new proxy has a listener of its own, not the one passed on`
    // Older streams tell one socket of each side.
    const { was, is, kept } = listeners ?? { was: 1, is: 1, kept: listener === replaced ? 1 : 0 }
    const has = `reload ${number}: the new proxy has ${kept} of the ${plural(was, 'listener')} of the old one`
    if (asked === 'anew') {
      if (kept) return `${has}, not none of them`
      continue
    }
    if (kept < is) return own
    if (asked === 'kept' && kept < was) return `${has}, not all of them`
    if (asked === 'fewer' && kept === was) return `${has}, not fewer of them`
  }
  return null
}
