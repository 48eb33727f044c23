import type { Guest } from './cell.ts'

/** What can be known of a kind of guest, whatever runs in it. */
interface Known {
  /**
   * Whether the lab sees on which CPUs of this host it runs, and so how long it waited for them and what a hypervisor took.
   * Without that nobody can tell a slow case from a busy machine: slowness contradicts nothing, and no price is told.
   */
  waits: boolean
}

const KNOWN: Record<Guest, Known> = {
  qemu: { waits: true },
  host: { waits: true },
  // Its vCPUs are threads of a provider's, maybe on no host that the lab knows.
  vagrant: { waits: false },
}

/** Whether it is known what guests of a kind waited for. */
export const waitsKnown = (guest: Guest): boolean => KNOWN[guest].waits
