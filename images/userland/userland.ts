import { cp, readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Supply } from '../../lab/model/supply.ts'
import { cached } from '../cache/cache.ts'
import { shell } from '../cache/shell.ts'
import { buildSource, newestSource, type Recipe } from '../debian/build.ts'
import { nftables } from './nftables.ts'

const SUITE = 'bookworm'
const BUSYBOX_CONFIG = new URL('busybox.config', import.meta.url)

/** The recipes by source package. */
const recipes = async (): Promise<Record<string, Recipe>> => ({
  // The first of two settings counts, so the fragment comes before what is off.
  busybox: {
    build: `
      make allnoconfig
      cp .config off
      cat - off > .config <<'CONFIG'
${await readFile(BUSYBOX_CONFIG, 'utf8')}
CONFIG
      make oldconfig
      make CC="$MUSL_GCC" HOSTCC=gcc busybox`,
    keep: { busybox: 'bin/busybox' },
  },
  iptables: {
    build: `
      ./configure --host=x86_64-linux-musl CC="$MUSL_GCC" CFLAGS=-O2 \\
        --disable-nftables --disable-ipv6 --disable-connlabel --disable-shared --enable-static
      make LDFLAGS=-all-static`,
    keep: { 'iptables/xtables-legacy-multi': 'sbin/iptables' },
  },
  iproute2: {
    // From 1.2.5 on musl declares basename in libgen.h alone.
    build: `
      PKG_CONFIG=false CC="$MUSL_GCC" ./configure
      make SHARED_LIBS=n CC="$MUSL_GCC -include libgen.h" HOSTCC=gcc SUBDIRS='lib ip tc misc'`,
    keep: { 'ip/ip': 'sbin/ip', 'tc/tc': 'sbin/tc', 'misc/ss': 'sbin/ss' },
  },
})

/** Other names of a program. */
const LINKS = { 'sbin/iptables-save': 'iptables', 'sbin/iptables-restore': 'iptables' }

/** The guest's tools, and Debian's version of each package. */
export interface Userland {
  /** Laid out as a root file system: bin/busybox and its applets, sbin/iptables, sbin/ip, sbin/tc, sbin/ss, sbin/nft. */
  dir: string
  versions: Record<string, string>
}

/**
 * The tools that cases, hooks and people need inside a guest, built or fetched where the cache lacks them. All but nft are static.
 *
 * @throws a Fault (exit 3) when a package cannot be fetched or does not compile
 */
export async function userland(supply: Supply): Promise<Userland> {
  const parts: string[] = []
  const versions: Record<string, string> = {}
  for (const [name, recipe] of Object.entries(await recipes())) {
    const source = await newestSource(name, [SUITE], supply)
    parts.push(await buildSource(source, recipe, supply))
    versions[name] = source.version
  }
  const nft = await nftables(SUITE, supply)
  parts.push(nft.dir)
  versions.nftables = nft.version
  const dir = await cached('programs', 'userland', [...parts, JSON.stringify(LINKS)], async (dir) => {
    for (const part of parts) await cp(part, dir, { recursive: true })
    const applets = await shell(supply.signal)`${join(dir, 'bin/busybox')} --list`
    for (const applet of applets.lines()) if (applet !== 'busybox') await symlink('busybox', join(dir, 'bin', applet))
    for (const [link, target] of Object.entries(LINKS)) await symlink(target, join(dir, link))
  })
  return { dir, versions }
}
