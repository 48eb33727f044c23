import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Guest } from '../model/cell.ts'
import { notReady } from '../model/fault.ts'
import type { Check } from '../model/text/check.ts'
import { aptInstall, type Consent, installCommand } from './apt-get.ts'

type Manager = 'apt' | 'dnf' | 'pacman' | 'zypper' | 'apk'

interface Need {
  /** A program on the PATH, or the absolute path of a file. */
  what: string
  /** Debian's package, and other names of it elsewhere. */
  package: { apt: string } & Partial<Record<Manager, string>>
  /** The only guests that need it; default: all do. */
  for?: Guest
}

const UTIL_LINUX = { apt: 'util-linux', apk: 'util-linux-misc' }
const XZ = { apt: 'xz-utils', dnf: 'xz', pacman: 'xz', zypper: 'xz', apk: 'xz' }
const LINUX_HEADERS = {
  apt: 'linux-libc-dev',
  dnf: 'kernel-headers',
  pacman: 'linux-api-headers',
  zypper: 'linux-glibc-devel',
  apk: 'linux-headers',
}
const LIBC_HEADERS = {
  apt: 'libc6-dev',
  dnf: 'glibc-devel',
  pacman: 'glibc',
  zypper: 'glibc-devel',
  apk: 'musl-dev',
}

const GPGV = { apt: 'gpgv', dnf: 'gnupg2', pacman: 'gnupg', zypper: 'gpg2', apk: 'gnupg' }
const DEBIAN_KEYS = { apt: 'debian-archive-keyring', dnf: 'debian-keyring' }

const NEEDS: Need[] = [
  {
    what: 'qemu-system-x86_64',
    package: { apt: 'qemu-system-x86', zypper: 'qemu-x86', apk: 'qemu-system-x86_64' },
    for: 'qemu',
  },
  { what: 'taskset', package: UTIL_LINUX, for: 'qemu' },
  { what: 'setpriv', package: { apt: 'util-linux', apk: 'setpriv' } },
  { what: 'depmod', package: { apt: 'kmod' }, for: 'qemu' },
  { what: 'unshare', package: UTIL_LINUX, for: 'host' },
  // zx uses it to end processes: on Ctrl-C, and those that take too long.
  { what: 'ps', package: { apt: 'procps', dnf: 'procps-ng', pacman: 'procps-ng' } },
  { what: 'flock', package: { apt: 'util-linux', apk: 'flock' } },
  { what: 'gpgv', package: GPGV, for: 'qemu' },
  // It tells which keys were revoked.
  { what: 'gpg', package: { ...GPGV, apt: 'gpg' }, for: 'qemu' },
  { what: '/usr/share/keyrings/debian-archive-removed-keys.gpg', package: DEBIAN_KEYS, for: 'qemu' },
  { what: 'apt-get', package: { apt: 'apt' } },
  { what: 'dpkg-source', package: { apt: 'dpkg-dev', pacman: 'dpkg', zypper: 'dpkg' } },
  { what: 'xz', package: XZ },
  { what: 'zstd', package: { apt: 'zstd' } },
  // Debian's kernels for clouds are packed with it.
  { what: 'lz4', package: { apt: 'lz4' }, for: 'qemu' },
  { what: 'bzip2', package: { apt: 'bzip2' } },
  { what: 'patch', package: { apt: 'patch' } },
  { what: 'make', package: { apt: 'make' } },
  { what: 'bison', package: { apt: 'bison' } },
  { what: 'flex', package: { apt: 'flex' } },
  { what: 'gcc', package: { apt: 'gcc' } },
  // It signs the certificate of a proxy with TLS.
  { what: 'openssl', package: { apt: 'openssl' } },
  { what: 'strip', package: { apt: 'binutils' } },
  { what: 'musl-gcc', package: { apt: 'musl-tools', dnf: 'musl-gcc', pacman: 'musl', apk: 'musl-dev' } },
  { what: '/usr/include/stdio.h', package: LIBC_HEADERS },
  { what: '/usr/include/linux/pkt_sched.h', package: LINUX_HEADERS },
]

/** What opens reports as a reader does, for the tests of them alone. */
const BROWSER: Need = { what: 'chromium', package: { apt: 'chromium' } }

/** One check for each program and file that guests need, or all of them: for `doctor`. Looks at files only. */
export const checkPackages = (guests?: Guest[]): Check[] =>
  NEEDS.filter((need) => concerns(need, guests)).map((need) =>
    isThere(need) ? { what: need.what, ok: true } : { what: need.what, ok: false, mend: commandFor([need]) },
  )

/** The packages that are missing, by the names that this host's package manager has for them. */
export const missingPackages = (guests?: Guest[]): string[] => names(missing(guests))

/**
 * Makes sure that the host has everything the lab needs. Takes no time when it has.
 *
 * @param options.for the guests that are going to run
 * @param options.install whether packages may be installed: see {@link Consent}
 * @throws a Fault (exit 3) with the command to type when something is missing and was not installed
 */
export const ensurePackages = (options: Consent & { for: Guest[] }): Promise<void> =>
  ensure(() => missing(options.for), options)

/** Makes sure that the host has a browser, in the same way. @throws a Fault (exit 3) where there is none to be had */
export const ensureBrowser = (options: Consent): Promise<void> =>
  ensure(() => (isThere(BROWSER) ? [] : [BROWSER]), options)

async function ensure(lacking: () => Need[], consent: Consent) {
  const needs = lacking()
  if (!needs.length) return
  if (manager() === 'apt' && onPath('apt-get')) await aptInstall(names(needs), lacks(needs), consent)
  const still = lacking()
  if (still.length) throw notReady(lacks(still), commandFor(still))
}

const lacks = (needs: Need[]) => `this host lacks ${needs.map((need) => need.what).join(', ')}`

const concerns = (need: Need, guests?: Guest[]) => !(guests && need.for) || guests.includes(need.for)

const missing = (guests?: Guest[]) => NEEDS.filter((need) => concerns(need, guests) && !isThere(need))

const isThere = ({ what }: Need) => (what.startsWith('/') ? existsSync(what) : onPath(what))

/** Looks in the directories of administrators, too, which a user's PATH often lacks. */
const onPath = (program: string) =>
  `${process.env.PATH ?? ''}:/usr/sbin:/sbin`.split(':').some((dir) => existsSync(join(dir, program)))

/** How other managers than apt install. */
const OTHERS: Record<Exclude<Manager, 'apt'>, { program: string; command: string }> = {
  dnf: { program: 'dnf', command: 'dnf install -y' },
  pacman: { program: 'pacman', command: 'pacman -S --needed' },
  zypper: { program: 'zypper', command: 'zypper install' },
  apk: { program: 'apk', command: 'apk add' },
}

/** The package manager of this host. Some distributions offer apt beside their own, so it comes last. */
function manager(): Manager {
  const own = (['dnf', 'pacman', 'zypper', 'apk'] as const).find((name) => onPath(OTHERS[name].program))
  return own ?? 'apt'
}

const names = (needs: Need[]) => [...new Set(needs.map((need) => need.package[manager()] ?? need.package.apt))]

/** What a person types to install what is missing. */
function commandFor(needs: Need[]) {
  const by = manager()
  if (by === 'apt') return installCommand(names(needs))
  return `${process.getuid?.() === 0 ? '' : 'sudo '}${OTHERS[by].command} ${names(needs).join(' ')}`
}
