import { cp, mkdir, readFile, symlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { $ } from 'zx'
import { type Note, type SourcePackage, sources } from './apt.ts'
import { cached, sha256 } from './cache.ts'
import { notReady } from './fault.ts'
import { buildSource, type Recipe } from './sources.ts'

const SUITE = 'bookworm'
const BUSYBOX_CONFIG = fileURLToPath(new URL('userland/busybox.config', import.meta.url))

/** Source packages and what is made of them. */
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
    build: `
      PKG_CONFIG=false CC="$MUSL_GCC" ./configure
      make SHARED_LIBS=n CC="$MUSL_GCC" HOSTCC=gcc SUBDIRS='lib ip tc'`,
    keep: { 'ip/ip': 'sbin/ip', 'tc/tc': 'sbin/tc' },
  },
})

/** Other names that a program goes by. */
const LINKS = { 'sbin/iptables-save': 'iptables', 'sbin/iptables-restore': 'iptables' }
