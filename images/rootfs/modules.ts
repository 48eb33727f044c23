import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileStates } from '../cache/cache.ts'
import { readModule } from '../kernels/module.ts'
import { isModulePath } from '../kernels/names.ts'
import { archive, file } from './cpio.ts'

/** A module's name in the kernel's spelling: xt_mark for xt-mark and for kernel/net/netfilter/xt_mark.ko.xz. */
const moduleName = (path: string) =>
  basename(path)
    .replace(/\.ko(\.\w+)?$/, '')
    .replaceAll('-', '_')

/**
 * The files of modules and of their dependencies, in the order in which to load them. A module that is built into the
 * kernel has no file; one that the kernel has neither built in nor as a file is `missing`.
 *
 * @param dir .../lib/modules/VERSION, with its modules.dep
 */
export async function moduleFiles(dir: string, names: string[]): Promise<{ files: string[]; missing: string[] }> {
  const dep = (await readFile(join(dir, 'modules.dep'), 'utf8')).split('\n')
  // Linux 2.6.32 has no such list.
  const list = join(dir, 'modules.builtin')
  const builtin = existsSync(list) ? (await readFile(list, 'utf8')).split('\n') : []
  // modules.dep: "kernel/net/netfilter/xt_mark.ko: kernel/net/netfilter/x_tables.ko"
  const modules = new Map(
    dep.flatMap((line) => {
      const [path = '', needs = ''] = line.split(':')
      // Whoever built the kernel may have written this list: nothing in it leads out of the directory.
      if (!isModulePath(path)) return []
      return [[moduleName(path), { path: join(dir, path), needs: needs.split(' ').filter(Boolean).map(moduleName) }]]
    }),
  )
  const builtins = new Set(builtin.map(moduleName))
  const files = new Set<string>()
  const missing: string[] = []
  const visit = (name: string) => {
    const module = modules.get(name)
    if (module) {
      for (const need of module.needs) visit(need)
      files.add(module.path)
    } else if (!builtins.has(name)) missing.push(name)
  }
  for (const name of names) visit(moduleName(name))
  return { files: [...files], missing }
}

/** Modules that every guest needs where they are not built in: Unix sockets and packet sockets. */
const EVERY_GUEST = ['unix', 'af_packet']

/**
 * A cached initramfs archive with modules: `/modules/NAME.ko`, unpacked, and `/modules/order`, which lists these paths
 * in the order in which to load them. The modules that every guest needs are added.
 *
 * @param dir .../lib/modules/VERSION, or null where the kernel came without modules: then all are missing
 */
export async function modulesArchive(
  dir: string | null,
  names: string[],
): Promise<{ archive: string; missing: string[] }> {
  const { files, missing } = dir ? await moduleFiles(dir, [...EVERY_GUEST, ...names]) : { files: [], missing: names }
  const guestPath = (path: string) => `modules/${moduleName(path)}.ko`
  const path = await archive('modules', await fileStates(files), async () => [
    file('modules/order', files.map((path) => `/${guestPath(path)}\n`).join('')),
    ...(await Promise.all(files.map(async (path) => file(guestPath(path), await readModule(path))))),
  ])
  return { archive: path, missing: missing.filter((name) => !EVERY_GUEST.includes(name)) }
}
