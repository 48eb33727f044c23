import { existsSync } from 'node:fs'
import { usage } from './fault.ts'

/** A series of kernels that the live Debian mirror serves: the newest image package for clouds in these suites. */
export interface LiveSeries {
  /** What `--kernel` takes. */
  series: string
  aliases: string[]
  origin: 'live'
  suites: string[]
  /** How the names of its kernels (`uname -r`) begin. */
  prefix: string
  /** What changed in it for this lab, in one line. */
  changed: string
}

/** A series that only Debian's archives have. */
export interface OldSeries {
  series: string
  aliases: string[]
  origin: 'archive' | 'snapshot'
  /** The Release file of the suite that has it. */
  release: string
  changed: string
}

export type KernelSeries = LiveSeries | OldSeries

const archived = (suite: string) => ({
  origin: 'archive' as const,
  aliases: [suite],
  release: `http://archive.debian.org/debian/dists/${suite}/Release`,
})

const live = (series: string, suite: string) => ({
  series,
  origin: 'live' as const,
  aliases: [suite],
  suites: [suite, `${suite}-security`],
  prefix: `${series}.`,
})

/** Every series that the lab knows of, the oldest first. */
export const KERNELS: KernelSeries[] = [
  {
    series: '2.6.32',
    ...archived('squeeze'),
    changed: 'no SO_REUSEPORT; a closing listener silently drops its SYN table',
  },
  {
    series: '3.2',
    ...archived('wheezy'),
    changed: 'still no SO_REUSEPORT',
  },
  {
    series: '3.9',
    aliases: [],
    origin: 'snapshot',
    release: 'http://snapshot.debian.org/archive/debian/20130705T000000Z/dists/sid/Release',
    changed: 'SO_REUSEPORT; a SYN table per listener and each packet hashed anew: resets at bind and at close',
  },
  {
    series: '3.16',
    ...archived('jessie'),
    changed: 'as 3.9: a SYN table per listener',
  },
  {
    series: '4.9',
    ...archived('stretch'),
    changed: 'request sockets in the established hash (4.4): adding a listener is harmless; reuseport array (4.6)',
  },
  {
    series: '4.19',
    ...archived('buster'),
    changed: 'BPF_PROG_TYPE_SK_REUSEPORT; tracepoints tcp:tcp_send_reset and sock:inet_sock_set_state',
  },
  {
    ...live('5.10', 'bullseye'),
    changed: 'the last before migration; from 5.10.188 the sysctl tcp_migrate_req exists without the feature',
  },
  {
    ...live('6.1', 'bookworm'),
    changed:
      'tcp_migrate_req and BPF_SK_REUSEPORT_SELECT_OR_MIGRATE (5.14); wakes the listener migrated to from 6.1.175',
  },
  {
    ...live('6.12', 'trixie'),
    changed: 'tracepoint tcp:tcp_send_reset tells the reason of a RST; wakes the listener migrated to from 6.12.86',
  },
  {
    series: '7',
    aliases: ['sid'],
    origin: 'live',
    suites: ['forky', 'sid'],
    prefix: '7.',
    changed: 'the newest of Debian unstable; legacy xtables are still there',
  },
  {
    series: 'backports',
    aliases: ['trixie-backports'],
    origin: 'live',
    suites: ['trixie-backports'],
    prefix: '',
    changed: 'the newest that Debian builds for its stable release',
  },
]

/** The series that this version can fetch. */
export const LIVE = KERNELS.filter((kernel): kernel is LiveSeries => kernel.origin === 'live')

/** What `--kernel` takes, for error messages. */
export const kernelChoices = () =>
  `${KERNELS.map(({ series }) => series).join(', ')}, host, an exact version (6.1.0-56-cloud-amd64, 6.1.192-2) or the path of a bzImage`

/** The series with this name or alias. */
export const findSeries = (name: string) =>
  KERNELS.find(({ series, aliases }) => series === name || aliases.includes(name))

/**
 * The series that a version belongs to: 6.1 for 6.1.0-56-cloud-amd64 and for 6.1.192-2. The rolling ones hold all
 * versions that have no series of their own, such as 7.1 and 6.18.
 */
export function seriesOfVersion(version: string): KernelSeries[] {
  if (!/^\d+\.\d+([.+~-]\w+)*$/.test(version)) return []
  const [major, minor] = version.split(/\D/).map(Number) as [number, number]
  if (major > 6 || (major === 6 && minor > 12)) return LIVE.filter(({ series }) => !series.includes('.'))
  return KERNELS.filter(({ series }) => version.startsWith(series) && /^\D/.test(version.slice(series.length)))
}

/**
 * The kernels that one value of `--kernel` stands for: series, aliases, globs over the series, exact versions,
 * paths and `host`, separated by commas. A series comes back by its name, the rest as typed; each once.
 *
 * @throws a Fault (exit 2) when a part stands for nothing
 */
export const matchKernels = (pattern: string): string[] => [...new Set(pattern.split(',').flatMap(matchOne))]

function matchOne(item: string): string[] {
  const series = findSeries(item)
  if (series) return [series.series]
  if (item === 'host' || isPath(item) || seriesOfVersion(item).length) return [item]
  const glob = item
    .replace(/[^\w*?]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  const matching = KERNELS.filter(({ series }) => new RegExp(`^${glob}$`).test(series))
  if (!matching.length) throw usage(`--kernel ${item}: no such kernel; choose from ${kernelChoices()}`)
  return matching.map(({ series }) => series)
}

/** Whether a value of `--kernel` names a file rather than a kernel of the catalogue. */
export const isPath = (item: string) => item.includes('/') || (item !== '' && !findSeries(item) && existsSync(item))
