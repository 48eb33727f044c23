import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { $, glob } from 'zx'
import { depmod } from './depmod.ts'
import { notReady } from './fault.ts'

/** The modules that a guest without devices may need, and what depmod reads beside them. */
export const KEPT = [
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
  const parts = partsOf(dir, name)
  // Up to 6.18 in /boot, then with the modules; these under /usr from 6.12 on.
  const find = async (file: string) => {
    const [found] = await glob([`boot/${file}-${name}`, `usr/lib/modules/${name}/${file}`], { cwd: unpacked })
    if (!found) throw notReady(`the packages of Linux ${name} hold no ${file}`)
    return join(unpacked, found)
  }
  const move = async (from: string, to: string) => {
    await mkdir(dirname(to), { recursive: true })
    await rename(from, to)
  }
  await move(await find('vmlinuz'), parts.image)
  await move(await find('config'), parts.config)
  const from = ['usr/lib/modules', 'lib/modules'].map((usr) => join(unpacked, usr, name)).find(existsSync)
  if (!from) throw notReady(`the packages of Linux ${name} hold no modules`)
  for (const path of await glob(KEPT, { cwd: from })) await move(join(from, path), join(parts.modules, path))
  await depmod(dir, name)
  await rm(unpacked, { recursive: true })
}
