import { existsSync } from 'node:fs'
import { chmod, copyFile, lstat, mkdir, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { glob } from 'zx'
import { type Fault, notReady } from '../../lab/model/fault.ts'
import { realPathBelow } from '../cache/folders.ts'
import { shell } from '../cache/shell.ts'
import { handOver, unprivileged } from '../cache/unprivileged.ts'
import { depmod } from './depmod.ts'
import { isModulePath } from './names.ts'

/** The modules that a guest without devices may need, and the lists that depmod reads. */
const KEPT = [
  'modules.{builtin,builtin.modinfo,order}',
  'kernel/{arch,crypto,lib,net}/**',
  'kernel/drivers/net/{dummy,ifb,veth}.ko*',
  'kernel/drivers/{char,virtio}/virtio*',
]

/** Those of them that are no modules. */
const LISTS = /^modules\.(builtin|builtin\.modinfo|order)$/

/** The paths of a kernel's parts in a directory that {@link unpackKernel} filled. */
export const partsOf = (dir: string, name: string) => ({
  image: join(dir, 'vmlinuz'),
  config: join(dir, 'config'),
  modules: join(dir, 'lib/modules', name),
})

/**
 * Unpacks a package into a folder of its own. A package can hold anything, so root does not unpack it: nobody does, who
 * can write in that folder alone, make no device, and give nothing to root.
 *
 * @param wrong makes the error for a package that cannot be unpacked
 */
export async function unpackDeb(
  deb: string,
  folder: string,
  wrong: (what: string) => Fault,
  signal: AbortSignal,
): Promise<void> {
  await mkdir(folder)
  await handOver(folder)
  // Inside the folder, since the way there is closed to nobody. What the package calls its own may not even be read.
  const command = 'dpkg-deb -x - . && chmod -R u+rwX .'
  const inside = shell(signal, { cwd: folder, nothrow: true })
  const { exitCode, stderr } = await inside`${unprivileged()} sh -c ${command} < ${deb}`
  if (exitCode !== 0) throw wrong(`${basename(deb)} cannot be unpacked: ${stderr.trim()}`)
}

/**
 * Copies the parts of a kernel that a guest needs out of unpacked packages, as far as they are there: see
 * {@link partsOf}. A package may hold links to anywhere, and more than files; only files that really lie in its folder
 * are read, and only their content is taken over.
 *
 * @param unpacked a folder for each package
 * @param name what `uname -r` will print
 * @param wrong makes the error for a part that is not such a file
 */
export async function keepParts(
  unpacked: string[],
  dir: string,
  name: string,
  wrong: (what: string) => Fault,
): Promise<void> {
  const parts = partsOf(dir, name)
  for (const root of unpacked) {
    const keep = async (path: string, to: string) => {
      const from = await insidePackage(root, path, wrong)
      if (!(await lstat(from)).isFile()) throw wrong(`its ${path} is no regular file`)
      await mkdir(dirname(to), { recursive: true })
      await copyFile(from, to)
      await chmod(to, 0o644)
    }
    // The image is in /boot up to 6.18, later beside the modules; the modules are below /usr from 6.12 on.
    for (const [file, to] of [
      ['vmlinu[xz]', parts.image],
      ['config', parts.config],
    ] as const) {
      const places = [`boot/${file}-${name}`, `{usr/,}lib/modules/${name}/${file}`]
      const [found] = await glob(places, { cwd: root, onlyFiles: false })
      if (found) await keep(found, to)
    }
    const modules = ['usr/lib/modules', 'lib/modules'].map((usr) => join(usr, name))
    const from = modules.find((path) => existsSync(join(root, path)))
    if (!from) continue
    await insidePackage(root, from, wrong)
    for (const path of await glob(KEPT, { cwd: join(root, from), followSymbolicLinks: false }))
      if (isModulePath(path) || LISTS.test(path)) await keep(join(from, path), join(parts.modules, path))
  }
  if (existsSync(parts.modules)) await depmod(dir, name, true)
}

/** The real path of a part of an unpacked package. @throws what `wrong` makes where that is outside of the package */
export async function insidePackage(root: string, path: string, wrong: (what: string) => Fault): Promise<string> {
  const real = await realPathBelow(root, path)
  if (real === null) throw wrong(`its ${path} is a link that leads out of the package; expected a file of the package`)
  return real
}

/**
 * Unpacks the Debian packages of one kernel and keeps the parts that a guest needs: see {@link partsOf}.
 *
 * @param debs paths of the packages
 * @param dir gets the parts
 * @param name what `uname -r` will print
 * @throws a Fault (exit 3) when the packages hold no such kernel
 */
export async function unpackKernel(debs: string[], dir: string, name: string, signal: AbortSignal): Promise<void> {
  const wrong = (what: string) => notReady(`the packages of Linux ${name}: ${what}`)
  const unpacked = debs.map((_, i) => join(dir, 'unpacked', String(i)))
  await mkdir(join(dir, 'unpacked'))
  for (const [i, deb] of debs.entries()) await unpackDeb(deb, unpacked[i]!, wrong, signal)
  await keepParts(unpacked, dir, name, wrong)
  const missing = Object.entries(partsOf(dir, name)).find(([, path]) => !existsSync(path))
  if (missing) throw notReady(`the packages of Linux ${name} hold no ${missing[0]}`)
  await rm(join(dir, 'unpacked'), { recursive: true })
}
