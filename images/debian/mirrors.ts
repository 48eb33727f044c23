import { notReady } from '../../lab/model/fault.ts'
import type { Supply } from '../../lab/model/supply.ts'
import { sha256 } from '../cache/cache.ts'
import { shell } from '../cache/shell.ts'

/** The archive of releases that have left the mirrors. */
export const archiveUri = ({ archive }: Supply) => archive ?? 'http://archive.debian.org'

/** The archive of every package that Debian ever had. */
export const snapshotUri = ({ snapshot }: Supply) => snapshot ?? 'http://snapshot.debian.org'

/**
 * A short word for the mirrors in use, which keeps apart in the cache what came from different ones: ".1a2b3c4d". It is
 * empty where nothing is replaced.
 */
export function supplyKey({ mirror = '', archive = '', snapshot = '', keyring = '' }: Supply): string {
  const replaced = [mirror, archive, snapshot, keyring]
  return replaced.some(Boolean) ? `.${sha256(...replaced).slice(0, 8)}` : ''
}

/** Makes sure that a URI may be read: offline, only files of this host may. @throws a Fault (exit 3) */
export function requireAllowed(uri: string, { offline }: Supply, what = uri): void {
  if (offline && !uri.startsWith('file:'))
    throw notReady(`${what} is not in the cache, and --offline (HITLESS_OFFLINE=1) rules the network out`)
}

/** Suites that only Debian has: other distributions have a "stable" or a "testing" too. */
const DEBIAN = /^(bullseye|bookworm|trixie|forky|duke|sid)$/

/**
 * The URI of the live mirror for a suite: the supply's, else one that the host's own apt reads. Security suites are
 * served beside the others; where the host names no mirror for them, its URI follows Debian's own naming.
 *
 * @throws a Fault (exit 3) where the host names no mirror
 */
export async function mirrorUri(suite: string, { mirror, signal }: Supply): Promise<string> {
  const beside = (uri: string) => (suite.endsWith('-security') ? uri.replace(/debian$/, 'debian-security') : uri)
  if (mirror) return beside(mirror)
  const printed = await shell(signal, { nothrow: true })`apt-get update --print-uris`
  if (printed.exitCode === 127) throw notReady('apt-get, which fetches packages of Debian, is not on the PATH')
  const known = [...printed.stdout.matchAll(/^'(\S+?)\/dists\/(\S+)\/InRelease'/gm)]
  const main = known.find(([, , suite]) => DEBIAN.test(suite!))?.[1]
  const security = known.find(([, , suite]) => suite!.endsWith('-security'))?.[1]
  if (!main) throw notReady("this host's apt configuration names no Debian mirror", 'see /etc/apt/sources.list.d')
  return (suite.endsWith('-security') && security) || beside(main)
}
