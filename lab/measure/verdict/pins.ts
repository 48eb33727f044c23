import type { Case } from '../../model/case.ts'
import { allOf, type Event } from '../../model/events.ts'
import type { Boot, Provenance } from '../../model/result.ts'

/** Where a cell's programs may run, as lists of CPUs ("0", "0-1"), each time that it was read. */
export interface Pins {
  /** Before the first reload. */
  proxy: string
  generator: string
  /** Host CPUs of each vCPU thread; empty on the running kernel. */
  vcpus: string[]
  /** Behind the last reload; null: not told. */
  atEnd: { proxy: string; generator: string; vcpus: string[] } | null
  /** Of each reload's new proxy; null: not told. */
  byReload: string[] | null
  /** The CPU that the generator was on, once a second; null: not told. */
  byTick: number[] | null
}

/**
 * What a cell's events tell of its pins beside the first reading, which its facts have, as what was read from
 * outside. Streams of older versions lack all else.
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

const single = (cpus: string) => /^\d+$/.test(cpus)
const named = (cpus: string) => cpus || 'unknown'
const both = (cpus: string[]) => cpus.map(named).join(' and ') || 'unknown'

/**
 * What does not hold of the pins that a case asks for, a sentence each without its full stop: proxy and generator on
 * one CPU each, apart or together; each vCPU thread on a host CPU of its own; and all of that from the first reload to
 * the end.
 */
export function unpinned(cpus: Case['cpus'], guest: Provenance['guest'], pins: Pins): string[] {
  const wrong = wrongFirst(cpus, pins)
  const { vcpus } = pins
  const shared = guest === 'qemu' && (new Set(vcpus).size !== 2 || !vcpus.every(single))
  return [
    // What was never right need not stay so.
    ...(wrong === null ? movedInside(pins) : [wrong]),
    ...(shared ? [`the vCPU threads are not pinned to a host CPU of their own each: ${both(vcpus)}`] : []),
    ...(guest === 'qemu' && !shared ? movedOutside(pins) : []),
  ]
}

function wrongFirst(cpus: Case['cpus'], { proxy, generator }: Pins): string | null {
  const together = cpus === 'one'
  if (single(proxy) && single(generator) && (proxy === generator) === together) return null
  const wanted = together ? 'to one CPU, as the case asks' : 'apart'
  return `proxy and generator are not pinned ${wanted}: the proxy to CPU ${named(proxy)}, the generator to ${named(generator)}`
}

function movedInside({ proxy, generator, atEnd, byReload, byTick }: Pins): string[] {
  const strayed = byReload?.filter((cpus) => cpus !== proxy) ?? []
  const elsewhere = byTick?.filter((cpu) => String(cpu) !== generator) ?? []
  const atEndOf = (who: string, then: string, now: string) =>
    then === now ? [] : [`${who} was pinned to CPU ${then}, and behind the last reload to ${named(now)}`]
  return [
    ...(strayed.length
      ? [
          `in ${strayed.length} of ${byReload!.length} reloads the new proxy was not pinned to CPU ${proxy}: ` +
            `in reload ${byReload!.indexOf(strayed[0]!)} to ${named(strayed[0]!)}`,
        ]
      : []),
    ...(elsewhere.length
      ? [
          `in ${elsewhere.length} of ${byTick!.length} seconds the generator was on CPU ${elsewhere[0]}, not on ${generator}`,
        ]
      : []),
    ...(atEnd
      ? [...atEndOf('the proxy', proxy, atEnd.proxy), ...atEndOf('the generator', generator, atEnd.generator)]
      : []),
  ]
}

function movedOutside({ vcpus, atEnd }: Pins): string[] {
  const now = atEnd?.vcpus
  if (!now || now.join() === vcpus.join()) return []
  return [`the vCPU threads were pinned to host CPUs ${both(vcpus)}, and behind the last reload to ${both(now)}`]
}
