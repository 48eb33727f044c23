import { existsSync } from 'node:fs'
import { usage } from '../../lab/model/fault.ts'
import { globTest, meant } from '../../lab/model/text/spelling.ts'
import { archived, type Place as DebianPlace, live, released } from '../debian/places.ts'
import { compareVersions } from '../debian/version.ts'

/** A place that has kernels. */
export type Place =
  | DebianPlace
  /** A package that only snapshot.debian.org keeps, and the suite whose signed index listed it. */
  | { at: 'snapshot'; package: string; suite: string }

/** A series of Debian's kernels: its newest one counts, in the cloud flavour where there is one. */
export interface KernelSeries {
  /** Its name for `--kernel`. */
  series: string
  aliases: string[]
  /** Tried in this order. */
  places: [Place, ...Place[]]
  /** The beginning of its kernels' names (`uname -r`). */
  prefix: string
  /** Only for a series that moves on with Debian: the first version that it can hold. */
  from?: string
  /** What changed in this series for the lab, in one line. */
  changed: string
}

/** The first version after that of the newest stable release: older ones have series of their own. */
const ROLLING = '6.13'

/** Every series that the lab knows of, the oldest first. */
export const KERNELS: KernelSeries[] = [
  {
    series: '2.6.32',
    aliases: ['squeeze'],
    places: [archived('squeeze', 'debian/dists/squeeze-lts')],
    prefix: '2.6.32-',
    changed: 'no SO_REUSEPORT; a closing listener silently drops its SYN table',
  },
  {
    series: '3.2',
    aliases: ['wheezy'],
    places: [archived('wheezy')],
    prefix: '3.2.',
    changed: 'still no SO_REUSEPORT',
  },
  {
    series: '3.9',
    aliases: [],
    places: [{ at: 'snapshot', package: 'linux-image-3.9-1-amd64', suite: 'sid' }],
    prefix: '3.9-',
    changed: 'SO_REUSEPORT; a SYN table per listener and each packet hashed anew: resets at bind and at close',
  },
  {
    series: '3.16',
    aliases: ['jessie'],
    places: [archived('jessie')],
    prefix: '3.16.',
    changed: 'as 3.9: a SYN table per listener; nftables (3.13)',
  },
  {
    series: '4.9',
    aliases: ['stretch'],
    places: [archived('stretch')],
    prefix: '4.9.',
    changed: 'request sockets in the established hash (4.4): adding a listener is harmless; reuseport array (4.6)',
  },
  {
    series: '4.19',
    aliases: ['buster'],
    places: [archived('buster')],
    prefix: '4.19.',
    changed: 'BPF_PROG_TYPE_SK_REUSEPORT; tracepoints tcp:tcp_send_reset and sock:inet_sock_set_state',
  },
  {
    series: '5.10',
    aliases: ['bullseye'],
    places: [released('bullseye'), archived('bullseye', 'debian-security/dists/bullseye-security')],
    prefix: '5.10.',
    changed: 'the last before migration; from 5.10.188 the sysctl tcp_migrate_req exists without the feature',
  },
  {
    series: '6.1',
    aliases: ['bookworm'],
    places: [released('bookworm')],
    prefix: '6.1.',
    changed:
      'tcp_migrate_req and BPF_SK_REUSEPORT_SELECT_OR_MIGRATE (5.14); wakes the listener migrated to from 6.1.175',
  },
  {
    series: '6.12',
    aliases: ['trixie'],
    places: [released('trixie')],
    prefix: '6.12.',
    changed: 'tracepoint tcp:tcp_send_reset tells the reason of a RST; wakes the listener migrated to from 6.12.86',
  },
  {
    series: '7',
    aliases: ['sid'],
    places: [live('forky', 'sid')],
    prefix: '7.',
    from: ROLLING,
    changed: 'the newest of Debian unstable; it still has legacy xtables',
  },
  {
    series: 'backports',
    aliases: ['trixie-backports'],
    places: [live('trixie-backports')],
    prefix: '',
    from: ROLLING,
    changed: 'the newest that Debian builds for its stable release',
  },
  {
    series: 'experimental',
    aliases: [],
    places: [live('experimental')],
    prefix: '',
    from: ROLLING,
    changed: 'release candidates, before they are in any distribution',
  },
]

/** Where a series usually comes from; its other places are for when that one no longer has it. */
export const originOf = ({ places }: KernelSeries): Place['at'] => places[0].at

/** The series in a kernel's name or version: 6.1 for 6.1.0-56-cloud-amd64. Up to 2.6 a series has three numbers. */
export const seriesOf = (name: string): string => /^(2\.6\.\d+|\d+\.\d+)/.exec(name)?.[0] ?? name

/** The version by which ranges judge a series: that of its kernel where that is known, else the oldest that it can hold. */
export const rangeVersion = ({ series, from }: KernelSeries, name?: string): string => seriesOf(name ?? from ?? series)

/** The series that a Debian mirror serves today. */
export const LIVE = KERNELS.filter((kernel) => originOf(kernel) === 'live')

/** What `--kernel` takes, for error messages. */
export const kernelChoices = () =>
  `expected one of npx tsx lab/list.ts kernels (${KERNELS.map(({ series }) => series).join(', ')}), host, an exact version (6.1.0-56-cloud-amd64, 6.1.192-2) or the path of a kernel`

/** The series with this name or alias. */
export const findSeries = (name: string) =>
  KERNELS.find(({ series, aliases }) => series === name || aliases.includes(name))

/**
 * The series that may hold a version: 6.1 for 6.1.0-56-cloud-amd64 and for 6.1.192-2. Series that move on with Debian
 * may hold every version without a series of its own, such as 7.1 and 6.18.
 */
export function seriesOfVersion(version: string): KernelSeries[] {
  if (!/^\d+\.\d+([.+~-]\w+)*$/.test(version)) return []
  const own = KERNELS.filter(({ series }) => version.startsWith(series) && /^\D/.test(version.slice(series.length)))
  const settled = own.filter(({ from }) => !from)
  return settled.length ? settled : KERNELS.filter(({ from }) => from && compareVersions(version, from) >= 0)
}

/** The series in which to look for a kernel, the likeliest first. */
export const candidateSeries = (spec: string): KernelSeries[] => {
  const series = findSeries(spec)
  return series ? [series] : seriesOfVersion(spec)
}

/**
 * The kernels in a value of `--kernel`: series, aliases, globs over the series, exact versions, paths and `host`,
 * separated by commas. Returns a series by its name and the rest as typed, each once.
 *
 * @throws a Fault (exit 2) where a part matches nothing
 */
export const matchKernels = (pattern: string): string[] => [...new Set(pattern.split(',').flatMap(matchOne))]

function matchOne(item: string): string[] {
  const series = findSeries(item)
  if (series) return [series.series]
  if (item === 'host' || isMachine(item) || isPath(item) || seriesOfVersion(item).length) return [item]
  const test = globTest(item)
  const matching = KERNELS.filter(({ series }) => test(series))
  const names = [...KERNELS.flatMap(({ series, aliases }) => [series, ...aliases]), 'host']
  if (!matching.length) throw usage(`--kernel ${item}: no such kernel${meant(item, names)}; ${kernelChoices()}`)
  return matching.map(({ series }) => series)
}

/** How a value of `--kernel` names a machine of the Vagrantfile: vagrant:k4-9. */
export const isMachine = (item: string) => /^vagrant:[\w-]+$/.test(item)

/** Whether a value of `--kernel` names a file rather than a kernel of the catalogue. */
export const isPath = (item: string) => item.includes('/') || (item !== '' && !findSeries(item) && existsSync(item))
