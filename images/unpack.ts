import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { $, glob } from 'zx'
import { depmod } from './depmod.ts'
import { notReady } from './fault.ts'

/** The modules that a guest without devices may need, and what depmod reads beside them. */
const KEPT = [
  'modules.{builtin,builtin.modinfo,order}',
  'kernel/{arch,crypto,lib,net}/**',
  'kernel/drivers/net/{dummy,ifb,veth}.ko*',
  'kernel/drivers/{char,virtio}/virtio*',
]

/** Where a directory that {@link unpackKernel} filled has what. */
export const partsOf = (dir: string, name: string) => ({
  image: join(dir, 'vmlinuz'),
  config: join(dir, 'config'),
  modules: join(dir, 'lib/modules', name),
})

/**
 * Keeps what a guest needs of unpacked packages, as far as it is there: see {@link partsOf}.
 *
 * @param name as `uname -r` will say it
 */
export async function keepParts(unpacked: string, dir: string, name: string): Promise<void> {
  const parts = partsOf(dir, name)
  const move = async (from: string, to: string) => {
    await mkdir(dirname(to), { recursive: true })
    await rename(from, to)
  }
  // Up to 6.18 in /boot, then with the modules; these under /usr from 6.12 on.
  for (const [file, to] of [
    ['vmlinu[xz]', parts.image],
    ['config', parts.config],
  ] as const) {
    const [found] = await glob([`boot/${file}-${name}`, `{usr/,}lib/modules/${name}/${file}`], { cwd: unpacked })
    if (found) await move(join(unpacked, found), to)
  }
  const from = ['usr/lib/modules', 'lib/modules'].map((usr) => join(unpacked, usr, name)).find(existsSync)
  if (!from) return
  for (const path of await glob(KEPT, { cwd: from })) await move(join(from, path), join(parts.modules, path))
  if (existsSync(parts.modules)) await depmod(dir, name)
}

/**
 * Unpacks the Debian packages of one kernel, and keeps of them what a guest needs: see {@link partsOf}.
 *
 * @param debs paths of the packages; their contents are trusted
 * @param dir gets the parts
 * @param name as `uname -r` will say it
 * @throws a Fault (exit 3) when the packages hold no such kernel
 */
export async function unpackKernel(debs: string[], dir: string, name: string): Promise<void> {
  const unpacked = join(dir, 'unpacked')
  for (const deb of debs) await $({ quiet: true, detached: false })`dpkg-deb -x ${deb} ${unpacked}`
  await keepParts(unpacked, dir, name)
  const missing = Object.entries(partsOf(dir, name)).find(([, path]) => !existsSync(path))
  if (missing) throw notReady(`the packages of Linux ${name} hold no ${missing[0]}`)
  await rm(unpacked, { recursive: true })
}
