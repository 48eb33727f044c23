import type { Case } from '../../model/case/case.ts'
import { allOf, type Event } from '../../model/events.ts'
import type { Boot, Provenance } from '../../model/result.ts'
import { sentences } from '../words.ts'

/** Where a boot's programs were allowed to run, as lists of CPUs ("0", "0-1"), each time that it was read. */
export interface Pins {
  /** Before the first reload. */
  proxy: string
  generator: string
  /** Host CPUs of each vCPU thread; empty on the running kernel. */
  vcpus: string[]
  /** After the last reload; null: not told. */
  atEnd: { proxy: string; generator: string; vcpus: string[] } | null
  /** Of the new proxy of each reload; null: not told. */
  byReload: string[] | null
  /** The CPU that the generator ran on, once a second; null: not told. */
  byTick: number[] | null
}

/**
 * Adds to the first reading what the events tell about later ones. Streams of older versions tell no more than the first.
 *
 * @param first reading, from inside and outside the guest, and the last one from outside
 */
export function pinsOf(events: Event[], { proxy, generator, vcpus, vcpusAtEnd }: Boot['pins']): Pins {
  const last = allOf(events, 'pins')[1]
  const byReload = allOf(events, 'reload').flatMap(({ cpus }) => cpus ?? [])
  const byTick = allOf(events, 'tick').flatMap(({ cpu }) => cpu ?? [])
  return {
    proxy,
    generator,
    vcpus,
    atEnd: last ? { proxy: last.proxy, generator: last.generator, vcpus: vcpusAtEnd } : null,
    byReload: byReload.length ? byReload : null,
    byTick: byTick.length ? byTick : null,
  }
}

const isSingle = (cpus: string) => /^\d+$/.test(cpus)
const named = (cpus: string) => cpus || 'unknown'
const list = new Intl.ListFormat('en', { type: 'conjunction' })
const allNamed = (cpus: string[]) => list.format(cpus.map(named)) || 'unknown'

/**
 * Checks the pins that a case asks for: proxy and generator on one CPU each, apart or together, each vCPU thread on a host
 * CPU of its own, and all of that from the first reload to the end.
 *
 * @returns a sentence for each deviation, without its full stop
 */
export function unpinned(cpus: Case['cpus'], guest: Provenance['guest'], pins: Pins): string[] {
  const atStart = wrongAtStart(cpus, pins)
  const { vcpus } = pins
  const shared = guest === 'qemu' && (new Set(vcpus).size !== 2 || !vcpus.every(isSingle))
  return [
    // A pin that was never right need not stay so.
    ...(atStart.length ? atStart : movedInside(pins)),
    ...sentences([shared, `the vCPU threads are not each pinned to a host CPU of their own: ${allNamed(vcpus)}`]),
    ...(guest === 'qemu' && !shared ? movedOutside(pins) : []),
  ]
}

function wrongAtStart(cpus: Case['cpus'], { proxy, generator }: Pins): string[] {
  const together = cpus === 'one'
  const right = isSingle(proxy) && isSingle(generator) && (proxy === generator) === together
  const wanted = together ? 'one CPU, as the case asks' : 'separate CPUs'
  const found = `the proxy to CPU ${named(proxy)}, the generator to CPU ${named(generator)}`
  return sentences([!right, `proxy and generator are not pinned to ${wanted}: ${found}`])
}

function movedInside({ proxy, generator, atEnd, byReload, byTick }: Pins): string[] {
  const strayed = byReload?.filter((cpus) => cpus !== proxy) ?? []
  const elsewhere = byTick?.filter((cpu) => String(cpu) !== generator) ?? []
  const moved = (who: string, first: string, last: string): [boolean, string] => [
    first !== last,
    `${who} was pinned to CPU ${first} at first and to CPU ${named(last)} after the last reload`,
  ]
  return [
    ...sentences(
      [
        strayed.length > 0,
        `the new proxy was not pinned to CPU ${proxy} in ${strayed.length} of ${byReload?.length} reloads, ` +
          `first in reload ${byReload?.indexOf(strayed[0]!)}: CPU ${named(strayed[0] ?? '')}`,
      ],
      [
        elsewhere.length > 0,
        `the generator ran on CPU ${elsewhere[0]} instead of ${generator} in ${elsewhere.length} of ${byTick?.length} seconds`,
      ],
    ),
    ...(atEnd
      ? sentences(moved('the proxy', proxy, atEnd.proxy), moved('the generator', generator, atEnd.generator))
      : []),
  ]
}

function movedOutside({ vcpus, atEnd }: Pins): string[] {
  const last = atEnd?.vcpus ?? vcpus
  return sentences([
    last.join() !== vcpus.join(),
    `the vCPU threads were pinned to host CPUs ${allNamed(vcpus)} at first and to ${allNamed(last)} after the last reload`,
  ])
}
