import type { Event } from '../model/events.ts'
import type { Cpus } from './guest.ts'
import { watchStolen } from './threads.ts'

/** Measures what this host's own hypervisor takes of a guest's CPUs between its first reload and its last. */
export class Stolen {
  /** The share of their time, 0 to 1; null until the last reload, and where it is not known. */
  share: number | null = null
  #watch: (() => number | null) | undefined

  constructor(readonly cpus: Cpus) {}

  /** Takes each event of the guest, as it comes. */
  event(event: Event) {
    if (event.e === 'reloading') this.#watch = watchStolen([this.cpus.proxy, this.cpus.generator])
    if (event.e === 'draining') this.share = this.#watch?.() ?? null
  }
}
