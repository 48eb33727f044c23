import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { glob } from 'zx'
import { notReady } from '../../lab/model/fault.ts'
import type { Supply } from '../../lab/model/supply.ts'
import { cached, scratch } from '../cache/cache.ts'
import { shell } from '../cache/shell.ts'
import { binaries, liveStore } from '../debian/apt.ts'
import type { BinaryPackage } from '../debian/stanzas.ts'

/** The packages that hold nft and the libraries that it is linked with, with the file of each that is kept. */
const KEPT: Record<string, string[]> = {
  nftables: ['usr/sbin/nft'],
  libnftables1: ['libnftables.so.1'],
  libnftnl11: ['libnftnl.so.11'],
  libmnl0: ['libmnl.so.0'],
  libxtables12: ['libxtables.so.12'],
  libjansson4: ['libjansson.so.4'],
  libgmp10: ['libgmp.so.10'],
  libedit2: ['libedit.so.2'],
  libtinfo6: ['libtinfo.so.6'],
  libbsd0: ['libbsd.so.0'],
  libmd0: ['libmd.so.0'],
  libc6: ['libc.so.6', 'ld-linux-x86-64.so.2'],
}
/** Where libraries are in a package. */
const LIBRARIES = 'lib/x86_64-linux-gnu'
/** Where all of them lie in a guest: where a distribution's own proxy runs there are others of the same names. */
const PLACE = 'nft'
const WRAPPER = `#!/bin/sh\nexec /${PLACE}/ld-linux-x86-64.so.2 --library-path /${PLACE} /${PLACE}/nft "$@"\n`

/**
 * nft, laid out as a root file system. Debian's own program with its own libraries, unlike all else in a guest, which is
 * static: nftables came with Linux 3.13, and Debian's libc runs from 3.2 on.
 *
 * @returns the directory with sbin/nft, and Debian's version of nftables
 * @throws a Fault (exit 3) when a package cannot be fetched, or lacks its file
 */
export async function nftables(suite: string, supply: Supply): Promise<{ dir: string; version: string }> {
  const packages: BinaryPackage[] = []
  for (const name of Object.keys(KEPT)) {
    const [newest] = await binaries([suite], name, supply)
    if (!newest) throw notReady(`there is no package ${name} in ${suite}`)
    packages.push(newest)
  }
  const key = [...packages.map(({ sha256 }) => sha256), JSON.stringify(KEPT), WRAPPER]
  const dir = await cached('programs', 'nftables', key, async (dir) => {
    supply.note(`fetching nftables ${packages[0]!.version} and its libraries`)
    await Promise.all([PLACE, 'sbin'].map((folder) => mkdir(join(dir, folder))))
    for (const wanted of packages) await keep(wanted, join(dir, PLACE), supply)
    await writeFile(join(dir, 'sbin/nft'), WRAPPER, { mode: 0o755 })
  })
  return { dir, version: packages[0]!.version }
}

/** Puts the kept files of a package into a folder. */
async function keep(wanted: BinaryPackage, to: string, supply: Supply) {
  await scratch('programs', async (folder) => {
    const deb = await liveStore([wanted.suite], supply).fetch(wanted, folder)
    const unpacked = join(folder, 'unpacked')
    await shell(supply.signal)`dpkg-deb -x ${deb} ${unpacked}`
    for (const file of KEPT[wanted.package]!) {
      const places = file.includes('/') ? [file] : [`{usr/,}${LIBRARIES}/${file}`]
      const [found] = await glob(places, { cwd: unpacked })
      if (!found) throw notReady(`${wanted.package} ${wanted.version} holds no ${file}`)
      await copyFile(join(unpacked, found), join(to, basename(file)))
    }
  })
}
