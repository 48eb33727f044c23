import { isMachine } from '../../images/kernels/catalogue.ts'
import type { Accel, Guest } from '../model/cell.ts'
import type { Check } from '../model/text/check.ts'
import type { RunGuest } from './guest.ts'
import { requireDescriptors } from './host/descriptors.ts'
import { runHost } from './host/host.ts'
import { checkNamespaces, requireNamespaces } from './host/namespaces.ts'
import { runQemu } from './qemu/qemu.ts'
import { requireVagrant } from './vagrant/machines.ts'
import { runVagrant } from './vagrant/vagrant.ts'

/** A kind of guest: how it is run, and what it needs of this machine beside packages (lab/prepare/packages.ts). */
export interface GuestKind {
  run: RunGuest
  /** What can execute its code: several where that depends on the kernel. */
  accelerators: readonly [Accel, ...Accel[]]
  /** Whether it boots a kernel of its own; else it runs on the running one. */
  ownKernel: boolean
  /** Whether it has two CPUs of its own, numbered 0 and 1; else it sees those of this machine. */
  ownCpus: boolean
  /** For `doctor`. */
  checks: () => Promise<Check[]>
  /** @throws a Fault (exit 3) when this machine cannot run such a guest */
  requireHost: () => Promise<void>
  /** @throws a Fault (exit 3) when its proxy cannot have so many connections at a time on this machine */
  requireUsers: (users: number) => void
}

/** The kinds of guests. To add one: its name (lab/model/cell.ts), a folder, an entry here, what `guestFor` takes for it, and its packages (lab/prepare/packages.ts). */
export const GUESTS: Record<Guest, GuestKind> = {
  qemu: {
    run: runQemu,
    accelerators: ['tcg', 'kvm'],
    ownKernel: true,
    ownCpus: true,
    checks: async () => [],
    requireHost: async () => {},
    requireUsers: () => {},
  },
  host: {
    run: runHost,
    accelerators: ['native'],
    ownKernel: false,
    ownCpus: false,
    checks: async () => [await checkNamespaces()],
    requireHost: requireNamespaces,
    requireUsers: requireDescriptors,
  },
  vagrant: {
    run: runVagrant,
    // What it is in fact the machine says.
    accelerators: ['tcg'],
    ownKernel: true,
    ownCpus: true,
    // Not by itself: Vagrant takes seconds, and few want it. `doctor --guest vagrant` asks (lab/guest/vagrant/checks.ts).
    checks: async () => [],
    requireHost: requireVagrant,
    requireUsers: () => {},
  },
}

/** What runs a kernel. @param spec one of what `--kernel` stands for: `host`, a machine, or what an image is obtained by */
export const guestFor = (spec: string): Guest => (spec === 'host' ? 'host' : isMachine(spec) ? 'vagrant' : 'qemu')
